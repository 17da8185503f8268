"""From the Items of one fetched feed to articles of the Catalogue, new ones and known ones seen again."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import msgspec

from syndicator import urls
from syndicator.articles.article import Article
from syndicator.articles.catalogue import Catalogue
from syndicator.articles.guids import guid_of
from syndicator.articles.merge import with_one_more
from syndicator.articles.same_title import folded
from syndicator.sources.base import Feed, Item, Source
from syndicator.terms import terms


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
                    seen,
                    baseline=False,
                    rank=rank,
                    summary=item.summary,
                    tags=item.tags,
                    image=item.image,
                    terms=terms(item.title, item.tags, item.summary),
                )
            if seen != known:
                catalogue.put(seen)
            continue
        article = _first_seen(item, source, feed, now, address, rank=rank, baseline=baseline, trust_guid=trust_guid)
        catalogue.put(article)
        new.append(article)
    return new


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
        links=len(item.links),
        # What my own posts are about is learnt from old ones too; nobody asks what other old articles are about.
        terms=terms(item.title, item.tags, item.summary) if source.kind == "own" or not baseline else (),
        image=None if baseline else item.image,
        comments_url=item.comments_url,
        sources=(source.url,),
        guids=(guid_of(source.url, item.id),) if trust_guid else (),
    )


def _seen_again(known: Article, item: Item, source: Source, feed: Feed, address: str, *, trust_guid: bool) -> Article:
    """The same article after another look: new addresses are added, an edit of its text is taken over."""
    mine = source.url == known.source or (source.kind == "own" and known.kind != "own")
    edited = mine and known.terms and (item.title, item.summary) != (known.title, known.summary)
    return msgspec.structs.replace(
        known,
        kind="own" if "own" in (known.kind, source.kind) else known.kind,
        source=source.url if mine else known.source,
        title=item.title if mine else known.title,
        summary=item.summary if mine and not known.baseline else known.summary,
        language=known.language or item.language or feed.language,
        aliases=known.aliases if address == known.url else with_one_more(known.aliases, address),
        terms=terms(item.title, item.tags, item.summary) if edited else known.terms,
        sources=known.sources if source.url in known.sources else (*known.sources, source.url),
        guids=with_one_more(known.guids, guid_of(source.url, item.id)) if trust_guid else known.guids,
    )


def _ranks(items: list[Item]) -> dict[int, int]:
    """Each item's place when the newest comes first, by its identity; feeds without dates are taken as they are."""
    undated = datetime.min.replace(tzinfo=UTC)
    newest = sorted(items, key=lambda item: item.published or item.updated or undated, reverse=True)
    return {id(item): place for place, item in enumerate(newest)}
