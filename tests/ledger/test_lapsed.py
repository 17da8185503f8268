"""Merges whose proof is gone are told, and nobody is asked about one that never rested on it, or on more."""

from dataclasses import replace
from datetime import timedelta

import pytest
from favours import ADA, ADA_SITE, BOB, NOW

from ledger.entry import Identity
from ledger.lapsed import by_word, lapsed
from ledger.people import Person
from ledger.proof import Bond, Sighting, renewed

SKY = Identity("bluesky", "ada.example")
WHOLE = Person("ada", "Ada", (ADA, ADA_SITE, SKY))


def bond(one: Identity, how: str, other: Identity, holds: bool = True) -> Bond:
    return Bond(one, other, how, NOW, holds)


DOMAIN, GONE = bond(SKY, "domain", ADA_SITE), bond(ADA, "verified", ADA_SITE, False)


def test_whoever_is_no_longer_tied_is_named_with_what_is_gone():
    [asked] = lapsed([WHOLE], [DOMAIN, GONE])
    assert (asked.person, set(asked.part), asked.because) == (WHOLE, {ADA_SITE, SKY}, (GONE,))
    [asked] = lapsed([WHOLE], [replace(DOMAIN, holds=False), bond(ADA, "verified", ADA_SITE)])
    assert (asked.part, asked.because) == ((SKY,), (replace(DOMAIN, holds=False),))


def test_a_link_of_two_that_led_to_each_other_counts_as_well():
    ways = [bond(ADA, "link", ADA_SITE), bond(ADA_SITE, "rel-me", ADA, False)]
    [asked] = lapsed([Person("ada", "Ada", (ADA, ADA_SITE))], ways)
    assert asked.because == (ways[1],)


@pytest.mark.parametrize(
    "bonds",
    [
        [DOMAIN, GONE, bond(ADA_SITE, "rel-me", ADA), bond(ADA, "link", ADA_SITE)],
        [DOMAIN, GONE, bond(ADA, "verified", ADA_SITE)],
        [DOMAIN, bond(ADA, "link", ADA_SITE, False)],
        [DOMAIN, bond(ADA, "verified", BOB, False)],
        [DOMAIN],
        [],
    ],
    ids=["another proof", "proven again", "by hand, with a hint", "of somebody else", "all holds", "by hand"],
)
def test_nobody_is_asked_about_what_rests_on_something_else(bonds):
    assert lapsed([WHOLE], bonds) == ()


def test_the_owners_word_takes_the_reason_away_and_nothing_else():
    seen = Sighting(ADA, NOW, (GONE, bond(ADA, "link", ADA_SITE), bond(ADA, "verified", BOB, False)))
    [after] = by_word(WHOLE, [seen, Sighting(BOB, NOW)])
    assert after.bonds == seen.bonds[1:]
    assert by_word(WHOLE, [after]) == []


def test_a_link_is_remembered_when_it_is_gone_where_one_person_rests_on_it():
    before, later = Sighting(ADA, NOW, (bond(ADA, "link", ADA_SITE),)), NOW + timedelta(days=60)
    assert renewed(before, Sighting(ADA, later)).bonds == ()
    [kept] = renewed(before, Sighting(ADA, later), lambda _: True).bonds
    assert (kept.how, kept.holds, kept.checked) == ("link", False, later)
