"""Links between sources: remembered whichever end was read first, and no more of them than are of use."""

from datetime import timedelta
from pathlib import Path

import pytest
from pieces import NOON
from small_world import MINE, SmallWorld, entry

from syndicator.articles import Catalogue
from syndicator.crosslinks import Crosslinks
from syndicator.sources.base import Feed, Item, Source
from syndicator.upgrades import open_state

ADA, BOB = "https://ada.example/1", "https://bob.example/1"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    return SmallWorld(tmp_path, monkeypatch)


def linked_by(world: SmallWorld, url: str = ADA) -> list[str]:
    return list(world.stored("articles")[url].get("linked_by", []))


def test_a_link_that_is_seen_with_or_after_its_article_counts(world: SmallWorld) -> None:
    world.feed("ada", entry(ADA)), world.feed("bob", entry(BOB, f"{ADA}/?utm_source=bob", "https://elsewhere.example/"))
    world.feed("cy", entry("https://cy.example/1"))
    world.run()
    assert linked_by(world) == ["bob.example"]
    world.feed("cy", entry("https://cy.example/2", "http://www.ada.example/1#top"), entry("https://cy.example/1"))
    world.run(hours=1)
    assert linked_by(world) == ["bob.example", "cy.example"]


def test_a_link_that_is_seen_before_its_article_counts_too(world: SmallWorld) -> None:
    world.feed("ada", entry("https://ada.example/0", hours=9)), world.feed("bob", entry(BOB, ADA))
    world.run()
    assert ADA not in world.stored("articles")
    world.feed("ada", entry(ADA), entry("https://ada.example/0", hours=9))
    world.run(hours=1)
    assert linked_by(world) == ["bob.example"]


def test_neither_the_author_nor_i_nor_one_link_twice_are_second_voices(world: SmallWorld) -> None:
    world.feed("ada", entry(ADA), entry("https://ada.example/2", ADA))
    world.feed("notes", entry("https://ada.example/notes/1", ADA))
    world.feed("mine", entry(f"{MINE}/a", ADA), kind="own")
    world.feed("bob", entry(BOB, ADA)), world.feed("planet", entry(BOB, ADA))
    world.run()
    assert linked_by(world) == ["bob.example"]


def test_the_plan_and_why_know_of_it(world: SmallWorld) -> None:
    world.account()
    world.feed("ada", entry(ADA)), world.feed("bob", entry(BOB, ADA))
    world.run()
    [post] = [each for each in world.posts() if each.article == ADA]
    assert "ahead of “About https://bob.example/1”" in post.why[0]
    assert "corroboration +0.06" in post.why[0]


def test_what_is_old_or_leads_nowhere_known_is_not_kept(world: SmallWorld) -> None:
    late = "https://ada.example/late"
    world.feed("ada", entry(ADA))
    world.feed(
        "bob", entry(BOB, "https://elsewhere.example/1", ADA), entry("https://bob.example/0", late, hours=24 * 40)
    )
    world.run()
    [kept] = world.stored("crosslinks").values()
    assert list(kept["links"]) == ["ada.example/1"]
    world.run(hours=24 * 31)
    assert world.stored("crosslinks") == {}


def test_the_links_of_a_source_that_was_removed_go_with_it(world: SmallWorld) -> None:
    world.feed("ada", entry(ADA)), world.feed("bob", entry(BOB, ADA))
    world.run()
    world.unsubscribe("bob")
    world.run(hours=1)
    assert world.stored("crosslinks") == {}


def test_nothing_is_stored_when_nothing_is_new(world: SmallWorld) -> None:
    world.feed("ada", entry(ADA)), world.feed("bob", entry(BOB, ADA))
    world.run()
    before = world.stored("crosslinks")
    world.feed("bob", entry(BOB, ADA, words=99))
    world.run(hours=1)
    assert world.stored("crosslinks") == before


def test_of_very_many_links_the_latest_are_kept() -> None:
    items = tuple(
        Item(
            f"{day}",
            f"https://bob.example/{day}",
            "Links",
            published=NOON - timedelta(days=day),
            links=tuple(f"https://ada.example/{day}/{n}" for n in range(20)),
        )
        for day in range(20)
    )
    bob, links = Source("https://bob.example/feed", "curated"), Crosslinks()
    links.read(bob, Feed(bob.url, items=items), NOON)
    links.connect([Source("https://ada.example/feed", "curated")], Catalogue())
    assert links.prune([bob.url], NOON.date()) == []
    [kept] = links.changes().values()
    days = {page.split("/")[1] for page in kept["links"]}
    assert (len(kept["links"]), days) == (200, {f"{day}" for day in range(10)})


def test_what_is_no_pair_of_a_site_and_a_day_is_passed_over(world: SmallWorld) -> None:
    """So an older version left it when it forgot somebody."""
    world.feed("ada", entry(ADA)), world.feed("bob", entry(BOB, ADA))
    world.run()
    [(source, kept)] = world.stored("crosslinks").items()
    store = open_state(world.settings().data_folder)
    store.put("crosslinks", source, {"links": {**kept["links"], "cy.example/1": ["2026-01-01"]}})
    store.close()
    world.run(hours=1)
    assert linked_by(world) == ["bob.example"]
