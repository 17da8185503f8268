"""The values of a plan: the accounts it is made for, what was posted before, what will be and what will not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from platforms.base import Limits
from syndicator.articles import Article
from syndicator.judging.base import Judgement
from syndicator.settings import Plan as Pacing
from syndicator.sources.base import Source, SourceKind

#: Which source an article counts for.
SourceOf = Callable[[Article], Source]


@dataclass(frozen=True, slots=True)
class Channel:
    """One account as the planner sees it. `held` says why nothing can be posted there; `budget_usd` is what is left."""

    name: str
    platform: str
    pacing: Pacing
    limits: Limits
    budget_usd: float | None = None
    held: str = ""


@dataclass(frozen=True, slots=True)
class Past:
    """A post that exists, is on its way, or (`live` false) was stopped: its article is settled on that account.

    Only live ones take up time and count for gaps, caps and the mix. `source` is the address of the feed it counts for.
    One that is `due` goes out as soon as its time has come: where that has passed, now.
    One that is `awaiting` goes out when somebody approves it. One that `returns` answers a favour.
    """

    account: str
    article: str
    kind: SourceKind
    site: str
    when: datetime
    live: bool = True
    source: str = ""
    due: bool = False
    awaiting: bool = False
    returns: bool = False


@dataclass(frozen=True)
class Moment:
    """What is the same for all accounts: from when to when is planned, in whose zone, which source counts, who is owed.

    `owed` are the sites of people to whom a favour is to be returned.
    """

    now: datetime
    until: datetime
    zone: ZoneInfo
    source_of: SourceOf
    owed: Collection[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Planned:
    """One article for one account at one time (UTC), with the reasons.

    `price_usd` is what the network will charge, `source` the address of the feed that the article counts for.
    """

    account: str
    platform: str
    article: Article
    when: datetime
    judgement: Judgement
    why: tuple[str, ...]
    price_usd: float = 0.0
    source: str = ""


class Skipped(msgspec.Struct, frozen=True):
    """An article passed over on one account, and why."""

    account: str
    article: str
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be posted, by time and in the order of picking, the best first; and what was passed over."""

    planned: tuple[Planned, ...] = ()
    skipped: tuple[Skipped, ...] = ()


def as_of(past: Sequence[Past], now: datetime) -> list[Past]:
    """Past posts, with those that are overdue at the time when they will go out."""
    return [replace(each, when=max(each.when, now)) if each.due else each for each in past]


def first_seen_in(article: Article) -> Source:
    """The source an article was first seen in, of which nothing else is known."""
    return Source(article.source, article.kind)


def elsewhere(channel: Channel, past: Sequence[Past], planned: Sequence[Planned]) -> dict[str, list[datetime]]:
    """When each article is shared on the other accounts than the channel."""
    found: dict[str, list[datetime]] = {}
    for post in past:
        if post.live and post.account != channel.name:
            found.setdefault(post.article, []).append(post.when)
    for each in planned:
        found.setdefault(each.article.url, []).append(each.when)
    return found
