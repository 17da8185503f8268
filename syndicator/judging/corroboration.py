"""Part `corroboration`: how many of my sources besides its author point to an article. Pure.

Who links to what is learnt when feeds are read (see `crosslinks`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from syndicator import urls
from syndicator.articles import Article
from syndicator.sources.base import Source

#: So many voices besides its own are as good as it gets.
_ENOUGH = 2


@dataclass(frozen=True, slots=True)
class Corroboration:
    """Sites that carry an article or link to it. `sites` has the web site of each source by its feed's URL.

    An author's other feed, and a link on the author's own site, are the same voice as the article's. Where the author's
    own feed is not read, whoever carried the article is the one voice that it needs to be known at all.
    """

    sites: Mapping[str, str] = field(default_factory=dict)

    def fraction(self, article: Article, source: Source) -> float:
        """Half for one voice more than its own, whole for two."""
        if len(article.sources) < 2 and not article.linked_by:
            return 0.0
        return min((len(self._voices(article)) - 1) / _ENOUGH, 1.0)

    def evidence(self, article: Article, source: Source) -> str:
        """Who links to it, and who carries it."""
        carrying = self._carrying(article)
        linking = [site for site in article.linked_by if site not in carrying and site != article.site]
        told = [f"linked to by {_some(linking)}"] if linking else []
        others = [site for site in carrying if site != article.site]
        if len(carrying) > 1:
            told.append(f"carried by {_some(others)}")
        return " and ".join(told) or "nobody else of my sources points to it"

    def _voices(self, article: Article) -> set[str]:
        return {*self._carrying(article), *article.linked_by} or {article.site}

    def _carrying(self, article: Article) -> list[str]:
        return list(dict.fromkeys(self.sites.get(url, url) for url in article.sources))


def sites_of(sources: Iterable[Source]) -> dict[str, str]:
    """The web site of each source, by its feed's URL."""
    return {source.url: urls.site_of(source.site or source.url) or source.url for source in sources}


def _some(names: list[str]) -> str:
    """The first of many names."""
    more = len(names) - 3
    return ", ".join(names[:3]) + (f" and {more} more" if more > 0 else "")
