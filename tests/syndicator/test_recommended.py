"""Whom my published blogroll recommends is booked as given, once, and taken back with it."""

from dataclasses import replace
from pathlib import Path

import pytest
from small_world import SmallWorld

from ledger.entry import Direction, Entry, Identity, Kind
from syndicator.recommended import book
from syndicator.retention import drop
from syndicator.sources.base import Source
from syndicator.sources.subscriptions import Subscriptions

ADA = Source("https://ada.example/feed.xml", "curated", "Ada", "https://ada.example/", tags=("Recommended",))
BOB = Source("https://bob.example/feed.xml", "curated", "Bob", "https://bob.example/", folders=("recommended",))
CY = Source("https://cy.example/feed.xml", "curated", "Cy", "https://cy.example/", tags=("python",))


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    world = SmallWorld(tmp_path, monkeypatch)
    world.accounts["links"] = {"platform": "linkblog", "folder": "public", "blogroll": True}
    return world


def given(world: SmallWorld, *sources: Source, problems: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    book(world.open(), Subscriptions(sources, (), problems))
    return [(str(each.kind), str(each.identity)) for each in world.open().book.entries()]


def test_who_is_tagged_or_filed_as_recommended_is_booked_once(world: SmallWorld) -> None:
    both = [("recommend", "web:ada.example"), ("recommend", "web:bob.example")]
    assert given(world, ADA, BOB, CY) == both
    [first, _] = world.open().book.entries()
    world.clock.move(days=9)
    assert given(world, ADA, BOB, CY) == both
    assert world.open().book.entries()[0].at == first.at, "it was recommended when it was put there"


def test_what_is_taken_out_is_taken_back_and_what_could_not_be_read_is_not(world: SmallWorld) -> None:
    given(world, ADA, BOB)
    assert len(given(world, ADA, problems=("blogroll.opml can't be read",))) == 2
    assert given(world, replace(ADA, tags=()), BOB) == [("recommend", "web:bob.example")]


@pytest.mark.parametrize(
    "source",
    [
        replace(ADA, folders=("private",)),
        replace(ADA, url="https://me:pw@ada.example/x", site=""),
        replace(ADA, weight=0),
    ],
    ids=["private", "with a login", "worth nothing"],
)
def test_what_nobody_sees_recommends_nobody(world: SmallWorld, source: Source) -> None:
    assert given(world, source) == []


def test_without_a_published_blogroll_nothing_is_booked_and_what_was_is_taken_back(world: SmallWorld) -> None:
    given(world, ADA)
    world.accounts["links"]["blogroll"] = False
    assert given(world, ADA) == []


def test_a_recommendation_by_hand_counts_once(world: SmallWorld) -> None:
    now = world.clock()
    by_hand = Entry(
        Direction.GIVEN, Kind.RECOMMEND, Identity("web", "ada.example"), recorded=now, at=now, url="https://ada.example"
    )
    world.open().book.append([by_hand])
    assert given(world, ADA) == [("recommend", "web:ada.example")]


def test_what_the_ledger_keeps_no_longer_is_not_booked_as_if_it_were_new(world: SmallWorld) -> None:
    by_hand = Entry(Direction.GIVEN, Kind.RECOMMEND, Identity("web", "bob.example"), world.clock(), world.clock())
    world.open().book.append([by_hand])
    assert len(given(world, ADA, BOB)) == 2
    world.clock.move(days=940)
    assert drop(world.open()) == ["2 acts of over 730d ago no longer kept in the ledger"]
    assert given(world, ADA, BOB) == []
    given(world, replace(ADA, tags=()), BOB)
    assert given(world, ADA, BOB) == [("recommend", "web:ada.example")], "taken out and put in again, it is new"
