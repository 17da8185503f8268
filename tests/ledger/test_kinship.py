"""Who is one human: joined on proof alone, kept apart by every veto, asked about when it is worth it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from favours import ADA, ADA_SITE, BOB, NOW
from hypothesis import given as for_any
from hypothesis import strategies as st
from msgspec import structs

from ledger.entry import Identity
from ledger.kinship import kinship, most_valuable
from ledger.merging import keep_apart, merge
from ledger.people import People, Person, implicit
from ledger.proof import RECHECK, Bond, Sighting, by_name, renewed

SKY = Identity("bluesky", "ada.example")
X = Identity("x", "ada")
NEW = Identity("mastodon", "ada@new.example")
BOB_SITE = Identity("web", "bob.example")
MEDIUM = Identity("web", "medium.com")
MY_MEDIUM = Identity("web", "medium.com/@ada")


def bond(one: Identity, how: str, other: Identity, **more: object) -> Bond:
    return Bond(one, other, how, NOW, **more)


def joined(
    *bonds: Bond, people: People | None = None, common: frozenset[Identity] = frozenset()
) -> list[set[Identity]]:
    """Who is one person by these bonds."""
    found = kinship(people or People(), bonds, common)
    return [set(join.whole.identities) for join in found.joins]


PROOFS = [
    (bond(ADA, "verified", ADA_SITE),),
    (bond(SKY, "domain", ADA_SITE),),
    (bond(ADA, "renamed", NEW),),
    (bond(ADA, "moved", NEW), bond(NEW, "alias", ADA)),
    (bond(ADA, "moved", NEW), bond(NEW, "link", ADA)),
    (bond(ADA, "bridge", Identity("bluesky", "ada.example.social.ap.brid.gy")),),
    (bond(Identity("web", "example.social/@ada"), "page", ADA),),
    (bond(ADA_SITE, "rel-me", ADA), bond(ADA, "link", ADA_SITE)),
    (bond(ADA_SITE, "rel-me", BOB_SITE), bond(BOB_SITE, "rel-me", ADA_SITE)),
    (bond(ADA_SITE, "link", ADA), bond(ADA, "link", ADA_SITE)),
    (bond(ADA, "verified", MY_MEDIUM),),
]


@pytest.mark.parametrize("bonds", PROOFS)
def test_each_proof_joins_and_so_do_two_who_lead_to_each_other(bonds):
    assert joined(*bonds) == [{end for each in bonds for end in (each.one, each.other)}]


NONE = [
    (bond(ADA, "link", ADA_SITE),),
    (bond(ADA_SITE, "rel-me", ADA),),
    (bond(ADA, "link", ADA_SITE), bond(X, "link", ADA_SITE)),
    (bond(ADA, "moved", NEW),),
    (bond(ADA, "moved", NEW), bond(ADA, "link", NEW)),
    (bond(ADA, "moved", NEW), bond(NEW, "alias", BOB)),
    (bond(NEW, "alias", ADA),),
    (bond(ADA, "moved", NEW), bond(NEW, "alias", ADA, holds=False)),
    (bond(ADA, "verified", ADA_SITE, holds=False),),
    (bond(ADA, "verified", ADA_SITE, holds=False), bond(ADA, "link", ADA_SITE)),
    (bond(ADA, "link", MY_MEDIUM), bond(MY_MEDIUM, "link", ADA)),
    (),
]


@pytest.mark.parametrize("bonds", NONE)
def test_less_than_that_joins_nobody(bonds):
    assert joined(*bonds) == []


def test_links_agree_through_people_who_are_proven_already():
    ada, site = Person("ada", "Ada", (ADA, SKY)), Person("site", "Site", (ADA_SITE, X))
    bonds = (bond(ADA, "link", ADA_SITE), bond(X, "link", SKY))
    assert joined(*bonds, people=People([ada, site])) == [{ADA, SKY, ADA_SITE, X}]


def test_one_human_with_four_handles_is_one_and_two_humans_with_one_name_are_two():
    copy = Identity("bluesky", "ada.example.social.ap.brid.gy")
    named = People([Person("a", "Ada Lovelace", (ADA,)), Person("b", "Ada Lovelace", (Identity("x", "ada"),))])
    bonds = [bond(ADA, "verified", ADA_SITE), bond(SKY, "domain", ADA_SITE), *by_name([ADA, copy, X, ADA_SITE])]
    [join] = kinship(named, bonds).joins
    assert (join.whole.id, join.whole.name) == ("a", "Ada Lovelace")
    assert set(join.whole.identities) == {ADA, ADA_SITE, SKY, copy}
    assert {bond.how for bond in join.because} == {"verified", "domain", "bridge"}


SPLIT = People(keep_apart(implicit(ADA), implicit(ADA_SITE)))
BOT = People([structs.replace(implicit(ADA), automatic=True)])
VETOES = [
    ("a pair once split", SPLIT, (bond(ADA, "verified", ADA_SITE),), ()),
    ("a bot and a human", BOT, (bond(ADA, "verified", ADA_SITE),), ()),
    ("a shared host", People(), (bond(ADA, "verified", MEDIUM),), ()),
    ("two accounts on one network", People(), (bond(ADA, "verified", NEW),), ()),
    ("a site of several", People(), (bond(ADA, "verified", ADA_SITE),), (ADA_SITE,)),
]


@pytest.mark.parametrize(("why", "people", "bonds", "common"), VETOES, ids=[each[0] for each in VETOES])
def test_each_veto_holds_against_proof(why, people, bonds, common):
    assert joined(*bonds, people=people, common=frozenset(common)) == []


def test_of_two_accounts_proven_by_one_site_one_is_joined_and_the_other_is_a_question():
    """A site may prove that both are theirs; which of them is meant by a favour is a person's to say."""
    found = kinship(People(), [bond(ADA, "verified", ADA_SITE), bond(BOB, "verified", ADA_SITE)])
    assert [set(join.whole.identities) for join in found.joins] == [{ADA, ADA_SITE}]
    assert [(set(each.other.identities) | set(each.one.identities), each.veto) for each in found.questions] == [
        ({ADA, ADA_SITE, BOB}, "both have an account on mastodon")
    ]


