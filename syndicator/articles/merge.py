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


def merged(stays: Article, goes: Article) -> Article:
    """The article that stays, with all by which the other was known; what is mine stays mine.

    Whether it is news is told by the one that was known first. If both were first seen in one run, either makes the
    piece news: which feed was read first decides nothing.
    """
    elder, younger = sorted((stays, goes), key=lambda article: (article.first_seen, article.url))
    at_once = elder.first_seen == younger.first_seen
    return msgspec.structs.replace(
        stays,
        kind="own" if "own" in (stays.kind, goes.kind) else stays.kind,
        source=goes.source if goes.kind == "own" and stays.kind != "own" else stays.source,
        first_seen=elder.first_seen,
        rank=elder.rank,
        baseline=elder.baseline and (younger.baseline or not at_once),
        terms=stays.terms or goes.terms,
        aliases=tuple(url for url in _union(stays.aliases, (goes.url,), goes.aliases) if url != stays.url),
        sources=_union(stays.sources, goes.sources),
        guids=_union(stays.guids, goes.guids),
        linked_by=_union(stays.linked_by, goes.linked_by),
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
