"""Webmentions that Bridgy and Bridgy Fed send for acts on networks: who did it there, and whether that was me. Pure.

Bridgy's pages: https://brid.gy/about#source-urls, `/ACT/NETWORK/MY-KEY/POST[/ACT-ID]`. Bridgy Fed's are the act's own
id behind `/convert/web/`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from platforms.base import Actor

_BRIDGY = frozenset({"brid.gy", "www.brid.gy", "brid-gy.appspot.com"})
#: Networks by Bridgy's name, where ours is another; Bridgy Fed's by the first label of its host.
_NAMES = {"twitter": "x", "pixelfed": "mastodon", "misskey": "mastodon", "ap": "mastodon", "bsky": "bluesky"}
#: Where on each network somebody's profile is, and their posts below it.
_PROFILES = {
    "bluesky": re.compile(r"https?://(?:www\.)?bsky\.app/profile/([^/?#]+)"),
    "x": re.compile(r"https?://(?:www\.|mobile\.)?(?:twitter|x)\.com/(\w+)"),
    "mastodon": re.compile(r"https?://(?P<host>[^/?#]+)/(?:@|users/)([\w.-]+(?:@[\w.-]+)?)"),
}
#: The id of what Bridgy Fed converted, behind its own path; one slash of two may be lost on the way.
_ID = re.compile(r"(?<=/convert/web/)https?:/{1,2}(?P<host>[^/?#:@]+)\S*")
_LIKED_BY = re.compile(r"#(?:liked|reposted)_by_(did:[a-z]+:[\w.:%-]+)$")


@dataclass(frozen=True, slots=True)
class Bridged:
    """An act on a network. `handle` may be empty: Bridgy does not always tell more than an address of theirs."""

    network: str
    handle: str
    url: str
    is_own: bool = False

    @property
    def is_somebody(self) -> bool:
        """Whether it tells one person from all others there: by a handle, or by a site of their own.

        Servers of the fediverse vouch for the host of an address; elsewhere a site in a profile is a mere claim.
        """
        alone = self.network == "mastodon" and self.url and urlsplit(self.url).path in {"", "/"}
        return bool(self.handle or alone)

    def actor(self, name: str) -> Actor:
        """Whoever did it: on the network if it is known who there, else by the address they give."""
        return Actor(self.handle, url=self.url, name=name, network=self.network if self.handle else "web")


def bridged(source: str, author: str, act: str) -> Bridged | None:
    """Read a webmention's source, its author's address and the act's; None when it came through no bridge."""
    parts = urlsplit(source)
    host, segments = parts.hostname or "", [unquote(unquote(each)) for each in parts.path.split("/") if each]
    if host in _BRIDGY and len(segments) >= 4:
        network = _NAMES.get(segments[1], segments[1])
        handle, url = _who(network, author, act)
        return Bridged(network, handle, url, is_own=_is_mine(segments[2], handle, segments[-1]))
    return _by_fed(host, parts.path, author, act) if host.endswith(".brid.gy") else None


def _by_fed(host: str, path: str, author: str, act: str) -> Bridged:
    """An act that Bridgy Fed converted: of the fediverse, its author may only be of the host that its id is of."""
    origin = _ID.search(unquote(unquote(path)))
    home = origin["host"].lower() if origin else ""
    network = _NAMES.get(host.removesuffix(".brid.gy"), "mastodon" if home else "bluesky")
    if home:  # what a server says of addresses elsewhere is its own claim
        author, act = (each if (urlsplit(each).hostname or "") == home else "" for each in (author, act))
        act = act or (origin[0] if origin else "")
    handle, url = _who(network, author, act)
    return Bridged(network, handle, url)


def _who(network: str, author: str, act: str) -> tuple[str, str]:
    """The handle of whoever did it, and an address of theirs; the handle is empty when none of both tells it."""
    pattern = _PROFILES.get(network)
    by = _LIKED_BY.search(act)
    # The address of a reaction is that of the post it was done to: mine.
    for address in (author, "" if "#" in act else act):
        if pattern and (found := pattern.match(address)):
            name = found[found.re.groups].lower()
            if network != "mastodon":
                return name, address if address == author else found[0]
            if handle := _at_home(name, found["host"].lower()):
                return handle, address if address == author else found[0]
    if by:
        return by[1], f"https://bsky.app/profile/{by[1]}"
    return ("" if network in {"bluesky", "x"} else _last(network, author)), author


def _at_home(name: str, host: str) -> str:
    """A fediverse handle; empty when a server speaks of somebody who lives on another, which it may say of anybody."""
    user, _, home = name.partition("@")
    return f"{user}@{host}" if home in {"", host} else ""


def _last(network: str, author: str) -> str:
    """The handle in the last part of an address of unknown form; empty when it tells nobody from others there."""
    parts = urlsplit(author)
    name = unquote(parts.path).rstrip("/").rpartition("/")[2].removeprefix("@").lower()
    if not re.fullmatch(r"[\w.@-]{1,200}", name) or parts.query:
        return ""
    return _at_home(name, (parts.hostname or "").lower()) if network == "mastodon" else name


def _is_mine(key: str, handle: str, act: str) -> bool:
    """Whether I did it myself: Bridgy tells a site of its owner's own posts too. `key` is how it knows the owner."""
    repo = re.match(r"(?:at://)?(did:[a-z]+:[^/]+)", act)
    return key.removeprefix("@").lower() == handle or (repo is not None and repo[1] == key)
