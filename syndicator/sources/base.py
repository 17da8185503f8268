"""The values of this stage: a Source to read, an Item as parsed, a Feed of Items; and how it tells of trouble."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit
from urllib.request import url2pathname

from syndicator.urls import weburl

SourceKind = Literal["own", "curated", "notes"]


@dataclass(frozen=True, slots=True)
class Source:
    """One feed (or file of notes) to read, with what its owner said about it.

        `url` is the feed's address (http, https or file) and the source's identity. `weight` is a factor around 1.
        `include` and `exclude` are words or `/regular expressions/`. With `comment_first` its
        articles wait for a comment of mine for `comment_wait`. `per_day` is the most that each account may share of
    it in a day. `comments` says where those on a site of mine are: "auto", an address, or "off". `origin` says where it
        was subscribed: the settings file or the path or URL of an OPML file.
    """

    url: str
    kind: SourceKind
    title: str = ""
    site: str = ""
    tags: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    weight: float = 1.0
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    comment_first: bool = False
    comment_wait: timedelta = timedelta(days=2)
    per_day: int | None = None
    comments: str = "auto"
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of one feed as parsed. Text is plain, unescaped, white space folded, free of control characters.

    URLs are absolute. `published` and `updated` are UTC or None where the feed gives none. `author_url` is a page of
    its author, `image_alt` what its image shows. `links` are the http(s) addresses that the item's own HTML links to,
    in order, once each. `words` counts the words of its full text.
    """

    id: str
    url: str
    title: str
    author: str = ""
    author_url: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    summary: str = ""
    tags: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    words: int = 0
    language: str | None = None
    image: str | None = None
    image_alt: str = ""
    comments_url: str | None = None
    comments_feed: str | None = None
    comment_count: int | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A parsed feed. `problem` is a sentence when it was malformed and only part could be read.

    `interval` is how often it says it is worth asking (`ttl`, `sy:updatePeriod`), None where it does not say.
    """

    url: str
    title: str = ""
    site: str = ""
    language: str | None = None
    items: tuple[Item, ...] = ()
    problem: str = ""
    interval: timedelta | None = None

    @property
    def remark(self) -> str:
        """What its owner should know of a feed that is whole; "" for nothing."""
        bare = sum(not item.url for item in self.items)
        return f"{bare} of {len(self.items)} items have no link, and can't be shared" if bare else ""


class SourceError(Exception):
    """A source can't be read: `subject` names it, `problem` says why, `remedy` what to do."""

    def __init__(self, subject: str, problem: str, remedy: str = "") -> None:
        self.subject = subject
        self.problem = problem
        self.remedy = remedy
        super().__init__(f"{subject}: {self.reason}")

    @property
    def reason(self) -> str:
        """The problem and the remedy, for where the subject stands already."""
        return self.problem + (f" ({self.remedy})" if self.remedy else "")


class NotAFeed(SourceError):
    """There is no feed at an address: nothing, or something else; a page perhaps, that names one."""


class IsBlogroll(NotAFeed):
    """A list of other people's feeds (OPML) is there, or a page about nothing else; `what` says which."""

    def __init__(self, subject: str, what: str = "is a blogroll, not a feed", remedy: str = "") -> None:
        super().__init__(subject, what, remedy or '`syndicator import URL`, or `opml = "URL"` in the settings')


def named(url: str, title: str = "") -> str:
    """What to call a source in a message: its title, if known, and its address without a login; files by their path."""
    where = url
    if url.lower().startswith("file:///"):
        where = url2pathname(urlsplit(url).path)
    elif (parsed := weburl.parse(url)) and (parsed.user or parsed.password):
        where = str(replace(parsed, user="", password=""))
    return f"{title} ({where})" if title else where
