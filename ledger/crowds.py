"""Crowds: unknown accounts that look like spam and came together, so that one answer does for all of them. Pure.

What makes an account look like spam is in `suspicion` and `faith`; here nobody is believed more or less.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from ledger.entry import Direction, Entry, Identity, Kind
from ledger.people import Person

#: So many are a crowd, who each did the same within so much time of the one before.
_FEW, _NEXT = 3, timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who first did the same thing (`kind`) in the same minutes, from one server; in the order they came.

    `where` is the server, or the network where there is only one.
    """

    people: tuple[Person, ...]
    kind: Kind
    where: str
    start: datetime
    end: datetime


def crowds(suspects: Iterable[Person], entries: Iterable[Entry]) -> tuple[Crowd, ...]:
    """Those of the suspects who came together."""
    of = {who: person for person in suspects for who in person.identities}
    first: dict[str, Entry] = {}
    for entry in entries:
        person = of.get(entry.identity)
        if person is None or entry.direction is not Direction.RECEIVED or entry.at is None:
            continue
        known = first.get(person.id)
        if known is None or _place(entry) < _place(known):
            first[person.id] = entry
    alike: dict[tuple[Kind, str], list[Entry]] = defaultdict(list)
    for entry in first.values():
        alike[entry.kind, _server(entry.identity)].append(entry)
    found = (
        Crowd(tuple(of[entry.identity] for entry in group), kind, where, group[0].when, group[-1].when)
        for (kind, where), arrivals in sorted(alike.items())
        for group in _groups(sorted(arrivals, key=_place))
        if len(group) >= _FEW
    )
    return tuple(found)


def _groups(arrivals: list[Entry]) -> Iterator[list[Entry]]:
    """Arrivals in order, parted where nobody came for a while."""
    group: list[Entry] = []
    for entry in arrivals:
        if group and entry.when - group[-1].when > _NEXT:
            yield group
            group = []
        group.append(entry)
    if group:
        yield group


def _server(who: Identity) -> str:
    return who.handle.partition("@")[2] or who.network


def _place(entry: Entry) -> tuple[datetime, Kind, Identity]:
    return entry.when, entry.kind, entry.identity
