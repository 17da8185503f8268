"""Where the author of a page can be credited: handles and sites that the page itself ties to who wrote it.

Handles are written as the ledger writes them; what it does not know as somebody's is left out. Whether a credit is
true is not known here: a page can name anyone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ledger.entry import Identity
from ledger.who import UnknownWho, identity
from syndicator import urls
from syndicator.pages.base import Credit
from syndicator.pages.document import Document
from syndicator.pages.links import me_links
from syndicator.sources import markup
from syndicator.urls import weburl

MOST_CREDITS = 10
LONGEST_HANDLE = 200


def credits_of(page: Document, author_urls: Iterable[str]) -> tuple[Credit, ...]:
    """Every credit once, the most deliberate first; `author_urls` are those of the authors' h-cards.

    `fediverse:creator` is Mastodon's (https://docs.joinmastodon.org/user/network/#creator), `twitter:creator` X's:
    unlike `twitter:site` both name who wrote this page. A rel=me link names who owns it.
    """
    found: dict[tuple[str, str], Credit] = {}
    for credit in _all(page, author_urls):
        found.setdefault((credit.network, credit.handle), credit)
    return tuple(found.values())[:MOST_CREDITS]


def _all(page: Document, author_urls: Iterable[str]) -> Iterator[Credit]:
    for name, content in page.metas:
        if name == "fediverse:creator" and (who := _who(markup.fold(content))) and who.network == "mastodon":
            yield Credit(who.network, who.handle, "fediverse:creator")
    for name, content in page.metas:
        if name == "twitter:creator" and (who := _on_x(markup.fold(content))):
            yield Credit(who.network, who.handle, "twitter:creator")
    for url in author_urls:
        if who := somebody(url):
            yield Credit(who.network, who.handle, "h-card")
    for url in me_links(page):
        if not urls.same_site(url, (page.url,)) and urls.host(url) != urls.host(page.url) and (who := somebody(url)):
            yield Credit(who.network, who.handle, "rel=me")


def _who(text: str) -> Identity | None:
    try:
        return identity(text) if len(text) <= LONGEST_HANDLE else None
    except UnknownWho:
        return None


def _on_x(text: str) -> Identity | None:
    """A handle with or without @, or a profile's address; a number is an account's id and no handle."""
    name = text.removeprefix("@")
    if name.isdigit():
        return None
    who = _who(text if "://" in text else f"x:{name}")
    return who if who is not None and who.network == "x" else None


def somebody(url: str) -> Identity | None:
    """Whom an address stands for: a profile on a network or a site of one's own, not any page of a large site."""
    who, place = _who(url), weburl.parse(url)
    if who is None or place is None:
        return None
    return who if who.network != "web" or "/" in who.handle or place.path == "/" else None
