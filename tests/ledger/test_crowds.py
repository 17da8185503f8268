"""Who came together: the same thing, in the same minutes, from one server."""

from datetime import timedelta

import pytest
from favours import NOW

from ledger.crowds import crowds
from ledger.entry import Direction, Entry, Identity, Kind
from ledger.people import implicit


def came(*minutes: float, server: str = "bad.example", kind: str = "follow", start: int = 0) -> list[Entry]:
    return [
        Entry(Direction.RECEIVED, Kind(kind), Identity("mastodon", f"p{n}@{server}"), NOW, NOW + timedelta(minutes=at))
        for n, at in enumerate(minutes, start)
    ]


def together(*entries: Entry) -> list[list[str]]:
    suspects = [implicit(who) for who in dict.fromkeys(entry.identity for entry in entries)]
    return [[person.name.partition("@")[0] for person in crowd.people] for crowd in crowds(suspects, entries)]


def test_those_who_came_minute_by_minute_are_one_crowd_in_the_order_they_came():
    assert together(*came(9, 0, 18)) == [["p1", "p0", "p2"]]
    assert together(*came(0, 1, 2, 60, 61, 62)) == [["p0", "p1", "p2"], ["p3", "p4", "p5"]]


@pytest.mark.parametrize(
    "entries",
    [
        came(0, 1),
        came(0, 11, 22),
        [*came(0, 1), *came(2, server="good.example", start=2)],
        [*came(0, 1), *came(2, kind="like", start=2)],
    ],
    ids=["two", "one after the other", "two servers", "two things"],
)
def test_others_are_none(entries):
    assert together(*entries) == []


def test_only_what_each_did_first_counts_and_only_suspects():
    assert together(*came(0, 1, 2), *came(-500, kind="like")) == []
    entries = came(0, 1, 2)
    assert crowds([implicit(entry.identity) for entry in entries[:2]], entries) == ()
