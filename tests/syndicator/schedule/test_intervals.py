"""Intervals: which there can be, what the clock can keep, and the minutes they come to."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicator.schedule import intervals

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(("text", "minutes"), [("5m", 5), ("30m", 30), ("1h30m", 90), ("90m", 90), ("1d", 1440)])
def test_an_interval_is_read(text, minutes):
    assert intervals.read(text) == minutes * MINUTE


@pytest.mark.parametrize("text", ["4m", "1s", "0", "25h", "2d", "7m30s", "often", "-5m", "", "99999999w"])
def test_what_can_not_be_an_interval_is_told(text):
    with pytest.raises(ValueError, match=r"write (whole minutes from 5m to 1d, for example 30m|for example)|too long"):
        intervals.read(text)


@pytest.mark.parametrize(
    ("asked", "kept"),
    [("5m", 5), ("7m", 6), ("30m", 30), ("45m", 30), ("50m", 60), ("90m", 60), ("5h", 240), ("1d", 1440)],
)
def test_the_clock_keeps_the_nearest(asked, kept):
    every = intervals.read(asked)
    assert intervals.evened(every) == kept * MINUTE
    assert intervals.is_even(every) == (every == kept * MINUTE)
    told = intervals.rounding(every, "cron")
    assert bool(told) == (every != kept * MINUTE)


@given(st.integers(5, 1440), st.text(max_size=20), st.integers(-12 * 60, 14 * 60))
def test_runs_are_as_far_apart_as_the_interval_says(minutes, name, offset):
    every = intervals.evened(minutes * MINUTE)
    times = intervals.times(every, name, offset * MINUTE)
    day = sorted(hour * HOUR + minute * MINUTE for hour in times.hours or range(24) for minute in times.minutes)
    assert {later - one for one, later in zip(day, [*day[1:], day[0] + DAY], strict=True)} == {every}
    assert 0 not in times.minutes


@pytest.mark.parametrize("offset", [-8, 0, 1, 9])
def test_the_only_run_of_a_day_is_in_the_owners_morning(offset):
    (hour,) = intervals.times(DAY, "any", offset * HOUR).hours
    assert (hour + offset) % 24 == 9
