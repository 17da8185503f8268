"""Two articles that turned out to be one: which of them stays, and what it takes over. Pure."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from syndicator.articles.article import Article
from syndicator.articles.same_title import folded

#: What feeds may make anew at every look: the first so many are kept for ever, and of later ones the latest so many.
_KEPT = 40
#: A piece that was renamed and moved keeps its date, give or take this.
_SAME_PIECE = timedelta(days=2)


def elder(one: Article, other: Article) -> tuple[Article, Article]:
    """The two, the one that was known first before the other: it stays, since posts may bear its address."""
    first, second = sorted((one, other), key=lambda article: (article.first_seen, article.url))
    return first, second


def merged(elder: Article, younger: Article) -> Article:
    """The elder with all by which the younger was known; what is mine stays mine.

    If both were first seen in one run, either makes the piece news: which feed was read first decides nothing.
    """
    at_once = elder.first_seen == younger.first_seen
    return msgspec.structs.replace(
        elder,
        kind="own" if "own" in (elder.kind, younger.kind) else elder.kind,
        source=younger.source if younger.kind == "own" and elder.kind != "own" else elder.source,
        baseline=elder.baseline and (younger.baseline or not at_once),
        aliases=tuple(url for url in _union(elder.aliases, (younger.url,), younger.aliases) if url != elder.url),
        sources=_union(elder.sources, younger.sources),
        guids=_union(elder.guids, younger.guids),
        linked_by=_union(elder.linked_by, younger.linked_by),
    )


def evidently_two(one: Article, other: Article) -> bool:
    """Whether one source told of both as different pieces, whatever a redirect or a careless rel=canonical says."""
    if not {*one.sources} & {*other.sources} or folded(one.title) == folded(other.title):
        return False
    return bool(one.published and other.published) and abs(one.dated - other.dated) > _SAME_PIECE


def with_one_more(values: tuple[str, ...], value: str) -> tuple[str, ...]:
    """The values with one that was seen just now."""
    return values if value in values else (*values[:_KEPT], *values[_KEPT:][1 - _KEPT :], value)


def _union(*values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for each in values for value in each))
