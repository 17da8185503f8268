"""Who is one human, by the bonds between their identities: whom to join, and what a person has to decide. Pure.

Joined by itself are only those who are proven to be one, or who each lead to the other in public, and whom no veto
keeps apart. Where the order of bonds could matter it is made the same: by strength, then by name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ledger.entry import Identity
from ledger.merging import are_apart, merge
from ledger.people import People, Person
from ledger.proof import NEED_AN_ANSWER, SAME_ACCOUNT, Bond, is_bridged, is_nobodys, is_shared

#: So many questions are asked of a person at once.
MOST_QUESTIONS = 5

#: How sure a pair is: proven, or each leading to the other, or only a hint.
Sureness = Literal["proven", "agreed", "hint"]


@dataclass(frozen=True, slots=True)
class Join:
    """People who are one: `whole` is to take the place of `people`."""

    people: tuple[Person, ...]
    whole: Person
    because: tuple[Bond, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """Two who may be one, which only a person can say. `because` is what speaks for it, `veto` what against it."""

    one: Person
    other: Person
    because: tuple[Bond, ...]
    veto: str = ""


@dataclass(frozen=True, slots=True)
class Kinship:
    """What follows from all bonds."""

    joins: tuple[Join, ...]
    questions: tuple[Question, ...]


def kinship(people: People, bonds: Iterable[Bond], common: Collection[Identity] = frozenset()) -> Kinship:
    """Decide about everybody between whom there is a bond. `common` are sites on which several people write."""
    circle = _Circle(people, bonds, common)
    while circle.join("proven") or circle.join("agreed"):
        pass
    return Kinship(circle.joins(), circle.questions())


def most_valuable(
    questions: Iterable[Question], worth: Mapping[Identity, float], limit: int | None = MOST_QUESTIONS
) -> tuple[Question, ...]:
    """The questions with most at stake: the points open with either of the two. `worth` is by identity.

    Somebody of whom nothing is booked or known has nothing at stake, and is no question.
    """
    asked = [each for each in questions if _is_known(each.one, worth) and _is_known(each.other, worth)]
    asked.sort(key=lambda each: (-stake(each, worth), each.one.id, each.other.id))
    return tuple(asked[:limit])


def stake(question: Question, worth: Mapping[Identity, float]) -> float:
    """Points open with either of the two."""
    of = (max((worth.get(who, 0.0) for who in each.identities), default=0.0) for each in (question.one, question.other))
    return sum(max(0.0, each) for each in of)


def _is_known(person: Person, worth: Mapping[Identity, float]) -> bool:
    return any(who in worth for who in person.identities)


class _Circle:
    """Everybody with a bond, while they are being joined."""

    def __init__(self, people: People, bonds: Iterable[Bond], common: Collection[Identity]) -> None:
        told = {bond for bond in bonds if not (is_nobodys(bond.one) or is_nobodys(bond.other))}
        self._bonds = sorted(told, key=lambda bond: (bond.one, bond.other, bond.how, not bond.holds, str(bond.checked)))
        self._by_one: dict[Identity, list[Bond]] = {}
        for bond in self._bonds:
            self._by_one.setdefault(bond.one, []).append(bond)
        self._common = common
        self._account = _accounts(self._bonds)
        self._before: dict[Identity, Person] = {}
        for who in (end for bond in self._bonds for end in (bond.one, bond.other)):
            person = people.of(who)
            self._before |= dict.fromkeys(person.identities, person)
        self._saved = {person.id for who, person in self._before.items() if people.knows(who)}
        self._now = dict(self._before)
        self._used: dict[str, tuple[Bond, ...]] = {}

    def join(self, sureness: Sureness) -> bool:
        """Join all who are that sure and have no veto; whether there were any."""
        before = len(self._used), dict(self._now)
        for bond in self._bonds:
            one, other = self._now[bond.one], self._now[bond.other]
            if one.id == other.id or are_apart(one, other):
                continue
            there, back = self._from(one, other), self._from(other, one)
            if _sureness(there, back) == sureness and not self._veto(one, other, (*there, *back)):
                self._merge(one, other, (*there, *back))
        return (len(self._used), self._now) != before

    def _merge(self, one: Person, other: Person, between: tuple[Bond, ...]) -> None:
        """Whoever is in the book already stays who they are."""
        keep, lose = sorted((one, other), key=lambda each: (each.id not in self._saved, each.id))
        whole = merge(keep, lose)
        self._used[whole.id] = (*self._used.pop(keep.id, ()), *self._used.pop(lose.id, ()), *between)
        self._now |= dict.fromkeys(whole.identities, whole)

    def joins(self) -> tuple[Join, ...]:
        """Who is to be joined."""
        wholes = {whole.id: whole for whole in self._now.values() if whole.id in self._used}
        found = []
        for _, whole in sorted(wholes.items()):
            parts = {self._before[who].id: self._before[who] for who in whole.identities}
            found.append(Join(tuple(parts.values()), whole, self._used[whole.id]))
        return tuple(found)

    def questions(self) -> tuple[Question, ...]:
        """Pairs that were not joined. A hint against which something speaks is none."""
        found: dict[tuple[str, ...], Question] = {}
        for bond in self._bonds:
            one, other = sorted((self._now[bond.one], self._now[bond.other]), key=lambda each: each.id)
            if one.id == other.id or are_apart(one, other) or (one.id, other.id) in found:
                continue
            there, back = self._from(one, other), self._from(other, one)
            veto = self._veto(one, other, (*there, *back))
            moved = any(each.how == "moved" and each.holds for each in (*there, *back))
            if not veto or moved or _sureness(there, back) != "hint":
                found[one.id, other.id] = Question(one, other, (*there, *back), veto)
        return tuple(found.values())

    def _from(self, one: Person, other: Person) -> list[Bond]:
        """What one person says of being the other."""
        theirs = set(other.identities)
        return [bond for who in one.identities for bond in self._by_one.get(who, ()) if bond.other in theirs]

    def _veto(self, one: Person, other: Person, between: tuple[Bond, ...]) -> str:
        """Why two are not joined by themselves, whatever speaks for it; "" when nothing is against it."""
        if one.automatic != other.automatic and not any(_are_one_account(between)):
            return "one of them is automatic, and the other is not"
        for mine in one.identities:
            for theirs in other.identities:
                if self._are_two_accounts(mine, theirs):
                    return f"both have an account on {mine.network}"
        common = [who for bond in between for who in (bond.one, bond.other) if who in self._common]
        return f"several people write at {common[0].handle}" if common else ""

    def _are_two_accounts(self, one: Identity, other: Identity) -> bool:
        if one.network != other.network or one.network == "web" or is_bridged(one) or is_bridged(other):
            return False
        return self._account.get(one, one) != self._account.get(other, other)


def _sureness(there: Sequence[Bond], back: Sequence[Bond]) -> Sureness:
    """How sure it is that two are one, by what each of them says of the other.

    Links from one side alone, however many, prove nothing: whoever wrote them may have written them all. Nor do
    links from and to shared hosts: they are about anything.
    """
    holding = [bond for bond in (*there, *back) if bond.holds]
    ways = {(bond.one, bond.other) for bond in holding}
    if any(bond.strength == "proof" for bond in holding):
        return "proven"
    if any(bond.how in NEED_AN_ANSWER and (bond.other, bond.one) in ways for bond in holding):
        return "proven"
    own = [[bond for bond in side if bond.holds and not (is_shared(bond.one) or is_shared(bond.other))]
           for side in (there, back)]  # fmt: skip
    return "agreed" if all(own) else "hint"


def _accounts(bonds: Collection[Bond]) -> dict[Identity, Identity]:
    """For each name of an account that has several, the same one of them."""
    same: dict[Identity, set[Identity]] = {}
    for bond in _are_one_account(bonds):
        both = same.get(bond.one, {bond.one}) | same.get(bond.other, {bond.other})
        same |= dict.fromkeys(both, both)
    return {who: min(names) for who, names in same.items()}


def _are_one_account(bonds: Collection[Bond]) -> Iterator[Bond]:
    """Those of the bonds that are between two names of one account: a move is, once the new one leads back."""
    ways = {(bond.one, bond.other) for bond in bonds if bond.holds}
    for bond in bonds:
        if bond.holds and (bond.how in SAME_ACCOUNT or (bond.how == "moved" and (bond.other, bond.one) in ways)):
            yield bond
