"""Walking the lists of followers in runs: what is kept, what is booked, and what a walk that breaks off changes."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from pieces import NOON
from small_world import Scripted, SmallWorld

from ledger.entry import Identity, Kind
from ledger.follows import Edge
from ledger.followview import is_tag
from platforms import memory
from platforms.abilities import Profile, Relation
from platforms.base import Actor, Interaction
from platforms.errors import Unreachable, Unsupported
from syndicator import followers, networks


class Walkable(Scripted):
    """Its lists break off where the script says so, and its profiles tell what became of people."""

    def followers(self) -> Iterator[Actor]:
        for who in super().followers():
            self._script.take("follower", who.handle)
            yield who

    def profile(self, handle: str) -> Profile | None:
        self._script.take("profile", handle)
        if handle == "gone":
            return None
        return Profile(
            Actor(handle), moved_to="new" if handle == "moved" else "", marks=("suspended",) * (handle == "out")
        )


class Secretive(Scripted):
    """Keeps its lists to itself."""

    def followers(self) -> Iterator[Actor]:
        raise Unsupported("pond", "no lists here")
        yield

    def relations(self, ids: Sequence[str]) -> Mapping[str, Relation]:
        raise Unsupported("pond", "no lists here")


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    for adapter in (Walkable, Secretive):
        monkeypatch.setitem(networks.ADAPTERS, adapter.__name__.lower(), f"{__name__}:{adapter.__name__}")
    return SmallWorld(tmp_path, monkeypatch)


def world(small: SmallWorld) -> memory.world:
    return memory.world("pond", str((small.folder / "pond.jsonl").absolute()))


def follows(small: SmallWorld, *names: str) -> None:
    """These follow, and no notification tells of it."""
    small.happens("pond", *(Interaction("follow", Actor(name, name)) for name in names), told=False)


def edges(small: SmallWorld, side: str = "followers") -> dict[str, Edge]:
    return small.open().book.follows.edges("pond", side) or {}


def booked(small: SmallWorld) -> list[tuple[str, str]]:
    found = small.open().book.entries()
    return [(str(each.direction), each.identity.handle) for each in found if each.kind is Kind.FOLLOW]


def test_the_first_walk_books_nothing_and_later_ones_who_is_new(small: SmallWorld) -> None:
    small.account(platform="walkable")
    follows(small, "ada", "bob")
    small.run()
    assert booked(small) == []
    assert set(edges(small)) == {"ada", "bob"}
    follows(small, "cem")
    small.run(hours=23)
    assert set(edges(small)) == {"ada", "bob"}, "at most once a day"
    small.run(hours=1)
    small.run(days=1)
    assert booked(small) == [("received", "cem")]
    assert edges(small)["cem"].since == NOON.replace(day=3)


def test_a_follow_that_a_notification_told_of_is_booked_once(small: SmallWorld) -> None:
    small.account(platform="walkable")
    small.run()
    small.happens("pond", Interaction("follow", Actor("ada", "ada"), id="7", at=NOON.replace(hour=20)))
    small.run(days=1)
    assert booked(small) == [("received", "ada")]
    assert small.received()[0].native_id == "7"


def test_my_own_follows_are_given(small: SmallWorld) -> None:
    small.account(platform="walkable")
    small.run()
    small.open()
    world(small).record("did", id="1", kind="follow", target="ada", text="", at=NOON.isoformat())
    small.run(days=1)
    assert booked(small) == [("given", "ada")]


def test_who_left_before_a_fortnight_did_nothing_for_me(small: SmallWorld) -> None:
    script = small.account(platform="walkable")
    small.run()
    follows(small, "ada", "bob")
    small.run(days=1)
    world(small).leave("ada")
    small.run(days=1)
    assert (len(booked(small)), script.called("profile")) == (2, []), "missing once is not gone"
    small.run(days=1)
    assert booked(small) == [("received", "bob")]
    assert edges(small)["ada"].how == "unfollowed"
    world(small).leave("bob")
    small.run(days=14)
    small.run(days=1)
    assert booked(small) == [("received", "bob")], "kept for a fortnight it counts for good"
    assert edges(small)["bob"].how == "unfollowed"


def test_losses_are_told_apart_by_asking_the_network(small: SmallWorld) -> None:
    small.account(platform="walkable")
    follows(small, "gone", "moved", "out", "left")
    small.run()
    for name in ("gone", "moved", "out", "left"):
        world(small).leave(name)
    small.run(days=1)
    small.run(days=1)
    assert {name: edge.how for name, edge in edges(small).items()} == {
        "gone": "deleted",
        "moved": "moved",
        "out": "suspended",
        "left": "unfollowed",
    }


def test_a_walk_that_breaks_off_does_not_count(small: SmallWorld) -> None:
    script = small.account(platform="walkable")
    follows(small, "ada", "bob", "cem")
    small.run()
    before = edges(small)
    for _ in range(3):
        script["follower"] = [None, Unreachable("pond", "no answer")]
        report = small.run(days=1)
        assert any("no answer" in error for error in report.errors)
    assert edges(small) == before
    assert small.open().book.follows.walked("pond", "followers") == NOON


def test_a_list_without_end_is_given_up(small: SmallWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(followers, "MOST", 2)
    small.account(platform="walkable")
    follows(small, "ada", "bob", "cem")
    report = small.run()
    assert any("over 2 followers" in error for error in report.errors)
    assert edges(small) == {}
    assert small.run(hours=1).errors == [], "told once a day"


def test_a_list_of_a_hundred_thousand_is_one_document_and_a_change_one_more(small: SmallWorld) -> None:
    book = small.open().book
    many = {str(number): Identity("mastodon", f"p{number}@pond.example") for number in range(100_000)}
    book.follows.begin("pond", "followers", many)
    ledger = small.settings().data_folder / "ledger.jsonl"
    size = ledger.stat().st_size
    assert size < 4_500_000
    book.follows.change("pond", "followers", {"7": Edge(many["7"], missing=NOON)})
    assert ledger.stat().st_size - size < 300
    again = small.open().book.follows.edges("pond", "followers")
    assert (len(again or {}), (again or {})["7"].missing) == (100_000, NOON)


def test_what_a_server_keeps_to_itself_is_no_trouble(small: SmallWorld) -> None:
    small.account(platform="secretive")
    assert small.run().errors == []
    assert small.open().book.follows.accounts() == ("pond",)
    assert edges(small) == {}


def test_what_its_owner_will_not_have_read_is_not_walked(small: SmallWorld) -> None:
    small.account(platform="walkable", collect=False)
    follows(small, "ada")
    small.run()
    assert edges(small) == {}
    server = {"server": "https://pond.example", "handle": "me.example"}
    for name, can in (("x", False), ("mastodon", True), ("bluesky", True)):
        small.account(name, name, **server)
        assert followers.can_walk(networks.open_account(small.open(), name)) is can, name


@pytest.mark.parametrize("i_was_first", [True, False])
def test_of_two_who_follow_each_other_within_a_day_it_is_known_who_was_first(
    small: SmallWorld, i_was_first: bool
) -> None:
    """A notification tells when they came, and the network whether I followed them by then; walks are a day apart."""

    def follow() -> None:
        world(small).record("did", id="1", kind="follow", target="ada", text="", at=small.clock().isoformat())

    small.account(platform="memory")
    small.run()
    if i_was_first:
        follow()
    at = NOON.replace(hour=14)
    small.happens("pond", Interaction("follow", Actor("ada", "ada"), id="7", at=at))
    small.run(hours=3)
    if not i_was_first:
        follow()
    small.run(days=1)
    world(small).leave("ada")
    small.run(days=1)
    small.run(days=1)
    theirs, mine = edges(small)["ada"], edges(small, "following")["ada"]
    assert theirs.how == "unfollowed"
    assert is_tag(theirs, mine) is not i_was_first
    assert booked(small).count(("received", "ada")) <= 1
