"""What only a person can decide about people: who is one with whom, or no more, and who may be no person. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ledger.crowds import Crowd, crowds
from ledger.entry import Entry, Identity
from ledger.kinship import MOST_QUESTIONS, Question, most_valuable, stake
from ledger.lapsed import Lapsed
from ledger.owe import Debt
from ledger.people import Person


@dataclass(frozen=True, slots=True)
class Suspect:
    """Somebody unknown to me who shows early signs of spam; `open` is what is believed of their favours, in points."""

    person: Person
    open: float


Decision: TypeAlias = Question | Suspect | Crowd | Lapsed


def review(
    questions: Iterable[Question],
    debts: Sequence[Debt],
    known: Iterable[Identity],
    read: Collection[Identity],
    limit: int | None = MOST_QUESTIONS,
    entries: Iterable[Entry] = (),
    lapsed: Iterable[Lapsed] = (),
) -> tuple[Decision, ...]:
    """What to decide, that with most at stake first. `known` are all of the ledger, `read` the sites that I read.

    Suspects who came together, as the `entries` tell, are one thing to decide.
    """
    worth: Mapping[Identity, float] = {
        **dict.fromkeys(known, 0.0),
        **{who: debt.open for debt in debts for who in debt.person.identities},
    }
    suspects = {debt.person.id: Suspect(debt.person, debt.open) for debt in debts if _is_suspicious(debt, read)}
    found: list[tuple[float, Decision]] = [(stake(each, worth), each) for each in most_valuable(questions, worth, None)]
    found += ((max(0.0, worth.get(each.person.identities[0], 0.0)), each) for each in lapsed)
    for crowd in crowds((each.person for each in suspects.values()), entries):
        theirs = [suspects.pop(person.id) for person in crowd.people]
        found.append((sum(max(each.open, 0.0) for each in theirs), crowd))
    found += ((max(each.open, 0.0), each) for each in suspects.values())
    found.sort(key=lambda each: -each[0])
    return tuple(each for _, each in found[:limit])


def _is_suspicious(debt: Debt, read: Collection[Identity]) -> bool:
    """Whether signs of spam are to be looked at: not of those whom I read, tagged, or did something for."""
    person = debt.person
    if not person.spam_signs or person.is_person or person.roles or person.opted_out or person.muted:
        return False
    return not any(debt.given.values()) and not any(who in read for who in person.identities)