def test_names_of_one_account_are_not_two_accounts():
    third = Identity("mastodon", "ada@third.example")
    copy = Identity("bluesky", "ada.example.social.ap.brid.gy")
    moves = (bond(ADA, "moved", NEW), bond(NEW, "alias", ADA), bond(NEW, "moved", third), bond(third, "alias", NEW))
    bonds = (*moves, bond(ADA, "bridge", copy), bond(third, "verified", ADA_SITE), bond(SKY, "domain", ADA_SITE))
    assert joined(*bonds) == [{ADA, NEW, third, copy, ADA_SITE, SKY}]


def test_a_move_to_whom_does_not_lead_back_is_a_question_and_lends_nothing_of_theirs():
    """Anybody can say that they moved to somebody famous: neither their site nor their favours come with that."""
    famous = (bond(NEW, "verified", ADA_SITE), bond(SKY, "domain", ADA_SITE))
    found = kinship(People(), [bond(ADA, "moved", NEW), bond(ADA, "link", ADA_SITE), *famous])
    assert [set(join.whole.identities) for join in found.joins] == [{NEW, ADA_SITE, SKY}]
    [asked] = found.questions
    assert asked.veto == "both have an account on mastodon"
    assert "moved" in {each.how for each in asked.because}


def test_what_was_split_is_never_asked_about_again_and_neither_are_shared_hosts():
    assert kinship(SPLIT, [bond(ADA, "verified", ADA_SITE), bond(ADA_SITE, "link", ADA)]).questions == ()
    assert kinship(People(), [bond(ADA, "link", MEDIUM)]).questions == ()


def test_a_hint_is_a_question_unless_something_speaks_against_it():
    asked = kinship(People(), [bond(ADA, "link", ADA_SITE)]).questions
    assert [(each.one.id, each.other.id, each.veto) for each in asked] == [(str(ADA), str(ADA_SITE), "")]
    assert kinship(People(), [bond(ADA, "link", BOB)]).questions == ()
    assert kinship(BOT, [bond(ADA, "link", ADA_SITE)]).questions == ()


def test_at_most_five_questions_the_most_valuable_first_and_none_about_strangers():
    sites = [Identity("web", f"s{number}.example") for number in range(8)]
    accounts = [Identity("x", f"s{number}") for number in range(8)]
    questions = kinship(People(), [bond(a, "link", s) for a, s in zip(accounts, sites, strict=True)]).questions
    worth = {who: float(number) for number, who in enumerate(sites)} | dict.fromkeys(accounts[1:], 0.0)
    assert [each.one.name for each in most_valuable(questions, worth)] == [f"s{n}.example" for n in (7, 6, 5, 4, 3)]
    assert len(most_valuable(questions, worth, limit=100)) == 7


