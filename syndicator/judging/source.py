"""Part `source`: how much its owner trusts these picks, by the weight in the settings. Pure."""

from __future__ import annotations

from syndicator.articles import Article
from syndicator.sources.base import Source

#: A source of this weight earns the whole part; the usual 1 earns half of it.
_FULL_WEIGHT = 2


class SourceWeight:
    """The weight of the source."""

    def fraction(self, article: Article, source: Source) -> float:
        """Half for the usual weight of 1."""
        return min(source.weight / _FULL_WEIGHT, 1.0)

    def evidence(self, article: Article, source: Source) -> str:
        """The weight, and whose."""
        return f"weight {source.weight:g} ({source.title or source.url})"
