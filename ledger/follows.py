"""Who follows whom, learnt from complete walks of the lists: follow edges, how they end, what is booked. Pure.

Only complete walks come here. Somebody is gone when two of them, some hours apart, lack them and the network's own word
on the relation agrees; asking for that word is left to others. What edges tell of people is for `followview`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from ledger.entry import Direction, Entry, Identity, Kind

#: Those who follow me, or those whom I follow.
Side = Literal["followers", "following"]
SIDES: tuple[Side, ...] = ("following", "followers")

#: How an edge can end. `severed`: a server was blocked, or is no more.
Loss = Literal["unfollowed", "moved", "suspended", "deleted", "severed", "blocked"]

#: The two walks that miss somebody lie at least so far apart.
APART = timedelta(hours=6)
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

    `since` is when it began: the walk that saw them first (None for the very first), or the time that the network told.
    `missing` is the first of the walks that lack them, till it is known that they are gone; `ended` is then that walk
    and `how` the kind of loss. `earlier` are the spans before this one that they ended themselves.
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


def come(known: Mapping[str, Edge], key: str, who: Identity, at: datetime) -> Edge | None:
    """The edge of somebody of whom the network told, between two walks, that they follow since then; None if known."""
    edge = known.get(key)
    if edge is None:
        return Edge(who, since=at)
    return Edge(who, since=at, earlier=edge.unfollowed) if edge.ended and edge.ended <= at else None


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
