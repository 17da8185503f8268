"""Part `novelty`: whether it tells anything that my readers have not been told lately, on any account. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from types import MappingProxyType

from syndicator.articles import Article
from syndicator.articles.same_title import folded
from syndicator.sources.base import Source
from syndicator.terms import terms

#: For so long readers remember what they were shown.
REMEMBERED = timedelta(days=21)
#: So many of its most telling words stand for an earlier share; a word is telling if fewer than this share has it.
_TELLING_WORDS, _COMMON = 8, 0.05
#: Fewer words than this in common are chance.
_LEAST_COMMON = 3
#: A title of so many words says which piece it is.
_TELLING_TITLE = 4


_NOTHING: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Share:
    """What was shared lately, and when."""

    article: Article
    when: datetime


@dataclass(frozen=True, slots=True)
class _Trace:
    """What is remembered of a share: its telling words, each by how rare it is."""

    share: Share
    words: Mapping[str, float]
    total: float


class Novelty:
    """What an article has in common with the latest shares of other articles.

    `spread` says in how many of `count` articles of everybody each word occurs; rare words in common tell more.
    """

    def __init__(self, shares: Iterable[Share] = (), spread: Mapping[str, int] = _NOTHING, count: int = 0) -> None:
        self._traces: list[_Trace] = []
        self._by_word: dict[str, list[int]] = {}
        self._by_title: dict[str, Share] = {}
        for share in sorted(shares, key=lambda share: (share.when, share.article.url)):
            trace = _trace(share, spread, count)
            for word in trace.words:
                self._by_word.setdefault(word, []).append(len(self._traces))
            self._traces.append(trace)
            title = folded(share.article.title)
            if title.count(" ") + 1 >= _TELLING_TITLE:
                self._by_title[title] = share

    def fraction(self, article: Article, source: Source) -> float:
        """1 for what is new; 0 for what was all said."""
        return 1 - self._nearest(article)[1]

    def evidence(self, article: Article, source: Source) -> str:
        """The share that it is most like, and the words that both have."""
        share, overlap, words = self._nearest(article)
        if share is None:
            return "like nothing shared lately"
        common = f" ({', '.join(words[:4])})" if words else " (the same title)"
        return f"{overlap:.0%} like “{share.article.title}”, shared on {share.when:%-d %b}{common}"

    def _nearest(self, article: Article) -> tuple[Share | None, float, list[str]]:
        """The share that has most in common with an article, how much, and the words."""
        if self._by_title and (same := self._by_title.get(folded(article.title))) and not _one(same, article):
            return same, 1.0, []
        known = [self._by_word[word] for word in article.terms if word in self._by_word]
        if len(known) < _LEAST_COMMON:
            return None, 0.0, []
        counts = Counter(chain.from_iterable(known))
        near = [
            self._overlap(self._traces[place], article) for place, count in counts.items() if count >= _LEAST_COMMON
        ]
        near = [each for each in near if not _one(each[1], article)]
        if not near:
            return None, 0.0, []
        overlap, share, words = max(near, key=lambda each: (each[0], each[1].when, each[1].article.url))
        return share, overlap, words

    def _overlap(self, trace: _Trace, article: Article) -> tuple[float, Share, list[str]]:
        """How much of a share's telling words an article has, and which."""
        words = [word for word in article.terms if word in trace.words]
        return min(sum(trace.words[word] for word in words) / trace.total, 1.0), trace.share, words


def _one(share: Share, article: Article) -> bool:
    """Whether it is the share's own article: that it may go to another account too, is not for novelty to say."""
    return share.article.url == article.url


def _trace(share: Share, spread: Mapping[str, int], count: int) -> _Trace:
    words = share.article.terms or terms(share.article.title)
    rare = {word: math.log((count + 2) / (spread.get(word, 0) + 1)) for word in words}
    telling = [word for word in rare if spread.get(word, 0) <= max(count * _COMMON, 2)]
    best = sorted(telling, key=lambda word: -rare[word])[:_TELLING_WORDS]
    return _Trace(share, {word: rare[word] for word in best}, sum(rare[word] for word in best) or 1.0)
