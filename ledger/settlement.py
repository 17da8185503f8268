"""What settling one person's entries gives: the arithmetic of each entry, and the balance. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import msgspec

from ledger.entry import Entry, Kind


class State(StrEnum):
    """Where one entry stands."""

    OPEN = "open"
    PAID = "paid"
    FORGIVEN = "forgiven"
    CREDIT = "credit"
    SPENT = "spent"
    FREE = "free"  # weighs nothing, so there is nothing to return
    PENDING = "pending"  # a follow that has not been kept long enough yet
    REPEAT = "repeat"  # the same act through another channel, counted there


class Payment(msgspec.Struct, frozen=True):
    """One favour that answered another, wholly or in part. `value` is points as of now."""

    received: Entry
    given: Entry
    value: float


class Line(msgspec.Struct, frozen=True):
    """The arithmetic of one entry, all points as of now.

    `value` = weight × entry.trust × credibility × diminishing × decay. `left` is what of it no payment has used,
    `counts` its part of the balance: `left` when open, minus `left` when credit, else 0. `same_as` is the entry that
    counts instead of a repeat.
    """

    entry: Entry
    state: State
    weight: float
    credibility: float
    diminishing: float
    decay: float
    value: float
    left: float
    counts: float
    payments: tuple[Payment, ...] = ()
    same_as: Entry | None = None


class Settlement(msgspec.Struct, frozen=True):
    """One person's account as of now. `balance` is the sum of `counts` over `lines`, which are in order of time."""

    lines: tuple[Line, ...]
    balance: float

    @property
    def open(self) -> tuple[Line, ...]:
        """What waits for a return, oldest first."""
        return self._in(State.OPEN)

    @property
    def credit(self) -> tuple[Line, ...]:
        """What I gave that paid nothing off, at least in part."""
        return self._in(State.CREDIT)

    @property
    def forgiven(self) -> tuple[Line, ...]:
        """What was never returned and is no longer waited for."""
        return self._in(State.FORGIVEN)

    def _in(self, state: State) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.state is state)


class Tally(msgspec.Struct, frozen=True):
    """One person's account in sums: the balance of `Settlement`, acts counted by kind, the oldest open one's time."""

    balance: float
    since: datetime | None
    received: Mapping[Kind, int]
    given: Mapping[Kind, int]
