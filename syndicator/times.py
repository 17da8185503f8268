"""Times as people write and read them: spans (`90m`, `3d`), quiet hours (`22:00-07:30`), moments. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta, tzinfo
from typing import Self
from zoneinfo import ZoneInfo

#: Any time of ours can go back or forth by this much and still be a date.
_LONGEST_DAYS = 365_000
_FRIDAY = 4
_DAY = timedelta(days=1)
_PER_DAY = {"seconds": 86400, "minutes": 1440, "hours": 24, "days": 1, "weeks": 1 / 7}
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_SPAN = r"(?:\d+(?:\.\d+)?[smhdw])+"
_PART = r"(\d+(?:\.\d+)?)([smhdw])"


class Span(timedelta):
    """A length of time that settings write as `45s`, `90m`, `1h30m`, `3d` or `2w`."""

    @classmethod
    def parse(cls, text: str) -> Span:
        """Read a span; ValueError says what a span looks like."""
        compact = text.replace(" ", "").lower()
        if compact == "0":
            return cls()
        if not re.fullmatch(_SPAN, compact):
            raise ValueError(f"{text!r} is not a length of time; write for example 90m, 12h or 3d")
        amounts = _sum_units(compact)
        if sum(amount / _PER_DAY[unit] for unit, amount in amounts.items()) > _LONGEST_DAYS:
            raise ValueError(f"{text!r} is too long; nothing here lasts more than a thousand years")
        return cls(**amounts)


def _sum_units(compact: str) -> dict[str, float]:
    amounts: dict[str, float] = {}
    for number, unit in re.findall(_PART, compact):
        amounts[_UNITS[unit]] = amounts.get(_UNITS[unit], 0.0) + float(number)
    return amounts


def days_between(text: str) -> float:
    """How often something is due, in days: `every 30 days`, `every week`, or a span such as `30d`.

    ValueError says how to write one.
    """
    said = re.fullmatch(r"(?:every )?(\d{0,4}) ?(day|week|month|year)s?", " ".join(text.lower().split()))
    if said:
        days = float(said[1] or 1) * {"day": 1, "week": 7, "month": 30, "year": 365}[said[2]]
    else:
        try:
            days = Span.parse(text.lower().removeprefix("every ")) / timedelta(days=1)
        except ValueError:
            raise ValueError(f"{text!r} says not how often; write for example every 30 days, or 30d") from None
    if not 0 < days <= _LONGEST_DAYS:
        raise ValueError(f"{text!r} is no time to wait; write for example every 30 days, or 30d")
    return days


def span_text(span: timedelta) -> str:
    """A span for people: its largest unit and the one below it, as settings write them (`3d`, `1h30m`)."""
    seconds = max(0, int(span.total_seconds()))
    amounts = []
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        amount, seconds = divmod(seconds, size)
        amounts.append((amount, unit))
    first = next((place for place, (amount, _) in enumerate(amounts) if amount), None)
    if first is None:
        return "0m"
    return "".join(f"{amount}{unit}" for amount, unit in amounts[first : first + 2] if amount)


class Clock(str):
    """A time of day that settings write as `08:30`; ValueError says how to write one."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Check what is written."""
        _time_of_day(text)
        return super().__new__(cls, text)

    @property
    def since_midnight(self) -> timedelta:
        """How far into the day it is on the wall clock."""
        return _since_midnight(_time_of_day(self))


class Quiet(str):
    """Hours without posts in the owner's zone, `22:00-07:30`; may run over midnight. Empty or equal ends: none."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Check what is written; ValueError says how to write it."""
        if text.strip():
            start, dash, end = text.partition("-")
            if not dash:
                raise ValueError(f"{text!r} is not a range of hours; write for example 22:00-07:30")
            _time_of_day(start), _time_of_day(end)
        return super().__new__(cls, text.strip())

    @property
    def ends(self) -> tuple[time, time]:
        """When the quiet starts and when it ends."""
        start, _, end = self.partition("-")
        return (_time_of_day(start), _time_of_day(end)) if self else (time(0), time(0))

    def covers(self, local: datetime) -> bool:
        """Whether a local time falls into the quiet hours; the end itself does not."""
        start, end = self.ends
        moment = local.time().replace(tzinfo=None)
        if start <= end:
            return start <= moment < end
        return moment >= start or moment < end

    @property
    def waking(self) -> tuple[timedelta, timedelta]:
        """When the waking day starts, counted from midnight on the wall clock, and how long it lasts."""
        start, end = self.ends
        day = timedelta(days=1)
        return _since_midnight(end), day - (_since_midnight(end) - _since_midnight(start)) % day


def _time_of_day(text: str) -> time:
    try:
        hour, minute = text.strip().split(":")
        return time(int(hour), int(minute))
    except ValueError:
        raise ValueError(f"{text!r} is not a time of day; write for example 08:30") from None


def _since_midnight(moment: time) -> timedelta:
    return timedelta(hours=moment.hour, minutes=moment.minute, seconds=moment.second)


def moment(when: datetime, zone: ZoneInfo) -> str:
    """A time on the owner's clock, to the minute."""
    return when.astimezone(zone).strftime("%a %d %b %Y %H:%M")


def next_friday(now: datetime, zone: tzinfo) -> datetime:
    """Now where it is Friday, else the beginning of the next one."""
    today = now.astimezone(zone).date()
    days = (_FRIDAY - today.weekday()) % 7
    return datetime.combine(today + timedelta(days=days), time(), zone).astimezone(now.tzinfo) if days else now


def fridays_from(now: datetime, zone: tzinfo) -> Iterator[tuple[datetime, datetime]]:
    """The first and the last second of each Friday, the first one from `now` on where that is today."""
    while True:
        first = next_friday(now, zone)
        now = datetime.combine(first.astimezone(zone).date() + _DAY, time(), zone).astimezone(now.tzinfo)
        yield first, now - timedelta(seconds=1)


def on_friday(when: datetime, now: datetime, zone: tzinfo) -> datetime:
    """A time on a Friday; once that has passed, now where it is Friday, else the same time of day on the next one."""
    if when >= now:
        return when
    friday = next_friday(now, zone)
    if friday == now:
        return now
    day = friday.astimezone(zone).date()
    return datetime.combine(day, when.astimezone(zone).time(), zone).astimezone(now.tzinfo)
