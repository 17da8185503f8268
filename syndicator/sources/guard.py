"""Which addresses may be asked: the public internet, and what the owner allows besides.

A feed's URL, a redirect or a DNS answer can point into the owner's own network; nothing there is asked by accident.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field

from syndicator.urls import weburl

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address in its last 32 bits
_NAT64_LOCAL = ipaddress.IPv6Network("64:ff9b:1::/48")  # RFC 8215


@dataclass(frozen=True, slots=True)
class Guard:
    """Judges addresses. `allowed` lists host names, IP addresses and networks (CIDR) that are exempt.

    Raises ValueError for an entry that is none of these.
    """

    allowed: tuple[str, ...] = ()
    _exempt: frozenset[Network | str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Read the list once."""
        object.__setattr__(self, "_exempt", frozenset(map(exemption, self.allowed)))

    def permits(self, host: str, address: str) -> bool:
        """Tell whether `host`, which resolved to `address`, may be connected to."""
        ip = ipaddress.ip_address(address.partition("%")[0])
        return is_public(ip) or any(
            each == host.lower().rstrip(".") if isinstance(each, str) else ip in each for each in self._exempt
        )


def is_public(ip: Address) -> bool:
    """Tell whether an address is a public one, looking through IPv4 addresses that are wrapped into IPv6 ones."""
    inner = _wrapped(ip)
    if inner is not None:
        return is_public(inner)
    return ip.is_global and not ip.is_multicast and not (ip.version == 6 and ip in _NAT64_LOCAL)


def _wrapped(ip: Address) -> Address | None:
    if ip.version == 4:
        return None
    if ip in _NAT64 or int(ip) >> 32 == 0 < int(ip) >> 16:  # NAT64, or the deprecated ::a.b.c.d
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)


def exemption(entry: str) -> Network | str:
    """Read one entry of `allow_private`: a network, an address (a network of one), or a host's name.

    ValueError says what an entry looks like.
    """
    try:
        return ipaddress.ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        name = weburl.host_name(entry).rstrip(".")
        if not _HOST.fullmatch(name):
            example = "write for example nas.local, 192.168.1.10 or 192.168.1.0/24"
            raise ValueError(f"{entry!r} is neither a host nor a network; {example}") from None
        return name
