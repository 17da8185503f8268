"""When accounts may post next, and that runs judge nothing before that unless there is news."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pieces import NOON
from small_world import SmallWorld, entry

from platforms.base import Limits
from syndicator import planned
from syndicator.cli import render
from syndicator.openings import openings
from syndicator.planned import Channel, Past
from syndicator.settings import Plan
from syndicator.times import Clock

PACE = Plan(slots=(Clock("09:00"), Clock("15:00")), jitter=timedelta())
PAID = Limits(length=280, count="x", source="", read_on="", price_usd=0.015, price_with_url_usd=0.2)
DAY = timedelta(days=1)


def opens(channel: Channel, *past: Past) -> datetime | None:
    return openings([channel], past, ZoneInfo("UTC"), NOON, NOON + DAY).get(channel.name)


def pond(pace: Plan = PACE, limits: Limits = PAID, **options: object) -> Channel:
    return Channel("pond", "memory", pace, limits, **options)


def posted(when: datetime, **options: object) -> Past:
    return Past("pond", "https://ada.example/1", "curated", "ada.example", when, **options)


def at(hour: int, day: int = NOON.day) -> datetime:
    return datetime(NOON.year, NOON.month, day, hour, tzinfo=UTC)


def test_a_slot_of_today_without_a_post_is_open_now() -> None:
    assert opens(pond()) == NOON


def test_what_waits_for_its_time_or_is_late_takes_it() -> None:
    assert opens(pond(), posted(at(9))) == at(15)
    assert opens(pond(), posted(at(8), due=True)) == at(15)
    assert opens(pond(), posted(at(9), live=False)) == NOON


def test_other_accounts_take_no_time_of_it() -> None:
    other = Past("lake", "https://ada.example/1", "curated", "ada.example", at(9))
    assert opens(pond(), other) == NOON


def test_without_money_for_anything_there_is_no_time() -> None:
    assert opens(pond(budget_usd=0.014)) is None
    assert opens(pond(budget_usd=0.015)) == NOON


def test_an_account_that_is_held_has_no_time() -> None:
    assert opens(pond(held="log in first")) is None


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    """A feed with more than one day takes, and an account that posts at nine and at three."""
    made = SmallWorld(tmp_path, monkeypatch)
    made.plan |= {"slots": ["09:00", "15:00"], "min_gap": "1h", "per_day": 2}
    made.feed("ada", *(entry(f"https://ada.example/{n}") for n in range(6)))
    return made


def test_between_two_times_nothing_is_judged(world: SmallWorld) -> None:
    world.account()
    world.run()
    idle = world.run(hours=1)
    assert (idle.choice.opening, idle.choice.plan, len(world.shared())) == (at(15), planned.Plan(), 1)
    assert [line for line in render.run(idle, ZoneInfo("UTC")) if "next time to post" in line]
    world.run(hours=2)
    assert len(world.shared()) == 2, "what is due is planned when it is due"


def test_news_are_judged_at_once(world: SmallWorld) -> None:
    world.account()
    world.run()
    world.feed("ada", *(entry(f"https://ada.example/{n}") for n in range(7)))
    choice = world.run(hours=1).choice
    assert choice.opening is None
    assert choice.plan.planned[0].when == at(15)


def test_who_is_asked_is_asked_ahead_of_time(world: SmallWorld) -> None:
    world.account(approve="ask")
    assert [post.when for post in world.run().awaiting] == [NOON, at(15), at(9, NOON.day + 1)]
    assert world.run(hours=1).awaiting == []
    assert [post.when for post in world.run(hours=2).awaiting] == [at(15, NOON.day + 1)]
