"""Merging people and splitting them again. Pure.

A merged person keeps the two that it was made of, so that a split undoes the merge exactly. What was changed on the
merged person since then (a tag, a note) stays with whoever goes on being that person.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from msgspec.structs import replace

from ledger.entry import Identity
from ledger.people import Person, implicit
from ledger.who import shown

_T = TypeVar("_T")

#: What is not changed by hand, and what says who a person is.
_WHO = frozenset({"id", "identities", "parts"})


def merge(keep: Person, other: Person) -> Person:
    """One person with the identities of both. `keep` stays who they are; what it lacks comes from `other`.

    Silence wins over noise: muted or opted out stays so. Merging by hand overrules an earlier split.
    """
    identities = _once(keep.identities + other.identities)
    is_person = keep.is_person or other.is_person
    return Person(
        id=keep.id,
        name=keep.name if keep.has_name or not other.has_name else other.name,
        identities=identities,
        roles=_once(keep.roles + other.roles),
        note="\n".join(note for note in _once((keep.note, other.note)) if note),
        cadence_days=keep.cadence_days if keep.cadence_days is not None else other.cadence_days,
        snoozed_until=max(filter(None, (keep.snoozed_until, other.snoozed_until)), default=None),
        muted=keep.muted or other.muted,
        opted_out=keep.opted_out or other.opted_out,
        automatic=(keep.automatic or other.automatic) and not is_person,
        spam_signs=_once(keep.spam_signs + other.spam_signs),
        apart=tuple(who for who in _once(keep.apart + other.apart) if who not in identities),
        is_person=is_person,
        parts=(keep, other) if set(keep.identities).isdisjoint(other.identities) else (),
    )


def split(person: Person, who: Identity | None = None) -> tuple[Person, Person]:
    """Undo the latest merge by which `who` came to a person, or the latest of all. They never rejoin by themselves.

    Gives the one who goes on being this person, and the one who leaves, each as they were before the merge, but that
    they remember to be apart. An identity that came by no merge leaves alone, as somebody of whom nothing is known.
    ValueError if it is not theirs, or all they have, or if there was no merge to undo.
    """
    if who is None and not person.parts:
        raise ValueError(f"{shown(person.name)} was never merged; name the identity to split off")
    if who is not None and who not in person.identities:
        raise ValueError(f"{who} is not an identity of {shown(person.name)}")
    if person.identities == (who,):
        raise ValueError(f"{who} is the only identity of {shown(person.name)}")
    rest, taken = _parted(person, who or person.parts[1].identities[0])
    return keep_apart(rest, taken)


def keep_apart(one: Person, other: Person) -> tuple[Person, Person]:
    """Two people who remember that they are not the same."""
    return (
        replace(one, apart=_once(one.apart + other.identities)),
        replace(other, apart=_once(other.apart + one.identities)),
    )


def are_apart(one: Person, other: Person) -> bool:
    """Whether somebody once said that these are two people."""
    return not (set(one.apart).isdisjoint(other.identities) and set(other.apart).isdisjoint(one.identities))


def _parted(person: Person, who: Identity) -> tuple[Person, Person]:
    if not person.parts:
        return _without(person, who), implicit(who)
    keep, other = person.parts
    if who in other.identities:
        rest, taken = keep, other
    elif keep.identities == (who,):
        rest, taken = other, keep
    else:
        left, taken = _parted(keep, who)
        rest = merge(left, other)
    return _as_changed(rest, merge(keep, other), person), taken


def _without(person: Person, who: Identity) -> Person:
    """Somebody who was never merged, without one of their identities."""
    rest = tuple(own for own in person.identities if own != who)
    return replace(
        person,
        id=str(rest[0]) if person.id == str(who) else person.id,
        name=rest[0].handle if person.name == who.handle else person.name,
        identities=rest,
    )


def _as_changed(rest: Person, before: Person, now: Person) -> Person:
    """`rest` with everything by which `now` differs from `before`."""
    changes: dict[str, Any] = {}
    for name in (name for name in Person.__struct_fields__ if name not in _WHO):
        old, new, own = getattr(before, name), getattr(now, name), getattr(rest, name)
        if old == new:
            continue
        if isinstance(new, tuple):
            kept = tuple(each for each in own if each in new or each not in old)
            changes[name] = _once(kept + tuple(each for each in new if each not in old))
        else:
            changes[name] = new
    return replace(rest, **changes)


def merged(persons: Iterable[Person]) -> Person:
    """All of these as one, the first of whom stays who they are. ValueError for nobody."""
    first, *others = persons
    for other in others:
        first = merge(first, other)
    return first


def _once(values: tuple[_T, ...]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(values))
