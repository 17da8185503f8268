"""A journal that is read and never written: for dry runs, and for commands that only look."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ledger.store.journal import Journal
from ledger.store.layers import Changes
from ledger.store.upgrades import Upgrades


class Scratch(Journal):
    """Its first commit parts it from what others write."""

    def __init__(self, path: Path, steps: Upgrades = ()) -> None:
        super().__init__(path, patience=0, steps=steps)
        self._parted = False

    def refresh(self) -> None:
        """Take in what others committed, until something was committed here."""
        if not self._parted:
            super().refresh()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Keep nobody out, and mend nothing."""
        self.refresh()
        yield

    def commit(self, changes: Changes) -> None:
        """Change the collections in memory alone."""
        self._parted = True
        self.apply(changes)

    def compact(self) -> None:
        """Leave the file as it is."""

    def back_up(self) -> None:
        """Keep no copy."""
