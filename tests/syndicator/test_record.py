"""What others did is booked once, whatever breaks; what I shared is booked once, whoever takes it back meanwhile."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pieces import NOON
from small_world import SmallWorld, entry

from ledger.store.base import StoreBusy, StoreError
from ledger.store.tiny import TinyStore
from platforms.base import Actor, Interaction
from platforms.errors import AuthFailed, PlatformError, RateLimited, Unreachable
from syndicator import networks, run
from syndicator.record import book_shares, can_collect, collect_from
from syndicator.upgrades import UPGRADES
from syndicator.workspace import Workspace

REFUSED = AuthFailed("pond", "the token may not read notifications", "add the scope")


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    return SmallWorld(tmp_path, monkeypatch)


def likes(count: int, start: int = 0) -> list[Interaction]:
    return [Interaction("like", Actor(f"p{n}", name=f"P {n}"), id=str(n), at=NOON) for n in range(start, start + count)]


def collect(space: Workspace, name: str = "pond") -> tuple[int, str]:
    """How many acts were new, and what went wrong."""
    found = collect_from(space, networks.open_account(space, name))
    return found.new, "; ".join(found.errors)


# --- What others did


def test_every_act_is_booked_once_and_its_actor_named(world: SmallWorld) -> None:
    script = world.account()
    world.happens("pond", *likes(45))
    assert collect(world.open()) == (45, "")
    assert collect(world.open()) == (0, "")
    world.happens("pond", *likes(2, start=45))
    assert collect(world.open()) == (2, "")
    assert sorted(each.native_id for each in world.received()) == sorted(str(n) for n in range(47))
    assert world.open().book.people().of(world.received()[0].identity).name == "P 0"
    assert script.called("interactions") == [None, "40", "45", "45"], "each look goes on where the last one stopped"


def test_what_was_read_before_the_network_broke_off_is_kept(world: SmallWorld) -> None:
    script = world.account()
    world.happens("pond", *likes(45))
    script["interactions"] = [None, Unreachable("pond", "no answer")]
    assert collect(world.open()) == (40, "pond: no answer")
    assert len(world.received()) == 40
    assert collect(world.open()) == (5, ""), "an outage holds nothing"
    assert script.called("interactions") == [None, "40", "40"]


@pytest.mark.parametrize("full", ["entries", "cursors"])
def test_a_page_and_its_cursor_count_together_or_not_at_all(world: SmallWorld, full: str) -> None:
    world.account()
    world.happens("pond", *likes(3))
    with pytest.raises(StoreError):
        collect(world.with_full_disk(full))
    assert world.received() == []
    assert world.open().book.cursor("pond") is None
    assert collect(world.open()) == (3, "")


def test_of_an_endless_story_one_run_reads_a_part_and_the_next_goes_on(world: SmallWorld) -> None:
    world.account(platform="endless")
    new, error = collect(world.open())
    assert new == 50
    assert error == "pond: it has more to tell than 50 pages; the next run goes on from here"
    assert collect(world.open())[0] == 50
    assert len(world.received()) == 100


@pytest.mark.parametrize("platform", ["standing", "circling"])
def test_a_network_that_repeats_itself_is_left_until_the_next_run_and_nothing_is_lost(
    world: SmallWorld, platform: str
) -> None:
    world.account(platform=platform)
    world.happens("pond", *likes(3))
    new, error = collect(world.open())
    assert new == 3
    assert error == "pond: what it tells goes round in circles; the next run goes on from here"
    assert collect(world.open())[0] == 0
    world.happens("pond", *likes(2, start=3))
    assert collect(world.open())[0] == 2
    assert len(world.received()) == 5


def test_an_act_that_cannot_be_held_does_not_stop_the_others_and_is_told_once(world: SmallWorld) -> None:
    world.account()
    world.happens("pond", *likes(2), Interaction("like", Actor("odd"), id="x" * 3000, at=NOON), *likes(2, start=2))
    new, error = collect(world.open())
    assert new == 4
    assert error.startswith(
        "pond: 1 act of others could not be read and was left out: a like by scripted:odd: its address"
    )
    assert collect(world.open()) == (0, "")


def test_what_is_new_is_told_by_kind_and_an_account_that_is_off_by_name(world: SmallWorld) -> None:
    world.account()
    world.account("lake", collect=False)
    world.happens("pond", *likes(2), Interaction("reply", Actor("ada"), id="r", at=NOON, target="1"))
    report = world.run()
    assert (report.collected["pond"], report.received["pond"]) == (3, {"like": 2, "reply": 1})
    assert report.unread == {"lake": "collect = false"}
    assert "lake" not in report.collected


@pytest.mark.parametrize("platform", ["scripted", "charging"])
def test_an_account_is_not_read_whose_owner_does_not_want_it(world: SmallWorld, platform: str) -> None:
    script = world.account(platform=platform, collect=False)
    world.happens("pond", *likes(1))
    assert not can_collect(networks.open_account(world.open(), "pond"))
    assert "pond" not in world.run().collected
    assert script.called("interactions") == []


def test_one_that_tells_nothing_is_not_asked(world: SmallWorld) -> None:
    world.accounts["links"] = {"platform": "linkblog", "folder": "public"}
    assert not can_collect(networks.open_account(world.open(), "links"))
    assert "links" not in world.run().collected


def test_to_be_refused_the_reading_holds_the_reading_and_not_the_posting(world: SmallWorld) -> None:
    script = world.account()
    script["interactions"] = [REFUSED]
    world.feed("ada", entry("https://ada.example/1"))
    first = world.run()
    assert world.shared() == ["https://ada.example/1"]
    assert first.errors == [str(REFUSED)]
    assert networks.open_account(world.open(), "pond").held == ""

    world.feed("ada", entry("https://ada.example/1"), entry("https://ada.example/2"))
    again = world.run(hours=1)
    assert world.shared() == ["https://ada.example/1", "https://ada.example/2"]
    assert again.errors == [str(REFUSED)], "as long as it holds, each run says so"
    assert script.called("interactions") == [None], "and does not ask"


def test_a_new_credential_is_tried_at_once(world: SmallWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    script = world.account()
    script["interactions"] = [REFUSED]
    world.happens("pond", *likes(1))
    assert collect(world.open()) == (0, str(REFUSED))
    monkeypatch.setenv("SYNDICATOR_POND_TOKEN", "a new one")
    assert collect(world.open()) == (1, "")


def test_a_limit_on_reading_is_kept_until_the_time_it_names(world: SmallWorld) -> None:
    script = world.account()
    script["interactions"] = [RateLimited("pond", "slow down", retry_at=NOON + timedelta(hours=2))]
    world.happens("pond", *likes(1))
    assert collect(world.open()) == (0, "pond: slow down")
    world.clock.move(hours=1)
    assert collect(world.open()) == (0, "pond: slow down")
    assert len(script.called("interactions")) == 1
    world.clock.move(hours=1)
    assert collect(world.open()) == (1, "")


@pytest.mark.parametrize(
    ("trouble", "held"), [(PlatformError("pond", "no search"), False), (RateLimited("pond", "slow down"), True)]
)
def test_what_kept_a_part_from_being_read_is_told_and_the_place_kept(
    world: SmallWorld, trouble: PlatformError, held: bool
) -> None:
    script = world.account(platform="troubled")
    script.troubles = [trouble]
    world.happens("pond", *likes(45))
    assert collect(world.open()) == (40 if held else 45, str(trouble))
    assert collect(world.open()) == ((0, str(trouble)) if held else (0, ""))
    world.clock.move(hours=1)
    assert collect(world.open())[0] == 5 * held


@pytest.mark.parametrize(
    ("until", "wait"),
    [(None, timedelta(minutes=20)), (NOON + timedelta(days=3000), timedelta(days=1))],
    ids=["no time", "an absurd time"],
)
def test_no_limit_on_reading_lasts_for_ever(world: SmallWorld, until: datetime | None, wait: timedelta) -> None:
    script = world.account()
    script["interactions"] = [RateLimited("pond", "slow down", retry_at=until)]
    world.happens("pond", *likes(1))
    collect(world.open())
    world.clock.now += wait - timedelta(seconds=1)
    assert collect(world.open()) == (0, "pond: slow down")
    world.clock.now += timedelta(seconds=1)
    assert collect(world.open()) == (1, "")


# --- What I shared


def unbooked(world: SmallWorld) -> None:
    """One article is shared, and the run dies before the ledger has it."""
    world.account()
    world.feed("ada", entry("https://ada.example/1"))
    space = world.with_full_disk("entries")
    with pytest.raises(StoreError):
        run.run(space)
    assert world.shared() == ["https://ada.example/1"]


def test_a_post_counts_as_booked_only_when_the_ledger_has_the_entry(world: SmallWorld) -> None:
    unbooked(world)
    assert [each.booked for each in world.posts()] == [False]
    with pytest.raises(StoreError):
        book_shares(world.with_full_disk("entries"))
    assert [each.booked for each in world.posts()] == [False]
    assert world.given() == []
    world.run()
    assert [(str(each.identity), each.url) for each in world.given()] == [("web:ada.example", "https://ada.example/1")]
    assert [each.booked for each in world.posts()] == [True]
    assert len(world.shared()) == 1


def test_a_crash_between_the_ledger_and_the_mark_books_nothing_twice(world: SmallWorld) -> None:
    unbooked(world)
    with pytest.raises(StoreError):
        book_shares(world.with_full_disk("posts"))
    assert len(world.given()) == 1
    assert [each.booked for each in world.posts()] == [False]
    world.run()
    assert len(world.given()) == 1
    assert [each.booked for each in world.posts()] == [True]


def test_no_hand_can_change_a_post_while_it_is_booked(world: SmallWorld) -> None:
    unbooked(world)
    tried = []

    def take_back() -> None:
        with pytest.raises(StoreBusy):
            TinyStore(world.settings().data_folder / "state.jsonl", patience=0.05, upgrades=UPGRADES).delete(
                "posts", [world.posts()[0].id]
            )
        tried.append(True)

    book_shares(world.with_watched_ledger("entries", take_back))
    assert tried == [True]
    assert len(world.given()) == 1


def test_own_posts_and_notes_are_no_favours(world: SmallWorld) -> None:
    world.account()
    world.feed("mine", entry("https://robin.example/1"), kind="own")
    world.notes("A note of mine")
    world.run()
    assert len(world.shared()) == 2
    assert world.given() == []
