"""Accounts are worked on side by side: whoever takes long, or breaks, keeps nobody else from anything."""

import signal
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from pieces import NOON, post
from small_world import SmallWorld

from ledger.store.base import StoreError
from platforms.base import Actor, Interaction
from platforms.errors import AuthFailed
from syndicator import abreast
from syndicator.outbox import Outbox, State
from syndicator.outcomes import Posted
from syndicator.stop import Stopped

#: Nothing here waits so long, unless one account keeps another waiting.
TIMEOUT = 60


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    return SmallWorld(tmp_path, monkeypatch)


def after(event: threading.Event) -> Callable[[], object]:
    """A network that answers when something has happened elsewhere, and not before."""

    def step() -> None:
        assert event.wait(TIMEOUT)

    return step


def due(world: SmallWorld, account: str, count: int = 1) -> None:
    when = NOON - timedelta(hours=1)
    outbox = Outbox(world.open().state)
    outbox.save(*(post(f"https://{account}{number}.example/a", account, when=when) for number in range(count)))


# --- The threads


def test_what_they_gave_comes_in_their_order() -> None:
    second_done = threading.Event()

    def work(number: int) -> int:
        if number == 1:
            assert second_done.wait(TIMEOUT)
        else:
            second_done.set()
        return number * 10

    assert abreast.each(work, [1, 2]) == [10, 20]
    assert abreast.each(work, []) == []


def test_an_error_is_raised_when_the_others_have_ended() -> None:
    done, failing = [], threading.Event()

    def work(name: str) -> None:
        if name == "bad":
            failing.set()
            raise StoreError("the disk is full")
        if name == "stopped":
            raise Stopped(signal.SIGTERM)
        assert failing.wait(TIMEOUT)
        done.append(name)

    with pytest.raises(StoreError):
        abreast.each(work, ["stopped", "bad", "good"])
    assert done == ["good"]
    with pytest.raises(Stopped):
        abreast.each(work, ["good", "stopped"])
    assert done == ["good", "good"]


# --- A run


def test_all_posts_of_a_quick_network_are_out_before_a_slow_one_has_answered_once(world: SmallWorld) -> None:
    pond, lake = world.account("pond"), world.account("lake")
    due(world, "pond", 2), due(world, "lake", 3)
    out = threading.Event()
    pond["publish"] = [after(out)]
    lake["publish"] = [None, None, out.set]
    report = world.run()
    assert [each.post.account for each in report.outcomes if isinstance(each, Posted)] == ["pond"] * 2 + ["lake"] * 3
    assert {each.state for each in world.posts()} == {State.POSTED}
    assert len(world.given()) == 5


def test_what_a_run_left_unfinished_is_read_back_side_by_side(world: SmallWorld) -> None:
    pond, lake = world.account("pond"), world.account("lake")
    due(world, "pond"), due(world, "lake")
    crash = threading.Barrier(2)

    class Died(BaseException):
        """Nobody deals with it."""

    def die() -> None:
        crash.wait(TIMEOUT)
        raise Died

    pond["publish"] = lake["publish"] = [die, die]
    with pytest.raises(Died):
        world.run()
    assert {each.state for each in world.posts()} == {State.SENDING}
    asked = threading.Event()
    pond["find"], lake["find"] = [after(asked)], [asked.set]
    world.run(minutes=10)
    assert {each.state for each in world.posts()} == {State.POSTED}
    assert len(world.shared("pond")) == len(world.shared("lake")) == 1


def test_what_others_did_is_read_side_by_side(world: SmallWorld) -> None:
    pond, lake = world.account("pond"), world.account("lake")
    for name in ("pond", "lake"):
        world.happens(name, Interaction("like", Actor(f"fan of {name}"), id="1"))
    read = threading.Event()
    pond["interactions"], lake["interactions"] = [after(read)], [read.set]
    report = world.run()
    assert (report.collected["pond"], report.collected["lake"]) == (1, 1)
    assert len(world.received()) == 2


def test_servers_are_asked_for_their_limits_side_by_side(world: SmallWorld) -> None:
    pond = world.account("pond", "spacious", server="https://pond.example")
    lake = world.account("lake", "spacious", server="https://lake.example")
    asked = threading.Event()
    pond["read_limits"], lake["read_limits"] = [after(asked)], [asked.set]
    world.run()
    assert len(world.stored("limits")) == 2


def test_what_goes_wrong_on_one_account_is_told_and_stays_there(world: SmallWorld) -> None:
    pond, lake = world.account("pond"), world.account("lake")
    creek = world.account("creek")
    for name in ("pond", "lake", "creek"):
        due(world, name)
    all_at_it = threading.Barrier(3)

    def fail(error: Exception) -> Callable[[], object]:
        def step() -> None:
            all_at_it.wait(TIMEOUT)
            raise error

        return step

    pond["publish"] = [fail(KeyError("a bug"))]
    lake["publish"] = [fail(AuthFailed("lake", "the login is refused"))]
    creek["publish"] = [lambda: all_at_it.wait(TIMEOUT)]
    with pytest.raises(KeyError) as raised:
        world.run()
    assert raised.value.__notes__[0].startswith("while working on pond, at post ")
    states = {each.account: each.state for each in world.posts()}
    assert states == {"pond": State.SENDING, "lake": State.QUEUED, "creek": State.POSTED}
    assert list(world.stored("accounts")) == ["lake"]
