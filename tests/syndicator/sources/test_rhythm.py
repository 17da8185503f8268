"""When a source is due: what it says of itself, what its server, how its owner writes, and what the settings allow."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicator.sources import answer, rhythm
from syndicator.sources.rhythm import Bounds

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
URL = "https://ada.example/feed"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
#: What the address of a source may add to its interval.
STRETCH = 1.05


def ago(*spans: timedelta) -> list[datetime]:
    return [NOON - span for span in spans]


@pytest.mark.parametrize(
    ("ttl", "period", "frequency", "interval"),
    [
        ("60", "", "", HOUR),
        (" 60\n", "", "", HOUR),
        ("0", "", "", None),
        ("-5", "", "", None),
        ("an hour", "", "", None),
        ("²", "", "", None),
        ("999999", "", "", timedelta(days=366)),
        ("9" * 5000, "", "", None),
        ("", "hourly", "", HOUR),
        ("", "hourly", "1", HOUR),
        ("", "hourly", "2", 30 * MINUTE),
        ("", "Daily", "", DAY),
        ("", "weekly", "7", DAY),
        ("", "monthly", "", 30 * DAY),
        ("", "yearly", "", 365 * DAY),
        ("", "", "24", HOUR),  # the period that is left out is a day
        ("", "daily", "0", DAY),
        ("", "daily", "often", DAY),
        ("", "now and then", "2", None),
        ("", "", "", None),
        ("30", "daily", "", DAY),
        ("2880", "hourly", "", 2 * DAY),
        ("30", "now and then", "", 30 * MINUTE),
    ],
)
def test_what_a_feed_says_of_itself(ttl: str, period: str, frequency: str, interval: timedelta | None) -> None:
    assert rhythm.said(ttl, period, frequency) == interval


@pytest.mark.parametrize(
    ("headers", "fresh"),
    [
        ({"cache-control": "max-age=3600"}, HOUR),
        ({"cache-control": "public, Max-Age = 3600 , must-revalidate"}, HOUR),
        ({"cache-control": 'max-age="3600"'}, HOUR),
        ({"cache-control": "max-age=3600, max-age=60"}, HOUR),
        ({"cache-control": "max-age=3600", "age": "600"}, 50 * MINUTE),
        ({"cache-control": "max-age=3600", "age": "4000"}, None),
        ({"cache-control": "max-age=3600", "age": "old"}, HOUR),
        ({"cache-control": "max-age=0"}, None),
        ({"cache-control": "max-age=-1"}, None),
        ({"cache-control": "max-age=" + "9" * 400}, timedelta(days=366)),
        ({"cache-control": "s-maxage=3600"}, None),
        ({"cache-control": "no-cache, max-age=3600"}, None),
        ({"cache-control": "no-store, max-age=3600"}, None),
        ({"cache-control": 'no-cache="Set-Cookie", max-age=3600'}, HOUR),
        ({"cache-control": "max-age=60", "expires": "Mon, 02 Nov 2026 14:00:00 GMT"}, MINUTE),
        ({"expires": "Mon, 02 Nov 2026 14:00:00 GMT"}, 2 * HOUR),
        ({"expires": "Mon, 02 Nov 2026 14:00:00 GMT", "date": "Mon, 02 Nov 2026 13:00:00 GMT"}, HOUR),
        ({"expires": "Mon, 02 Nov 2026 14:00:00 GMT", "age": "3600"}, HOUR),
        ({"expires": "Thu, 01 Jan 1970 00:00:00 GMT"}, None),
        ({"expires": "0"}, None),
        ({"expires": "-1"}, None),
        ({"cache-control": "private", "expires": "Mon, 02 Nov 2026 14:00:00 GMT"}, 2 * HOUR),
        ({}, None),
    ],
)
def test_how_long_a_server_calls_its_answer_fresh(headers: dict[str, str], fresh: timedelta | None) -> None:
    assert answer.freshness(headers, NOON) == fresh


@pytest.mark.parametrize(
    ("dates", "gap"),
    [
        ([], None),
        (ago(DAY), None),
        (ago(DAY, 2 * DAY, 3 * DAY), DAY),
        (ago(3 * DAY, DAY, 2 * DAY), DAY),
        (ago(*(day * DAY + minute * MINUTE for day in (1, 2, 3) for minute in (0, 1, 2, 20))), DAY),  # in bursts
        (ago(MINUTE, 2 * MINUTE, 2 * MINUTE), None),  # imported in one go
        (ago(DAY, 2 * DAY, 60 * DAY, 61 * DAY), DAY),  # back from a long holiday
        (ago(*(n * HOUR for n in range(12)), *(n * 300 * DAY for n in range(1, 20))), HOUR),
    ],
)
def test_the_usual_time_between_two_posts(dates: list[datetime], gap: timedelta | None) -> None:
    assert rhythm.usual_gap(dates) == gap


@pytest.mark.parametrize(
    ("wish", "gap", "silence", "least", "most"),
    [
        (None, None, None, HOUR, HOUR),
        (None, DAY, 2 * HOUR, 2.4 * HOUR, 2.4 * HOUR),
        (None, None, 10 * HOUR, HOUR, HOUR),
        (None, DAY, 5 * DAY, 12 * HOUR, 12 * HOUR),  # it went to sleep
        (None, 3 * HOUR, MINUTE, 18 * MINUTE, 18 * MINUTE),  # it woke up
        (None, MINUTE, MINUTE, 15 * MINUTE, 15 * MINUTE),
        (None, 365 * DAY, 900 * DAY, DAY / STRETCH, DAY),
        (2 * HOUR, 3 * HOUR, MINUTE, 2 * HOUR, 2 * HOUR),  # a wish is honoured
        (HOUR, 30 * DAY, DAY, DAY / STRETCH, DAY),  # and promises nothing
        (5 * MINUTE, HOUR, MINUTE, 15 * MINUTE, 15 * MINUTE),
        (DAY, HOUR, MINUTE, DAY, DAY),
        (366 * DAY, HOUR, MINUTE, DAY, DAY),
    ],
)
def test_wish_and_habit(
    wish: timedelta | None, gap: timedelta | None, silence: timedelta | None, least: timedelta, most: timedelta
) -> None:
    interval = rhythm.interval(URL, Bounds(), wish=wish, gap=gap, silence=silence)
    assert least <= interval <= min(most * STRETCH, DAY)


def test_my_own_feeds_are_asked_hourly_whatever_is_wished() -> None:
    for wish in (None, DAY):
        interval = rhythm.interval(URL, Bounds(), own=True, wish=wish, gap=30 * DAY, silence=90 * DAY)
        assert HOUR <= interval <= HOUR * STRETCH
    assert rhythm.interval(URL, Bounds(), own=True, gap=HOUR) < 16 * MINUTE
    assert rhythm.interval(URL, Bounds(2 * HOUR, DAY), own=True) == 2 * HOUR, "but for what the settings say"


def test_sources_that_were_added_together_drift_apart() -> None:
    for gap in (5 * HOUR, 10 * DAY, 100 * DAY):
        intervals = [rhythm.interval(f"https://{n}.example/", Bounds(), gap=gap) for n in range(1000)]
        assert len(set(intervals)) > 990
        assert max(intervals) - min(intervals) > 0.04 * min(intervals)
        assert intervals == [rhythm.interval(f"https://{n}.example/", Bounds(), gap=gap) for n in range(1000)]


def test_a_timer_that_is_seconds_early_is_early_enough() -> None:
    assert rhythm.slack(30 * MINUTE) == 3 * MINUTE
    assert rhythm.slack(DAY) == 5 * MINUTE
    assert rhythm.slack(timedelta()) == timedelta()


SPANS = st.timedeltas(min_value=timedelta(), max_value=timedelta(days=365_000))
MAYBE = st.none() | SPANS
TEXT = st.text(st.characters(exclude_categories=()))  # half a character, too: feeds contain everything


@given(
    bounds=st.tuples(SPANS, SPANS),
    own=st.booleans(),
    wish=MAYBE,
    gap=MAYBE,
    silence=MAYBE,
    url=TEXT,
)
def test_nothing_gets_past_the_settings(
    bounds: tuple[timedelta, timedelta],
    own: bool,
    wish: timedelta | None,
    gap: timedelta | None,
    silence: timedelta | None,
    url: str,
) -> None:
    least, most = sorted(bounds)
    interval = rhythm.interval(url, Bounds(least, most), own=own, wish=wish, gap=gap, silence=silence)
    assert least <= interval <= most
