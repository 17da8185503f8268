"""Part `relevance`: whether an article is about what my readers come for. Pure.

Either they were told so (`topics`), or it is seen from what I write about myself: words that my own posts use much more
often than everybody does are mine. They are counted anew from the articles that are known, so nothing is trained,
downloaded or kept.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain
from typing import NamedTuple

from syndicator.articles import Article
from syndicator.judging.filters import Filter, made
from syndicator.judging.languages import language_of
from syndicator.sources.base import Source
from syndicator.terms import words

#: Two topics, or words of mine that weigh as much as two of my most typical ones, are as relevant as it gets.
_ENOUGH = 2
#: What is said of an article when there are neither topics nor posts to go by.
_NEUTRAL = 0.5
#: So many of my own posts make a vocabulary; of more than the second number, the newest count.
_FEWEST_POSTS, _MOST_POSTS = 3, 300
#: So many texts of others in my language show what is usual in it; of more than the second number, a sample does.
_FEWEST_TEXTS, _MOST_TEXTS = 20, 300
#: A text is in the language of some posts if it has so many of so many of their commonest words.
_IN_COMMON, _COMMONEST = 3, 12
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


def vocabulary(mine: Iterable[Article], others: Sequence[Article]) -> Vocabulary:
    """Learn my words, for each language that I write in by itself.

    A word weighs p·log(p/q): its part in the Kullback-Leibler divergence of my posts, where a share p of all is about
    it, from those of others in my language, where a share q is.

    It is mine if p is twice the share of their whole texts that have it, since what holds sentences together is about
    nothing, yet stands in titles; and too great for chance to be the reason: its log-likelihood ratio, which is so many
    posts times log(p/q), says so.
    """
    newest = sorted(mine, key=lambda article: (article.dated, article.url), reverse=True)[:_MOST_POSTS]
    by_language: dict[str, list[tuple[str, ...]]] = {}
    for article in newest:
        if article.terms:
            by_language.setdefault(language_of(article.language), []).append(article.terms)
    known = [posts for posts in by_language.values() if len(posts) >= _FEWEST_POSTS]
    told = [article for article in others if article.summary and article.kind != "own"] if known else []
    texts = [_Text(article.terms, _words(article)) for article in told[:: len(told) // _MOST_TEXTS + 1]]
    weights: Counter[str] = Counter()
    for posts in known:
        weights.update(_typical(posts, texts))
    best = sorted(weights.items(), key=lambda each: (-each[1], each[0]))[:_MOST_WORDS]
    return Vocabulary({term: weight / best[0][1] for term, weight in best})


class _Text(NamedTuple):
    """One text of somebody else: what it is about, and all of its words."""

    terms: tuple[str, ...]
    words: frozenset[str]


def _words(article: Article) -> frozenset[str]:
    return _all_words(article.summary).union(article.terms)


@lru_cache(maxsize=2 * _MOST_TEXTS)  # the same sample is looked at more than once in a run
def _all_words(text: str) -> frozenset[str]:
    return frozenset(words(text))


def _typical(posts: Sequence[Sequence[str]], texts: Sequence[_Text]) -> dict[str, float]:
    """The words that are typical of some posts in one language, with their weights."""
    used = Counter(chain.from_iterable(posts))
    near = _in_one_language(used, texts)
    if len(near) < _FEWEST_TEXTS:
        return {}
    about = Counter(chain.from_iterable(text.terms for text in near))
    written = Counter(chain.from_iterable(text.words for text in near))
    weights = {}
    for term, uses in used.items():
        p, q = uses / len(posts), (about[term] + 1) / (len(near) + 2)
        in_texts = (written[term] + 1) / (len(near) + 2)
        if p >= _OFTENER * in_texts and uses * math.log(p / q) >= _TOO_OFTEN_FOR_CHANCE:
            weights[term] = p * math.log(p / q)
    return weights


def _in_one_language(used: Collection[str], texts: Sequence[_Text]) -> list[_Text]:
    """The texts in the language of the words used, whatever they declare: they have several of the commonest of these.

    A topic or two in common makes no language; the commonest words are those that hold its sentences together.
    """
    spread = Counter(chain.from_iterable(text.words for text in texts))
    commonest = frozenset(sorted(used, key=lambda term: (-spread[term], term))[:_COMMONEST])
    return [text for text in texts if len(text.words & commonest) >= _IN_COMMON]


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
            return "no topics set, and too few posts of mine, or of others in my language, to learn from"
        told = []
        if self.topics:
            told.append(", ".join(self._matched(article, source)) or "none of the topics")
        if self.vocabulary.weights:
            mine = ", ".join(self.vocabulary.of(article)[:_NAMED])
            told.append(f"my words {mine}" if mine else "none of my words")
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
