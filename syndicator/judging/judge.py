"""Is an article worth its readers' time? Filters first, then a score in [0, 1] made of named parts. Pure.

Every part is what it adds to the score, so the parts sum to it. Being owed re-orders what is good enough already and
never makes it so: the lift is added only to a score that passes by itself.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from syndicator import urls
from syndicator.articles import Article
from syndicator.settings import Plan
from syndicator.sources.base import Source
from syndicator.times import span_text

#: What each part can add at most to an article's score; they sum to 1.
WEIGHTS: Mapping[str, float] = {
    "source": 0.25,  # the weight its source has in the settings
    "freshness": 0.25,  # new enough to be news
    "relevance": 0.20,  # about the declared topics
    "substance": 0.20,  # long enough to be worth a click
    "corroboration": 0.10,  # more than one of my sources points to it
}

#: A text of this many words is as substantial as it gets; a teaser feed gives fewer and is not punished to zero.
_FULL_LENGTH = 600

#: What goes on with a word. Thai, Lao, Burmese, Khmer, kana and Han put no spaces between words, so any sign ends one.
_LETTER = (
    "[^\\W\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """An article's score with every part named, or the reason it was turned down. `evidence` is one line a part."""

    article: Article
    score: float
    parts: Mapping[str, float]
    rejected: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standard:
    """What articles are judged against: the settings, the owner's sites, and what is owed to whom, as a lift."""

    now: datetime
    plan: Plan
    sites: tuple[str, ...] = ()
    lifts: Mapping[str, float] = field(default_factory=dict)


def judge(article: Article, source: Source, standard: Standard) -> Judgement:
    """Judge one article as it came through one source."""
    if reason := rejection(article, source, standard):
        return Judgement(article, 0.0, {}, reason)
    if article.kind != "curated":
        return Judgement(article, 1.0, {article.kind: 1.0}, evidence=(_MINE[article.kind],))
    fractions, evidence = _fractions(article, source, standard)
    parts = {name: round(WEIGHTS[name] * fraction, 4) for name, fraction in fractions.items()}
    score = sum(parts.values())
    if score < standard.plan.min_score:
        reason = f"score {score:.2f} is below min_score {standard.plan.min_score:.2f}"
        return Judgement(article, round(score, 4), parts, reason, evidence)
    if lift := min(standard.lifts.get(article.site, 0.0), 1.0 - score):
        parts["reciprocity"] = round(lift, 4)
        evidence = (*evidence, f"reciprocity +{lift:.2f}: {article.site} is owed")
    return Judgement(article, round(sum(parts.values()), 4), parts, "", evidence)


_MINE = {"own": "my own post", "notes": "one of my notes"}


def rejection(article: Article, source: Source, standard: Standard) -> str:
    """Why an article may not be shared by itself, in words; empty when it may."""
    if article.kind == "notes":
        return ""
    if article.baseline or (article.rank is not None and article.rank >= standard.plan.first_run):
        return "it was there when its source was first read (baseline)"
    if article.kind == "curated" and any(urls.same_site(article.url, (site,)) for site in standard.sites):
        return "it is on one of my own sites and came through someone else's feed"
    if article.kind == "curated" and source.comment_first:
        return "comment first: its source asks for that; then share it with `syndicator share`"
    age = standard.now - article.dated
    if age > standard.plan.max_age:
        return f"too old: {span_text(age)}, and max_age is {span_text(standard.plan.max_age)}"
    return _filtered(article, source)


def matches(pattern: str, text: str) -> bool:
    """Whether a filter matches: a `/regular expression/` (^ and $ at every line), else whole words, in any case."""
    if len(pattern) > 2 and pattern.startswith("/") and pattern.endswith("/"):
        return re.search(pattern[1:-1], text, re.IGNORECASE | re.MULTILINE) is not None
    return re.search(rf"(?<!{_LETTER}){re.escape(pattern)}(?!{_LETTER})", text, re.IGNORECASE) is not None


def _filtered(article: Article, source: Source) -> str:
    text = "\n".join((article.title, article.summary, " ".join(article.tags)))
    for pattern in source.exclude:
        if matches(pattern, text):
            return f"excluded by {pattern!r}"
    if source.include and not any(matches(pattern, text) for pattern in source.include):
        return "matches none of the source's include words"
    return ""


def _fractions(article: Article, source: Source, standard: Standard) -> tuple[dict[str, float], tuple[str, ...]]:
    """Each part as a fraction of its weight, and the evidence for it."""
    age = max(standard.now - article.dated, timedelta())
    wanted = dict.fromkeys(map(str.casefold, (*standard.plan.topics, *source.tags)))
    topics = [topic for topic in wanted if _about(topic, article)]
    fractions = {
        "source": min(source.weight / 2, 1.0),
        "freshness": 1 - age / standard.plan.max_age if standard.plan.max_age else 0.0,
        "relevance": _saturating(len(topics), 2) if standard.plan.topics else 0.5,
        "substance": _substance(article.words),
        "corroboration": _saturating(len(article.sources) - 1, 2),
    }
    evidence = (
        f"source: weight {source.weight:g} ({source.title or source.url})",
        f"freshness: {span_text(age)} old",
        f"relevance: {', '.join(topics) or ('none of the topics' if standard.plan.topics else 'no topics set')}",
        f"substance: {article.words} words",
        f"corroboration: in {len(article.sources)} of my sources",
    )
    return fractions, evidence


def _about(topic: str, article: Article) -> bool:
    return matches(topic, article.title) or matches(topic, article.summary) or topic in map(str.casefold, article.tags)


def _saturating(count: int, enough: int) -> float:
    return min(max(count, 0) / enough, 1.0)


def _substance(words: int) -> float:
    """Grows with the logarithm of the length: the step from 50 words to 200 matters more than from 500 to 650."""
    return min(math.log1p(words) / math.log1p(_FULL_LENGTH), 1.0)