ENDS = st.sampled_from([ADA, ADA_SITE, SKY, X, NEW, BOB, BOB_SITE, MY_MEDIUM])
HOWS = st.sampled_from(["verified", "rel-me", "moved", "renamed", "alias", "link"])
BONDS = st.lists(
    st.builds(Bond, ENDS, ENDS, HOWS, st.just(NOW), st.booleans()).filter(lambda each: each.one != each.other),
    max_size=12,
)


@for_any(BONDS, st.randoms())
def test_the_order_of_bonds_and_of_people_does_not_matter(bonds, random):
    persons = [Person("bob", "Bob", (BOB, BOB_SITE)), structs.replace(implicit(X), automatic=True), *SPLIT]
    before = kinship(People(persons), bonds)
    random.shuffle(bonds)
    random.shuffle(persons)
    assert kinship(People(persons), [*bonds, *bonds]) == before


@for_any(BONDS)
def test_once_joined_nothing_is_left_to_join(bonds):
    found = kinship(People(), bonds)
    after = People(join.whole for join in found.joins)
    assert kinship(after, bonds).joins == ()
    for join in found.joins:
        assert {who for each in join.people for who in each.identities} == set(join.whole.identities)


# --- What names show


@pytest.mark.parametrize(
    ("one", "how", "other"),
    [
        ("mastodon:ada_b@example.social", "bridge", "bluesky:ada-b.example.social.ap.brid.gy"),
        ("bluesky:ada.bsky.social", "bridge", "mastodon:ada.bsky.social@bsky.brid.gy"),
        ("bluesky:ada.example", "domain", "web:ada.example"),
        ("web:example.social/@ada", "page", "mastodon:ada@example.social"),
        ("web:example.social/@ada.rss", "page", "mastodon:ada@example.social"),
        ("web:x.com/ada", "page", "x:ada"),
    ],
)
def test_names_show_whose_they_are(one, how, other):
    ends = [Identity(*text.split(":", 1)) for text in (one, other)]
    assert list(by_name(ends)) == [Bond(*ends, how)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bluesky:ada.bsky.social", "web:ada.bsky.social"),
        ("x:ada", "mastodon:ada@example.social"),
        ("x:ada", "bluesky:ada.bsky.social"),
        ("bluesky:ada.example", "web:ada.example/~ada"),
        ("bluesky:ada.example.social.ap.brid.gy", "mastodon:bob@example.social"),
    ],
)
def test_alike_is_not_the_same(one, other):
    assert list(by_name([Identity(*text.split(":", 1)) for text in (one, other)])) == []


# --- Looked at again


def told(*bonds: Bond, days: float = 0, who: Identity = ADA) -> Sighting:
    at = NOW + timedelta(days=days)
    return Sighting(who, at, tuple(replace(bond, checked=at) for bond in bonds))


def test_a_proof_that_fails_is_strong_and_one_that_comes_back_is_proof_again():
    first = told(bond(ADA, "verified", ADA_SITE), bond(ADA, "link", BOB_SITE))
    assert first.bonds[0].strength == "proof"
    second = renewed(first, told(days=60))
    assert [(bond.how, bond.strength, bond.checked) for bond in second.bonds] == [
        ("verified", "strong", NOW + timedelta(days=60))
    ]
    third = renewed(second, told(days=90))
    assert third.bonds == second.bonds
    again = renewed(third, told(bond(ADA, "verified", ADA_SITE), days=120))
    assert [bond.strength for bond in again.bonds] == ["proof"]
    assert renewed(again, first) == again


def test_what_a_site_says_on_some_pages_only_is_not_given_up_at_once():
    site = told(bond(ADA_SITE, "rel-me", ADA), who=ADA_SITE)
    assert renewed(site, told(days=59, who=ADA_SITE)).bonds == site.bonds
    assert renewed(site, told(days=60, who=ADA_SITE)).bonds == ()


def test_it_is_looked_at_again_after_sixty_days_but_never_at_who_opted_out():
    assert [told().is_due(NOW + span) for span in (RECHECK - timedelta(hours=1), RECHECK)] == [False, True]
    assert not replace(told(), opted_out=True).is_due(NOW + RECHECK * 2)


def test_a_merge_by_hand_overrules_the_memory_of_a_split():
    whole = merge(*SPLIT)
    assert joined(bond(SKY, "domain", ADA_SITE), people=People([whole])) == [{ADA, ADA_SITE, SKY}]
