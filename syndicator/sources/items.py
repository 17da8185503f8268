"""From an entry as its format gave it to an Item as the rest of the program wants it.

One place decides what plain, absolute and plausible mean, whichever format an entry came in.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime

from syndicator.sources import dates, markup
from syndicator.sources.base import Item

LONGEST_SUMMARY = 500
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True)
class Body:
    """A piece of an entry's text, HTML or plain; `base` is what its relative links hang on ("": the entry's page)."""

    text: str
    is_html: bool = True
    base: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of any format: raw strings, links perhaps relative. `bodies` holds its full texts, best first."""

    id: str = ""
    link: str = ""
    title: str = ""
    title_is_html: bool = False
    author: str = ""
    author_url: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    summary: Body = field(default_factory=lambda: Body(""))
    bodies: tuple[Body, ...] = ()
    tags: tuple[str, ...] = ()
    language: str = ""
    image: str = ""
    image_alt: str = ""
    comments_url: str = ""
    comments_feed: str = ""
    comment_count: int | None = None


def finish(entry: Entry, *, base: str, now: datetime) -> Item:
    """Make the Item. `base` is the address that the entry's own links are relative to."""
    url = markup.absolute(entry.link, base)
    title = markup.title_text(entry.title, is_html=entry.title_is_html)
    published, updated = dates.plausible(entry.published, now), dates.plausible(entry.updated, now)
    texts = [_plain(body) for body in entry.bodies]
    summary = _plain(entry.summary)
    page = url or base
    image = markup.absolute(entry.image, page)
    links = (
        link
        for body in (*entry.bodies, entry.summary)
        if body.is_html
        for link in markup.links_of(body.text, markup.absolute(body.base, page) or page)
    )
    return Item(
        id=markup.fold(entry.id) or url or _made_up_id(title, published or updated, summary),
        url=url,
        title=title,
        author=markup.title_text(entry.author, is_html=True),
        author_url=markup.absolute(entry.author_url, base),
        published=published,
        updated=updated,
        summary=markup.shorten(summary or next(filter(None, texts), ""), LONGEST_SUMMARY),
        tags=tuple(dict.fromkeys(filter(None, (markup.title_text(tag, is_html=False) for tag in entry.tags)))),
        links=tuple(dict.fromkeys(links)),
        words=max((markup.count_words(text) for text in (*texts, summary)), default=0),
        language=language(entry.language),
        image=image or None,
        image_alt=_shows(entry, image, page),
        comments_url=markup.absolute(entry.comments_url, base) or None,
        comments_feed=markup.absolute(entry.comments_feed, base) or None,
        comment_count=entry.comment_count,
    )


def _shows(entry: Entry, image: str, page: str) -> str:
    """What an entry's picture shows, as its feed says or its text where it shows the same picture."""
    said = [markup.fold(entry.image_alt)] if image else []
    shown = (body for body in (*entry.bodies, entry.summary) if image and body.is_html)
    said += [markup.picture_text(body.text, markup.absolute(body.base, page) or page, image) for body in shown]
    return markup.shorten(next(filter(None, said), ""), LONGEST_SUMMARY)


def language(text: str) -> str | None:
    """Give a BCP 47 tag in its usual form, or None when the text is none (`en_us` → `en-us`)."""
    tag = text.strip().replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) else None


def _plain(body: Body) -> str:
    return markup.text_of(body.text) if body.is_html else markup.fold(body.text)


def _made_up_id(title: str, when: datetime | None, summary: str) -> str:
    """A stable name for an entry that has neither id nor link: the same title and date, the same entry."""
    parts = (title or summary, when.isoformat() if when else "")
    return "made-up:" + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:20]
