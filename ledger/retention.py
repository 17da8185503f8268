"""Which entries are too old to be kept. Pure.

An entry goes when it is older than the time it may be kept, and so is all that it has to do with: what it paid or was
paid by, other tellings of the same act, acts that made it count less. So no balance jumps. Credit of that age goes when
it is worth less than what is forgiven anyway.
"""

from __future__ import annotations

from datetime import datetime

from ledger.entry import Direction, Entry, Kind
from ledger.rules import Rules
from ledger.settlement import Line, Settlement, State

_DIMINISHING = frozenset({Kind.LIKE, Kind.FOLLOW, Kind.BOOST, Kind.MENTION})


def outdated(settlement: Settlement, before: datetime, rules: Rules) -> list[Entry]:
    """The entries of one person's account that can go, if what is older than `before` may."""
    groups = _Groups()
    last: dict[tuple[Direction, Kind], Entry] = {}
    for line in settlement.lines:
        entry = line.entry
        for payment in line.payments:
            groups.join(payment.received.key, payment.given.key)
        if line.same_as:
            groups.join(entry.key, line.same_as.key)
        side = entry.direction, entry.kind
        known = last.get(side) if entry.kind in _DIMINISHING else None
        if known and entry.when - known.when <= rules.diminish_within:
            groups.join(entry.key, known.key)
        last[side] = entry
    staying = {groups.of(line.entry.key) for line in settlement.lines if _stays(line, before, rules)}
    return [line.entry for line in settlement.lines if groups.of(line.entry.key) not in staying]


def _stays(line: Line, before: datetime, rules: Rules) -> bool:
    if line.entry.when >= before or line.state in {State.OPEN, State.PENDING}:
        return True
    return line.state is State.CREDIT and line.left >= rules.forgive_below


class _Groups:
    """What belongs together, by key."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def of(self, key: str) -> str:
        """The name of the group that a key is in."""
        while (parent := self._parent.get(key, key)) != key:
            self._parent[key] = self._parent.get(parent, parent)
            key = parent
        return key

    def join(self, one: str, other: str) -> None:
        """Make one group of two."""
        self._parent[self.of(one)] = self.of(other)
