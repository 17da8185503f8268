"""Which of my sources link to whose articles: kept between runs, so that it works whichever was read first.

For each source the state has one document with the pages it linked to lately, of those that some source of mine may
tell of. When both ends are known the article remembers who links to it; what that is worth is for `judging`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from syndicator import urls
from syndicator.articles import Article, Catalogue
from syndicator.sources.base import Feed, Source

if TYPE_CHECKING:
    from ledger.store.base import Store

COLLECTION = "crosslinks"

#: Links of items older than this are not kept: what they point to is no news any more.
_KEPT = timedelta(days=30)
#: So many pages are kept for one source, and so many linking sites for one article; of more, the latest.
_MOST_LINKS, _MOST_SITES = 200, 20


@dataclass(frozen=True, slots=True)
class _Told:
    """What one item of a source links to, as its feed has it."""

    source: str
    item: str
    day: str
    links: tuple[str, ...]


class Crosslinks:
    """The links of every source: the linking site and the day of its item, by source, by `urls.page_key`."""

    def __init__(self, known: Mapping[str, Mapping[str, list[str]]] | None = None) -> None:
        self._links = {source: dict(pages) for source, pages in (known or {}).items()}
        self._told: list[_Told] = []
        self._changed: set[str] = set()

    def read(self, source: Source, feed: Feed, now: datetime) -> None:
        """Take up the links of one feed. My own don't count: that I link to something is no second opinion."""
        if source.kind == "own":
            return
        for item in feed.items:
            dated = item.published or item.updated or now
            own = _host(item.url)
            if now - dated <= _KEPT and (links := tuple(link for link in item.links if _host(link) != own)):
                self._told.append(_Told(source.url, item.url, dated.date().isoformat(), links))

    def connect(self, sources: Iterable[Source], catalogue: Catalogue) -> None:
        """Keep the links that lead to where these sources write, and have every known article remember its own."""
        hosts = {_host(where) for source in sources for where in (source.url, source.site)}
        hosts |= {article.site.partition("/")[0] for article in catalogue}
        self._keep(hosts - {""})
        linking: dict[str, dict[str, None]] = {}
        for pages in self._links.values():
            for page, (site, _) in pages.items():
                linking.setdefault(page, {})[site] = None
        for page, sites in linking.items():
            article = catalogue.at_page(page)
            if article and not article.baseline and (new := _unknown(article, sites)):
                linked_by = (*article.linked_by, *new)[-_MOST_SITES:]
                catalogue.put(msgspec.structs.replace(article, linked_by=linked_by))

    def _keep(self, hosts: Collection[str]) -> None:
        """Sort out what was told; most links lead elsewhere and go at this cheap test."""
        for told in self._told:
            near = [link for link in told.links if _host(link) in hosts]
            site = urls.site_of(told.item) if near else ""
            links = self._links.setdefault(told.source, {})
            for page in (urls.page_key(urls.canonical(link)) for link in near if urls.site_of(link) != site):
                if page not in links:
                    links[page] = [site, told.day]
                    self._changed.add(told.source)
        self._told.clear()

    def prune(self, current: Iterable[str], today: date) -> list[str]:
        """Forget what is too old and, of very many, the oldest; return the sources that have nothing here any more."""
        oldest, wanted = (today - _KEPT).isoformat(), frozenset(current)
        for source, pages in self._links.items():
            young = {page: link for page, link in pages.items() if link[1] >= oldest} if source in wanted else {}
            kept = dict(sorted(young.items(), key=lambda each: each[1][1])[-_MOST_LINKS:])
            if len(kept) < len(pages):
                self._links[source] = kept
                self._changed.add(source)
        gone = [source for source, pages in self._links.items() if not pages]
        self._links = {source: pages for source, pages in self._links.items() if pages}
        return gone

    def changes(self) -> dict[str, dict[str, object]]:
        """Documents of the sources whose links changed, for the store."""
        return {source: {"links": self._links[source]} for source in sorted(self._changed & self._links.keys())}


def load(store: Store) -> Crosslinks:
    """What was kept; what is no pair of a site and a day, as an older version left it, is passed over."""
    kept = ((source, document["links"].items()) for source, document in store.scan(COLLECTION))
    return Crosslinks({source: {page: pair for page, pair in pages if len(pair) == 2} for source, pages in kept})


def save(store: Store, links: Crosslinks, sources: Iterable[Source], today: date) -> None:
    """Store what changed, of these sources."""
    gone = links.prune((source.url for source in sources), today)
    if changes := links.changes():
        store.put_many(COLLECTION, changes)
    if stored := [source for source in gone if store.get(COLLECTION, source)]:
        store.delete(COLLECTION, stored)


def _unknown(article: Article, sites: Iterable[str]) -> list[str]:
    return [site for site in sites if site and site != article.site and site not in article.linked_by]


def _host(url: str) -> str:
    """The host of an address as feeds write it, at little cost: this is asked of every link of every item."""
    parts = url.split("/", 3)
    return parts[2].lower().rpartition("@")[2].partition(":")[0].removeprefix("www.") if len(parts) > 2 else ""
