"""What a judgement is, and what each part of a score must be able to say. One file beside this one per part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import msgspec

from syndicator.articles import Article
from syndicator.sources.base import Source


class Judgement(msgspec.Struct, frozen=True):
    """An article's score with every part named, or the reason it was turned down.

    `parts` holds what each part adds, so they sum to `score`. `evidence` has one line for each, in the same order; it
    is written for those judgements that somebody looks at (see `judge.explained`).
    """

    article: Article
    score: float
    parts: Mapping[str, float] = {}
    rejected: str = ""
    evidence: tuple[str, ...] = ()


class Part(Protocol):
    """One thing that speaks for an article. Prepared once for many articles; pure.

    `source` is the one that the article is judged by.
    """

    def fraction(self, article: Article, source: Source) -> float:
        """How much of the part's weight the article earns, in [0, 1]."""

    def evidence(self, article: Article, source: Source) -> str:
        """Why, in a few words that name what was seen."""


class Remembered:
    """A part that measures each article once, for accounts that measure alike; each must have a URL of its own."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._measured: dict[str, float] = {}

    def fraction(self, article: Article, source: Source) -> float:
        """As the part says."""
        known = self._measured.get(article.url)
        if known is None:
            known = self._measured[article.url] = self._part.fraction(article, source)
        return known

    def evidence(self, article: Article, source: Source) -> str:
        """As the part says."""
        return self._part.evidence(article, source)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an article is turned down whatever else speaks for it. `blames` says that its source is trusted less."""

    reason: str
    blames: bool = False
