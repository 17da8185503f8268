"""How long lies between two runs, and the minutes and hours of the day that it comes to. Pure.

Timers that go by the clock (cron, GitHub) can only keep an interval that divides an hour or a day.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import timedelta

from syndicator.times import Span, span_text

LEAST, MOST = timedelta(minutes=5), timedelta(days=1)

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
#: Every interval of whole minutes within these bounds that divides an hour, or of whole hours that divides a day.
_EVEN = tuple(
    timedelta(minutes=minutes)
    for minutes in (*range(5, 61), *range(120, 1441, 60))
    if (60 if minutes <= 60 else 1440) % minutes == 0
)
#: In this hour there is a run, however few there are: a day's only run must not fall into the quiet hours.
_MORNING = 9


def read(text: str) -> timedelta:
    """An interval as people write it; ValueError says which there can be."""
    every = timedelta(seconds=Span.parse(text).total_seconds())
    if not LEAST <= every <= MOST or every % _MINUTE:
        raise ValueError(
            f"{text!r} can't be the time between runs; write whole minutes"
            f" from {span_text(LEAST)} to {span_text(MOST)}, for example 30m"
        )
    return every


def is_even(every: timedelta) -> bool:
    """Whether the clock can keep the interval."""
    return every in _EVEN


def evened(every: timedelta) -> timedelta:
    """The nearest interval that the clock can keep; of two as near, the shorter."""
    return min(_EVEN, key=lambda even: (abs(even - every), even))


def rounding(every: timedelta, kept_by: str) -> tuple[str, ...]:
    """What to tell the owner of an interval that must be rounded."""
    if is_even(every):
        return ()
    return (f"{kept_by} can't keep {span_text(every)}: it runs every {span_text(evened(every))}",)


@dataclass(frozen=True, slots=True)
class Times:
    """Minutes of the hour, in hours of the day; no hours stand for all of them."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...] = ()


def times(every: timedelta, name: str, utc_offset: timedelta = timedelta()) -> Times:
    """When to run by the clock. The minute comes from the timer's name: not everybody's runs begin on the full hour.

    `every` must be even. `utc_offset` is how far the owner's clock is ahead of the one that the timer goes by.
    """
    within = min(every, _HOUR) // _MINUTE
    minute = 1 + zlib.crc32(name.encode()) % (within - 1)
    if every < _HOUR:
        return Times(tuple(range(minute, 60, within)))
    step = every // _HOUR
    first = (_MORNING - round(utc_offset / _HOUR)) % step
    return Times((minute,), tuple(range(first, 24, step)) if step > 1 else ())
