"""A progress bar on stderr for work over a second, and nothing at all when nobody watches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from syndicator.cli.app import is_terminal


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None] | None]:
    """Yield a function to tell (what, done, total), or None when stderr is no terminal."""
    if not is_terminal():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        tasks = {}

        def tell(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done, total=total)

        yield tell
