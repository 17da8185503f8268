"""A clock that is wrong, or was: no post twice, no flood, no crash, and afterwards all goes on as before."""

from datetime import timedelta
from pathlib import Path

import pytest
from small_world import SmallWorld, entry

from platforms.memory import forget
from syndicator import history
from syndicator.doctor import runs
from syndicator.outbox import State
from syndicator.workspace import Owner

JUMPS = {"a day back": -1, "a year back": -365, "a day ahead": 1, "a year ahead": 365}


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    world = SmallWorld(tmp_path, monkeypatch)
    world.plan |= {"per_day": 3, "min_gap": "30m"}
    world.account()
    world.feed("ada", *(entry(f"https://ada.example/{n}", hours=n) for n in range(1, 10)))
    yield world
    forget("pond")


@pytest.mark.parametrize("days", JUMPS.values(), ids=JUMPS)
def test_a_jump_and_back_posts_nothing_twice_and_no_flood(world: SmallWorld, days: int) -> None:
    """A cap and a gap count what lies in the future as well as the past: at most a day's posts more."""
    for _ in range(3):
        world.run(minutes=31)
    assert len(world.shared()) == 3
    for jump in (timedelta(days=days), -timedelta(days=days)):
        world.clock.now += jump
        before = len(world.shared())
        for _ in range(4):
            report = world.run(minutes=31)
            assert report.errors == []
        assert len(world.shared()) - before <= 3

    shared = world.shared()
    assert len(shared) == len(set(shared))
    assert all(post.state is not State.UNKNOWN for post in world.posts())

    for _ in range(200):  # two days of runs: all that is fit to be shared goes out
        world.run(minutes=31)
        if len(world.shared()) == 9:
            break
    shared = world.shared()
    assert len(shared) == len(set(shared))
    if abs(days) == 1:
        assert len(shared) == 9


@pytest.mark.parametrize("days", JUMPS.values(), ids=JUMPS)
def test_what_a_wrong_clock_wrote_holds_nothing_up_for_ever(world: SmallWorld, days: int) -> None:
    """Noted times to come are told by `doctor`, and a lock knows no time: its owner lives or does not."""
    world.clock.move(days=days)
    world.run()
    world.clock.move(days=-days)
    report = world.run(minutes=31)
    assert not report.intake.errors
    now, noted = world.clock(), history.load(world.open().state)
    told = [found.text for found in runs.last(noted, now) if found.area == "clock"]
    assert bool(told) == (days > 0)
    owner = Owner("process 7 on pine", alive=True, since=now + timedelta(days=days))
    assert [found.level for found in runs.lock(owner, timedelta(minutes=10), now)] == ["fault" if days < 0 else "ok"]
