"""Taking back: gone from every network and out of the ledger, or told why not; whatever happens meanwhile."""

from pathlib import Path

import msgspec
import pytest
from pieces import NOON
from small_world import SmallWorld, entry

from ledger.store.base import StoreBusy, StoreError
from ledger.store.tiny import TinyStore
from platforms.base import PostRef
from platforms.errors import Unreachable
from syndicator import articles, networks, run
from syndicator.outbox import Outbox, State
from syndicator.record import book_shares
from syndicator.unshare import TakenBack, take_back
from syndicator.workspace import Workspace

URL = "https://ada.example/1"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    made = SmallWorld(tmp_path, monkeypatch)
    made.feed("ada", entry(URL), entry("https://ada.example/2"))
    return made


def unshare(world: SmallWorld, what: str = URL, space: Workspace | None = None) -> list[TakenBack]:
    space = space or world.open()
    return take_back(space, what, lambda name: networks.open_account(space, name).adapter)


def states(world: SmallWorld) -> dict[tuple[str, str], State]:
    return {(each.account, each.article): each.state for each in world.posts()}


def test_an_article_is_taken_back_wherever_it_went_by_any_of_its_addresses(world: SmallWorld) -> None:
    world.account("pond"), world.account("lake")
    world.run()
    results = unshare(world, f"{URL}?utm_source=me")
    assert [(each.post.article, each.error) for each in results] == [(URL, ""), (URL, "")]
    assert world.shared("pond") == world.shared("lake") == ["https://ada.example/2"]
    assert {each.url for each in world.given()} == {"https://ada.example/2"}
    gone = [each for each in world.posts() if each.state is State.DELETED]
    assert {(each.account, each.history[-1].why) for each in gone} == {
        ("pond", "taken back by hand"),
        ("lake", "taken back by hand"),
    }
    assert unshare(world) == []
    world.run(hours=1)
    assert world.shared("pond") == ["https://ada.example/2"], "and it does not come back"


def test_a_post_of_what_has_another_url_by_now_is_taken_back_with_it(world: SmallWorld) -> None:
    world.account("pond")
    world.run()
    state = world.open().state
    catalogue = articles.load(state)
    catalogue.also_at(URL, ["https://ada.example/2026/1"])
    catalogue.moved(URL, "https://ada.example/2026/1")
    articles.save(state, catalogue)
    assert [each.post.article for each in unshare(world, "https://ada.example/2026/1")] == [URL]


def test_one_post_is_taken_back_by_its_id(world: SmallWorld) -> None:
    world.account("pond"), world.account("lake")
    world.run()
    wanted = next(each for each in world.posts() if (each.account, each.article) == ("lake", URL))
    [result] = unshare(world, wanted.id)
    assert result.post.id == wanted.id
    assert (len(world.shared("pond")), len(world.shared("lake"))) == (2, 1)
    assert [each.url for each in world.given()].count(URL) == 1


@pytest.mark.parametrize("what", ["https://ada.example/unknown", "0123456789", ""])
def test_what_was_never_posted_gives_nothing(world: SmallWorld, what: str) -> None:
    world.account()
    world.run()
    assert unshare(world, what) == []
    assert len(world.shared()) == 2


def test_what_only_waits_is_no_business_of_unshare(world: SmallWorld) -> None:
    world.account(approve="ask")
    world.run()
    assert unshare(world) == []
    assert set(states(world).values()) == {State.AWAITING}


@pytest.mark.parametrize(("bad", "good"), [("pond", "lake"), ("lake", "pond")])
def test_a_delete_that_failed_is_told_and_counts_for_nothing(world: SmallWorld, bad: str, good: str) -> None:
    scripts = {name: world.account(name) for name in ("pond", "lake")}
    world.run()
    scripts[bad]["delete"] = [Unreachable(bad, "no answer")]
    errors = {each.post.account: each.error for each in unshare(world)}
    assert errors == {bad: f"{bad}: no answer", good: ""}
    assert states(world)[bad, URL] is State.POSTED
    assert URL in world.shared(bad)
    assert URL not in world.shared(good)
    assert [each.url for each in world.given()].count(URL) == 1
    assert [each.error for each in unshare(world)] == [""]
    assert URL not in world.shared(bad)


