"""Is an article worth its readers' time? Reasons against it first, then a score in [0, 1] made of named parts. Pure.

Every part is what it adds to the score, so the parts sum to it. Being owed re-orders what is good enough already and
never makes it so: the lift is added only to a score that passes by itself. Each part is explained in a file of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import msgspec

from syndicator.articles import Article
from syndicator.judging.base import Judgement, Part
from syndicator.judging.freshness import Freshness
from syndicator.judging.knowledge import Knowledge
from syndicator.judging.rejections import not_now
from syndicator.settings import Plan
from syndicator.sources.base import Source

#: What my own words are judged by: nothing.
_MINE = {"own": "my own post", "notes": "one of my notes"}


@dataclass(frozen=True)
class Standard:
    """What articles are judged against: a time, the pacing and topics of an account, and what is known besides."""

    now: datetime
    plan: Plan
    knowledge: Knowledge = field(default_factory=Knowledge)

    @cached_property
    def own_parts(self) -> Mapping[str, Part]:
        """The parts that each account measures for itself."""
        return {
            "freshness": Freshness(self.now, self.plan.max_age),
            "relevance": self.knowledge.relevance(self.plan.topics),
        }

    @cached_property
    def weighed(self) -> tuple[tuple[str, float, Part], ...]:
        """Those parts with the most that each can add."""
        return tuple((name, self.knowledge.weights[name], part) for name, part in self.own_parts.items())


def judge(article: Article, source: Source, standard: Standard) -> Judgement:
    """Judge one article as it came through one source."""
    if reason := not_now(article, source, standard.plan, standard.now, standard.knowledge.commented):
        return Judgement(article, 0.0, rejected=reason)
    refusal, shared = standard.knowledge.look(article, source)
    if refusal:
        return Judgement(article, 0.0, rejected=refusal.reason)
    if article.kind != "curated":
        return Judgement(article, 1.0, {article.kind: 1.0})
    parts = dict(shared)
    for name, weight, part in standard.weighed:
        parts[name] = weight * part.fraction(article, source)
    return _passed(article, parts, standard)


def _passed(article: Article, parts: dict[str, float], standard: Standard) -> Judgement:
    """The judgement of an article that nothing speaks against, if its parts add up to enough."""
    score = min(sum(parts.values()), 1.0)
    least = standard.plan.min_score
    if score < least:
        return Judgement(article, score, parts, f"score {score:.2f} is below min_score {least:.2f}")
    if lift := min(standard.knowledge.lifts.get(article.site, 0.0), 1.0 - score):
        parts["reciprocity"] = lift
        score += lift
    return Judgement(article, score, parts)


def explained(judgement: Judgement, source: Source, standard: Standard) -> Judgement:
    """The judgement as it is shown: its evidence, one line for each of its parts, and numbers of four digits."""
    lines = (f"{name}: {_evidence(name, judgement.article, source, standard)}" for name in judgement.parts)
    parts = {name: round(added, 4) for name, added in judgement.parts.items()}
    return msgspec.structs.replace(judgement, score=round(sum(parts.values()), 4), parts=parts, evidence=tuple(lines))


def _evidence(name: str, article: Article, source: Source, standard: Standard) -> str:
    if name in _MINE:
        return _MINE[name]
    if name == "reciprocity":
        return f"{article.site} is owed"
    part = standard.own_parts.get(name) or standard.knowledge.parts[name]
    return part.evidence(article, source)
