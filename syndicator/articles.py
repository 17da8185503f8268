"""Articles: one piece of writing each, however many Items of however many feeds point to it.

`Catalogue` knows every article ever seen by its URLs, its guids and its title, so that an edited entry, a changed guid,
new tracking parameters or the same piece in three feeds stay one article. `gather` turns the Items of one feed into
articles. When a title makes two entries one is for `same_title`, whether an article is worth sharing for `judge`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from syndicator import urls
from syndicator.same_title import folded, one_piece
from syndicator.sources.base import Feed, Item, Source, SourceKind

if TYPE_CHECKING:
    from ledger.store.base import Store

COLLECTION = "articles"

#: So many addresses and guids of one article are remembered, and so many of its sources.
_KEPT = 40


class Article(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One piece of writing. `url` is its canonical URL and its identity for ever; `aliases` are its other addresses.

    `rank` is its place, newest first, among what its source held when it was first read; None for what came later.
    `site` is the web identity of whoever wrote it, `guids` are `feed URL, space, entry id`. A baseline article was
    there when its source was first read: it is known, and never shared by itself. `terms` are the words that tell what
    it is about, most telling first; `linked_by` the sources whose items link to it.
    """

    url: str
    kind: SourceKind
    title: str
    site: str
    source: str
    first_seen: datetime
    rank: int | None = None
    baseline: bool = False
    published: datetime | None = None
    author: str = ""
    summary: str = ""
    tags: tuple[str, ...] = ()
    language: str | None = None
    words: int = 0
    image: str | None = None
    comments_url: str | None = None
    sources: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    guids: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    linked_by: tuple[str, ...] = ()

    @property
    def dated(self) -> datetime:
        """When it was published; where its feed does not say, when it was first seen."""
        return self.published or self.first_seen


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
        return self._at(urls.with_fragment(url)) or self._at(urls.canonical(url))

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
        if trust_guid and (known := self._by_guid.get(_guid(source, item))):
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


def gather(catalogue: Catalogue, source: Source, feed: Feed, *, now: datetime, allow: int | None) -> list[Article]:
    """Put the items of one fetched feed into the catalogue; return the articles that are new to it.

    `allow` is None on every fetch but a source's first, when all but its `allow` newest items are baseline. Items
    without a web address or a title are left out: there is nothing to share.
    """
    usable = [item for item in feed.items if item.title and urls.is_web(item.url)]
    addresses = _addresses(usable)
    beside = frozenset(urls.page_key(address) for address in addresses)
    ids = Counter(item.id for item in usable)
    ranks = _ranks(usable) if allow is not None else {}
    new = []
    for item, address in zip(usable, addresses, strict=True):
        trust_guid = ids[item.id] == 1
        known = catalogue.same_as(item, source, address=address, trust_guid=trust_guid, beside=beside)
        rank = ranks.get(id(item))
        baseline = allow is not None and rank is not None and rank >= allow
        if known:
            seen = _seen_again(known, item, source, feed, address, trust_guid=trust_guid)
            if known.baseline and not baseline and known.first_seen == now and source.url not in known.sources:
                # Whether a source that is read for the first time came before this one in this run decides nothing.
                seen = msgspec.structs.replace(
                    seen, baseline=False, rank=rank, summary=item.summary, tags=item.tags, image=item.image
                )
            if seen != known:
                catalogue.put(seen)
            continue
        article = _first_seen(item, source, feed, now, address, rank=rank, baseline=baseline, trust_guid=trust_guid)
        catalogue.put(article)
        new.append(article)
    return new


def load(store: Store) -> Catalogue:
    """Every article the store knows."""
    return Catalogue(msgspec.convert(document, Article) for _, document in store.scan(COLLECTION))


def save(store: Store, catalogue: Catalogue) -> None:
    """Store what changed."""
    if changes := catalogue.take_changes():
        store.put_many(COLLECTION, changes)


def _addresses(items: list[Item]) -> list[str]:
    """The canonical URL of each item; with its fragment where that alone tells the entries of one page apart."""
    titles: dict[str, dict[str, str]] = {}
    for item in items:
        titles.setdefault(urls.canonical(item.url), {})[urls.with_fragment(item.url)] = folded(item.title)
    crowded = {page for page, entries in titles.items() if len(set(entries.values())) > 1}
    pages = ((urls.canonical(item.url), item) for item in items)
    return [urls.with_fragment(item.url) if page in crowded else page for page, item in pages]


def _first_seen(
    item: Item,
    source: Source,
    feed: Feed,
    now: datetime,
    address: str,
    *,
    rank: int | None,
    baseline: bool,
    trust_guid: bool,
) -> Article:
    return Article(
        url=address,
        kind=source.kind,
        title=item.title,
        site=urls.site_of(address),
        source=source.url,
        first_seen=now,
        rank=rank,
        baseline=baseline,
        published=item.published or item.updated,
        author=item.author,
        summary="" if baseline else item.summary,
        tags=() if baseline else item.tags,
        language=item.language or feed.language,
        words=item.words,
        image=None if baseline else item.image,
        comments_url=item.comments_url,
        sources=(source.url,),
        guids=(_guid(source, item),) if trust_guid else (),
    )


def _seen_again(known: Article, item: Item, source: Source, feed: Feed, address: str, *, trust_guid: bool) -> Article:
    """The same article after another look: new addresses are added, an edit of its text is taken over."""
    mine = source.url == known.source or (source.kind == "own" and known.kind != "own")
    return msgspec.structs.replace(
        known,
        kind="own" if "own" in (known.kind, source.kind) else known.kind,
        source=source.url if mine else known.source,
        title=item.title if mine else known.title,
        summary=item.summary if mine and not known.baseline else known.summary,
        language=known.language or item.language or feed.language,
        aliases=known.aliases if address == known.url else _with(known.aliases, address),
        sources=_with(known.sources, source.url),
        guids=_with(known.guids, _guid(source, item)) if trust_guid else known.guids,
    )


def _with(values: tuple[str, ...], value: str) -> tuple[str, ...]:
    """One more value; of very many, made anew at every look by some feeds, the latest."""
    return values if value in values else (*values, value)[-_KEPT:]


def _ranks(items: list[Item]) -> dict[int, int]:
    """Each item's place when the newest comes first, by its identity; feeds without dates are taken as they are."""
    undated = datetime.min.replace(tzinfo=UTC)
    newest = sorted(items, key=lambda item: item.published or item.updated or undated, reverse=True)
    return {id(item): place for place, item in enumerate(newest)}


def _guid(source: Source, item: Item) -> str:
    return f"{source.url} {item.id}"
