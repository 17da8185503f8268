"""The value of this stage: an Article, one piece of writing however many Items point to it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from syndicator.sources.base import SourceKind


class Article(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One piece of writing. `url` is its canonical URL and its identity; `aliases` are its other addresses, for ever.

    Those of all these that are `learnt` no feed told of: only a redirect leads there, or its page calls itself so.
    `rank` is its place, newest first, among what its source held when it was first read; None for what came later.
    `site` is the web identity of whoever wrote it, `author_url` the author's page where a feed of that site gives it,
    `guids` are the ids that feeds gave it, in short (see `guids`). A baseline article was there when its source was
    first read: it is known, and never shared by itself. `terms` are the words that tell what it is about (see `terms`);
    `linked_by` the sites whose items in my feeds link to it (see `crosslinks`). `links` counts those of its own text,
    `sales` the affiliate links among them. An `untitled` one bears a name made of its text (see `naming`).
    `own_language` says that its entry itself told its `language`: what a feed says of all its entries is often what the
    software came with.
    """

    url: str
    kind: SourceKind
    title: str
    site: str
    source: str
    first_seen: datetime
    rank: int | None = None
    baseline: bool = False
    published: datetime | None = None
    author: str = ""
    author_url: str = ""
    summary: str = ""
    tags: tuple[str, ...] = ()
    language: str | None = None
    own_language: bool = False
    words: int = 0
    links: int = 0
    sales: int = 0
    image: str | None = None
    image_alt: str = ""
    comments_url: str | None = None
    sources: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    learnt: tuple[str, ...] = ()
    guids: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    linked_by: tuple[str, ...] = ()
    untitled: bool = False

    @property
    def dated(self) -> datetime:
        """When it was published; where its feed does not say, when it was first seen."""
        return self.published or self.first_seen
