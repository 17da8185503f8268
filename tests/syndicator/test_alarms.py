"""Silence is noticed: runs that don't come, silent sources, credentials that run out, posts that nobody knows of."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from pieces import NOON, post
from small_world import SmallWorld, entry

from ledger.store.tiny import memory_store
from syndicator import alarms, history
from syndicator.alarms import Alarm
from syndicator.history import Ended
from syndicator.outbox import Outbox, State
from syndicator.schedule.base import Job
from syndicator.schedule.github import Github
from syndicator.sources.base import Source
from syndicator.sources.health import Health

HALF_HOUR, HOUR, DAY = timedelta(minutes=30), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    return SmallWorld(tmp_path, monkeypatch)


def runs(count: int, every: timedelta = HALF_HOUR, until: datetime = NOON, how: str = "well") -> list[Ended]:
    starts = [until - every * (count - 1 - number) for number in range(count)]
    return [Ended(start, start + timedelta(minutes=1), how) for start in starts]  # type: ignore[arg-type]


# --- Runs


def test_the_interval_is_what_most_gaps_are() -> None:
    assert history.usual_interval(runs(3)) is None
    assert history.usual_interval(runs(4)) == HALF_HOUR
    assert history.usual_interval([*runs(4, until=NOON - DAY), *runs(4)]) == HALF_HOUR


def test_runs_by_hand_right_after_another_make_no_habit() -> None:
    hourly = runs(4, every=HOUR)
    quick = [replaced(run, minutes) for run in hourly for minutes in (1, 3)]
    assert history.usual_interval([*hourly, *quick]) == HOUR - timedelta(minutes=3)


def replaced(run: Ended, minutes: int) -> Ended:
    late = timedelta(minutes=minutes)
    return msgspec.structs.replace(run, started=run.started + late, finished=run.finished + late)


@pytest.mark.parametrize(
    ("every", "after", "loud"), [(None, 2 * HOUR, True), (DAY, 2 * HOUR, False), (DAY, 4 * DAY, True)]
)
def test_runs_by_hand_make_no_timer_late(every: timedelta | None, after: timedelta, loud: bool) -> None:
    by_hand = runs(8, every=timedelta(minutes=10))
    found = list(alarms.missed_runs(by_hand, NOON + after, every))
    assert bool(found) == loud
    assert every is None or all("where one does every 1d" in alarm.text for alarm in found)


def test_the_last_runs_are_remembered_and_no_more() -> None:
    store = memory_store()
    for each in runs(60):
        history.note(store, each)
    assert history.load(store) == runs(60)[-50:]


@pytest.mark.parametrize(
    ("known", "after", "said"),
    [
        (runs(5), timedelta(minutes=80), ""),
        (runs(5), timedelta(minutes=100), "no run ended well for 1h39m, where one does every 30m"),
        (runs(5, every=DAY), timedelta(days=2), ""),
        (runs(5, every=DAY), timedelta(days=4), "no run ended well for 3d23h, where one does every 1d"),
        (runs(2), DAY, ""),
        (runs(5, every=timedelta(minutes=1)), timedelta(minutes=40), ""),
        ([*runs(5, until=NOON - HOUR), *runs(4, how="broken")], HOUR, "no run ended well for 1h59m"),
        (runs(6, how="stopped"), timedelta(), "no run ended well for 2h30m"),
        ([], DAY, ""),
    ],
)
def test_runs_that_do_not_come_or_do_not_end_well_are_missed(known: list[Ended], after: timedelta, said: str) -> None:
    found = [alarm.text for alarm in alarms.missed_runs(known, NOON + after)]
    assert len(found) == bool(said)
    assert all(text.startswith(said) for text in found)


# --- Sources, credentials, posts


SOURCE = Source("https://ada.example/feed", "curated", title="Ada")
HEALTH = Health(url=SOURCE.url, first_ok=NOON - 60 * DAY, last_ok=NOON, last_item=NOON - 22 * DAY, gap=7 * DAY)


@pytest.mark.parametrize(
    ("changes", "loud"),
    [
        ({}, True),
        ({"last_item": NOON - 20 * DAY}, False),
        ({"gap": HOUR, "last_item": NOON - 2 * DAY}, False),
        ({"gap": HOUR, "last_item": NOON - 4 * DAY}, True),
        ({"gap": None}, False),
        ({"last_item": None}, False),
        ({"first_ok": None}, False),
        ({"first_ok": NOON - HOUR}, False),
        ({"gone": NOON}, False),
        ({"failures": 9}, True),
    ],
)
def test_a_source_is_silent_after_three_times_its_habit(changes: dict[str, object], loud: bool) -> None:
    found = list(alarms.silent_sources([(SOURCE, msgspec.structs.replace(HEALTH, **changes))], NOON))
    assert bool(found) == loud


def test_a_silent_source_is_called_by_name_and_told_of_once_for_each_silence() -> None:
    [alarm] = alarms.silent_sources([(SOURCE, HEALTH)], NOON)
    assert alarm.text == "Ada (https://ada.example/feed): nothing new for 22d, where something comes every 7d"
    assert alarms.due([alarm], {alarm.key: NOON - 30 * DAY}, NOON) == []


def test_a_credential_that_runs_out_is_told_of_a_week_before() -> None:
    expiry = {"site": NOON + 3 * DAY, "old": NOON - DAY, "fine": NOON + 8 * DAY}
    assert [alarm.text for alarm in alarms.running_out(expiry, NOON)] == [
        "site: its credential runs out in 3d; renew it: syndicator login site",
        "old: its credential has run out; renew it: syndicator login old",
    ]


def test_an_alarm_is_told_once_a_day_whatever_the_clock_did() -> None:
    alarm = Alarm("runs", "no run")
    assert alarms.due([alarm], {}, NOON) == [alarm]
    assert alarms.due([alarm], {"runs": NOON - timedelta(hours=23)}, NOON) == []
    assert alarms.due([alarm], {"runs": NOON - DAY}, NOON) == [alarm]
    assert alarms.due([alarm], {"runs": NOON + DAY}, NOON) == [alarm]
    assert alarms.due([replace(alarm, again=None)], {"runs": NOON - DAY}, NOON) == []


# --- A run


def test_a_run_tells_what_it_found_once_a_day_and_forgets_what_is_over(world: SmallWorld) -> None:
    world.account("pond")
    lost = post("https://p0.example/a", "pond", state=State.UNKNOWN)
    Outbox(world.open().state).save(lost)
    [told] = world.run().alarms
    assert told.startswith("1 post may have arrived or not: look, then `syndicator queue settle`")
    assert world.run(hours=1).alarms == []
    assert world.run(hours=24).alarms[-1] == told
    assert world.stored("alarms")
    Outbox(world.open().state).save(msgspec.structs.replace(lost, state=State.CANCELLED))
    assert world.run(hours=24).alarms == []
    assert "unknown" not in world.stored("alarms")


def test_a_run_after_a_long_gap_says_so(world: SmallWorld) -> None:
    for _ in range(5):
        assert world.run(minutes=30).alarms == []
    [told] = world.run(hours=7).alarms
    assert told.startswith("no run ended well for 7h, where one does every 30m")
    assert world.run(minutes=30).alarms == []


def test_the_timer_says_how_often_runs_come(world: SmallWorld) -> None:
    """The last five were by hand, and the timer's next one is not late."""
    (world.folder / ".git").mkdir()
    job = Job(world.settings().path, (), timedelta(hours=6), kept=(world.folder / "data",), package="syndicator")
    assert Github().install(job)
    for _ in range(5):
        assert world.run(minutes=30).alarms == []
    assert world.run(hours=7).alarms == []
    [told] = world.run(hours=19).alarms
    assert told.startswith("no run ended well for 19h, where one does every 6h")


def test_a_bug_and_a_stop_are_no_good_end(world: SmallWorld) -> None:
    script = world.account("pond")
    script["interactions"] = [ZeroDivisionError("a bug")]
    with pytest.raises(ZeroDivisionError):
        world.run()
    world.run(hours=1)
    assert [document["how"] for document in world.stored("runs").values()] == ["broken", "well"]


def test_a_feed_that_falls_silent_is_noticed(world: SmallWorld) -> None:
    days = (1, 2, 3, 4)
    world.feed("planet", *(entry(f"https://p{day}.example/a", hours=24 * day) for day in days))
    assert world.run().alarms == []
    [told] = [each for each in world.run(hours=4 * 24).alarms if "nothing new" in each]
    assert "nothing new for 5d, where something comes every 1d" in told
    assert not [each for each in world.run(hours=48).alarms if "nothing new" in each]
