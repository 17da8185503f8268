"""Two articles that turned out to be one: which of them stays, and what it takes over. Pure."""

from __future__ import annotations

import msgspec

from syndicator import urls
from syndicator.articles.article import Article
from syndicator.articles.same_title import almost_same

#: What feeds may make anew at every look: the first so many are kept for ever, and of later ones the latest so many.
_KEPT = 40


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
        learnt=tuple(url for url in _union(stays.learnt, goes.learnt) if url not in _told(stays) | _told(goes)),
        sources=_union(stays.sources, goes.sources),
        guids=_union(stays.guids, goes.guids),
        linked_by=_union(stays.linked_by, goes.linked_by),
    )


def are_one(article: Article, other: Article, address: str, page_title: str) -> bool:
    """Whether two articles are one since the page of the first is at an address of the other, or says that it is.

    A careless rel=canonical, or a page about maintenance, says so of a whole site. So an address proves nothing that no
    feed told of; and of what one source told as two, the page itself must bear the title that the other has: then it
    is a piece that was renamed and moved.
    """
    if urls.page_key(address) in map(urls.page_key, other.learnt):
        return False
    told_apart = {*article.sources} & {*other.sources} and not almost_same(article.title, other.title)
    return not told_apart or almost_same(page_title, other.title)


def without(addresses: tuple[str, ...], told: str) -> tuple[str, ...]:
    """The addresses but for those of one page."""
    return tuple(each for each in addresses if urls.page_key(each) != urls.page_key(told))


def with_one_more(values: tuple[str, ...], value: str) -> tuple[str, ...]:
    """The values with one that was seen just now."""
    return values if value in values else (*values[:_KEPT], *values[_KEPT:][1 - _KEPT :], value)


def _told(article: Article) -> set[str]:
    return {article.url, *article.aliases} - {*article.learnt}


def _union(*values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for each in values for value in each))
