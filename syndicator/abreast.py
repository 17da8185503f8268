"""Work on several accounts at once, so that a network that takes its time keeps nobody waiting but its own account.

Each account has a thread of its own, and an adapter that no other thread uses. What they share is the stores, which let
one writer in at a time, and the run's time and signals, which they only read. Nothing else of the project knows of
threads here: who calls `each` goes on when all have ended.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from syndicator.stop import Stopped

_T = TypeVar("_T")
_R = TypeVar("_R")

#: Seconds after which the waiting thread looks up: on some systems no signal would wake it.
_WINK = 0.2


class _Task(threading.Thread, Generic[_T, _R]):
    """One piece of the work. A second signal, or Ctrl-C where nobody listens, ends it with the process."""

    def __init__(self, work: Callable[[_T], _R], this: _T) -> None:
        super().__init__(daemon=True)
        self._work, self._this = work, this
        self.gave: list[_R] = []
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self.gave.append(self._work(self._this))
        except BaseException as error:  # raised again by `each`
            self.error = error


def each(work: Callable[[_T], _R], these: Iterable[_T]) -> list[_R]:
    """Do `work` with each of these at once; what it gave, in their order.

    When one raises, the others still come to their end before that is raised here. A signal to stop (`Stopped`) counts
    least: whatever else was raised is told instead of it.
    """
    tasks = [_Task(work, this) for this in these]
    for task in tasks:
        task.start()
    for task in tasks:
        while task.is_alive():
            task.join(_WINK)
    errors = [task.error for task in tasks if task.error]
    if errors:
        raise min(errors, key=lambda error: isinstance(error, Stopped))
    return [gave for task in tasks for gave in task.gave]
