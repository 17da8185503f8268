"""One look at one feed: which of its items are articles that are known already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from syndicator import urls
from syndicator.articles.article import Article
from syndicator.articles.catalogue import Catalogue
from syndicator.articles.guids import guid_of
from syndicator.articles.moved_site import SiteMove, addresses_before, site_moves
from syndicator.articles.naming import name_of
from syndicator.articles.same_title import folded
from syndicator.sources.base import Item, Source


@dataclass(frozen=True, slots=True)
class Told:
    """An item as its feed tells it: at which canonical address, and under which guid if that is its alone, else "".

    An `untitled` one is named by its text, and known again by its address and guid alone: many posts begin alike.
    """

    item: Item
    address: str
    guid: str
    untitled: bool = False


class Look:
    """The items of one feed beside each other, and what is known of them. `told` has them in the feed's order."""

    def __init__(self, catalogue: Catalogue, source: Source, items: Sequence[Item]) -> None:
        self._catalogue = catalogue
        self._source = source
        ids = Counter(item.id for item in items)
        named = [item if item.title else replace(item, title=name_of(item)) for item in items]
        self.told = [
            Told(name, address, guid_of(source.url, item.id) if ids[item.id] == 1 else "", untitled=not item.title)
            for item, name, address in zip(items, named, _addresses(named), strict=True)
        ]
        self._pages = frozenset(urls.page_key(told.address) for told in self.told)
        self._moves = self._site_moves()

    def known(self, told: Told) -> Article | None:
        """The known article that an item is, if it is one."""
        return self._same(told) or self._at_old_place(told)

    def _same(self, told: Told) -> Article | None:
        return self._catalogue.same_as(
            told.item,
            self._source,
            address=told.address,
            guid=told.guid,
            beside=self._pages,
            by_title=not told.untitled,
        )

    def _at_old_place(self, told: Told) -> Article | None:
        """The article that was where this page was before its site moved, unless that is still told of too."""
        for address in addresses_before(told.address, self._moves):
            if urls.page_key(address) not in self._pages and (article := self._catalogue.at(address)):
                return article
        return None

    def _site_moves(self) -> tuple[SiteMove, ...]:
        """How this feed's site moved, as the items tell that are known from elsewhere."""
        if all(self._catalogue.at(told.address) for told in self.told):
            return ()
        known = ((told, self._same(told)) for told in self.told)
        pairs = [
            (urls.page_of(before), urls.page_key(told.address))
            for told, article in known
            if article
            for before in (article.url, *article.aliases)
        ]
        return site_moves(pairs, self._pages)


def _addresses(items: Sequence[Item]) -> list[str]:
    """The canonical URL of each item; with its fragment where that alone tells the entries of one page apart."""
    pages = [urls.canonical(item.url) for item in items]
    titles: dict[str, dict[str, str]] = {}
    for item, page in zip(items, pages, strict=True):
        titles.setdefault(page, {})[urls.with_fragment(item.url)] = folded(item.title)
    crowded = {page for page, entries in titles.items() if len(set(entries.values())) > 1}
    return [urls.with_fragment(item.url) if page in crowded else page for item, page in zip(items, pages, strict=True)]
