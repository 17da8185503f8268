"""Whom I recommend: the sources tagged `recommended` in a blogroll that I publish, booked as given, once. Effects.

Whom I recommended by hand is not booked again. What is taken out of the blogroll, or published no longer, is taken out
of the ledger as well. A blogroll that could not
be read leaves what was booked as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ledger.entry import Direction, Entry, Identity, Kind
from syndicator import blogroll_page, urls
from syndicator.sources import health as healths
from syndicator.sources.base import Source
from syndicator.sources.subscriptions import Subscriptions
from syndicator.workspace import Workspace

#: The tag or folder, in any case of letters, and the channel of the entries.
TAG = "recommended"
CHANNEL = "blogroll"


def book(space: Workspace, subscribed: Subscriptions) -> None:
    """Bring what is booked in line with what is published."""
    published = any(table.blogroll for table in space.settings.accounts.values())
    health = healths.load(space.state)
    feeds = [healths.named(each, health) for each in subscribed.feeds if published]
    given = [entry for entry in space.book.entries() if entry.direction is Direction.GIVEN]
    recommends = [entry for entry in given if entry.kind is Kind.RECOMMEND]
    by_hand = {entry.identity for entry in recommends if entry.channel != CHANNEL}
    found = recommendations(feeds, space.clock())
    wanted = {entry.key: entry for entry in found if entry.identity not in by_hand}
    booked = {entry.key for entry in recommends if entry.channel == CHANNEL}
    gone = set() if subscribed.problems else booked - wanted.keys()
    if gone or wanted.keys() - booked:
        with space.book.transaction():
            space.book.retract(gone)
            space.book.append(wanted.values())


def recommendations(sources: Iterable[Source], now: datetime) -> list[Entry]:
    """An entry for each site whose source is tagged, and may be seen by anybody. Pure."""
    tagged = [each for each in sources if _is_tagged(each)]
    sites = dict.fromkeys(urls.site_of(each.site or each.url) for each in blogroll_page.public(tagged))
    return [
        Entry(
            Direction.GIVEN,
            Kind.RECOMMEND,
            Identity("web", site),
            recorded=now,
            at=now,
            url=f"https://{site}",
            channel=CHANNEL,
            native_id=f"blogroll {site}",
        )
        for site in sites
        if site
    ]


def _is_tagged(source: Source) -> bool:
    names = (*source.folders, *(part for tag in source.tags for part in tag.split("/")))
    return any(name.strip().casefold() == TAG for name in names)
