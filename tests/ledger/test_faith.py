"""Who shares whatever I post, at once, or came in a crowd of look-alikes; and who only seems to."""

from datetime import timedelta

import pytest
from favours import ADA, ADA_SITE, BOB, NOW, ago, ledgers, received
from hypothesis import given as vary
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger.entry import Entry, Identity, Kind
from ledger.faith import BURST, Mine, judged
from ledger.owe import owe
from ledger.people import SHARES_ALL, SHARES_AT_ONCE, People, Person, implicit
from ledger.rules import Rules

#: Twelve posts, one a day; the last one is of yesterday.
POSTS = [Mine("fediverse", ago(12 - n), (f"https://example.social/@me/{n}",)) for n in range(12)]
PEN = Identity("web", "ada-writes.example")


def boosts(numbers: range, after: timedelta, who: Identity = ADA, kind: str = "boost") -> list[Entry]:
    return [
        replace(received(kind, 0, who, my_url=POSTS[n].addresses[0]), at=POSTS[n].at + after, recorded=NOW)
        for n in numbers
    ]


def signs(entries: list[Entry], *persons: Person, posts: list[Mine] = POSTS) -> dict[str, tuple[str, ...]]:
    return {person.name: person.spam_signs for person in judged(People(persons), entries, posts)}


DAY = timedelta(hours=20)


def test_eight_of_the_last_ten_posts_are_whatever_i_post_and_seven_are_not():
    assert signs(boosts(range(4, 12), DAY)) == {ADA.handle: (SHARES_ALL,)}
    assert signs(boosts(range(5, 12), DAY)) == {}
    assert signs(boosts(range(9), DAY)) == {}, "of the last ten these are seven"
    assert signs(boosts(range(4, 12), DAY, kind="like")) == {}, "to like is not to share"
    assert signs(boosts(range(4, 12), DAY, kind="link")) == {}, "who writes about it has read it"


def test_of_fewer_than_ten_posts_sharing_all_says_nothing():
    assert signs(boosts(range(3, 12), DAY), posts=POSTS[3:]) == {}
    assert signs(boosts(range(2, 12), DAY), posts=POSTS[2:]) == {ADA.handle: (SHARES_ALL,)}


def test_the_posts_of_each_account_are_counted_by_themselves():
    """Nobody can boost on one network what is posted on another."""
    elsewhere = [Mine("sky", ago(n / 2), (f"at://me/{n}",)) for n in range(12)]
    assert signs(boosts(range(2, 12), DAY), posts=[*POSTS, *elsewhere]) == {ADA.handle: (SHARES_ALL,)}


@pytest.mark.parametrize(
    ("minutes", "found"),
    [([2, 3, 60], True), ([9.9] * 3, True), ([10] * 3, False), ([1, 1], False), ([1, 11, 12], False)],
)
def test_sharing_within_ten_minutes_by_the_median_of_at_least_three(minutes, found):
    entries = [boosts(range(n * 2, n * 2 + 1), timedelta(minutes=delay))[0] for n, delay in enumerate(minutes)]
    assert signs(entries) == ({ADA.handle: (SHARES_AT_ONCE,)} if found else {})


def test_no_delay_is_made_up_where_nobody_tells_the_time():
    entries = [replace(each, at=None, recorded=each.at) for each in boosts(range(3), timedelta(minutes=1))]
    assert signs(entries) == {}


def test_an_auto_sharer_counts_a_tenth_and_is_never_owed_until_its_owner_says_otherwise():
    entries = boosts(range(2, 12), DAY)
    [person] = judged(People(), entries, POSTS)
    assert (person.credibility, person.is_automatic) == (0.1, True)
    assert owe(People([person]), entries, NOW, Rules()) == ()
    real = replace(person, is_person=True)
    assert judged(People([real]), entries, POSTS)[0].credibility == 1.0
    assert owe(People([real]), entries, NOW, Rules()) != ()


def test_who_has_a_program_besides_what_they_do_themselves_is_a_person():
    ada = Person("ada", "Ada", (ADA, PEN))
    shared = boosts(range(2, 12), DAY)
    assert signs(shared, ada) == {"Ada": (SHARES_ALL,)}
    assert signs([*shared, received("link", 3, PEN)], ada) == {}


def test_signs_go_when_they_hold_no_longer_and_others_stay():
    ada = Person("ada", "Ada", (ADA,), spam_signs=("no posts", SHARES_ALL))
    assert signs(boosts(range(2, 4), DAY), ada) == {"Ada": ("no posts",)}
    assert signs([], Person("bob", "Bob", (BOB,), spam_signs=("no posts",))) == {}


def crowd(names: list[str], minutes: float = 5, kind: str = "like") -> list[Entry]:
    return [
        received(kind, 3 - n * minutes / 60 / 24, Identity("x", name), my_url="https://x.com/me/status/1")
        for n, name in enumerate(names)
    ]


ALIKE = [f"crypto_wins{n}" for n in range(3, 13)]


def test_ten_look_alikes_within_an_hour_are_a_burst():
    assert signs(crowd(ALIKE)) == dict.fromkeys(ALIKE, (BURST,))
    assert signs(crowd([f"{name}{4000 + n}" for n, name in enumerate("abcdefghij")])) != {}, "made-up numbers"
    assert signs(crowd(ALIKE[:9])) == {}
    assert signs(crowd(ALIKE, minutes=6.7)) == {}, "the tenth came an hour and three tenths of a minute after the first"


def test_many_who_come_at_once_are_no_burst_if_they_do_not_look_alike():
    """A post that goes round brings crowds."""
    assert signs(crowd(["ada", "bob", "cleo", "dora", "eve", "fay", "gus", "hal", "ida", "joe", "kim", "lou"])) == {}


def test_only_the_first_that_somebody_does_is_their_arrival():
    earlier = [replace(each, at=each.at - timedelta(days=n), kind=Kind.LIKE) for n, each in enumerate(crowd(ALIKE))]
    assert signs([*crowd(ALIKE, kind="boost"), *earlier]) == {}


def test_each_of_a_burst_is_believed_half():
    [person] = judged(People([implicit(Identity("x", ALIKE[0]))]), crowd(ALIKE), [])[:1]
    assert person.credibility == 0.5


@vary(ledgers(ADA, ADA_SITE, BOB), st.randoms())
def test_neither_order_nor_repetition_of_entries_matters(entries, chance):
    posts = [Mine("web", ago(400), ("https://a.example/1",)), Mine("web", ago(300), ("https://a.example/2",))]
    shuffled = entries * 2
    chance.shuffle(shuffled)
    assert {each.id: each for each in judged(People(), shuffled, posts)} == {
        each.id: each for each in judged(People(), entries, posts)
    }
