"""Part `relevance`: whether an article is about what my readers come for. Pure.

Either they were told so (`topics`), or it is seen from what I write about myself: words that my own posts use much more
often than everybody does are mine. They are counted anew from the articles that are known, so nothing is trained,
downloaded or kept.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

from syndicator.articles import Article
from syndicator.judging.filters import Filter, made
from syndicator.sources.base import Source

#: Two topics, or words of mine that weigh as much as two of my most typical ones, are as relevant as it gets.
_ENOUGH = 2
#: What is said of an article when there are neither topics nor posts to go by.
_NEUTRAL = 0.5
#: So many of my own posts make a vocabulary; of more than the second number, the newest count.
_FEWEST_POSTS, _MOST_POSTS = 3, 300
#: How much oftener than everybody I use a word of mine, and how sure that must be.
_OFTENER, _TOO_OFTEN_FOR_CHANCE = 2, 3.0
#: So many words are mine, at most.
_MOST_WORDS = 300
#: So many matching words are named as evidence.
_NAMED = 4


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that are typical of my own posts, each with its weight in (0, 1]; the most typical one has 1."""

    weights: Mapping[str, float] = field(default_factory=dict)

    def of(self, article: Article) -> list[str]:
        """Which of an article's words are mine, the most typical first."""
        weights = self.weights
        return sorted((term for term in article.terms if term in weights), key=lambda term: -weights[term])

    def nearness(self, article: Article) -> float:
        """How much of it is in my words, in [0, 1]."""
        weights = self.weights
        return min(sum([weights[term] for term in article.terms if term in weights]) / _ENOUGH, 1.0)


def vocabulary(mine: Iterable[Article], spread: Mapping[str, int], count: int) -> Vocabulary:
    """Learn my words. `spread` says in how many of `count` articles of everybody each word occurs.

    A word weighs p·log(p/q): its part in the Kullback-Leibler divergence of my posts, where a share p of all has it,
    from everybody's, where a share q has it. It is mine if I use it twice as often, and too often for chance to be the
    reason: its log-likelihood ratio, which is so many posts times log(p/q), says so.
    """
    newest = sorted(mine, key=lambda article: (article.dated, article.url), reverse=True)[:_MOST_POSTS]
    posts = [article.terms for article in newest if article.terms]
    if len(posts) < _FEWEST_POSTS:
        return Vocabulary()
    weights = {}
    for term, uses in Counter(chain.from_iterable(posts)).items():
        p, q = uses / len(posts), (spread.get(term, 0) + 1) / (count + 2)
        if p >= _OFTENER * q and uses * math.log(p / q) >= _TOO_OFTEN_FOR_CHANCE:
            weights[term] = p * math.log(p / q)
    best = sorted(weights.items(), key=lambda each: (-each[1], each[0]))[:_MOST_WORDS]
    return Vocabulary({term: weight / best[0][1] for term, weight in best})


@dataclass(frozen=True)
class Relevance:
    """The declared topics of one account and my vocabulary: either is enough, both are better."""

    topics: tuple[str, ...]
    vocabulary: Vocabulary

    def fraction(self, article: Article, source: Source) -> float:
        """The neutral half when there is nothing to go by."""
        if not (self.topics or self.vocabulary.weights):
            return _NEUTRAL
        declared = min(len(self._matched(article, source)) / _ENOUGH, 1.0) if self.topics else 0.0
        return 1 - (1 - declared) * (1 - self.vocabulary.nearness(article))

    def evidence(self, article: Article, source: Source) -> str:
        """The topics and words that matched."""
        if not (self.topics or self.vocabulary.weights):
            return "no topics set, and too few posts of mine to learn from"
        told = []
        if self.topics:
            told.append(", ".join(self._matched(article, source)) or "none of the topics")
        if self.vocabulary.weights:
            words = ", ".join(self.vocabulary.of(article)[:_NAMED])
            told.append(f"my words {words}" if words else "none of my words")
        return "; ".join(told)

    def _matched(self, article: Article, source: Source) -> list[str]:
        """The topics that it names, or that its source is about as its owner says."""
        text = f"{article.title}\n{article.summary}"
        folded = text.casefold()
        given = [*map(str.casefold, article.tags), *map(str.casefold, source.tags)]
        return [topic for topic, its in self._filters.items() if its.words in given or its.matches(text, folded)]

    @cached_property
    def _filters(self) -> dict[str, Filter]:
        return {topic: made(topic) for topic in dict.fromkeys(map(str.casefold, self.topics))}
