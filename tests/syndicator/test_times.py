"""Spans and quiet hours: what is written is what is meant, also over midnight."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicator.times import Clock, Quiet, Span, days_between, span_text


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("45s", 45),
        ("90m", 5400),
        ("12h", 43200),
        ("3d", 259200),
        ("2w", 1209600),
        ("1h30m", 5400),
        ("1H 30M", 5400),
        ("1.5h", 5400),
        ("30m30m", 3600),
        ("0", 0),
        ("0m", 0),
        ("3650d", 3650 * 86400),
    ],
)
def test_spans(text: str, seconds: float) -> None:
    assert Span.parse(text) == timedelta(seconds=seconds)
    assert isinstance(Span.parse(text), Span)


@pytest.mark.parametrize("text", ["", " ", "5", "m", "-3d", "3 days", "3x", "1h30", "1e3d", "P3D", ".5h", "1.h"])
def test_what_is_no_span_is_told_how_to_write_one(text: str) -> None:
    with pytest.raises(ValueError, match="write for example 90m, 12h or 3d"):
        Span.parse(text)


@pytest.mark.parametrize("text", ["99999999999d", "9" * 400 + "w", "365001d"])
def test_no_span_leads_beyond_the_calendar(text: str) -> None:
    with pytest.raises(ValueError, match="too long"):
        Span.parse(text)


def test_the_longest_span_still_leads_to_a_date() -> None:
    longest, now = Span.parse("365000d"), datetime(2026, 11, 2, tzinfo=UTC)
    assert now - longest < now < now + longest


@given(st.integers(0, 365_000 * 86400))
def test_a_span_told_is_read_back_to_within_its_smaller_unit(seconds: int) -> None:
    span = timedelta(seconds=seconds)
    told = span_text(span)
    back = Span.parse(told)
    smallest = {"d": 86400, "h": 3600, "m": 60, "s": 1}[told[-1]]
    assert back <= span
    # Of three or more units the smaller ones are left out.
    assert span - back < timedelta(seconds=smallest)
    assert span_text(back) == told


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(), "0m"),
        (timedelta(seconds=-5), "0m"),
        (timedelta(seconds=59), "59s"),
        (timedelta(hours=1, minutes=30), "1h30m"),
        (timedelta(days=3), "3d"),
        (timedelta(days=3, hours=2, minutes=9), "3d2h"),
        (timedelta(days=3, seconds=9), "3d"),
    ],
)
def test_spans_for_people(span: timedelta, text: str) -> None:
    assert span_text(span) == text


@pytest.mark.parametrize("text", ["08:30", "8:30", " 08:30 ", "00:00", "23:59"])
def test_times_of_day(text: str) -> None:
    hours, minutes = map(int, text.split(":"))
    assert Clock(text).since_midnight == timedelta(hours=hours, minutes=minutes)


@pytest.mark.parametrize("text", ["", "8", "24:00", "08:60", "08:30:15", "8.30", "noon", "-1:00"])
def test_what_is_no_time_of_day_is_told_how_to_write_one(text: str) -> None:
    with pytest.raises(ValueError, match="write for example 08:30"):
        Clock(text)


@pytest.mark.parametrize("text", ["22:00", "22-7", "22:00-", "22:00-25:00", "22:00–07:30", "-", "22:00-07:30-08:00"])
def test_what_are_no_quiet_hours_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="write for example"):
        Quiet(text)


minutes = st.integers(0, 1439)


@given(minutes, minutes, minutes)
def test_quiet_hours_cover_what_walking_through_the_day_covers(start: int, end: int, moment: int) -> None:
    quiet = Quiet(f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}")
    covered, minute = set(), start
    while minute != end:
        covered.add(minute)
        minute = (minute + 1) % 1440
    local = datetime.combine(date(2026, 11, 2), time(moment // 60, moment % 60, 59), UTC)
    assert quiet.covers(local) is (moment in covered)
    wakes, awake = quiet.waking
    assert wakes == timedelta(minutes=end)
    assert awake == timedelta(minutes=1440 - len(covered))


@pytest.mark.parametrize("text", ["", "  ", "08:00-08:00"])
def test_no_quiet_at_all(text: str) -> None:
    assert not any(Quiet(text).covers(datetime(2026, 11, 2, hour, tzinfo=UTC)) for hour in range(24))
    assert Quiet(text).waking[1] == timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "days"),
    [("every 30 days", 30), ("30d", 30), ("every week", 7), ("Every 2 Weeks", 14), ("every month", 30), ("12h", 0.5)],
)
def test_how_often_is_written_as_people_say_it(text: str, days: float) -> None:
    assert days_between(text) == days


@pytest.mark.parametrize("text", ["", "often", "every 0 days", "0d", "every -3 days", "9999 years", "every", "9" * 50])
def test_what_is_no_how_often_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="every 30 days"):
        days_between(text)
