"""The runs that ended, the last few of them: when, and how. What is concluded from them is for `alarms`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median_low
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from ledger.store.base import Store

COLLECTION = "runs"
_KEPT = 50

#: So many gaps between runs make a habit, and so many of the newest are looked at.
_HABIT, _RECENT = 3, 10
#: Runs closer to each other than the quickest timer's (5 minutes, more or less) were started by hand.
_BY_HAND = timedelta(minutes=4)


class Ended(msgspec.Struct, frozen=True):
    """One run: "well" when it came to its end, whatever sources and networks did; "broken" by an error of our own."""

    started: datetime
    finished: datetime
    how: Literal["well", "stopped", "broken"]


def load(store: Store) -> list[Ended]:
    """The runs that are remembered, in the order in which they were noted."""
    return [msgspec.convert(document, Ended) for _, document in store.scan(COLLECTION)]


def note(store: Store, ended: Ended) -> None:
    """Remember one more, and forget the oldest."""
    with store.transaction():
        known = [key for key, _ in store.scan(COLLECTION)]
        store.delete(COLLECTION, known[: max(0, len(known) + 1 - _KEPT)])
        store.put(COLLECTION, ended.started.isoformat(), msgspec.to_builtins(ended))


def usual_interval(runs: Iterable[Ended]) -> timedelta | None:
    """How long it usually is from one run to the next; None while there were too few to tell. Pure."""
    starts = sorted(run.started for run in runs)
    gaps = [gap for earlier, later in pairwise(starts) if (gap := later - earlier) >= _BY_HAND][-_RECENT:]
    return median_low(gaps) if len(gaps) >= _HABIT else None
