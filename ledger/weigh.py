"""What each act of one person is worth, and when it has its turn. Pure; who paid what is left to `settle`."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from datetime import datetime
from math import exp2
from operator import itemgetter, lt
from typing import Protocol

import msgspec

from ledger.entry import Direction, Entry, Identity, Kind
from ledger.rules import Rules

_DIMINISHING = frozenset({Kind.LIKE, Kind.FOLLOW, Kind.BOOST, Kind.MENTION})


class Item(msgspec.Struct, eq=False):
    """One act on its way through the settlement. Times are seconds since 1970.

    `at` is when it happened, `turn` when it can pay or be paid; `points` what it was worth at first. `repeats` are its
    other tellings, `answers` the key of the entry it names. `share` is the part not yet paid or used up, each payment
    (received, given, points at the gift's turn).
    """

    entry: Entry
    at: float
    turn: float
    weight: float
    credibility: float
    diminishing: float
    points: float
    pardoned: float | None
    repeats: tuple[Entry, ...]
    answers: str
    share: float = 1.0
    payments: list[tuple[Item, Item, float]] = []


class Worth(Protocol):
    """What decides what an act is worth at a time; see `Item`."""

    @property
    def points(self) -> float: ...  # noqa: D102
    @property
    def at(self) -> float: ...  # noqa: D102
    @property
    def share(self) -> float: ...  # noqa: D102
    @property
    def pardoned(self) -> float | None: ...  # noqa: D102


class Reckoning(msgspec.Struct, frozen=True):
    """The rules as plain seconds."""

    half_life: float
    forgive_below: float
    forgive_after: float

    @classmethod
    def of(cls, rules: Rules) -> Reckoning:
        """Take from the rules what settling needs at every step."""
        return cls(rules.half_life.total_seconds(), rules.forgive_below, rules.forgive_after.total_seconds())

    def value(self, item: Worth, moment: float) -> float:
        """Points of the whole act at a time, paid or not; halved with every half-life."""
        return item.points * exp2((item.at - moment) / self.half_life)

    def is_lapsed(self, item: Worth, moment: float, value: float) -> bool:
        """Whether an open item of that `value` then is forgiven by then. Once true it stays true: ages only grow."""
        if item.pardoned is not None and item.at <= item.pardoned <= moment:
            return True
        return moment - item.at > self.forgive_after or value * item.share < self.forgive_below


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """By time, then by what makes an entry the one it is; the same entry given twice is there once."""
    timed = sorted(entries, key=_when)
    times = list(map(_when, timed))
    if all(map(lt, times, times[1:])):
        return timed
    placed = sorted([(_place(entry), entry) for entry in timed], key=itemgetter(0))
    before = None
    ordered = []
    for place, entry in placed:
        if place != before:
            ordered.append(entry)
        before = place
    return ordered


def _when(entry: Entry) -> datetime:
    return entry.at or entry.recorded


def _place(entry: Entry) -> tuple[object, ...]:
    who = entry.identity
    known = (
        _when(entry),
        entry.direction is Direction.GIVEN,
        entry.kind,
        who.network,
        who.handle,
        entry.native_id,
    )
    return known if entry.native_id else (*known, entry.url, entry.my_url, entry.note)


def weigh(
    acts: list[list[Entry]], rules: Rules, credibility: float, pardons: Mapping[Identity, datetime]
) -> list[Item]:
    """One item for each act, at its best telling; the n-th of some kinds within a week counts 1/n."""
    recent: dict[tuple[Direction, Kind], deque[float]] = {}
    within, kept = rules.diminish_within.total_seconds(), rules.follow_kept.total_seconds()
    received, follow = Direction.RECEIVED, Kind.FOLLOW  # looking a member up takes longer than comparing with it
    items = []
    for act in acts:
        best = act[0] if len(act) == 1 else max(act, key=lambda entry: rules.weight(entry) * entry.trust)
        at = act[0].when.timestamp()  # an act happened when it was first told; better news does not move it
        weight = rules.weight(best)
        nth = _nth(recent, best, at, within) if best.kind in _DIMINISHING else 1
        believed = credibility if best.direction is received else 1.0
        pardon = pardons.get(best.identity) if pardons else None
        items.append(
            Item(
                best,
                at,
                at + kept if best.kind is follow else at,
                weight,
                believed,
                1.0 / nth,
                weight * best.trust * believed / nth,
                pardon.timestamp() if pardon else None,
                () if len(act) == 1 else tuple(entry for entry in act if entry is not best),
                best.in_return_for if len(act) == 1 else max(entry.in_return_for for entry in act),
            )
        )
    return items


def _nth(recent: dict[tuple[Direction, Kind], deque[float]], entry: Entry, at: float, within: float) -> int:
    """How many of this kind there were in the week that ends with this one."""
    times = recent.setdefault((entry.direction, entry.kind), deque())
    while times and at - times[0] >= within:
        times.popleft()
    times.append(at)
    return len(times)
