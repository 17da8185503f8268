"""What follow edges tell: who is new, lost or one-sided, who only came to be followed back, and the balance. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from ledger.follows import Edge

#: Who unfollows within this after I followed back only wanted that.
TAG_WITHIN = timedelta(hours=72)
#: Two times following and unfollowing within this are a habit.
CHURN_WITHIN = timedelta(days=90)


def is_tag(follower: Edge, mine: Edge | None) -> bool:
    """Whether somebody who followed first unfollowed soon after I followed back.

    Where one walk saw both begin, nobody knows who was first, and nothing is said of them.
    """
    if mine is None:
        return False
    return any(
        (span.start is None or span.start < back) and timedelta() <= span.end - back <= TAG_WITHIN
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
