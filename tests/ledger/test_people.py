"""People: joined and parted without touching evidence, found by handle or by name."""

from datetime import timedelta

import pytest
from favours import ADA, ADA_SITE, BOB, NOW

from ledger.entry import Identity
from ledger.merging import merge, split
from ledger.people import AmbiguousName, NoSuchPerson, People, Person, implicit

ADA_L = Person("ada", "Ada Lovelace", (ADA, ADA_SITE))
OTHER_ADA = Person("other", "ada lovelace", (Identity("bluesky", "ada.bsky.social"),))
KNOWN = People([ADA_L, OTHER_ADA, Person("bob", "Bob Ünal", (BOB,))])


def test_unknown_identities_are_people_of_their_own():
    assert KNOWN.of(ADA_SITE) is ADA_L
    assert KNOWN.of(Identity("x", "eve")) == Person("x:eve", "eve", (Identity("x", "eve"),))


@pytest.mark.parametrize(
    ("query", "wanted"),
    {
        "@ada@example.social": "ada",
        "https://ada.example/about": "ada",
        "ada.bsky.social": "other",
        "Bob Ünal": "bob",
        "  BOB   ünal ": "bob",
        "bob": "bob",
        "@eve@example.social": "mastodon:eve@example.social",
        "carol": "mastodon:carol@example.social",
    }.items(),
)
def test_people_are_found_by_who_and_by_name(query, wanted):
    assert KNOWN.find(query, seen=[Identity("mastodon", "carol@example.social"), ADA]).id == wanted


def test_a_name_of_two_people_is_refused_with_both():
    with pytest.raises(AmbiguousName, match=r"mastodon:ada@example\.social.*bluesky:ada\.bsky\.social") as caught:
        KNOWN.find("Ada Lovelace")
    assert {person.id for person in caught.value.candidates} == {"ada", "other"}


def test_a_misspelt_name_is_refused_with_what_it_may_mean():
    with pytest.raises(NoSuchPerson, match="did you mean Bob Ünal"):
        KNOWN.find("Bob Unal")
    with pytest.raises(NoSuchPerson, match="write @name@server"):
        KNOWN.find("zzzzzz")


@pytest.mark.parametrize("query", ["Ünal", "bob"])
def test_a_part_of_a_name_is_refused_with_whose_it_is(query: str):
    """What is booked on the word of a first name could be booked on the wrong person."""
    people = People([Person("b", "Bob Ünal", (Identity("web", "garden.example"),))])
    with pytest.raises(NoSuchPerson, match="did you mean Bob Ünal"):
        people.find(query)


def test_a_strangers_name_can_not_stand_in_for_a_handle():
    """Eve calls herself ada.example; the site of that name is still Ada's."""
    eve = Person("eve", "ada.example", (Identity("x", "eve"),))
    assert People([eve, ADA_L]).find("ada.example") is ADA_L


def test_merging_keeps_the_first_and_takes_what_it_lacks():
    later = NOW + timedelta(days=3)
    kept = merge(
        Person("ada", "Ada", (ADA,), roles=("friend",), note="met at a conference", snoozed_until=NOW),
        Person("site", "Ada L.", (ADA_SITE, ADA), roles=("mentor", "friend"), note="writes on maths",
               cadence_days=30, snoozed_until=later, muted=True, apart=(ADA, BOB)),
    )  # fmt: skip
    assert kept == Person(
        "ada", "Ada", (ADA, ADA_SITE), roles=("friend", "mentor"), note="met at a conference\nwrites on maths",
        cadence_days=30, snoozed_until=later, muted=True, apart=(BOB,),
    )  # fmt: skip
    assert merge(implicit(ADA), ADA_L).name == "Ada Lovelace"


def test_splitting_gives_the_identity_a_person_of_its_own_and_remembers():
    rest, taken = split(ADA_L, ADA_SITE)
    assert (rest.id, rest.name, rest.identities, rest.apart) == ("ada", "Ada Lovelace", (ADA,), (ADA_SITE,))
    assert (taken.id, taken.identities, taken.apart) == (str(ADA_SITE), (ADA_SITE,), (ADA,))


def test_splitting_off_the_identity_that_named_the_person_leaves_two_ids():
    rest, taken = split(merge(implicit(ADA), implicit(ADA_SITE)), ADA)
    assert (rest.id, rest.name) == (str(ADA_SITE), ADA_SITE.handle)
    assert (taken.id, taken.name) == (str(ADA), ADA.handle)


@pytest.mark.parametrize(("person", "who"), [(ADA_L, BOB), (implicit(BOB), BOB)])
def test_what_can_not_be_split(person, who):
    with pytest.raises(ValueError, match="identity"):
        split(person, who)


def test_credibility_is_halved_by_each_sign_and_a_tenth_for_bots():
    assert ADA_L.credibility == 1
    assert merge(ADA_L, Person("a", "a", (BOB,), spam_signs=("new", "no posts"))).credibility == 0.25
    assert Person("bot", "bot", (BOB,), automatic=True, spam_signs=("new",)).credibility == 0.1
