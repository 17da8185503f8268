"""Merges whose proof is gone: a link was removed, an account moved away or is no more. Pure.

Nobody is parted for that by themselves: a server that is down for a day must not move favours around. A person decides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from ledger.entry import Identity
from ledger.kinship import kinship
from ledger.people import People, Person
from ledger.proof import Bond, Sighting


@dataclass(frozen=True, slots=True)
class Lapsed:
    """That `part` of a person's identities came to the others by what holds no more (`because`)."""

    person: Person
    part: tuple[Identity, ...]
    because: tuple[Bond, ...]


def lapsed(people: Iterable[Person], bonds: Iterable[Bond], common: Collection[Identity] = ()) -> tuple[Lapsed, ...]:
    """Everybody whose identities would not be joined any more, and would be if what was seen once still held."""
    by_one: dict[Identity, list[Bond]] = {}
    for bond in bonds:
        by_one.setdefault(bond.one, []).append(bond)
    found = []
    for person in people:
        own = frozenset(person.identities)
        theirs = [bond for who in person.identities for bond in by_one.get(who, ()) if bond.other in own]
        if all(bond.holds for bond in theirs):
            continue
        once = _groups([replace(bond, holds=True) for bond in theirs], common)
        now = _groups([bond for bond in theirs if bond.holds], common)
        gone = [bond for bond in theirs if not bond.holds and bond.other in once.get(bond.one, ())
                and bond.other not in now.get(bond.one, ())]  # fmt: skip
        if gone:
            late = max((gone[0].one, gone[0].other), key=person.identities.index)
            part = now.get(late, frozenset({late}))
            found.append(Lapsed(person, tuple(who for who in person.identities if who in part), tuple(gone)))
    return tuple(found)


def _groups(bonds: Iterable[Bond], common: Collection[Identity]) -> dict[Identity, frozenset[Identity]]:
    """Whom these bonds alone would join, by identity."""
    wholes = [frozenset(join.whole.identities) for join in kinship(People(), bonds, common).joins]
    return {who: whole for whole in wholes for who in whole}


def by_word(person: Person, sightings: Iterable[Sighting]) -> list[Sighting]:
    """The sightings to replace when its owner says that somebody is one person: what is gone is no reason any more."""
    own = frozenset(person.identities)
    changed = []
    for seen in sightings:
        kept = tuple(bond for bond in seen.bonds if bond.holds or not {bond.one, bond.other} <= own)
        if kept != seen.bonds:
            changed.append(replace(seen, bonds=kept))
    return changed
