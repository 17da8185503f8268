"""Whom I recommend: the sources tagged `recommended` in a blogroll that I publish, booked as given, once. Effects.

Whom I recommended by hand is not booked again. What is taken out of the blogroll, or published no longer, is taken out
of the ledger as well. A blogroll that could not be read leaves what was booked as it is. Since when a site stands there
is kept for as long as it does: what the ledger keeps no longer is not booked as if it were new.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from ledger.entry import Direction, Entry, Identity, Kind
from syndicator import blogroll_page, urls
from syndicator.sources import health as healths
from syndicator.sources.base import Source
from syndicator.sources.subscriptions import Subscriptions
from syndicator.workspace import Workspace

#: The channel of the entries.
CHANNEL = "blogroll"
#: Since when each site stands in the blogroll.
COLLECTION = "recommended"


def book(space: Workspace, subscribed: Subscriptions) -> None:
    """Bring what is booked in line with what is published."""
    published = any(table.blogroll for table in space.settings.accounts.values())
    health, now = healths.load(space.state), space.clock()
    feeds = [healths.named(each, health) for each in subscribed.feeds if published]
    given = [entry for entry in space.book.entries() if entry.direction is Direction.GIVEN]
    recommends = [entry for entry in given if entry.kind is Kind.RECOMMEND]
    since = {str(entry.identity): entry.when for entry in recommends} | _since(space)
    by_hand = {entry.identity for entry in recommends if entry.channel != CHANNEL}
    found = recommendations(feeds, now, since)
    _remember(space, found, forget=not subscribed.problems)
    oldest = now - space.settings.ledger.retention
    wanted = {entry.key: entry for entry in found if entry.identity not in by_hand}
    fresh = {key for key, entry in wanted.items() if entry.when >= oldest}
    booked = {entry.key for entry in recommends if entry.channel == CHANNEL}
    gone = set() if subscribed.problems else booked - wanted.keys()
    if gone or fresh - booked:
        with space.book.transaction():
            space.book.retract(gone)
            space.book.append(wanted[key] for key in wanted if key in fresh)


def _since(space: Workspace) -> dict[str, datetime]:
    return {who: datetime.fromisoformat(kept["since"]) for who, kept in space.state.scan(COLLECTION)}


def _remember(space: Workspace, found: Iterable[Entry], *, forget: bool) -> None:
    """Keep since when these stand there; with `forget`, of no others."""
    now = {str(entry.identity): {"since": entry.when.isoformat()} for entry in found}
    kept = dict(space.state.scan(COLLECTION))
    gone = [who for who in kept if who not in now] if forget else []
    if gone or any(kept.get(who) != document for who, document in now.items()):
        with space.state.transaction():
            space.state.delete(COLLECTION, gone)
            space.state.put_many(COLLECTION, now)


def recommendations(sources: Iterable[Source], now: datetime, since: Mapping[str, datetime]) -> list[Entry]:
    """An entry for each site whose source is tagged, and may be seen by anybody; of `since` then, else of now. Pure."""
    tagged = [each for each in sources if blogroll_page.is_tagged(each, blogroll_page.RECOMMENDED)]
    sites = dict.fromkeys(urls.site_of(each.site or each.url) for each in blogroll_page.public(tagged))
    return [
        Entry(
            Direction.GIVEN,
            Kind.RECOMMEND,
            Identity("web", site),
            recorded=now,
            at=since.get(f"web:{site}", now),
            url=f"https://{site}",
            channel=CHANNEL,
            native_id=f"blogroll {site}",
        )
        for site in sites
        if site
    ]
