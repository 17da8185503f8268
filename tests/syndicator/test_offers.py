"""What is put out for suggestions: the newest few of everybody's good recent work, and by name who has none."""

from pathlib import Path

import pytest
from pieces import NOON
from small_world import MINE, SmallWorld, entry

from ledger.entry import Direction, Entry, Identity, Kind
from ledger.suggest import Offer


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    """Everything is baseline, as after a first run with the usual settings."""
    made = SmallWorld(tmp_path, monkeypatch)
    made.plan["first_run"] = 0
    return made


def offers(world: SmallWorld) -> dict[str, list[str]]:
    """The offers by site, from the book, after a run."""
    world.run()
    return {str(who): [offer.url for offer in found] for who, found in world.open().book.offers().items()}


def test_baseline_articles_are_offered_although_they_are_never_posted(world: SmallWorld) -> None:
    world.account()
    world.feed("ada", entry("https://ada.example/1", title="On moss"))
    assert offers(world) == {"web:ada.example": ["https://ada.example/1"]}
    assert world.shared() == []
    [[offer]] = world.open().book.offers().values()
    assert isinstance(offer, Offer)
    assert (offer.title, str(offer.identity), 0 < offer.score < 1) == ("On moss", "web:ada.example", True)


def test_the_newest_five_of_a_site_are_offered_newest_first(world: SmallWorld) -> None:
    world.feed(
        "ada", *(entry(f"https://ada.example/{n}", hours=hours) for n, hours in enumerate((5, 1, 7, 3, 6, 2, 4)))
    )
    world.feed("bob", entry("https://bob.example/1", hours=9))
    assert offers(world) == {
        "web:ada.example": [f"https://ada.example/{n}" for n in (1, 5, 3, 6, 0)],
        "web:bob.example": ["https://bob.example/1"],
    }


def test_what_the_gate_turns_down_takes_no_place(world: SmallWorld) -> None:
    fine = [entry(f"https://ada.example/{n}", hours=9 + n) for n in range(6)]
    dull = [entry(f"https://ada.example/dull{n}", title="Sponsored: dull", hours=1) for n in range(6)]
    world.feed("ada", *dull, *fine, exclude=["sponsored"])
    assert offers(world) == {"web:ada.example": [f"https://ada.example/{n}" for n in range(5)]}


def test_the_score_counts_too(world: SmallWorld) -> None:
    world.plan["min_score"] = 0.5
    world.feed("ada", entry("https://ada.example/1"))
    world.feed("bob", entry("https://bob.example/1", words=1), weight=0)
    assert offers(world) == {"web:ada.example": ["https://ada.example/1"], "web:bob.example": []}


def test_a_site_with_nothing_to_offer_is_still_named(world: SmallWorld) -> None:
    """So that the ledger knows that it is read, and says "nothing yet" instead of "unknown"."""
    world.feed("ada", entry("https://ada.example/1", hours=24 * 90))
    assert offers(world) == {"web:ada.example": []}


@pytest.mark.parametrize(("days", "offered"), [(30, True), (59, True), (61, False)])
def test_a_return_is_news_for_sixty_days_whatever_max_age_says(world: SmallWorld, days: int, offered: bool) -> None:
    world.plan |= {"max_age": "5d", "min_score": 0}
    world.feed("ada", entry("https://ada.example/1", hours=24 * days))
    assert offers(world) == {"web:ada.example": ["https://ada.example/1"] if offered else []}


def test_what_ages_is_withdrawn(world: SmallWorld) -> None:
    world.plan["min_score"] = 0
    world.feed("ada", entry("https://ada.example/1"))
    assert offers(world) == {"web:ada.example": ["https://ada.example/1"]}
    world.clock.move(days=61)
    assert offers(world) == {"web:ada.example": []}


def test_my_own_work_is_offered_to_nobody(world: SmallWorld) -> None:
    world.feed("mine", entry(f"{MINE}/1"), kind="own")
    world.feed("planet", entry(f"{MINE}/2"), entry("https://ada.example/1"))
    found = offers(world)
    assert found.pop("web:ada.example") == ["https://ada.example/1"]
    assert [urls for urls in found.values() if urls] == []
    assert "note" not in str(found)


def test_offers_that_did_not_change_are_not_written_again(world: SmallWorld) -> None:
    world.feed("ada", entry("https://ada.example/1"))
    world.run()
    ledger = world.settings().data_folder / "ledger.jsonl"
    before = ledger.read_bytes()
    world.run(hours=1)
    assert ledger.read_bytes() == before


def test_a_source_that_wants_a_comment_first_may_be_suggested(world: SmallWorld) -> None:
    world.account()
    world.plan["first_run"] = 9
    world.feed("ada", entry("https://ada.example/1"), comment_first=True)
    assert offers(world) == {"web:ada.example": ["https://ada.example/1"]}
    assert world.shared() == []


def test_a_source_that_was_removed_is_offered_no_more(world: SmallWorld) -> None:
    world.feed("ada", entry("https://ada.example/1"))
    world.feed("bob", entry("https://bob.example/1"))
    assert set(offers(world)) == {"web:ada.example", "web:bob.example"}
    world.unsubscribe("ada")
    assert offers(world) == {"web:bob.example": ["https://bob.example/1"]}


def test_they_are_made_anew_when_a_feed_has_news_and_four_times_a_day(world: SmallWorld) -> None:
    """Here somebody forgets them meanwhile: so it shows when they are made."""

    def forget() -> None:
        book = world.open().book
        book.drop_offers(book.offers())

    world.feed("ada", entry("https://ada.example/1"))
    assert offers(world)
    forget()
    assert not offers(world), "nothing is new"
    world.feed("ada", entry("https://ada.example/1"), entry("https://ada.example/2"))
    assert len(offers(world)["web:ada.example"]) == 2
    forget()
    world.judge["block"] = ["bob.example"]
    assert offers(world), "other settings"
    forget()
    world.clock.move(hours=6)
    assert offers(world), "articles age"


def test_a_comment_of_mine_is_seen_at_once(world: SmallWorld) -> None:
    world.plan["first_run"] = 9
    world.feed("ada", entry("https://ada.example/1", hours=1), comment_first=True)
    world.run()
    [[before]] = world.open().book.offers().values()
    ada = Identity("web", "ada.example")
    world.open().book.append(
        [Entry(Direction.GIVEN, Kind.COMMENT, ada, NOON, NOON, "https://ada.example/1", "https://ada.example/1")]
    )
    world.run()
    [[after]] = world.open().book.offers().values()
    assert (before.comment_by is None, after.comment_by) == (False, None)
