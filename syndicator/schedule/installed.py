"""The timers that are installed for a settings file, as far as one must know them to say when runs should come."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from syndicator.schedule.backends import every_kind
from syndicator.schedule.base import ScheduleError
from syndicator.schedule.job import named


def interval(settings: Path) -> timedelta | None:
    """The shortest interval of the timers for these settings; None where there is none that can be asked and tells.

    Asking takes programs of the system.
    """
    found = []
    for kind in every_kind():
        with suppress(ScheduleError):
            if (status := kind.status(named(settings))) and status.every:
                found.append(status.every)
    return min(found, default=None)
