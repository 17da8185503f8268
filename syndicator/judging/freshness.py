"""Part `freshness`: whether it is news still. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from syndicator.articles import Article
from syndicator.sources.base import Source
from syndicator.times import span_text


@dataclass(frozen=True, slots=True)
class Freshness:
    """What is left of `max_age`, the age at which an account shares nothing any more."""

    now: datetime
    max_age: timedelta

    def fraction(self, article: Article, source: Source) -> float:
        """From 1 when it was just published down to 0; a date to come counts as now."""
        if not self.max_age:
            return 0.0
        return min(1.0, max(0.0, 1 - (self.now - article.dated) / self.max_age))

    def evidence(self, article: Article, source: Source) -> str:
        """Its age."""
        return f"{span_text(self.now - article.dated)} old"
