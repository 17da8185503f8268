"""Who came and went: what complete walks and the network's word make of follow edges."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from ledger.entry import Direction, Entry, Identity, Kind
from ledger.follows import (
    Edge,
    Span,
    Word,
    come,
    concluded,
    entries_of,
    not_kept,
    severed_servers,
    walked,
)
from ledger.followview import is_churner, is_tag, overview

DAY = timedelta(days=1)
AT = datetime(2026, 11, 2, 12, tzinfo=UTC)
ADA, BOB, CEM = (Identity("mastodon", f"{name}@pond.example") for name in ("ada", "bob", "cem"))


def seen(*who: Identity) -> dict[str, Identity]:
    return {each.handle[:3]: each for each in who}


def test_who_is_missing_once_is_not_gone() -> None:
    known = {"ada": Edge(ADA), "bob": Edge(BOB)}
    first = walked(known, seen(ADA, CEM), AT)
    assert first.changed == {"cem": Edge(CEM, since=AT), "bob": Edge(BOB, missing=AT)}
    assert first.doubtful == {}
    known |= first.changed
    assert walked(known, seen(ADA, CEM), AT + timedelta(hours=5)).doubtful == {}
    assert list(walked(known, seen(ADA, CEM), AT + timedelta(hours=6)).doubtful) == ["bob"]
    back = walked(known, seen(ADA, BOB, CEM), AT + DAY)
    assert (back.changed, back.doubtful) == ({"bob": Edge(BOB)}, {})


@pytest.mark.parametrize(
    ("word", "severed", "how"),
    [
        (Word(), False, "unfollowed"),
        (Word(known=True), False, "unfollowed"),
        (Word(known=False), False, "deleted"),
        (Word(known=True, moved=True), False, "moved"),
        (Word(known=True, suspended=True, moved=True), False, "suspended"),
        (Word(blocked=True), False, "blocked"),
        (Word(blocked=True, known=False), True, "blocked"),
        (Word(), True, "severed"),
    ],
)
def test_each_loss_has_its_name_and_the_time_of_the_first_walk_that_missed_them(
    word: Word, severed: bool, how: str
) -> None:
    ended = concluded(Edge(ADA, since=AT, missing=AT + DAY), word, severed=severed)
    assert (ended.ended, ended.how, ended.missing) == (AT + DAY, how, None)


def test_the_networks_word_is_above_the_list() -> None:
    assert concluded(Edge(ADA, missing=AT), Word(still=True), severed=True) == Edge(ADA)


def test_a_server_is_severed_when_several_are_gone_and_nobody_is_left() -> None:
    three = [Edge(who) for who in (ADA, BOB, CEM)]
    assert severed_servers(three, []) == {"pond.example"}
    assert severed_servers(three[:2], []) == set()
    assert severed_servers(three, [Identity("mastodon", "dan@pond.example")]) == set()
    assert severed_servers([Edge(Identity("bluesky", f"{n}.example")) for n in "abc"], []) == set()


def test_who_comes_back_begins_anew_and_what_they_ended_is_remembered() -> None:
    gone = Edge(ADA, since=AT, ended=AT + DAY, how="unfollowed")
    [again] = walked({"ada": gone}, seen(ADA), AT + 5 * DAY).changed.values()
    assert again == Edge(ADA, since=AT + 5 * DAY, earlier=(Span(AT, AT + DAY),))
    suspended = Edge(ADA, since=AT, ended=AT + DAY, how="suspended")
    [back] = walked({"ada": suspended}, seen(ADA), AT + 5 * DAY).changed.values()
    assert back.earlier == (), "that was not their doing"


@pytest.mark.parametrize(("hours", "told"), [(0, True), (72, True), (73, False), (-1, False)])
def test_a_tag_follower_unfollows_within_72_hours_of_being_followed_back(hours: int, told: bool) -> None:
    mine = Edge(ADA, since=AT)
    theirs = Edge(ADA, since=AT - DAY, ended=AT + timedelta(hours=hours), how="unfollowed")
    assert is_tag(theirs, mine) is told
    assert not is_tag(theirs, None)
    assert not is_tag(theirs, Edge(ADA)), "nobody knows when I began"
    assert not is_tag(Edge(ADA, since=AT + DAY, ended=AT + 2 * DAY, how="unfollowed"), mine), "I was first"
    assert not is_tag(Edge(ADA, since=AT, ended=AT + DAY, how="unfollowed"), mine), "nobody knows who was first"
    assert not is_tag(Edge(ADA, since=AT - DAY, ended=AT + DAY, how="deleted"), mine)


def test_who_comes_between_two_walks_begins_then_and_once() -> None:
    assert come({}, "ada", ADA, AT) == Edge(ADA, since=AT)
    assert come({"ada": Edge(ADA)}, "ada", ADA, AT) is None
    gone = Edge(ADA, since=AT - 9 * DAY, ended=AT - DAY, how="unfollowed")
    assert come({"ada": gone}, "ada", ADA, AT) == Edge(ADA, since=AT, earlier=(Span(AT - 9 * DAY, AT - DAY),))
    assert come({"ada": gone}, "ada", ADA, AT - 2 * DAY) is None, "that was before they left"


@pytest.mark.parametrize(("second_end", "told"), [(90, True), (91, False)])
def test_a_churner_comes_and_goes_twice_within_90_days(second_end: int, told: bool) -> None:
    first, end = Span(AT, AT + 3 * DAY), AT + second_end * DAY
    assert is_churner(Edge(ADA, since=AT + 20 * DAY, ended=end, how="unfollowed", earlier=(first,))) is told
    assert not is_churner(Edge(ADA, since=AT + 20 * DAY, earlier=(first,)))
    assert not is_churner(Edge(ADA, since=AT + 20 * DAY, ended=end, how="blocked", earlier=(first,)))


def follow(who: Identity, at: datetime, direction: Direction = Direction.RECEIVED) -> Entry:
    return Entry(direction, Kind.FOLLOW, who, recorded=at, at=at)


def keys(entries: Iterable[Entry]) -> list[str]:
    return [entry.key for entry in entries]


def test_a_follow_is_booked_on_its_side_and_taken_back_when_it_was_not_kept() -> None:
    edges = [Edge(ADA, since=AT), Edge(BOB, since=AT - DAY), Edge(CEM)]
    [received], [given] = (entries_of(side, edges, "mastodon", AT) for side in ("followers", "following"))
    assert (received.direction, given.direction) == (Direction.RECEIVED, Direction.GIVEN)
    assert (received.identity, received.at, received.kind) == (ADA, AT, Kind.FOLLOW)
    kept = timedelta(days=14)
    told = [follow(ADA, AT - DAY), follow(ADA, AT - 100 * DAY), follow(BOB, AT), given]
    ended = [Edge(ADA, since=AT, ended=AT + 12 * DAY, how="unfollowed")]
    assert keys(not_kept("followers", ended, told, kept)) == keys(told[:1])
    assert keys(not_kept("following", ended, told, kept)) == [given.key]
    assert not_kept("followers", [Edge(ADA, ended=AT + 13 * DAY, how="moved")], told, kept) == []


def test_one_way_and_the_balance() -> None:
    followers = {"ada": Edge(ADA), "bob": Edge(BOB, ended=AT, how="moved"), "cem": Edge(CEM, since=AT, missing=AT)}
    following = {"ada": Edge(ADA), "bob": Edge(BOB)}
    found = overview("pond", followers, following, AT - DAY, AT)
    assert (found.followers, found.following, found.gap, found.unsure) == (2, 2, 0.0, 1)
    assert [edge.who for edge in found.only_me] == [BOB]
    assert [edge.who for edge in found.only_they] == [CEM]
    assert [edge.who for edge in found.lost] == [BOB]
    assert [edge.who for edge in found.new] == [CEM]
    assert overview("pond", followers, following, AT + DAY, AT).lost == ()
    half = overview("pond", followers, None, AT, AT)
    assert (half.following, half.gap, half.only_they) == (None, None, ())
