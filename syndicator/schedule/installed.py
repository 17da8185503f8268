"""The timers that are installed for a settings file, as far as one must know them to say when runs should come."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from syndicator.schedule.backends import every_kind
from syndicator.schedule.base import ScheduleError, Status
from syndicator.schedule.job import named


def next_run(settings: Path, now: datetime) -> datetime | None:
    """When the timers for these settings start the next run, as well as they tell; None where there is none that does.

    Asking takes programs of the system.
    """
    going = [status for status in _standing(settings) if status.active is not False]
    coming = [status.next for status in going if status.next]
    coming += [now + status.every for status in going if status.every and not status.next]
    return max(min(coming), now) if coming else None


def interval(settings: Path) -> timedelta | None:
    """The shortest interval of the timers for these settings; None where there is none that can be asked and tells.

    Asking takes programs of the system.
    """
    return min((status.every for status in _standing(settings) if status.every), default=None)


def _standing(settings: Path) -> Iterator[Status]:
    for kind in every_kind():
        with suppress(ScheduleError):
            if status := kind.status(named(settings)):
                yield status
