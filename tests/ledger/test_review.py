"""What only a person can decide: the most valuable first, spam beside merges, nobody whom I know."""

import pytest
from favours import ADA, ADA_SITE, BOB, NOW, given, received
from msgspec.structs import replace

from ledger.entry import Identity
from ledger.kinship import kinship
from ledger.owe import owe
from ledger.people import People, Person, implicit
from ledger.proof import Bond
from ledger.review import Suspect, review
from ledger.rules import Rules

SPAMMY = replace(implicit(BOB), spam_signs=("no posts",))
LINK = Bond(ADA, ADA_SITE, "link", NOW)


def decided(
    *persons: Person, entries: list, read: frozenset[Identity] = frozenset(), limit: int | None = 5
) -> list[str]:
    people = People(persons)
    debts = owe(people, entries, NOW, Rules(), limit=0)
    asked = review(kinship(people, [LINK]).questions, debts, {entry.identity for entry in entries}, read, limit)
    return [each.person.name if isinstance(each, Suspect) else f"{each.one.name}?" for each in asked]


def test_what_has_most_at_stake_comes_first_whatever_it_is():
    entries = [received("like", 1), received("like", 1, ADA_SITE), received("link", 1, BOB)]
    assert decided(SPAMMY, entries=entries) == [BOB.handle, f"{ADA.handle}?"]
    entries += [received("link", 1, ADA_SITE, url="https://ada.example/1")]
    assert decided(SPAMMY, entries=entries) == [f"{ADA.handle}?", BOB.handle]
    assert decided(SPAMMY, entries=entries, limit=1) == [f"{ADA.handle}?"]


@pytest.mark.parametrize(
    "known",
    [
        replace(SPAMMY, roles=("friend",)),
        replace(SPAMMY, is_person=True),
        replace(SPAMMY, automatic=True),
        replace(SPAMMY, muted=True),
        replace(SPAMMY, opted_out=True),
        replace(SPAMMY, spam_signs=()),
    ],
)
def test_nobody_of_whom_something_was_said_is_asked_about(known):
    assert decided(known, entries=[received("link", 1, BOB)]) == []


def test_nor_anybody_whom_i_read_or_did_something_for():
    assert decided(SPAMMY, entries=[received("link", 1, BOB)], read=frozenset({BOB})) == []
    assert decided(SPAMMY, entries=[received("link", 1, BOB), given("like", 2, BOB)]) == []
