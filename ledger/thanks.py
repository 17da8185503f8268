"""Who did what lately, for what is said of it in public: a thank-you that names them, or praise for one person. Pure.

Programs, people who want to be left alone, whom I muted and who looks like spam are left out, and so is all that not
everybody may see. An act told by several channels is one. How it is written is left to others.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from math import fsum

from ledger.entry import Direction, Entry, Kind
from ledger.people import People, Person
from ledger.rules import Rules
from ledger.sameact import gather_acts
from ledger.who import profile_url

#: Less than this part of an act is believed of somebody: nobody to thank in public.
_BELIEVED = 0.5
_HTTP = ("https://", "http://")
#: What is no reason to recommend somebody to others.
_NO_REASON = frozenset({Kind.LIKE, Kind.FOLLOW, Kind.THANK})


@dataclass(frozen=True, slots=True)
class Thanked:
    """One person in a group: how often they did it, and a page where it (or who they are) can be seen; may be "".

    `latest` is the last time they did it.
    """

    person: Person
    times: int
    url: str
    latest: Entry


@dataclass(frozen=True, slots=True)
class Group:
    """Everybody who did one kind of act, those who did it most often first."""

    kind: Kind
    people: tuple[Thanked, ...]


@dataclass(frozen=True, slots=True)
class Praise:
    """One person to recommend to others, with what they did: each kind once, the most telling first."""

    person: Person
    reasons: tuple[tuple[Kind, Thanked], ...]


def nobody_else(_person: Person) -> bool:
    """Leaves out nobody besides those who are always left out."""
    return False


def thanks(
    people: People,
    entries: Iterable[Entry],
    since: datetime,
    until: datetime,
    rules: Rules,
    left_out: Callable[[Person], bool] = nobody_else,
) -> tuple[Group, ...]:
    """What was done for me from `since` to `until`, the most telling acts first. A follow counts when it was kept."""
    told: dict[Kind, dict[str, list[Entry]]] = {}
    persons: dict[str, Person] = {}
    for person, act in _acts(people, entries, since, until, rules, left_out):
        persons[person.id] = person
        told.setdefault(act.kind, {}).setdefault(person.id, []).append(act)
    order = sorted(told, key=lambda kind: (-rules.weights[kind], kind))
    return tuple(Group(kind, _group(told[kind], persons)) for kind in order)


def praises(
    people: People,
    entries: Iterable[Entry],
    since: datetime,
    until: datetime,
    rules: Rules,
    *,
    limit: int,
    named: Collection[str] = (),
    left_out: Callable[[Person], bool] = nobody_else,
) -> tuple[Praise, ...]:
    """The people who did most for me from `since` to `until`, at most `limit`, without the persons (ids) of `named`.

    Whoever only liked or followed gave no reason to recommend them.
    """
    told: dict[str, dict[Kind, list[Entry]]] = {}
    persons: dict[str, Person] = {}
    for person, act in _acts(people, entries, since, until, rules, left_out):
        if act.kind not in _NO_REASON and person.id not in named:
            persons[person.id] = person
            told.setdefault(person.id, {}).setdefault(act.kind, []).append(act)
    worth = {key: fsum(rules.weight(act) for acts in kinds.values() for act in acts) for key, kinds in told.items()}
    first = sorted(told, key=lambda key: (-worth[key], persons[key].name, key))[:limit]
    return tuple(Praise(persons[key], _reasons(persons[key], told[key], rules)) for key in first)


def is_named(person: Person) -> bool:
    """Whether somebody may be named in public."""
    return not (person.muted or person.opted_out or person.automatic) and person.credibility >= _BELIEVED


def _acts(
    people: People,
    entries: Iterable[Entry],
    since: datetime,
    until: datetime,
    rules: Rules,
    left_out: Callable[[Person], bool],
) -> Iterator[tuple[Person, Entry]]:
    """What everybody may know of: each act once, in its most telling form, the acts of a person in order of time."""
    found: dict[str, list[Entry]] = {}
    persons: dict[str, Person] = {}
    for entry in entries:
        if entry.direction is not Direction.RECEIVED or not since <= entry.when <= until or entry.secondhand:
            continue
        if entry.kind is Kind.FOLLOW and entry.when + rules.follow_kept > until:
            continue
        person = people.of(entry.identity)
        persons[person.id] = person
        found.setdefault(person.id, []).append(entry)
    for key, own in found.items():
        person = persons[key]
        if not is_named(person) or left_out(person):
            continue
        for act in gather_acts(sorted(own, key=lambda entry: (entry.when, entry.key)), rules.same_act_within):
            if not any(entry.private for entry in act):
                yield person, max(act, key=lambda entry: rules.weights[entry.kind])


def _group(told: dict[str, list[Entry]], persons: dict[str, Person]) -> tuple[Thanked, ...]:
    found = [_thanked(persons[key], acts) for key, acts in told.items()]
    return tuple(sorted(found, key=lambda each: (-each.times, each.person.name, each.person.id)))


def _reasons(person: Person, told: dict[Kind, list[Entry]], rules: Rules) -> tuple[tuple[Kind, Thanked], ...]:
    order = sorted(told, key=lambda kind: (-rules.weights[kind], kind))
    return tuple((kind, _thanked(person, told[kind])) for kind in order)


def _thanked(person: Person, acts: list[Entry]) -> Thanked:
    return Thanked(person, len(acts), _place(acts[-1]), acts[-1])


def _place(entry: Entry) -> str:
    """Where a reader can see it: the act's own page, else who did it."""
    return entry.url if entry.url.startswith(_HTTP) else profile_url(entry.identity)
