"""Taking back: gone from every network and out of the ledger, or told why not; whatever happens meanwhile."""

from pathlib import Path

import msgspec
import pytest
from pieces import NOON, post
from small_world import Script, SmallWorld, entry

from ledger.settle import settle
from ledger.store.base import StoreBusy, StoreError
from ledger.store.tiny import TinyStore
from ledger.suggest import Act
from platforms.base import PostRef, Request
from platforms.errors import Unreachable, Unsupported
from syndicator import articles, networks, run
from syndicator.outbox import Outbox, State, move
from syndicator.record import book_shares
from syndicator.share import queue_link
from syndicator.unshare import TakenBack, take_back
from syndicator.upgrades import UPGRADES
from syndicator.workspace import Workspace

URL = "https://ada.example/1"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    made = SmallWorld(tmp_path, monkeypatch)
    made.feed("ada", entry(URL), entry("https://ada.example/2"))
    return made


def unshare(
    world: SmallWorld, what: str = URL, space: Workspace | None = None, *, gone: bool = False
) -> list[TakenBack]:
    space = space or world.open()
    return take_back(space, what, lambda name: networks.open_account(space, name).adapter, gone=gone)


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


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (State.AWAITING, "queue skip"),
        (State.QUEUED, "queue skip"),
        (State.SENDING, "after the next run"),
        (State.UNKNOWN, "queue settle"),
    ],
)
def test_what_may_yet_come_out_is_told_and_stays_as_it_is(world: SmallWorld, state: State, told: str) -> None:
    script = world.account()
    Outbox(world.open().state).save(post(URL, "pond", state=state, request=Request("k", {}, NOON)))
    for gone in (False, True):
        [result] = unshare(world, gone=gone)
        assert told in result.error
    assert script.called("delete") == []
    assert states(world) == {("pond", URL): state}


@pytest.mark.parametrize("state", [State.REJECTED, State.EXPIRED, State.CANCELLED, State.DELETED])
def test_what_is_not_out_and_will_not_be_is_nothing_to_take_back(world: SmallWorld, state: State) -> None:
    world.account()
    Outbox(world.open().state).save(post(URL, "pond", state=state))
    assert unshare(world) == []


def test_a_post_is_taken_back_by_its_own_address(world: SmallWorld) -> None:
    world.account("pond"), world.account("lake")
    world.run()
    [there] = [each.ref.url for each in world.posts() if (each.account, each.article) == ("lake", URL)]
    assert [each.post.account for each in unshare(world, there)] == ["lake"]
    assert (URL in world.shared("pond"), URL in world.shared("lake")) == (True, False)


def test_a_post_that_was_gone_already_counts_as_taken_back(world: SmallWorld) -> None:
    world.account()
    world.run()
    space = world.open()
    [known] = Outbox(space.state).of(URL)
    networks.open_account(space, "pond").publisher.delete(known.ref)
    assert [each.error for each in unshare(world)] == [""]
    assert states(world)["pond", URL] is State.DELETED
    assert URL not in {each.url for each in world.given()}


def test_what_a_network_can_not_delete_is_booked_once_its_owner_did(world: SmallWorld) -> None:
    script = world.account()
    world.run()
    script["delete"] = [Unsupported("pond", "what is said is said")]
    [result] = unshare(world)
    assert result.error == (
        f"pond: what is said is said; once it is gone, say so: `syndicator unshare {result.post.id} --gone`"
    )
    assert len(world.given()) == 2
    assert [each.error for each in unshare(world, result.post.id, gone=True)] == [""]
    assert len(script.called("delete")) == 1, "no network was asked"
    assert states(world)["pond", URL] is State.DELETED
    assert [each.url for each in world.given()] == ["https://ada.example/2"]


def test_what_a_share_had_returned_is_owed_again_once_it_is_taken_back(world: SmallWorld) -> None:
    world.account("pond"), world.account("lake")
    world.is_owed("bo.example")
    [favour] = world.received()
    space, theirs = world.open(), "https://bo.example/new"
    queue_link(space, networks.open_accounts(space), theirs, say="Theirs", in_return_for=favour.key)
    space.book.record(Act(favour.identity, "share", NOON, theirs, "queued"))

    def stands() -> tuple[float, str]:
        """What is owed, and what is said of the return."""
        space = world.open()
        entries = [each for each in space.book.entries() if each.identity == favour.identity]
        [act] = space.book.acts()
        return settle(entries, NOON, space.rules).balance, act.state

    owed, _ = stands()
    world.run()
    paid, state = stands()
    assert (paid < owed, state) == (True, "queued")
    assert [each.error for each in unshare(world, theirs)] == ["", ""]
    assert stands() == (owed, "skipped")


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
    assert result.error.startswith(
        "only its address is known: delete it by hand, at https://net.example/1, and then say so"
    )
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


# --- What was tried, and may have arrived


def arrived_late(world: SmallWorld, end: State) -> Script:
    """One post that got no answer, was given up, and arrived after that."""
    script = world.account()
    Outbox(world.open().state).save(post(URL, "pond"))
    world.unsubscribe("ada")
    script["publish"] = [Unreachable("pond", "no answer")]
    world.run()
    space = world.open()
    outbox = Outbox(space.state)
    [waiting] = outbox.of(URL)
    if end is not State.QUEUED:
        outbox.save(move(waiting, end, "given up", NOON))
    networks.open_account(space, "pond").publisher.publish(waiting.request)
    assert world.shared() == [URL]
    return script


@pytest.mark.parametrize("end", [State.QUEUED, State.EXPIRED, State.CANCELLED])
def test_what_arrived_late_is_found_and_deleted(world: SmallWorld, end: State) -> None:
    arrived_late(world, end)
    assert [each.error for each in unshare(world)] == [""]
    assert world.shared() == []
    [found] = world.posts()
    after = State.CANCELLED if end is State.QUEUED else end
    assert (found.state, found.history[-1].why) == (after, "it was out after all, and taken back by hand")
    world.run(hours=30)
    assert world.shared() == []


def test_where_nobody_can_tell_whether_it_arrived_its_owner_is_asked_to_look(world: SmallWorld) -> None:
    script = arrived_late(world, State.CANCELLED)
    script["find"] = [Unsupported("pond", "keeps no list")]
    [result] = unshare(world)
    assert "keeps no list" in result.error
    assert f"queue settle {result.post.id} --posted URL" in result.error
    assert script.called("delete") == []


def test_a_post_of_its_own_is_not_deleted_in_the_place_of_another(world: SmallWorld) -> None:
    """Some networks know a post by its link, and find the one that was shared anew."""
    script = arrived_late(world, State.CANCELLED)
    outbox = Outbox(world.open().state)
    [given_up] = outbox.of(URL)
    ref = networks.open_account(world.open(), "pond").publisher.find(given_up.request)
    outbox.save(post(URL, "pond", id="anew", state=State.POSTED, ref=ref))
    assert unshare(world, given_up.id) == []
    assert (script.called("delete"), world.shared()) == ([], [URL])


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
            TinyStore(world.settings().data_folder / "state.jsonl", patience=0.05, upgrades=UPGRADES).put(
                "posts", "one", {}
            )
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
