"""Runs on networks that take for each answer as long as they may: no run takes longer than what a timer gives it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from counterparts import fake_bluesky, fake_mastodon, fake_x
from pieces import NOON
from small_world import SmallWorld, entry

from platforms import deadline
from syndicator import timebox
from syndicator.outbox import State

BUDGET, TIMEOUT = timedelta(minutes=5), timedelta(seconds=20)


class Slowness:
    """The time of runs. It passes only while a network is asked, each time as long as that may take."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def took(self, world: SmallWorld) -> timedelta:
        """How long a run takes now."""
        before = self.now
        world.run(minutes=30)
        return timedelta(seconds=self.now - before)


@pytest.fixture
def slowness(monkeypatch: pytest.MonkeyPatch) -> Slowness:
    slowness, really = Slowness(), deadline.Watch.__enter__

    def enter(watch: deadline.Watch) -> deadline.Watch:
        slowness.now += TIMEOUT.total_seconds()
        return really(watch)

    monkeypatch.setattr(timebox, "monotonic", slowness)
    monkeypatch.setattr(deadline.Watch, "__enter__", enter)
    return slowness


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    world = SmallWorld(tmp_path, monkeypatch)
    world.clock.now = datetime.now(UTC).replace(microsecond=0)
    world.timing["budget"] = "5m"
    world.fetch["timeout"] = "20s"
    return world


@pytest.fixture(params=["mastodon", "bluesky", "x"])
def network(request: pytest.FixtureRequest, world: SmallWorld, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The network of the only account."""
    made: Any
    if request.param == "mastodon":
        made = fake_mastodon.MastodonWorld(world.folder)
        monkeypatch.setenv("SYNDICATOR_POND_TOKEN", fake_mastodon.TOKEN)
        world.accounts["pond"] = {"platform": "mastodon", "server": made.url}
    elif request.param == "bluesky":
        made = fake_bluesky.FakeBluesky()
        login = made.login()
        monkeypatch.setenv("SYNDICATOR_POND_TOKEN", login.secrets["token"])
        world.accounts["pond"] = {"platform": "bluesky", **login.options}
    else:
        made = x_of(world, monkeypatch)
    yield made
    made.close()


def x_of(world: SmallWorld, monkeypatch: pytest.MonkeyPatch) -> fake_x.FakeX:
    made = fake_x.FakeX()
    for name, value in fake_x.SECRETS.items():
        monkeypatch.setenv(f"SYNDICATOR_POND_{name.upper()}", value)
    world.accounts["pond"] = {"platform": "x", "server": made.url, "monthly_budget_usd": 100}
    return made


def fresh(world: SmallWorld, number: int) -> str:
    """An article of three hours ago."""
    told, meant = (format_datetime(each - timedelta(hours=3)) for each in (NOON, world.clock.now))
    return entry(f"https://ada.example/{number}").replace(told, meant)


def test_a_slow_network_keeps_no_run_beyond_the_time_of_its_timer(
    world: SmallWorld, slowness: Slowness, network: Any
) -> None:
    world.feed("ada", *(fresh(world, number) for number in range(20)))
    took = [slowness.took(world)]
    for _ in range(5):
        network.act("reply")
    took += [slowness.took(world) for _ in range(2)]
    assert max(took) > 0.8 * BUDGET, "the time never was up, so nothing is proven"
    assert max(took) <= timebox.at_most(BUDGET, TIMEOUT)


def test_a_post_that_is_looked_for_page_by_page_does_not_either(
    world: SmallWorld, slowness: Slowness, monkeypatch: pytest.MonkeyPatch
) -> None:
    x = x_of(world, monkeypatch)
    try:
        world.feed("ada", fresh(world, 1))
        x.lose_answer()
        x.fail_read()
        world.run(minutes=1)
        assert [post.state for post in world.posts()] == [State.SENDING]
        for number in range(120):
            x.post(f"by hand {number}", fake_x.ME)
        took = slowness.took(world)
    finally:
        x.close()
    assert BUDGET < took <= timebox.at_most(BUDGET, TIMEOUT)
