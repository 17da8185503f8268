"""Web addresses taken apart and put together as browsers do it.

The rules are the WHATWG URL Standard's for http and https (https://url.spec.whatwg.org/, read November 2026); other
schemes have no `WebUrl`. What counts as the same article is decided in `urls`, not here.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, unquote_to_bytes

DEFAULT_PORTS = {"http": 80, "https": 443}

#: An address is taken apart several times in a row, its host and my own sites with every item of a feed.
_REMEMBERED = 2048

# Characters that stay as they are, besides letters, digits and "_.-~"; "%" stays so that nothing is encoded twice.
_IN_PATH = "%/!$&'()*+,:;=@[]|\\"
_IN_QUERY = "%/?!$&()*+,:;=@[]\\^`{|}"
_IN_FRAGMENT = "%/?#!$&'()*+,:;=@[]\\^{|}"
_IN_USER = "%!$&'()*+,"

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_EDGES = "".join(map(chr, range(33)))
_FORBIDDEN_IN_HOST = re.compile("[\x00-\x20\x7f#%/:<>?@\\[\\\\\\]^|]")
_IGNORED_IN_HOST = re.compile("[\u00ad\u200b\u2060\ufe00-\ufe0f\ufeff]")
_FULL_STOPS = re.compile("[\u3002\uff0e\uff61]")
_DEVIATIONS = "ßς\u200c\u200d"
_NOT_IN_NAMES = {"Cc", "Cn", "Co", "Cs"}


@dataclass(frozen=True, slots=True)
class WebUrl:
    """One http(s) address; `query` and `fragment` are None where there is none, `port` None for the scheme's own."""

    scheme: str
    user: str
    password: str
    host: str
    port: int | None
    path: str
    query: str | None
    fragment: str | None

    def __str__(self) -> str:
        login = self.user + (f":{self.password}" if self.password else "")
        port = "" if self.port is None else f":{self.port}"
        query = "" if self.query is None else f"?{self.query}"
        fragment = "" if self.fragment is None else f"#{self.fragment}"
        return f"{self.scheme}://{login}{'@' if login else ''}{self.host}{port}{self.path}{query}{fragment}"


@lru_cache(_REMEMBERED)
def parse(text: str, base: WebUrl | None = None) -> WebUrl | None:
    """Read an address, a relative one against `base`; None when it is no http(s) address."""
    text = re.sub(r"[\t\n\r]", "", text.strip(_EDGES))
    text, fragment = _cut(text, "#", _IN_FRAGMENT)
    match = _SCHEME.match(text)
    if match is None:
        return None if base is None else _relative(text, base, fragment)
    scheme, rest = match[1].lower(), text[match.end() :]
    if scheme not in DEFAULT_PORTS:
        return None
    if base is not None and base.scheme == scheme and not rest.replace("\\", "/").startswith("//"):
        return _relative(rest, base, fragment)
    return _absolute(scheme, rest, fragment)


def _cut(text: str, mark: str, safe: str) -> tuple[str, str | None]:
    head, found, tail = text.partition(mark)
    return head, _encoded(tail, safe) if found else None


def _encoded(text: str, safe: str) -> str:
    return quote(text, safe=safe, encoding="utf-8", errors="replace")


def _absolute(scheme: str, rest: str, fragment: str | None) -> WebUrl | None:
    rest, query = _cut(rest, "?", _IN_QUERY)
    authority, slash, path = rest.replace("\\", "/").lstrip("/").partition("/")
    login, _, server = authority.rpartition("@")
    place = _server(server, scheme)
    if place is None:
        return None
    user, _, password = login.partition(":")
    path = _without_dots(_encoded(slash + path, _IN_PATH))
    return WebUrl(scheme, _encoded(user, _IN_USER), _encoded(password, _IN_USER), *place, path, query, fragment)


def _relative(rest: str, base: WebUrl, fragment: str | None) -> WebUrl | None:
    path, query = _cut(rest, "?", _IN_QUERY)
    path = path.replace("\\", "/")
    if path.startswith("//"):
        return _absolute(base.scheme, rest, fragment)
    if not path:
        query = base.query if query is None else query
        path = base.path
    elif path.startswith("/"):
        path = _without_dots(_encoded(path, _IN_PATH))
    else:
        path = _without_dots(base.path.rpartition("/")[0] + "/" + _encoded(path, _IN_PATH))
    return WebUrl(base.scheme, base.user, base.password, base.host, base.port, path, query, fragment)


