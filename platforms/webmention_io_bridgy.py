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
_LIKED_BY = re.compile(r"#(?:liked|reposted)_by_(did:[a-z]+:[\w.:%-]+)$")


@dataclass(frozen=True, slots=True)
class Bridged:
    """An act on a network. `handle` may be empty: Bridgy does not always tell more than an address of theirs."""

    network: str
    handle: str
    url: str
    is_own: bool = False

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
    if not host.endswith(".brid.gy"):
        return None
    hint = _NAMES.get(host.removesuffix(".brid.gy"), "")
    # Bridgy Fed's first host, fed.brid.gy, serves every network
    for network in (hint,) if hint else ("bluesky", "mastodon"):
        handle, url = _who(network, author, act)
        if handle:
            return Bridged(network, handle, url)
    return Bridged(hint or "mastodon", "", author or act or source)


def _who(network: str, author: str, act: str) -> tuple[str, str]:
    """The handle of whoever did it, and an address of theirs; the handle is empty when none of both tells it."""
    if not (pattern := _PROFILES.get(network)):
        name = urlsplit(author).path.rstrip("/").rpartition("/")[2]
        return name.removeprefix("@"), author
    by = _LIKED_BY.search(act)
    # The address of a reaction is that of the post it was done to: mine.
    for address in (author, "" if "#" in act else act):
        if found := pattern.match(address):
            name = found[found.re.groups]
            at_home = f"{name}@{found['host']}" if network == "mastodon" and "@" not in name else name
            return at_home.lower(), address if address == author else found[0]
    return (by[1], f"https://bsky.app/profile/{by[1]}") if by else ("", author)


def _is_mine(key: str, handle: str, act: str) -> bool:
    """Whether I did it myself: Bridgy tells a site of its owner's own posts too. `key` is how it knows the owner."""
    repo = re.match(r"(?:at://)?(did:[a-z]+:[^/]+)", act)
    return key.removeprefix("@").lower() == handle or (repo is not None and repo[1] == key)
