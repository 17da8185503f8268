"""Who did what lately, for a thank-you that names them: grouped by the act, each person once in a group. Pure.

Programs, people who want to be left alone, whom I muted and who looks like spam are left out. How it is written is left
to others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ledger.entry import Direction, Entry, Kind
from ledger.people import People, Person
from ledger.rules import Rules
from ledger.who import profile_url

#: Less than this part of an act is believed of somebody: nobody to thank in public.
_BELIEVED = 0.5
_HTTP = ("https://", "http://")


@dataclass(frozen=True, slots=True)
class Thanked:
    """One person in a group: how often they did it, and a page where it (or who they are) can be seen; may be ""."""

    person: Person
    times: int
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """Everybody who did one kind of act, those who did it most often first."""

    kind: Kind
    people: tuple[Thanked, ...]


def thanks(
    people: People, entries: Iterable[Entry], since: datetime, until: datetime, rules: Rules
) -> tuple[Group, ...]:
    """What was done for me from `since` to `until`, the most telling acts first. A follow counts when it was kept."""
    told: dict[Kind, dict[str, list[Entry]]] = {}
    persons: dict[str, Person] = {}
    for entry in sorted(entries, key=lambda entry: entry.when):
        if entry.direction is not Direction.RECEIVED or not since <= entry.when <= until or entry.secondhand:
            continue
        if entry.kind is Kind.FOLLOW and entry.when + rules.follow_kept > until:
            continue
        person = people.of(entry.identity)
        if is_named(person):
            persons[person.id] = person
            told.setdefault(entry.kind, {}).setdefault(person.id, []).append(entry)
    order = sorted(told, key=lambda kind: (-rules.weights[kind], kind))
    return tuple(Group(kind, _group(told[kind], persons)) for kind in order)


def is_named(person: Person) -> bool:
    """Whether somebody may be named in public."""
    return not (person.muted or person.opted_out or person.automatic) and person.credibility >= _BELIEVED


def _group(told: dict[str, list[Entry]], persons: dict[str, Person]) -> tuple[Thanked, ...]:
    found = [Thanked(persons[key], len(acts), _place(acts[-1])) for key, acts in told.items()]
    return tuple(sorted(found, key=lambda each: (-each.times, each.person.name, each.person.id)))


def _place(entry: Entry) -> str:
    """Where a reader can see it: the act's own page, else who did it."""
    return entry.url if entry.url.startswith(_HTTP) else profile_url(entry.identity)