def test_an_account_that_is_gone_from_the_settings_stops_no_other(world: SmallWorld) -> None:
    world.account("pond"), world.account("lake")
    world.run()
    del world.accounts["pond"]
    errors = {each.post.account: each.error for each in unshare(world)}
    assert "no account 'pond'" in errors["pond"]
    assert errors["lake"] == ""
    assert states(world)["pond", URL] is State.POSTED


def test_a_post_that_a_hand_found_is_left_to_that_hand(world: SmallWorld) -> None:
    script = world.account()
    world.run()
    outbox = Outbox(world.open().state)
    [known] = outbox.of(URL)
    outbox.save(msgspec.structs.replace(known, ref=PostRef("", "https://net.example/1")))
    [result] = unshare(world)
    assert result.error == "you found it by hand: delete it by hand, at https://net.example/1"
    assert script.called("delete") == []
    assert states(world)["pond", URL] is State.POSTED
    assert len(world.given()) == 2


def test_a_crash_between_the_network_and_the_store_can_be_made_good(world: SmallWorld) -> None:
    world.account()
    world.run()
    with pytest.raises(StoreError):
        unshare(world, space=world.with_full_disk("posts"))
    assert URL not in world.shared()
    assert states(world)["pond", URL] is State.POSTED
    assert [each.error for each in unshare(world)] == [""]
    assert states(world)["pond", URL] is State.DELETED
    assert [each.url for each in world.given()] == ["https://ada.example/2"]


# --- While something else happens


def unbooked(world: SmallWorld) -> None:
    """Everything is posted, and the run died before it was booked."""
    with pytest.raises(StoreError):
        run.run(world.with_full_disk("entries"))
    assert len(world.shared()) == 2
    assert world.given() == []


def test_a_share_that_a_run_books_meanwhile_is_taken_out_of_the_ledger(world: SmallWorld) -> None:
    script = world.account()
    unbooked(world)
    script["delete"] = [lambda: book_shares(world.open())]
    unshare(world)
    assert [each.url for each in world.given()] == ["https://ada.example/2"]
    assert states(world)["pond", URL] is State.DELETED
    world.run(hours=1)
    assert [each.url for each in world.given()] == ["https://ada.example/2"]


def test_no_run_can_book_a_share_while_it_is_taken_out(world: SmallWorld) -> None:
    world.account()
    world.run()
    tried = []

    def book() -> None:
        with pytest.raises(StoreBusy):
            TinyStore(world.settings().data_folder / "state.jsonl", patience=0.05).put("posts", "one", {})
        tried.append(True)

    unshare(world, space=world.with_watched_ledger("entries", book))
    assert tried == [True]
    assert states(world)["pond", URL] is State.DELETED


def test_a_share_that_was_never_booked_is_not_booked_after_it_was_taken_back(world: SmallWorld) -> None:
    world.account()
    unbooked(world)
    unshare(world)
    world.run(hours=1)
    assert [each.url for each in world.given()] == ["https://ada.example/2"]


def test_two_who_take_back_the_same_post_at_once_both_see_it_gone(world: SmallWorld) -> None:
    script = world.account()
    world.run()
    inner: list[TakenBack] = []
    script["delete"] = [lambda: (inner.extend(unshare(world)), world.clock.move(minutes=1))]
    assert [each.error for each in unshare(world)] == [each.error for each in inner] == [""]
    [gone] = [each for each in world.posts() if each.article == URL]
    assert [change.state for change in gone.history].count(State.DELETED) == 1
    assert gone.history[-1].at == NOON
