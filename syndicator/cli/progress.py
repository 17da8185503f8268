"""Progress on stderr for work that takes over a second, and nothing at all when nobody watches."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from syndicator.cli.loudness import Loudness, loudness
from syndicator.cli.terminal import is_watched
from syndicator.progress import Progress as Tell

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

#: Seconds of work before anything is drawn.
_PATIENCE = 1.0


@contextmanager
def progress() -> Iterator[Tell | None]:
    """Yield a function to tell how work goes, or None when nobody watches, or wants to, or reads each step."""
    if not is_watched() or loudness() is not Loudness.USUAL:
        yield None
        return
    drawing = _Drawing()
    try:
        yield drawing.tell
    finally:
        drawing.end()


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show that one thing is being done, of which nobody knows how long it takes."""
    with progress() as tell:
        if tell:
            tell(what, 0, 0)
        yield


class _Drawing:
    """Bars that appear a second after the start, by a clock of their own: some work has only one word to say."""

    def __init__(self) -> None:
        self._told: dict[str, tuple[int, int]] = {}
        self._bars: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        self._ended = False
        self._lock = threading.Lock()
        self._clock = threading.Timer(_PATIENCE, self._begin)
        self._clock.daemon = True
        self._clock.start()

    def tell(self, what: str, done: int, total: int) -> None:
        """Take note, and draw it once it is time to draw."""
        with self._lock:
            self._told[what] = (done, total)
            if self._bars:
                self._draw(self._bars)

    def end(self) -> None:
        """Take everything away again."""
        self._clock.cancel()
        with self._lock:
            self._ended = True
            if self._bars:
                self._bars.stop()

    def _begin(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
        )
        with self._lock:
            if self._ended:
                return
            self._bars = Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True)
            self._draw(self._bars)
            self._bars.start()

    def _draw(self, bars: Progress) -> None:
        for what, (done, total) in self._told.items():
            if what not in self._tasks:
                self._tasks[what] = bars.add_task(what, total=None)  # told at once, or a bar of 100 steps flashes up
            bars.update(self._tasks[what], completed=done, total=total or None)
