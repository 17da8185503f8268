"""The Catalogue: every article ever seen, found by its URLs, its guids and its title.

Through it an edited entry, a changed guid, new tracking parameters or the same piece in three feeds stay one article.
When two addresses are of one page is for `urls.page_key`, when a title makes two entries one for `same_title`.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from syndicator import urls
from syndicator.articles import archive
from syndicator.articles.article import Article
from syndicator.articles.guids import lookup
from syndicator.articles.merge import are_one, merged, with_one_more
from syndicator.articles.same_title import folded, may_be_one, one_piece
from syndicator.articles.titles import Titles
from syndicator.sources.base import Item, Source

_Document = Mapping[str, Any]


class Catalogue:
    """All known articles, found by any URL, guid or telling title. Remembers which changed since it was loaded.

    An address that is not known as it stands may still lead to a known page: see `urls.page_key`. Going through the
    catalogue gives the articles that may still be shared; those `archived` are found, and made whole only then.
    """

    def __init__(self, articles: Iterable[Article] = (), archived: Iterable[tuple[str, _Document]] = ()) -> None:
        self._living: dict[str, Article] = {}
        self._archived: dict[str, _Document] = {}
        self._canonical: dict[str, str] = {}
        self._by_page: dict[str, str] = {}
        self._by_guid: dict[str, str] = {}
        self._titles = Titles()
        self._changed: dict[str, None] = {}
        for article in articles:
            self._index(article)
        for url, document in archived:
            self._archived[url] = document
            addresses, guids, title = archive.known_by(url, document)
            self._index_addresses(url, addresses, guids)
            self._titles.add_old(url, title)

    def __iter__(self) -> Iterator[Article]:
        return iter(self._living.values())

    def __len__(self) -> int:
        return len(self._living) + len(self._archived)

    def get(self, url: str) -> Article | None:
        """The article at a URL, whichever of its addresses that is."""
        return self._living.get(url) or self.at(urls.with_fragment(url)) or self.at(urls.canonical(url))

    def at_page(self, page_key: str) -> Article | None:
        """The article that may still be shared at an address with this `urls.page_key`."""
        known = self._by_page.get(page_key)
        return self._living.get(known) if known else None

    def old_sites(self, sources: Collection[str]) -> set[str]:
        """The sites of archived articles that one of these sources has told of."""
        wanted = frozenset(sources)
        old = (each for each in self._archived.values() if not wanted.isdisjoint(archive.sources(each)))
        return {site for site in map(archive.site, old) if site}

    def told_by(self, sources: Collection[str]) -> list[Article]:
        """Every article, old ones too, that one of these sources has told of."""
        wanted = frozenset(sources)
        old = [url for url, document in self._archived.items() if not wanted.isdisjoint(archive.sources(document))]
        living = [article for article in self._living.values() if not wanted.isdisjoint(article.sources)]
        return living + [self._known(url) for url in old]

    def at(self, address: str) -> Article | None:
        """The article at a canonical address, or at one that means the same page."""
        known = self._canonical.get(address) or self._by_page.get(urls.page_key(address))
        return self._known(known) if known else None

    def same_as(
        self,
        item: Item,
        source: Source,
        *,
        address: str,
        guid: str,
        beside: Collection[str] = (),
        by_title: bool = True,
    ) -> Article | None:
        """The known article that an item of a source is, if it is one.

        `address` is its canonical address, `guid` its remembered id ("" where it is not trusted). `beside` holds the
        page keys of all items that the feed has now: a piece that stands beside the item under an address of its own
        is not the item's earlier form. A title that was made of its text does not count: `by_title` is false then.
        """
        found = self.at(address) or self._same_guid(item, guid, beside)
        return self._same_title(item, source, beside) if found is None and by_title else found

    def put(self, article: Article) -> None:
        """Add or replace an article. What is archived stays so as long as its short form says the same."""
        if article.url in self._archived:
            if archive.says_the_same(article, self._archived[article.url]):
                return
            del self._archived[article.url]
        self._index(article)
        self._changed[article.url] = None

    def also_at(
        self, url: str, addresses: Iterable[str], *, page_title: str = "", posted: Container[str] = ()
    ) -> Article:
        """Learn that the page of a known article is at these addresses too, as redirects or its rel=canonical say.

        An address of another known article makes the two one from then on: that one stays, since it is where the page
        says to be, unless the first bears an address that was `posted` and the other none. It has every address, guid
        and source of both, so that what was posted for either counts for it. Returns the article that stays.

        `page_title` is what the page calls itself: see `are_one` for what is believed. Front pages never are. KeyError
        if nothing is known at `url`.
        """
        article = self.get(url)
        if article is None:
            raise KeyError(url)
        for form in filter(None, map(urls.canonical, addresses)):
            other = self.at(form)
            if other is None and not urls.is_front_page(form):
                aliases, learnt = with_one_more(article.aliases, form), with_one_more(article.learnt, form)
                article = msgspec.structs.replace(article, aliases=aliases, learnt=learnt)
                self.put(article)
            elif other is not None and other.url != article.url and are_one(article, other, form, page_title):
                keeps = _bears(article, posted) and not _bears(other, posted)
                article = self._merge(article, other) if keeps else self._merge(other, article)
        return article

    def moved(self, url: str, address: str) -> Article:
        """Let another of a known article's addresses be its URL from now on; the one before stays known."""
        article = self.get(url)
        if article is None:
            raise KeyError(url)
        return self._merge(msgspec.structs.replace(article, url=address, site=urls.site_of(address)), article)

    def archive(self, before: datetime) -> None:
        """Keep articles dated before a time in the short form. My own stay whole: what I write about is learnt."""
        for article in [each for each in self if each.dated < before and each.kind != "own"]:
            del self._living[article.url]
            self._archived[article.url] = archive.packed(article)
            self._changed[article.url] = None

    def take_changes(self) -> dict[str, dict[str, Any] | None]:
        """Documents of what changed since the last call, by URL, for the store; None for what is in another now."""
        changed, self._changed = self._changed, {}
        return {url: self._document(url) for url in changed}

    def _document(self, url: str) -> dict[str, Any] | None:
        if article := self._living.get(url):
            document: dict[str, Any] = msgspec.to_builtins(article)
            return document
        return dict(self._archived[url]) if url in self._archived else None

    def _merge(self, stays: Article, goes: Article) -> Article:
        self._living.pop(goes.url, None)
        self._archived.pop(goes.url, None)
        self._changed[goes.url] = None
        self._canonical |= {goes.url: stays.url, stays.url: stays.url}
        article = merged(stays, goes)
        self.put(article)
        return article

    def _known(self, url: str) -> Article:
        """The article of this very URL, or the one it was merged into."""
        if article := self._living.get(url):
            return article
        if document := self._archived.get(url):
            return archive.unpacked(url, document)
        return self._known(self._canonical[url])

    def _index(self, article: Article) -> None:
        before = self._living.get(article.url)
        self._living[article.url] = article
        self._index_addresses(article.url, (article.url, *article.aliases), article.guids)
        if not article.untitled and (before is None or before.title != article.title):
            self._titles.add(article.url, article.title, article.published)

    def _index_addresses(self, known: str, addresses: Iterable[str], guids: Iterable[str]) -> None:
        for address in addresses:
            self._canonical.setdefault(address, known)
            if page := urls.page_of(address):
                self._by_page.setdefault(page, known)
        for guid in guids:
            self._by_guid.setdefault(lookup(guid), known)

    def _same_guid(self, item: Item, guid: str, beside: Collection[str]) -> Article | None:
        """The article of the same guid. One that another feed told must look alike too, lest feeds claim each other's.

        Some feeds number their entries by place: what stands beside the item is not the item.
        """
        known = self._by_guid.get(lookup(guid)) if guid else None
        if known is None:
            return None
        article = self._known(known)
        alike = guid in article.guids or (item.title and folded(item.title) == folded(article.title))
        return article if alike and not _stands(article, beside) else None

    def _same_title(self, item: Item, source: Source, beside: Collection[str]) -> Article | None:
        """The article of the same title that is the same piece, if one is."""
        for url in self._titles.bearers(item.title, item.published or item.updated):
            article = self._known(url)
            if not may_be_one(item, article):
                continue
            same_feed = source.url in article.sources
            if one_piece(item, article, same_feed=same_feed, beside=_stands(article, beside)):
                return article
        return None


def _bears(article: Article, addresses: Container[str]) -> bool:
    return any(address in addresses for address in (article.url, *article.aliases))


def _stands(article: Article, beside: Collection[str]) -> bool:
    """Whether an article is among the pages of a feed by any of its addresses."""
    return any(urls.page_of(at) in beside for at in (article.url, *article.aliases))
