"""The Catalogue: every article ever seen, found by its URLs, its guids and its title.

Through it an edited entry, a changed guid, new tracking parameters or the same piece in three feeds stay one article.
When two addresses are of one page is for `urls.page_key`, when a title makes two entries one for `same_title`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import msgspec

from syndicator import urls
from syndicator.articles.article import Article
from syndicator.articles.same_title import folded, one_piece
from syndicator.sources.base import Item, Source


class Catalogue:
    """All known articles, found by any URL, guid or telling title. Remembers which changed since it was loaded.

    An address that is not known as it stands may still lead to a known page: see `urls.page_key`.
    """

    def __init__(self, articles: Iterable[Article] = ()) -> None:
        self._by_url: dict[str, Article] = {}
        self._canonical: dict[str, str] = {}
        self._by_page: dict[str, str] = {}
        self._by_guid: dict[str, str] = {}
        self._by_title: dict[str, dict[str, None]] = {}
        self._changed: dict[str, Article] = {}
        for article in articles:
            self._index(article)

    def __iter__(self) -> Iterator[Article]:
        return iter(self._by_url.values())

    def __len__(self) -> int:
        return len(self._by_url)

    def get(self, url: str) -> Article | None:
        """The article at a URL, whichever of its addresses that is."""
        return self._by_url.get(url) or self._at(urls.with_fragment(url)) or self._at(urls.canonical(url))

    def at_page(self, page_key: str) -> Article | None:
        """The article at an address with this `urls.page_key`."""
        known = self._by_page.get(page_key)
        return self._by_url.get(known) if known else None

    def same_as(
        self, item: Item, source: Source, *, address: str = "", trust_guid: bool = True, beside: Collection[str] = ()
    ) -> Article | None:
        """The known article that an item of a source is, if it is one.

        `address` is the item's own where that is more than its canonical URL. `beside` holds the page keys of all
        items that the feed has now: a piece that stands beside the item under an address of its own is not the item's
        earlier form.
        """
        if article := self._at(address or urls.canonical(item.url)):
            return article
        if trust_guid and (known := self._by_guid.get(guid_of(source, item))):
            return self._by_url[known]
        return self._same_title(item, source, beside)

    def put(self, article: Article) -> None:
        """Add or replace an article."""
        self._index(article)
        self._changed[article.url] = article

    def take_changes(self) -> dict[str, dict[str, object]]:
        """Documents of what was put since the last call, by URL, for the store."""
        changed, self._changed = self._changed, {}
        return {url: msgspec.to_builtins(article) for url, article in changed.items()}

    def _at(self, address: str) -> Article | None:
        known = self._canonical.get(address) or self._by_page.get(urls.page_key(address))
        return self._by_url.get(known) if known else None

    def _index(self, article: Article) -> None:
        self._by_url[article.url] = article
        for url in (article.url, *article.aliases):
            self._canonical.setdefault(url, article.url)
            if page := urls.page_key(url):
                self._by_page.setdefault(page, article.url)
        for guid in article.guids:
            self._by_guid.setdefault(guid, article.url)
        if title := folded(article.title):
            self._by_title.setdefault(title, {})[article.url] = None

    def _same_title(self, item: Item, source: Source, beside: Collection[str]) -> Article | None:
        """The article of the same title that is the same piece, if one is."""
        for url in self._by_title.get(folded(item.title), ()):
            article = self._by_url[url]
            stands_beside = any(urls.page_key(at) in beside for at in (url, *article.aliases))
            if one_piece(item, article, same_feed=source.url in article.sources, beside=stands_beside):
                return article
        return None


def guid_of(source: Source, item: Item) -> str:
    """How an article remembers the id that a source's feed gave it."""
    return f"{source.url} {item.id}"
