"""A run's time, and who may use how much of it: a slow web must not keep posts from going out.

Ambient like signals, and the same for every thread: inside `within`, which only the main one enters, everything that
waits for others asks `left`, and gives up what it has not reached when the time is up. That is no failure of whom it
would have asked; the next run asks. What was begun is finished, so a stage may take longer by one call to a network.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic

#: By which part of a run's time each stage must be over. What one leaves over is the next one's.
READING, SETTLING, LOOKING, CHECKING, POSTING, COLLECTING = 0.4, 0.5, 0.65, 0.72, 0.87, 1.0

#: What was begun is finished: the most calls to one network between two looks at the time. So many are made where a
#: post is looked for on X page by page, then sent with less and less. Accounts are served at once: it is not for each.
_CALLS = 30
#: And what asks no network of posts: starting up, the stores and their copies, the pages of a linkblog, the digest.
_REST = timedelta(minutes=2)


@dataclass(slots=True)
class _Limit:
    """When the innermost block must be over, on the monotonic clock."""

    end: float | None = None


_limit = _Limit()


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Have so many seconds for what the block waits for, or less if a block around it has less."""
    outer, end = _limit.end, monotonic() + seconds
    _limit.end = end if outer is None else min(outer, end)
    try:
        yield
    finally:
        _limit.end = outer


def left() -> float | None:
    """Seconds left, zero or more; None where nobody set a limit."""
    return None if _limit.end is None else max(0.0, _limit.end - monotonic())


def is_up() -> bool:
    """Whether no time is left."""
    return left() == 0.0


def at_most(budget: timedelta, timeout: timedelta) -> timedelta:
    """The longest that a run of this budget may take; one that takes longer hangs. `timeout` is that of one call."""
    return budget + _CALLS * timeout + _REST


class Timetable:
    """The time of one run, in seconds from now on."""

    def __init__(self, seconds: float) -> None:
        self._start, self._seconds = monotonic(), seconds

    def until(self, part: float) -> AbstractContextManager[None]:
        """What is left until this part of all is over."""
        return within(max(0.0, self._start + part * self._seconds - monotonic()))
