"""WHO: reads how people write a handle or a site, and says where a handle can be visited. Pure, no network.

The same person written in different ways gives the same Identity; whose identities belong together is left to `people`.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from ledger.entry import Identity
from ledger.shared_hosts import SHARED_HOSTS, taken


class UnknownWho(ValueError):
    """A text that names nobody: `who` is the text as far as it can be shown, `remedy` how to write it."""

    def __init__(self, who: str, remedy: str) -> None:
        self.who = shown(who)
        self.remedy = remedy
        super().__init__(f"{self.who!r} names nobody: {remedy}")


_HOW = "write @name@server, name.bsky.social, x:name, or a site such as name.example"
_ALIASES = {"twitter": "x", "bsky": "bluesky", "site": "web", "acct": "mastodon"}
#: Other words before a colon that are no network.
_SCHEMES = frozenset({"about", "blob", "data", "did", "file", "ftp", "gopher", "javascript", "mailto", "sms", "tel"})
_X_PAGES = frozenset(
    {"compose", "explore", "hashtag", "home", "i", "intent", "login", "search", "settings", "share", ""}
)
_PREFIXED = r"(?i)(?!localhost:)([a-z][a-z0-9_-]{0,30}):(?!//)(.+)"
_LABEL = r"(?!-)[a-z0-9_-]{1,63}(?<!-)"
_DID = r"(?i)did:(?:plc|web):[a-z0-9._:%-]+"
_FRONT = r"(?i)(?:index|default|home)\.\w{2,5}"
_LONGEST = 500  # of a handle; addresses may be of any length


def shown(text: str) -> str:
    """A stranger's text made safe and short enough for a message."""
    return "".join(mark for mark in text if mark.isprintable())[:80]


def identity(who: str) -> Identity:
    """Read WHO: a handle, a `network:handle`, a profile's URL, a site's URL or its bare domain.

    Raises UnknownWho for anything else, a person's name included: names are `People.find`'s business.
    """
    text = _plain(who)
    if re.match(r"https?://", text, re.IGNORECASE):
        return _of_url(who, text)
    if prefixed := re.fullmatch(_PREFIXED, text):
        return _of_network(who, prefixed[1].lower(), prefixed[2])
    if "/" not in text and "@" in text:
        name = text.removeprefix("@")
        return _fediverse(who, name) if "@" in name else _bluesky(who, name)
    if "://" not in text and ("." in text or re.match(r"localhost\b", text, re.IGNORECASE)):
        return _of_url(who, f"https://{text}")
    raise UnknownWho(who, _HOW)


def site_identity(url: str) -> Identity:
    """The site that a page belongs to: its host without `www.`, and on shared hosts what tells its people apart.

    Unlike `identity` it always gives a web site, also for a page on a network. UnknownWho for what is no http(s) URL.
    """
    text = _plain(url)
    if not re.match(r"https?://", text, re.IGNORECASE):
        raise UnknownWho(url, "a site's address starts with http:// or https://")
    parts = _split(url, text)
    return _site(_host(url, parts).removeprefix("www."), _segments(parts))


def claimed_site(url: str) -> Identity | None:
    """The site that is somebody's when this page of it is: for its front page, or their own page on a shared host.

    Who proves to have written a page further down has proven nothing of the site. None for such a page.
    """
    try:
        site, parts = site_identity(url), _split(url, _plain(url))
    except UnknownWho:
        return None
    segments = _segments(parts)
    below = len(segments) - taken(site.handle.partition("/")[0], segments)
    if site.handle in SHARED_HOSTS or below > 1 or parts.query:
        return None
    return site if below == 0 or ("/" not in site.handle and re.fullmatch(_FRONT, segments[-1])) else None


def profile_url(who: Identity) -> str:
    """Where a person can visit this identity; empty when only its network knows."""
    if who.network == "mastodon":
        name, _, server = who.handle.partition("@")
        return f"https://{server}/@{name}"
    start = {
        "web": "https://",
        "bluesky": "https://bsky.app/profile/",
        "x": "https://x.com/",
        "lobsters": "https://lobste.rs/~",
    }.get(who.network)
    return f"{start}{who.handle}" if start else ""


def _plain(who: str) -> str:
    """One way of writing for full-width letters and dots; no white space, control or direction marks."""
    text = unicodedata.normalize("NFKC", who).replace("。", ".").strip()
    if not text or ("/" not in text and len(text) > _LONGEST):
        raise UnknownWho(who, _HOW)
    if any(unicodedata.category(mark)[0] in "CZ" for mark in text):
        raise UnknownWho(who, "a handle has no spaces and no invisible characters")
    return text


