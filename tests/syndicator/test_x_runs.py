"""Runs with the real adapter of X: an outage costs nothing, and whoever is killed while X has the post pays once."""

import multiprocessing
import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from counterparts.fake_x import SECRETS, FakeX
from counterparts.fake_x_wire import problem
from pieces import NOON
from small_world import SmallWorld, entry

from syndicator import networks
from syndicator.meter import Spent
from syndicator.outbox import State


@pytest.fixture
def api(tmp_path: Path) -> Iterator[FakeX]:
    api = FakeX(tmp_path)
    yield api
    api.close()


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, api: FakeX) -> SmallWorld:
    """Somebody with two dollars a month for X, whose clock goes as that of X does."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(f"SYNDICATOR_X_{name.upper()}", value)
    world = SmallWorld(tmp_path, monkeypatch)
    world.clock.now = datetime.now(UTC).replace(microsecond=0)
    world.accounts["x"] = {"platform": "x", "server": api.url, "monthly_budget_usd": 2.0}
    return world


def fresh(world: SmallWorld, number: int) -> str:
    """An article of three hours ago."""
    told, meant = (format_datetime(each - timedelta(hours=3)) for each in (NOON, world.clock.now))
    return entry(f"https://ada.example/{number}").replace(told, meant)


def spent(world: SmallWorld) -> Spent:
    return networks.open_account(world.open(), "x").spent(world.clock())


def test_an_outage_of_reading_costs_nothing(world: SmallWorld, api: FakeX) -> None:
    for _ in range(12):
        api.fail_read(problem(503, "Service Unavailable"))
        world.run(minutes=30)
    assert spent(world) == Spent()


def test_nor_does_one_of_posting(world: SmallWorld, api: FakeX) -> None:
    world.accounts["x"]["collect"] = False
    world.feed("ada", fresh(world, 1))
    for _ in range(4):
        api.fail(503)
        api.fail_read(problem(503, "Service Unavailable"))
        world.run(minutes=30)
        assert spent(world).total <= 0.2, "one try is in doubt, and not each"
    api.heal()
    for _ in range(3):
        world.run(hours=13)
    assert len(api.posts()) == 1
    assert spent(world).posts == pytest.approx(api.bill)


def test_whoever_is_killed_while_x_has_the_post_pays_once(world: SmallWorld, api: FakeX) -> None:
    world.accounts["x"] |= {"collect": False, "monthly_budget_usd": 0.41}
    world.feed("ada", fresh(world, 1), fresh(world, 2))
    for _ in range(2):
        api.delay_answer()
        process = multiprocessing.get_context("fork").Process(target=world.run)
        process.start()
        assert api.received.wait(20)
        assert process.pid
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        world.clock.move(minutes=1)
    world.run(minutes=1)
    assert len(api.posts()) == 2
    assert [each.state for each in world.posts()] == [State.POSTED, State.POSTED]
    assert spent(world).total == pytest.approx(api.bill)


def test_mentions_are_not_read_unasked(world: SmallWorld, api: FakeX) -> None:
    del world.accounts["x"]["monthly_budget_usd"]
    for number in range(3):
        api.mention(f"number {number}")
    report = world.run()
    assert (api.calls, api.bill) == ([], 0)
    assert "monthly_budget_usd" in report.unread["x"]
