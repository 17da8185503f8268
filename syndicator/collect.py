"""What others did for me and what I did for them, as ledger Entries. Pure: values in, Entries out.

Received: links to my sites inside the feeds that are read anyway; what networks report is for `reported`. Given: every
published share of somebody's article. The book makes repeats harmless, since an entry's key is made from the act.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import msgspec

from ledger.entry import Direction, Entry, Identity, Kind
from ledger.who import profile_url
from platforms.base import PostRef
from syndicator import urls
from syndicator.articles import Article, Catalogue
from syndicator.outbox import Post, State, move
from syndicator.sources.base import Feed, Source


def links_to_me(
    source: Source, feed: Feed, catalogue: Catalogue, sites: Sequence[str], now: datetime
) -> Iterator[Entry]:
    """Links to my sites inside one feed's items, each page of mine once an item. My own feeds don't count."""
    if source.kind == "own":
        return
    for item in feed.items:
        article = catalogue.get(item.url) if item.url else None
        if article is None or urls.same_site(article.url, sites):
            continue
        yield from links_on(article, item.links, sites, now)


def links_on(article: Article, links: Iterable[str], sites: Sequence[str], now: datetime) -> Iterator[Entry]:
    """The links of one article that lead to my sites, each page of mine once: the same by its feed and by its page.

    Where nobody says when it was written, it was when it was first seen: read anew years later, it is no news.
    """
    for page in dict.fromkeys(urls.canonical(link) for link in links if urls.same_site(link, sites)):
        yield Entry(
            direction=Direction.RECEIVED,
            kind=Kind.LINK,
            identity=_writer(article.site, article.url),
            recorded=now if article.published else min(now, article.first_seen),
            at=article.published,
            url=article.url,
            my_url=page,
            channel="feed",
            note=article.title,
        )


def shares_given(posts: Iterable[Post], now: datetime) -> list[tuple[Post, Entry]]:
    """What published posts did for other people that the ledger does not have yet; a post of thanks may for several."""
    posted = (post for post in posts if post.state is State.POSTED and not post.booked)
    return [(post, entry) for post in posted for entry in _given_by(post, now)]


def _given_by(post: Post, now: datetime) -> list[Entry]:
    """A post from which its owner took the link is no favour to whoever wrote the article."""
    if post.people:
        return thanks_of(post, now)
    return [share_of(post, now)] if post.kind == "curated" and post.draft.url is not None else []


def share_of(post: Post, now: datetime | None = None) -> Entry:
    """A published share as the favour it is to whoever wrote the article."""
    return Entry(
        direction=Direction.GIVEN,
        kind=Kind.SHARE,
        identity=_writer(post.site, post.article),
        recorded=now or post.happened,
        at=post.happened,
        url=post.article,
        my_url=post.ref.url if post.ref else "",
        channel="outbox",
        native_id=post.id,
        note=post.title,
        in_return_for=post.in_return_for,
    )


def thanks_of(post: Post, now: datetime | None = None) -> list[Entry]:
    """A published post of thanks as what it is to each whom it names."""
    people = (Identity(*who.split(":", 1)) for who in post.people)
    return [
        Entry(
            direction=Direction.GIVEN,
            kind=Kind(post.favour),
            identity=who,
            recorded=now or post.happened,
            at=post.happened,
            url=profile_url(who),
            my_url=post.ref.url if post.ref else "",
            channel="outbox",
            native_id=post.id,
            note=post.title,
        )
        for who in people
    ]


def is_of_post(entry: Entry) -> bool:
    """Whether an entry is of a published post, whose id it has."""
    return entry.direction is Direction.GIVEN and entry.channel == "outbox"


def known_out(post: Post, entry: Entry) -> Post:
    """A waiting post as the ledger knows it: posted, when and where the entry says."""
    ref = PostRef("", entry.my_url)
    return move(post, State.POSTED, "the ledger knows it to be out", entry.when, ref=ref, booked=True)


def _writer(site: str, page: str) -> Identity:
    """Whoever wrote a page: its site, or the bare host of an address that has none. Never empty."""
    return Identity("web", site or urls.host(page) or page)


def booked(post: Post) -> Post:
    """The post, marked as known to the ledger."""
    return msgspec.structs.replace(post, booked=True)


def name_written(source: Source, feed: Feed, article: Article) -> str:
    """What to call whoever wrote an article: its author, else the title of the feed if the feed is of the same site."""
    if article.author:
        return article.author
    own = any(urls.site_of(where) == article.site for where in (feed.site, source.site, source.url) if where)
    return (source.title or feed.title) if own else ""
