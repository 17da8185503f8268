"""Calls functions when their time comes, unless they are called off first: one thread for all, however many wait.

`threading.Timer` does the same with a thread for each, which costs a good part of a request that it watches.
"""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable
from time import monotonic


class Deadlines:
    """Deadlines of anything; safe to use from any thread. What is called must be quick and must not raise."""

    def __init__(self) -> None:
        self._waiting: list[tuple[float, int]] = []
        self._calls: dict[int, Callable[[], None]] = {}
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def call_in(self, seconds: float, function: Callable[[], None]) -> int:
        """Call `function` after so many seconds, in another thread. Returns what calls it off."""
        with self._changed:
            number = next(self._numbers)
            self._calls[number] = function
            entry = (monotonic() + seconds, number)
            heapq.heappush(self._waiting, entry)
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="deadlines", daemon=True)
                self._thread.start()
            elif self._waiting[0] is entry:
                self._changed.notify()
        return number

    def call_off(self, number: int) -> None:
        """Forget a deadline; one that has passed is forgotten already."""
        with self._changed:
            self._calls.pop(number, None)

    def _watch(self) -> None:
        while True:
            with self._changed:
                while (left := self._left()) is None or left > 0:
                    self._changed.wait(left)
                function = self._calls.pop(heapq.heappop(self._waiting)[1])
            function()

    def _left(self) -> float | None:
        """Seconds until the next deadline that still stands; None when there is none."""
        while self._waiting and self._waiting[0][1] not in self._calls:
            heapq.heappop(self._waiting)
        return self._waiting[0][0] - monotonic() if self._waiting else None
