"""Who follows whom, learnt from complete walks of the lists: follow edges, how they ended, what they tell. Pure.

Only complete walks come here. Somebody is gone when two of them, some hours apart, lack them and the network's own word
on the relation agrees; asking for that word is left to others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal

from ledger.entry import Direction, Entry, Identity, Kind

#: Those who follow me, or those whom I follow.
Side = Literal["followers", "following"]
SIDES: tuple[Side, ...] = ("following", "followers")

#: How an edge can end. `severed`: a server was blocked, or is no more.
Loss = Literal["unfollowed", "moved", "suspended", "deleted", "severed", "blocked"]

#: The two walks that miss somebody lie at least so far apart.
APART = timedelta(hours=6)
#: Who unfollows within this after I followed back only wanted that.
TAG_WITHIN = timedelta(hours=72)
#: Two times following and unfollowing within this are a habit.
CHURN_WITHIN = timedelta(days=90)
#: So many of one server gone at once, and nobody left of it: it was the server, and not they.
_SEVERED = 3


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when somebody followed; `start` is None when that was before the first walk."""

    start: datetime | None
    end: datetime


@dataclass(frozen=True, slots=True)
class Edge:
    """One account on one side of an account of mine.

    `since` is the walk that saw them first, None when that was the very first. `missing` is the first of the walks that
    lack them, till it is known that they are gone; `ended` is then that walk and `how` the kind of loss. `earlier` are
    the spans before this one that they ended themselves.
    """

    who: Identity
    since: datetime | None = None
    missing: datetime | None = None
    ended: datetime | None = None
    how: Loss | None = None
    earlier: tuple[Span, ...] = ()

    @property
    def unfollowed(self) -> tuple[Span, ...]:
        """The spans that they ended themselves, this one too."""
        if self.ended and self.how == "unfollowed":
            return (*self.earlier, Span(self.since, self.ended))
        return self.earlier

    @property
    def starts(self) -> tuple[datetime, ...]:
        """When they began to follow, as far as it was seen."""
        return tuple(start for start in (*(span.start for span in self.earlier), self.since) if start)


@dataclass(frozen=True, slots=True)
class Walked:
    """What a walk changed, by the network's ids, and who is missing for the second time and to be asked about."""

    changed: dict[str, Edge]
    doubtful: dict[str, Edge]


def walked(known: Mapping[str, Edge], seen: Mapping[str, Identity], at: datetime) -> Walked:
    """What a complete walk that began `at` tells beside what is known: who is new, who is back, who is missing."""
    changed: dict[str, Edge] = {}
    doubtful: dict[str, Edge] = {}
    for key, who in seen.items():
        edge = known.get(key)
        if edge is None:
            changed[key] = Edge(who, since=at)
        elif edge.ended:
            changed[key] = Edge(who, since=at, earlier=edge.unfollowed)
        elif edge.missing or edge.who != who:
            changed[key] = replace(edge, who=who, missing=None)
    for key, edge in known.items():
        if key in seen or edge.ended:
            continue
        if edge.missing is None:
            changed[key] = replace(edge, missing=at)
        elif at - edge.missing >= APART:
            doubtful[key] = edge
    return Walked(changed, doubtful)


@dataclass(frozen=True, slots=True)
class Word:
    """What the network says of somebody who is missing from a list; None where it was not asked or can't tell.

    `still` means that the relation is there all the same, `known` that the network knows such an account.
    """

    still: bool = False
    blocked: bool = False
    known: bool | None = None
    moved: bool = False
    suspended: bool = False


def concluded(edge: Edge, word: Word, *, severed: bool = False) -> Edge:
    """The edge after the network's word: it goes on, or ended when it was first missed."""
    if word.still:
        return replace(edge, missing=None)
    how: Loss = "unfollowed"
    if word.blocked:
        how = "blocked"
    elif severed:
        how = "severed"
    elif word.known is False:
        how = "deleted"
    elif word.suspended:
        how = "suspended"
    elif word.moved:
        how = "moved"
    return replace(edge, missing=None, ended=edge.missing, how=how)


def severed_servers(doubtful: Iterable[Edge], seen: Iterable[Identity]) -> frozenset[str]:
    """Servers of which several are gone and nobody is left: that was moderation, or the server's end."""
    gone: dict[str, int] = {}
    for edge in doubtful:
        if server := server_of(edge.who):
            gone[server] = gone.get(server, 0) + 1
    left = {server_of(who) for who in seen}
    return frozenset(server for server, count in gone.items() if count >= _SEVERED and server not in left)


