"""Joined and parted again: a split undoes a merge exactly, whatever came before it and after it."""

from datetime import timedelta

import pytest
from favours import ADA, ADA_SITE, BOB, NOW, ledgers
from hypothesis import given as for_any
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger import codec
from ledger.entry import Identity
from ledger.merging import are_apart, keep_apart, merge, split
from ledger.owe import explain
from ledger.people import ROLES, Person, implicit
from ledger.rules import Rules

TEXT = st.text(max_size=8)
HANDLES = [Identity(network, f"p{number}.example") for network in ("web", "x", "bluesky") for number in range(5)]


@st.composite
def somebody(draw: st.DrawFn, *, own: list[Identity]) -> Person:
    """Anybody with these identities, once merged or not."""
    if len(own) > 1 and draw(st.booleans()):
        cut = draw(st.integers(1, len(own) - 1))
        return merge(draw(somebody(own=own[:cut])), draw(somebody(own=own[cut:])))
    return Person(
        str(own[0]),
        draw(st.one_of(st.just(own[0].handle), TEXT)),
        tuple(own),
        roles=tuple(draw(st.lists(st.sampled_from(ROLES), unique=True, max_size=3))),
        note=draw(TEXT),
        cadence_days=draw(st.sampled_from([None, 7.0, 30.0])),
        snoozed_until=draw(st.sampled_from([None, NOW, NOW + timedelta(days=9)])),
        muted=draw(st.booleans()),
        opted_out=draw(st.booleans()),
        automatic=draw(st.booleans()),
        spam_signs=tuple(draw(st.lists(st.sampled_from(["no posts", "new"]), unique=True))),
        apart=tuple(draw(st.lists(st.sampled_from([BOB, ADA]), unique=True))),
        is_person=draw(st.booleans()),
    )


@st.composite
def several(draw: st.DrawFn, least: int = 2) -> list[Person]:
    """A few people who share no identity."""
    own = draw(st.permutations(HANDLES))
    sizes = draw(st.lists(st.integers(1, 3), min_size=least, max_size=4))
    starts = [sum(sizes[:number]) for number in range(len(sizes))]
    return [draw(somebody(own=own[start : start + size])) for start, size in zip(starts, sizes, strict=True)]


def forgetful(person: Person, *others: Person) -> Person:
    """Without remembering to be apart from these."""
    theirs = {who for other in others for who in other.identities}
    return replace(person, apart=tuple(who for who in person.apart if who not in theirs))


@for_any(several(2), st.data())
def test_merge_then_split_is_the_identity(people, data):
    one, other = people[:2]
    whole = merge(one, other)
    rest, taken = split(whole, data.draw(st.sampled_from(other.identities)))
    assert (forgetful(rest, taken), forgetful(taken, rest)) == (one, other)
    assert are_apart(rest, taken)
    assert are_apart(taken, rest)
    assert split(whole) == (rest, taken)


@for_any(several(3))
def test_the_latest_of_several_merges_is_undone_first(people):
    one, *others = people
    steps = [one]
    for other in others:
        steps.append(merge(steps[-1], other))
    whole = steps.pop()
    while steps:
        whole, taken = split(whole)
        assert forgetful(whole, taken) == steps.pop()
        whole = forgetful(whole, taken)
        assert forgetful(taken, whole) == others.pop()


@for_any(several(3), st.data())
def test_an_earlier_merge_is_undone_as_if_it_had_never_been(people, data):
    one, wrong, right = people[:3]
    rest, taken = split(merge(merge(one, wrong), right), data.draw(st.sampled_from(wrong.identities)))
    assert forgetful(rest, taken) == merge(one, right)
    assert forgetful(taken, rest) == wrong


@for_any(several(2))
def test_people_are_read_back_with_all_that_they_were_made_of(people):
    whole = merge(*people[:2])
    assert codec.read_person(whole.id, codec.write_person(whole)) == whole


@for_any(several(2), st.sampled_from(ROLES), TEXT)
def test_what_was_said_of_them_since_stays_with_who_goes_on(people, role, note):
    one, other = people[:2]
    whole = merge(one, other)
    said = replace(whole, roles=(*whole.roles, role) if role not in whole.roles else whole.roles, note=f"{note}!")
    rest, taken = split(said)
    assert forgetful(taken, rest) == other
    assert rest.note == f"{note}!" if said.note != whole.note else one.note
    assert set(rest.roles) == set(one.roles) | (set(said.roles) - set(whole.roles))


def test_a_role_taken_away_since_does_not_come_back():
    one, other = Person("a", "a", (ADA,), roles=("fan",)), Person("b", "b", (BOB,), roles=("press",))
    rest, taken = split(replace(merge(one, other), roles=()))
    assert (rest.roles, taken.roles) == ((), ("press",))


@for_any(ledgers(ADA, ADA_SITE, BOB))
def test_entries_that_came_in_between_go_with_their_identity(entries):
    """Booked while two were one: each has what is theirs afterwards, as if they had never been one."""
    one, other = Person("ada", "Ada", (ADA, ADA_SITE)), implicit(BOB)
    rest, taken = split(merge(one, other), BOB)
    for before, after in ((one, rest), (other, taken)):
        assert explain(before, entries, NOW, Rules()) == explain(after, entries, NOW, Rules())


def test_the_first_identity_leaves_as_it_came_and_the_other_goes_on():
    one, other = Person("ada", "Ada", (ADA,), note="hers"), Person("bob", "Bob", (BOB,), note="his")
    rest, taken = split(merge(one, other), ADA)
    assert (rest.id, rest.note, taken.id, taken.note) == ("bob", "his", "ada", "hers")


def test_merging_by_hand_overrules_and_a_second_split_is_remembered_again():
    one, other = keep_apart(implicit(ADA), implicit(BOB))
    whole = merge(one, other)
    assert whole.apart == ()
    assert are_apart(*split(whole))


def test_without_a_merge_there_is_nothing_to_undo():
    with pytest.raises(ValueError, match="never merged"):
        split(Person("ada", "Ada", (ADA, ADA_SITE)))
