"""From the Items of one fetched feed to articles of the Catalogue, new ones and known ones seen again."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from syndicator import urls
from syndicator.affiliate import counts_sales
from syndicator.articles.article import Article
from syndicator.articles.catalogue import Catalogue
from syndicator.articles.merge import with_one_more, without
from syndicator.articles.recognise import Look, Told
from syndicator.sources.base import Feed, Item, Source
from syndicator.terms import terms

_LONGEST_AUTHOR_URL = 200


def gather(
    catalogue: Catalogue,
    source: Source,
    feed: Feed,
    *,
    now: datetime,
    allow: int | None,
    untitled_since: datetime | None = None,
) -> list[Article]:
    """Put the items of one fetched feed into the catalogue; return the articles that are new to it.

    `allow` is None on every fetch but a source's first, when all but its `allow` newest items are baseline. So are
    untitled items that are not known to be from `untitled_since` or later, if that is given. Items without a web
    address are left out: there is nothing to share (see `Feed.remark`).
    """
    look = Look(catalogue, source, [item for item in feed.items if urls.is_web(item.url)])
    ranks = _ranks([told.item for told in look.told]) if allow is not None else {}
    new = []
    for told in look.told:
        rank = ranks.get(id(told.item))
        baseline = (allow is not None and rank is not None and rank >= allow) or (
            untitled_since is not None and told.untitled and not _is_since(told.item, untitled_since)
        )
        known = look.known(told)
        if known is None:
            article = _first_seen(told, source, feed, now, rank=rank, baseline=baseline)
            catalogue.put(article)
            new.append(article)
            continue
        seen = _seen_again(known, told, source, feed)
        if known.baseline and not baseline and known.first_seen == now and source.url not in known.sources:
            # Whether a source that is read for the first time came before this one in this run decides nothing.
            seen = _news_after_all(seen, told.item, source, rank)
        if seen != known:
            catalogue.put(seen)
    return new


def _is_since(item: Item, since: datetime) -> bool:
    """Whether an item says that it was published at this time or later."""
    published = item.published or item.updated
    return published is not None and published >= since


def _first_seen(told: Told, source: Source, feed: Feed, now: datetime, *, rank: int | None, baseline: bool) -> Article:
    item = told.item
    return Article(
        url=told.address,
        kind=source.kind,
        title=item.title,
        site=urls.site_of(told.address),
        source=source.url,
        first_seen=now,
        rank=rank,
        baseline=baseline,
        published=item.published or item.updated,
        author=item.author,
        author_url="" if baseline else _author_url(item, told.address, source),
        summary="" if baseline else item.summary,
        tags=() if baseline else item.tags,
        language=item.language or feed.language,
        own_language=_says_its_language(item, feed),
        words=item.words,
        links=len(item.links),
        sales=sum(map(counts_sales, item.links)),
        # What my own posts are about is learnt from old ones too; nobody asks what other old articles are about.
        terms=terms(item.title, item.tags, item.summary) if source.kind == "own" or not baseline else (),
        image=None if baseline else item.image,
        image_alt="" if baseline else item.image_alt,
        comments_url=item.comments_url,
        sources=(source.url,),
        guids=(told.guid,) if told.guid else (),
        untitled=told.untitled,
    )


def _seen_again(known: Article, told: Told, source: Source, feed: Feed) -> Article:
    """The same article after another look: new addresses are added, an edit of its text is taken over."""
    item = told.item
    mine = source.url == known.source or (source.kind == "own" and known.kind != "own")
    edited = mine and known.terms and (item.title, item.summary) != (known.title, known.summary)
    renamed = mine and (known.untitled or not told.untitled)
    says = mine and not known.own_language and _says_its_language(item, feed)
    return msgspec.structs.replace(
        known,
        kind="own" if "own" in (known.kind, source.kind) else known.kind,
        source=source.url if mine else known.source,
        title=item.title if renamed else known.title,
        untitled=told.untitled if renamed else known.untitled,
        author_url=known.author_url or ("" if known.baseline else _author_url(item, known.url, source)),
        summary=item.summary if mine and not known.baseline else known.summary,
        language=item.language if says else known.language or item.language or feed.language,
        own_language=known.own_language or says,
        aliases=known.aliases if told.address == known.url else with_one_more(known.aliases, told.address),
        learnt=without(known.learnt, told.address),
        terms=terms(item.title, item.tags, item.summary) if edited else known.terms,
        sources=known.sources if source.url in known.sources else (*known.sources, source.url),
        guids=with_one_more(known.guids, told.guid) if told.guid else known.guids,
    )


def _says_its_language(item: Item, feed: Feed) -> bool:
    """Whether an entry says of itself in which language it is; what its feed says too may be its feed's word alone."""
    return item.language is not None and item.language != feed.language


def _news_after_all(seen: Article, item: Item, source: Source, rank: int | None) -> Article:
    """The article, no longer baseline, with what a baseline article does without."""
    return msgspec.structs.replace(
        seen,
        baseline=False,
        rank=rank,
        summary=item.summary,
        tags=item.tags,
        image=item.image,
        image_alt=item.image_alt,
        author_url=_author_url(item, seen.url, source),
        terms=terms(item.title, item.tags, item.summary),
    )


def _author_url(item: Item, address: str, source: Source) -> str:
    """The author's page, if the feed that gives it is of the article's own site: any other might give anybody's."""
    its_own = urls.site_of(address) == urls.site_of(source.url)
    return item.author_url if its_own and len(item.author_url) <= _LONGEST_AUTHOR_URL else ""


def _ranks(items: list[Item]) -> dict[int, int]:
    """Each item's place when the newest comes first, by its identity; feeds without dates are taken as they are."""
    undated = datetime.min.replace(tzinfo=UTC)
    newest = sorted(items, key=lambda item: item.published or item.updated or undated, reverse=True)
    return {id(item): place for place, item in enumerate(newest)}
