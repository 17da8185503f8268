"""What a feed of comments, or WordPress's REST API, tells: as Interactions. Pure.

A comment is somebody's who gave a name and perhaps a site; nothing proves that it is theirs, so what is booked on a
site counts less, and whoever gave none is known by their name on this very site. What I wrote myself is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ledger.who import UnknownWho, identity
from platforms.base import Actor, Interaction
from syndicator import urls
from syndicator.sources import markup
from syndicator.sources.base import Feed, Item

#: The channel of comments, and the network of those who are known by a name alone.
NETWORK = "comment"

#: A site that a commenter gave is their own word.
_CLAIMED = 0.8
#: Any blog software sends pingbacks for any link, and they prove nothing.
_PINGBACK = 0.3
_CUT = ("[…]", "[...]")
_NUMBER = re.compile(r"#(?:comment-?|c)(\d{1,18})$")
_LONGEST = 20_000  # characters of a text


@dataclass(frozen=True, slots=True)
class Me:
    """Who I am on my sites: their addresses, and my name."""

    sites: tuple[str, ...]
    name: str

    def wrote(self, name: str, site: str) -> bool:
        """Whether a comment with this name and site is mine."""
        return bool(site and urls.same_site(site, self.sites)) or _folded(name) == _folded(self.name) != ""


def of_feed(feed: Feed, me: Me, page: str = "") -> Iterator[Interaction]:
    """The comments in a feed; `page` is the article that all of them are on, if they are on one."""
    for item in feed.items:
        if act := _of_item(item, me, page):
            yield act


def _of_item(item: Item, me: Me, page: str) -> Interaction | None:
    about, _, mark = item.url.partition("#")
    text, site = item.summary, item.author_url
    found = _NUMBER.search(item.url) or _NUMBER.search(item.id)
    number = found[1] if found else item.id
    if text.startswith(_CUT) and text.endswith(_CUT):
        return _pingback(item, me, page or about, number)
    return _comment(me, item.author, site, number, item.url if mark else "", page or about, item.published, text)


def _pingback(item: Item, me: Me, page: str, number: str) -> Interaction | None:
    """A page elsewhere that links to mine, as WordPress shows it among the comments."""
    if not urls.is_web(item.author_url) or not urls.same_site(page, me.sites) or me.wrote("", item.author_url):
        return None
    actor = Actor(urls.site_of(item.author_url), url=item.author_url, network="web")
    where = urls.canonical(page)
    return Interaction("link", actor, number, item.author_url, where, item.published, item.summary, _PINGBACK)


def of_rest(document: object, me: Me) -> Iterator[Interaction]:
    """The comments in one answer of `/wp/v2/comments`; pingbacks and what waits for approval are none."""
    for said in document if isinstance(document, Sequence) and not isinstance(document, str) else ():
        if not isinstance(said, Mapping) or said.get("type", "comment") != "comment":
            continue
        if said.get("status", "approved") != "approved":
            continue
        place, content = _text(said, "link"), said.get("content")
        body = _text(content, "rendered") if isinstance(content, Mapping) else ""
        name = markup.title_text(_text(said, "author_name"), is_html=True)
        act = _comment(
            me,
            name,
            _text(said, "author_url"),
            str(said.get("id") or ""),
            place,
            place.partition("#")[0],
            _time(said.get("date_gmt")),
            markup.text_of(body),
        )
        if act:
            yield act


def _comment(
    me: Me, name: str, site: str, number: str, place: str, page: str, at: datetime | None, text: str
) -> Interaction | None:
    """One comment; None for my own, for one on nothing of mine, and for one that nobody signed."""
    if not number or not urls.same_site(page, me.sites) or me.wrote(name, site):
        return None
    claimed = _is_somebody(site)
    host = urls.host(page)
    if not claimed and not _folded(name):
        return None
    actor = Actor("", url=site, name=name) if claimed else Actor(f"{host}/{_folded(name)}", name=name, network=NETWORK)
    return Interaction(
        "comment",
        actor,
        id=f"{host} {number}",
        url=place,
        target=urls.canonical(page),
        at=at,
        text=text,
        trust=_CLAIMED if claimed else 1.0,
    )


def _is_somebody(site: str) -> bool:
    """Whether an address tells one person, or one site, from all others."""
    try:
        return urls.is_web(site) and bool(identity(site))
    except UnknownWho:
        return False


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())[:200]


def _text(said: Mapping[str, Any], name: str) -> str:
    found = said.get(name)
    return found[:_LONGEST] if isinstance(found, str) else ""


def _time(said: object) -> datetime | None:
    """WordPress writes its times in UTC without saying so."""
    try:
        at = datetime.fromisoformat(said) if isinstance(said, str) else None
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC) if at else None
    except (ValueError, OverflowError):
        return None
