"""Which addresses may be asked: the public internet, and what the owner allows besides.

A feed's URL, a redirect or a DNS answer can point into the owner's own network; nothing there is asked by accident.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 address in its last 32 bits
_NAT64_LOCAL = ipaddress.IPv6Network("64:ff9b:1::/48")  # RFC 8215


@dataclass(frozen=True, slots=True)
class Guard:
    """Judges addresses. `allowed` lists host names, IP addresses and networks (CIDR) that are exempt."""

    allowed: tuple[str, ...] = ()

    def permits(self, host: str, address: str) -> bool:
        """Tell whether `host`, which resolved to `address`, may be connected to."""
        ip = ipaddress.ip_address(address.partition("%")[0])
        return is_public(ip) or any(_covers(entry, host, ip) for entry in self.allowed)


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


def _covers(entry: str, host: str, ip: Address) -> bool:
    try:
        return ip in ipaddress.ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        return entry.lower().rstrip(".") == host.lower().rstrip(".")