def server_of(who: Identity) -> str:
    """The server of a handle that has one."""
    return who.handle.partition("@")[2]


def entries_of(side: Side, edges: Iterable[Edge], network: str, at: datetime) -> list[Entry]:
    """The follows that began with the walk of that time, as entries."""
    direction = Direction.RECEIVED if side == "followers" else Direction.GIVEN
    return [
        Entry(direction, Kind.FOLLOW, edge.who, recorded=at, at=at, channel=network)
        for edge in edges
        if edge.since == at and not edge.ended
    ]


def not_kept(side: Side, edges: Iterable[Edge], entries: Iterable[Entry], kept: timedelta) -> list[Entry]:
    """The entries of follows that ended before they were `kept` long enough to count."""
    direction = Direction.RECEIVED if side == "followers" else Direction.GIVEN
    ends = {edge.who: edge.ended for edge in edges if edge.ended}
    return [
        entry
        for entry in entries
        if entry.kind is Kind.FOLLOW
        and entry.direction is direction
        and (end := ends.get(entry.identity))
        and entry.when <= end < entry.when + kept
    ]


def is_tag(follower: Edge, mine: Edge | None) -> bool:
    """Whether somebody who followed first unfollowed soon after I followed back."""
    if mine is None:
        return False
    return any(
        (span.start is None or span.start <= back) and timedelta() <= span.end - back <= TAG_WITHIN
        for span in follower.unfollowed
        for back in mine.starts
    )


def is_churner(follower: Edge) -> bool:
    """Whether somebody followed and unfollowed twice within the time for it."""
    spans = follower.unfollowed
    return any(later.end - (earlier.start or earlier.end) <= CHURN_WITHIN for earlier, later in pairwise(spans))


Edges = tuple[Edge, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """One account's follows as of the latest complete walks; None for a side that was never walked to its end.

    `new` and `lost` are of the time asked for, lost with how they ended; `unsure` counts who was missing once.
    """

    account: str
    followers: int | None = None
    following: int | None = None
    walked: datetime | None = None
    new: Edges = ()
    lost: Edges = ()
    only_me: Edges = ()
    only_they: Edges = ()
    taggers: Edges = ()
    churners: Edges = ()
    unsure: int = 0

    @property
    def gap(self) -> float | None:
        """How far following and followers lie apart, as a part of the larger; None where that says nothing."""
        if self.followers is None or self.following is None or not (most := max(self.followers, self.following)):
            return None
        return abs(self.followers - self.following) / most


def overview(
    account: str,
    followers: Mapping[str, Edge] | None,
    following: Mapping[str, Edge] | None,
    since: datetime,
    at: datetime | None = None,
) -> Overview:
    """What the edges of an account tell of the time from `since` on; `at` is the latest walk."""
    theirs, mine = followers or {}, following or {}
    both = followers is not None and following is not None
    in_order = sorted(theirs.items(), key=lambda item: item[1].who)
    lost = [edge for _, edge in in_order if edge.ended and edge.ended >= since]
    return Overview(
        account,
        None if followers is None else _count(theirs),
        None if following is None else _count(mine),
        at,
        tuple(edge for _, edge in in_order if not edge.ended and edge.since and edge.since >= since),
        tuple(sorted(lost, key=lambda edge: edge.ended or since, reverse=True)),
        tuple(sorted(_lacking(mine, theirs), key=lambda edge: edge.who)) if both else (),
        tuple(sorted(_lacking(theirs, mine), key=lambda edge: edge.who)) if both else (),
        tuple(edge for key, edge in in_order if is_tag(edge, mine.get(key))),
        tuple(edge for _, edge in in_order if is_churner(edge)),
        sum(1 for edge in theirs.values() if edge.missing),
    )


def _lacking(one: Mapping[str, Edge], other: Mapping[str, Edge]) -> Iterator[Edge]:
    for key, edge in one.items():
        back = other.get(key)
        if not edge.ended and (back is None or back.ended):
            yield edge


def _count(edges: Mapping[str, Edge]) -> int:
    return sum(1 for edge in edges.values() if not edge.ended)
