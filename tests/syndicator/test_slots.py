"""When an account may post: slots on the owner's wall clock, through both changes of the clock."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pieces import FREE, LONDON, NOON

from syndicator.settings import Plan
from syndicator.slots import allowed, apart, free_times, silenced, slots_of
from syndicator.times import Clock, Quiet, Span

DAY = timedelta(days=1)
MONDAY = date(2026, 11, 2)


def pacing(**changes: object) -> Plan:
    return msgspec.structs.replace(FREE, **changes)


def used(plan: Plan, taken: Sequence[datetime] = (), now: datetime = NOON, zone: ZoneInfo = LONDON, days: int = 1):
    """Every free time, each of them used."""
    so_far = list(taken)
    found = []
    for when in islice(free_times(plan, zone, "demo", so_far, now, now + DAY * days), 5000):
        so_far.append(when)
        found.append(when)
    return found


def clock(times: Sequence[datetime], zone: ZoneInfo = LONDON) -> list[str]:
    return [when.astimezone(zone).strftime("%d %H:%M") for when in times]


# --- Slots


def test_declared_slots_are_on_the_owner_s_clock_in_winter_and_summer() -> None:
    plan = pacing(slots=(Clock("18:00"), Clock("08:30")))
    for day in (MONDAY, date(2026, 7, 6)):
        assert clock(slots_of(plan, LONDON, "demo", day)) == [f"{day:%d} 08:30", f"{day:%d} 18:00"]
    assert slots_of(plan, LONDON, "demo", date(2026, 7, 6))[0] == datetime(2026, 7, 6, 7, 30, tzinfo=UTC)


def test_a_spread_divides_the_waking_day_evenly() -> None:
    plan = pacing(per_day=4, quiet=Quiet("22:00-06:00"), spread=True)
    assert clock(slots_of(plan, LONDON, "demo", MONDAY)) == ["02 08:00", "02 12:00", "02 16:00", "02 20:00"]


def test_the_waking_day_of_a_night_owl_ends_tomorrow() -> None:
    plan = pacing(per_day=3, quiet=Quiet("03:00-12:00"), spread=True)
    assert clock(slots_of(plan, LONDON, "demo", MONDAY)) == ["02 14:30", "02 19:30", "03 00:30"]


def test_jitter_stays_within_its_bounds_and_the_day_and_is_the_same_every_time() -> None:
    plan = pacing(per_day=6, quiet=Quiet("22:00-07:30"), spread=True, jitter=Span(minutes=30))
    even = msgspec.structs.replace(plan, jitter=Span())
    for day in (MONDAY + DAY * n for n in range(60)):
        for jittered, plain in zip(slots_of(plan, LONDON, "a", day), slots_of(even, LONDON, "a", day), strict=True):
            assert abs(jittered - plain) <= plan.jitter
    assert slots_of(plan, LONDON, "a", MONDAY) == slots_of(plan, LONDON, "a", MONDAY)
    assert slots_of(plan, LONDON, "a", MONDAY) != slots_of(plan, LONDON, "b", MONDAY)
    assert len({tuple(clock(slots_of(plan, LONDON, "a", MONDAY + DAY * n))) for n in range(9)}) == 9


def test_jitter_does_not_push_a_slot_into_the_quiet_hours_or_another_day() -> None:
    near = pacing(slots=(Clock("00:01"), Clock("23:59")), jitter=Span(hours=3))
    for n in range(30):
        assert {when.astimezone(LONDON).date() for when in slots_of(near, LONDON, "a", MONDAY + DAY * n)} == {
            MONDAY + DAY * n
        }
    tight = pacing(per_day=8, quiet=Quiet("10:00-09:00"), spread=True, jitter=Span(hours=3))
    for n in range(30):
        for when in slots_of(tight, LONDON, "a", MONDAY + DAY * n):
            assert not tight.quiet.covers(when.astimezone(LONDON))


def test_a_slot_that_the_clock_leaps_over_comes_an_hour_later_and_one_that_comes_twice_is_used_once() -> None:
    plan = pacing(slots=(Clock("01:30"),))
    spring, autumn = datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 10, 24, 12, tzinfo=UTC)
    assert clock(used(plan, now=spring))[1:] == ["29 02:30"]
    assert clock(used(plan, now=autumn))[1:] == ["25 01:30"]


def test_jitter_does_not_take_a_declared_slot_into_the_quiet_hours() -> None:
    near = pacing(slots=(Clock("07:31"), Clock("21:59")), quiet=Quiet("22:00-07:30"), jitter=Span(minutes=40))
    for n in range(60):
        assert len(used(near, now=NOON.replace(hour=1) + DAY * n)) == 2


def test_a_slot_in_the_quiet_hours_is_never_used_and_said() -> None:
    plan = pacing(slots=(Clock("05:00"), Clock("12:00"), Clock("23:00")), quiet=Quiet("22:00-07:30"))
    assert silenced(plan) == ("05:00", "23:00")
    for hour in (6, 8):
        assert clock(used(plan, now=NOON.replace(hour=hour))) == ["02 12:00"]
    assert silenced(pacing(slots=(Clock("12:00"),))) == ()


def test_a_slot_that_comes_too_soon_waits_for_the_gap() -> None:
    plan = pacing(slots=(Clock("13:00"), Clock("13:30"), Clock("18:00")), min_gap=Span(hours=2))
    assert clock(used(plan)) == ["02 13:00", "02 15:00", "02 18:00"]
    assert clock(used(pacing(slots=(Clock("13:00"), Clock("13:30"), Clock("14:30")), min_gap=Span(hours=2)))) == [
        "02 13:00",
        "02 15:00",
    ], "a slot gives way when the next one starts before its gap ends"


def test_quiet_hours_that_end_in_an_hour_shown_twice_end_that_day() -> None:
    plan = pacing(quiet=Quiet("22:00-01:30"), min_gap=Span(hours=9))
    second_time = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)  # 01:10 in London, for the second time
    assert clock(used(plan, now=second_time))[0] == "25 01:30"


@pytest.mark.parametrize("name", ["Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Chatham"])
def test_in_zones_of_odd_offsets_slots_are_on_their_own_clock(name: str) -> None:
    plan, zone = pacing(slots=(Clock("08:30"),), quiet=Quiet("22:00-07:30")), ZoneInfo(name)
    for start in (datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)):
        found = used(plan, now=start, zone=zone, days=9)
        assert {when.astimezone(zone).strftime("%H:%M") for when in found[1:]} == {"08:30"}
        assert len(found) >= 9


def test_accounts_keep_apart_by_one_to_two_staggers_and_always_by_the_same() -> None:
    plan = pacing(stagger=Span(minutes=5), min_gap=Span(hours=1))
    distances = {
        apart(plan, f"acct{n}", "https://ada.example/a", [NOON], NOON + timedelta(minutes=1)) - NOON for n in range(40)
    }
    assert timedelta(minutes=5) <= min(distances) <= max(distances) <= timedelta(minutes=10)
    assert len(distances) == 40
    assert apart(plan, "acct1", "x", [NOON], NOON) == apart(plan, "acct1", "x", [NOON], NOON)
    assert apart(plan, "acct1", "x", [NOON - timedelta(minutes=6)], NOON) == NOON


# --- Which slots are free


@pytest.mark.parametrize(
    ("taken", "free"),
    [
        ([], ["02 12:00", "02 18:00", "03 08:00"]),
        (["11:40"], ["02 18:00", "03 08:00"]),
        (["08:00"], ["02 18:00", "03 08:00"]),
        (["07:59"], ["02 12:00", "02 18:00", "03 08:00"]),
        (["18:00"], ["02 12:00", "03 08:00"]),
        (["11:40", "19:00"], ["03 08:00"]),
    ],
)
def test_a_slot_holds_until_the_next_one_and_one_post_uses_it(taken: list[str], free: list[str]) -> None:
    plan = pacing(slots=(Clock("08:00"), Clock("18:00")))
    moments = [datetime.fromisoformat(f"2026-11-02T{text}Z") for text in taken]
    assert clock(used(plan, moments)) == free


def test_yesterday_s_slot_is_gone() -> None:
    plan = pacing(slots=(Clock("23:00"),))
    assert clock(used(plan, now=NOON - timedelta(hours=11, minutes=30))) == ["02 23:00"]


def test_as_soon_as_caps_and_gaps_allow() -> None:
    plan = pacing(per_day=3, min_gap=Span(hours=2), quiet=Quiet("22:00-07:30"))
    assert clock(used(plan)) == ["02 12:00", "02 14:00", "02 16:00", "03 07:30", "03 09:30", "03 11:30"]
    late = NOON + timedelta(hours=9)
    assert clock(used(plan, [NOON - DAY], late))[:3] == ["02 21:00", "03 07:30", "03 09:30"]


def test_nothing_taken_means_another_look_a_little_later() -> None:
    plan = pacing(spread=False)
    times = list(islice(free_times(plan, LONDON, "demo", [], NOON, NOON + DAY), 3))
    assert times[0] == NOON
    assert times == sorted(set(times))


@pytest.mark.parametrize(
    "how", [{"per_day": 0}, {"per_day": 0, "slots": (Clock("12:00"),)}, {"per_day": 0, "spread": True}]
)
def test_an_account_without_posts_has_no_time(how: dict[str, object]) -> None:
    assert used(pacing(**how)) == []


def test_one_slot_and_all_others_full_days() -> None:
    plan = pacing(per_day=1, slots=(Clock("08:00"), Clock("18:00")))
    assert clock(used(plan, days=3)) == ["02 12:00", "03 08:00", "04 08:00", "05 08:00"]


# --- Properties

zones = st.sampled_from(
    ["UTC", "Europe/London", "America/Havana", "Africa/Cairo", "Australia/Lord_Howe", "Pacific/Apia"]
)
hhmm = st.integers(0, 1439).map(lambda n: f"{n // 60:02}:{n % 60:02}")
plans = st.builds(
    pacing,
    per_day=st.integers(0, 30),
    min_gap=st.integers(0, 900).map(lambda n: Span(minutes=n)),
    quiet=st.one_of(st.just(Quiet("")), st.builds(lambda a, b: Quiet(f"{a}-{b}"), hhmm, hhmm)),
    slots=st.lists(hhmm.map(Clock), max_size=6).map(tuple),
    spread=st.booleans(),
    jitter=st.integers(0, 600).map(lambda n: Span(minutes=n)),
)
moments = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1)).map(lambda when: when.replace(tzinfo=UTC))  # noqa: DTZ001


@given(plans, zones, moments, st.lists(st.integers(-5000, 5000), max_size=8))
def test_every_free_time_may_be_used_and_the_walk_ends(
    plan: Plan, name: str, now: datetime, offsets: list[int]
) -> None:
    zone = ZoneInfo(name)
    taken = [now + timedelta(minutes=offset) for offset in offsets]
    found = used(plan, taken, now, zone, days=3)
    assert len(found) < 5000 or plan.min_gap == Span()
    assert found == sorted(found)
    for n, when in enumerate(found):
        assert now <= when <= now + 3 * DAY
        assert when.tzinfo is UTC
        assert allowed(plan, zone, [*taken, *found[:n], *found[n + 1 :]], when)


@given(plans, zones, moments)
def test_every_day_has_its_slots_in_order(plan: Plan, name: str, now: datetime) -> None:
    slots = slots_of(plan, ZoneInfo(name), "demo", now.date())
    assert len(slots) == (len(plan.slots) or plan.per_day)
    assert all(earlier <= later for earlier, later in pairwise(slots))
