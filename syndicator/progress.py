"""How slow work tells how far it is. Who is told, and how that is shown, is for `cli`."""

from __future__ import annotations

import threading
from collections.abc import Callable

#: Told about slow work: what is being done, how much of it is done, how much there is; 0 of 0 where nobody knows.
Progress = Callable[[str, int, int], None]


def counting(progress: Progress | None, what: str) -> Callable[[int, int], None] | None:
    """Progress on one thing."""
    if progress is None:
        return None
    tell = progress
    return lambda done, total: tell(what, done, total)


def stepping(progress: Progress | None, what: str, total: int) -> Callable[[], None]:
    """Progress on one thing of `total` steps, to be called after each, from any thread; with none there is nothing."""
    if progress is None or not total:
        return lambda: None
    tell, lock, done = progress, threading.Lock(), 0
    tell(what, 0, total)

    def step() -> None:
        nonlocal done
        with lock:
            done += 1
            tell(what, min(done, total), total)

    return step
