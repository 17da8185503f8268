"""Am I becoming a pod? Looks at my own shares of late: how many of them were returns, and how soon they came. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta

import msgspec

from ledger.entry import Direction, Entry, Kind
from ledger.owe import explain
from ledger.people import People, Person
from ledger.quick import Written
from ledger.rules import Rules
from ledger.settlement import Line, State
from ledger.sheaves import Sheaves
from ledger.suggestion import Act

#: Passing on what others wrote.
_SHARES = frozenset({Kind.SHARE, Kind.BOOST, Kind.QUOTE, Kind.LINK, Kind.SUBMIT})
_LATELY = timedelta(days=30)
_AN_HOUR = timedelta(hours=1)
#: Of fewer shares, and of fewer returns, nothing can be said.
_ENOUGH_SHARES, _ENOUGH_RETURNS = 5, 3


class Sharing(msgspec.Struct, frozen=True):
    """My shares of the last 30 days: how long each came after the favour it returned, None for no return."""

    delays: tuple[timedelta | None, ...]

    @property
    def returns(self) -> tuple[timedelta, ...]:
        """How soon each return came after the latest of what it returned."""
        return tuple(delay for delay in self.delays if delay is not None)

    @property
    def warnings(self) -> tuple[str, ...]:
        """A sentence for each thing that makes me look like a pod."""
        return tuple(self._warnings())

    def _warnings(self) -> Iterator[str]:
        shares, returns = len(self.delays), self.returns
        if shares >= _ENOUGH_SHARES and len(returns) * 2 > shares:
            yield f"{len(returns)} of your {shares} shares in the last {_LATELY.days} days returned a favour"
        if len(returns) >= _ENOUGH_RETURNS and _median(returns) <= _AN_HOUR:
            yield f"half of your {len(returns)} returns in the last {_LATELY.days} days came within an hour"


#: What to do about either warning.
REMEDY = "share what you think best, also of people who did nothing for you, and let returns wait"


def sharing(
    people: People, entries: Iterable[Entry] | Sheaves, now: datetime, rules: Rules, acts: Iterable[Act] = ()
) -> Sharing:
    """Look at the shares of the 30 days before `now`."""
    since, known = now - _LATELY, list(acts)
    lines = (line for line in _shares(people, Sheaves.bound(entries), now, rules, known) if line.entry.when > since)
    return Sharing(tuple(_delay(line) for line in lines))


def returned(
    people: People, entries: Iterable[Entry] | Sheaves, now: datetime, rules: Rules, acts: Iterable[Act] = ()
) -> frozenset[str]:
    """The addresses of theirs with whose sharing I returned a favour lately."""
    lines = _shares(people, Sheaves.bound(entries), now, rules, list(acts))
    return frozenset(line.entry.url for line in lines if line.payments)


def _shares(people: People, sheaves: Sheaves, now: datetime, rules: Rules, acts: Collection[Act]) -> Iterator[Line]:
    """My shares of late as the ledger settles them, one line for each act. Only whom I shared is settled."""
    since = now - _LATELY
    shared = (who for who, sheaf in sheaves.items() if any(_is_late(each, since, now) for each in sheaf.given))
    persons = {person.id: person for person in map(people.of, shared)}
    for _, person in sorted(persons.items()):
        for line in _settled(person, sheaves.about(person.identities), now, rules, acts):
            if _is_share(line.entry) and since < line.entry.when and line.state is not State.REPEAT:
                yield line


def _settled(person: Person, entries: Sheaves, now: datetime, rules: Rules, acts: Collection[Act]) -> tuple[Line, ...]:
    settlement, _ = explain(person, entries, now, rules, acts)
    return settlement.lines


def _is_late(entry: Entry | Written, since: datetime, now: datetime) -> bool:
    return _is_share(entry) and since < entry.when <= now


def _is_share(entry: Entry | Written) -> bool:
    return entry.direction is Direction.GIVEN and entry.kind in _SHARES


def _delay(line: Line) -> timedelta | None:
    if not line.payments:
        return None
    return line.entry.when - max(payment.received.when for payment in line.payments)


def _median(delays: Collection[timedelta]) -> timedelta:
    """The middle one; `statistics` would take longer to import than all else here."""
    ordered = sorted(delays)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
