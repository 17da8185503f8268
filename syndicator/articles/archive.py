"""The short form of articles that can no longer be shared: enough to know them again for ever, and no more. Pure.

What is kept: every address, guid and source, title, author and dates. What goes: summary, tags, terms, image and what
only judging asks for. The short form keeps its place in the same collection, under the same key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from syndicator.articles.article import Article
from syndicator.sources.base import SourceKind

#: Fields by the letters they have on disk.
_NAMES = {
    "title": "t",
    "first_seen": "f",
    "published": "p",
    "author": "n",
    "site": "w",
    "language": "l",
    "kind": "k",
    "baseline": "b",
    "sources": "s",
    "aliases": "a",
    "learnt": "r",
    "guids": "g",
    "untitled": "u",
}


class _Short(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename=_NAMES):
    title: str
    first_seen: datetime
    published: datetime | None = None
    author: str = ""
    site: str = ""
    language: str | None = None
    kind: SourceKind = "curated"
    baseline: bool = False
    sources: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    learnt: tuple[str, ...] = ()
    guids: tuple[str, ...] = ()
    untitled: bool = False


def packed(article: Article) -> dict[str, Any]:
    """The short document of an article."""
    document: dict[str, Any] = msgspec.to_builtins(_short(article))
    return document


def says_the_same(article: Article, document: Mapping[str, Any]) -> bool:
    """Whether nothing that the short document keeps has changed."""
    return _short(article) == msgspec.convert(document, _Short)


def _short(article: Article) -> _Short:
    # The source it is judged by comes first, so that it need not be told twice.
    sources = tuple(dict.fromkeys((article.source, *article.sources)))
    return _Short(sources=sources, **{name: getattr(article, name) for name in _NAMES if name != "sources"})


def unpacked(url: str, document: Mapping[str, Any]) -> Article:
    """The article of a short document; what is no longer known of it is empty."""
    short = msgspec.convert(document, _Short)
    kept = {name: getattr(short, name) for name in _NAMES}
    return Article(url=url, source=next(iter(short.sources), ""), **kept)


def is_packed(document: Mapping[str, Any]) -> bool:
    """Whether a document is the short one of an article."""
    return "url" not in document


def known_by(url: str, document: Mapping[str, Any]) -> tuple[tuple[str, ...], Sequence[str], str]:
    """The addresses, the guids and the title ("" if it had none) of an archived article, without unpacking it."""
    return (url, *document.get("a", ())), document.get("g", ()), "" if document.get("u") else document["t"]


def site(document: Mapping[str, Any]) -> str:
    """The site of an archived article, without unpacking it."""
    return str(document.get("w", ""))


def sources(document: Mapping[str, Any]) -> Sequence[str]:
    """The sources that told of an archived article, without unpacking it."""
    found: Sequence[str] = document.get("s", ())
    return found