def _of_network(who: str, name: str, handle: str) -> Identity:
    network = _ALIASES.get(name, name)
    handle = handle.removeprefix("@")
    if name == "did":
        return _bluesky(who, f"did:{handle}")
    if network in _SCHEMES or not handle:
        raise UnknownWho(who, _HOW)
    match network:
        case "mastodon":
            return _fediverse(who, handle)
        case "bluesky":
            return _bluesky(who, handle)
        case "x":
            return _x(who, handle)
        case "web":
            address = handle if re.match(r"https?://", handle, re.IGNORECASE) else f"https://{handle}"
            parts = _split(who, address)
            return _site(_host(who, parts).removeprefix("www."), _segments(parts))
    return Identity(network, _fold(_plain(handle)))


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text.lower())


def _fediverse(who: str, handle: str) -> Identity:
    name, _, server = _fold(handle).partition("@")
    parts = _split(who, f"https://{server}")
    if not re.fullmatch(r"\w(?:[\w.-]*\w)?", name) or parts.netloc != server:
        raise UnknownWho(who, "a Mastodon handle is @name@server")
    if "." not in server.rstrip(".") and parts.hostname != "localhost":
        raise UnknownWho(who, "a Mastodon handle is @name@server, with the whole name of the server")
    return Identity("mastodon", f"{name}@{_host(who, parts)}")


def _bluesky(who: str, handle: str) -> Identity:
    if re.fullmatch(_DID, handle):
        return Identity("bluesky", handle.lower())
    if "." not in handle.rstrip("."):
        raise UnknownWho(who, f"which network? write @{shown(handle)}@server, {shown(handle)}.bsky.social or x:NAME")
    return Identity("bluesky", _clean_host(who, handle))


def _x(who: str, handle: str) -> Identity:
    if not re.fullmatch(r"[A-Za-z0-9_]{1,30}", handle):
        raise UnknownWho(who, "a name on X has only letters, digits and _")
    return Identity("x", handle.lower())


def _of_url(who: str, text: str) -> Identity:
    """A profile's URL gives its network, any other page its site."""
    parts = _split(who, text)
    host, segments = _host(who, parts).removeprefix("www."), _segments(parts)
    first = segments[0] if segments else ""
    if host == "bsky.app" and first == "profile" and len(segments) > 1:
        return _bluesky(who, segments[1].removeprefix("@"))
    if host.endswith(".bsky.social"):
        return _bluesky(who, host)
    if host.removeprefix("mobile.") in {"x.com", "twitter.com"}:
        if first.lower() in _X_PAGES:
            raise UnknownWho(who, "that page of X is nobody's; write x:NAME")
        return _x(who, first.removeprefix("@"))
    if host == "news.ycombinator.com" and first == "user":
        return _of_network(who, "hackernews", "".join(parse_qs(parts.query).get("id", ())))
    if host == "lobste.rs" and (first.startswith("~") or (first == "u" and len(segments) > 1)):
        return _of_network(who, "lobsters", segments[-1] if first == "u" else first.removeprefix("~"))
    if host not in SHARED_HOSTS and first.startswith("@") and len(first) > 1:
        name = first[1:]
        return _fediverse(who, name if "@" in name else f"{name}@{host}")
    if host == "news.ycombinator.com" or (host in SHARED_HOSTS and len(segments) < taken(host, segments)):
        raise UnknownWho(who, f"many people live at {host}; add the part of the path that is theirs")
    return _site(host, segments)


def _site(host: str, segments: list[str]) -> Identity:
    return Identity("web", "/".join([host, *segments[: taken(host, segments)]]).lower())


def _split(who: str, text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018  reading it is what checks it
    except ValueError:
        raise UnknownWho(who, "that is not a valid web address") from None
    if "\\" in text or parts.username is not None:
        raise UnknownWho(who, "a site's address has no backslash and no name before its host")
    return parts


def _segments(parts: SplitResult) -> list[str]:
    """The path's segments, unescaped; what would hide something once unescaped stays as it is."""
    plain = [(part, unquote(part)) for part in parts.path.split("/") if part]
    return [clear if clear.isprintable() and "/" not in clear and " " not in clear else raw for raw, clear in plain]


def _host(who: str, parts: SplitResult) -> str:
    host = _clean_host(who, parts.hostname or "")
    usual = {"http": 80, "https": 443}[parts.scheme]
    return host if parts.port in {None, usual} else f"{host}:{parts.port}"


def _clean_host(who: str, host: str) -> str:
    """A host in lower-case ASCII (other scripts as `xn--`), so that look-alikes look different."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        pass
    else:
        return f"[{address}]" if address.version == 6 else str(address)
    labels = _fold(host).rstrip(".").split(".")
    ascii_labels = [label if label.isascii() else f"xn--{label.encode('punycode').decode()}" for label in labels]
    joined = ".".join(ascii_labels)
    if len(joined) > 253 or not all(re.fullmatch(_LABEL, label) for label in ascii_labels):
        raise UnknownWho(who, "that is not the name of a server or site")
    if ascii_labels[-1].isdigit():
        raise UnknownWho(who, _HOW)
    return joined