def _without_dots(path: str) -> str:
    kept: list[str] = []
    segments = path.split("/")[1:] or [""]
    for number, segment in enumerate(segments, 1):
        plain = segment.lower().replace("%2e", ".")
        if plain == "..":
            kept = kept[:-1]
        elif plain != ".":
            kept.append(segment)
            continue
        if number == len(segments):
            kept.append("")
    return "/" + "/".join(kept)


def _server(text: str, scheme: str) -> tuple[str, int | None] | None:
    match = re.fullmatch(r"(\[[^\]]*\]|[^:]*)(?::([0-9]*))?", text)
    if match is None:
        return None
    host = host_name(match[1])
    port = int(match[2][-6:] or 0) if match[2] else None
    if not host or (port is not None and (port > 65535 or len(match[2].lstrip("0")) > 5)):
        return None
    return host, None if port == DEFAULT_PORTS[scheme] else port


@lru_cache(_REMEMBERED)
def host_name(text: str) -> str:
    """Bring a host into its one ASCII form (lower case, punycode, plain IP address); "" when it is none."""
    if text.startswith("["):
        return _ipv6(text[1:-1])
    name = unquote_to_bytes(text.encode("utf-8", errors="replace")).decode("utf-8", errors="replace")
    if not name.isascii():
        name = _mapped(name)
    name = name.lower() if name.isascii() else _punycode(name)
    if not name or _FORBIDDEN_IN_HOST.search(name) or not all(map(_readable, name.split("."))):
        return ""
    last = name.removesuffix(".").rpartition(".")[2]
    if re.fullmatch(r"[0-9]+|0x[0-9a-f]*", last):
        return _ipv4(name.removesuffix("."))
    return name


def _mapped(name: str) -> str:
    """Apply the mapping of UTS 46, non-transitional: compatible forms are one, case is gone, but ß and ς stay."""
    name = _FULL_STOPS.sub(".", _IGNORED_IN_HOST.sub("", name))
    folded = "".join(c if c in _DEVIATIONS else c.lower() if c == "ẞ" else c.casefold() for c in name)
    return unicodedata.normalize("NFKC", folded)


def _punycode(name: str) -> str:
    if "\ufffd" in name or any(unicodedata.category(c) in _NOT_IN_NAMES for c in name):
        return ""
    labels = (label if label.isascii() else "xn--" + label.encode("punycode").decode() for label in name.split("."))
    return ".".join(labels)


def _readable(label: str) -> bool:
    """Whether a label is plain ASCII, or punycode of characters that may stand in a name as they are."""
    if not label.startswith("xn--"):
        return True
    try:
        written = label.removeprefix("xn--").encode().decode("punycode")
    except UnicodeError:
        return False
    return written == _mapped(written) and not any(unicodedata.category(c) in _NOT_IN_NAMES for c in written)


def _ipv6(text: str) -> str:
    try:
        address = ipaddress.IPv6Address(text)
    except ValueError:
        return ""
    if address.scope_id:
        return ""
    return f"[{ipaddress.IPv6Address(int(address)).compressed}]"


def _ipv4(text: str) -> str:
    """Read an IPv4 address as browsers do: one to four numbers, decimal, octal (0…) or hexadecimal (0x…)."""
    parts = text.split(".")
    if len(parts) > 4:
        return ""
    try:
        numbers = [_number(part) for part in parts]
    except ValueError:
        return ""
    if any(number > 255 for number in numbers[:-1]) or numbers[-1] >= 256 ** (5 - len(numbers)):
        return ""
    value = numbers[-1] + sum(number * 256 ** (3 - place) for place, number in enumerate(numbers[:-1]))
    return str(ipaddress.IPv4Address(value))


def _number(part: str) -> int:
    if len(part) > 40 or not part:
        raise ValueError(part)
    if part.startswith("0x"):
        return int(part[2:] or "0", 16)
    return int(part, 8) if len(part) > 1 and part.startswith("0") else int(part)
