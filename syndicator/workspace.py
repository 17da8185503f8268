"""What a command works on: the settings, the state and the ledger on disk, the clock, and the lock of a run."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from ledger.book import Book
from ledger.rules import Rules, weights_with
from ledger.store.base import Store, StoreError
from ledger.store.durable import make_folder, trouble
from ledger.store.tiny import TinyStore
from syndicator import stop
from syndicator.settings import Settings

if TYPE_CHECKING:
    from filelock import BaseFileLock

    from ledger.memory import Memory

#: How the owner of the lock notes since when.
_WRITTEN = "%Y-%m-%d %H:%M:%S UTC"

#: So often, with so many seconds between, a lock is asked for whose owner has not said its name.
_NAMELESS, _NAMELESS_PAUSE = 200, 0.05


class Owner(msgspec.Struct, frozen=True):
    """Who holds the lock of runs, or held it to its death; `since` is None when that can't be read."""

    who: str
    alive: bool
    since: datetime | None = None


class Busy(Exception):
    """Another run holds the lock; the message says which and since when."""


class Workspace:
    """Opens state on first use. With `scratch`, everything may be read and changed and nothing is ever stored.

    Who needs both stores at once takes the state first: nobody reads the state within a transaction of the ledger, or
    two accounts that are served side by side could wait for each other for ever.
    """

    def __init__(
        self, settings: Settings, clock: Callable[[], datetime] = lambda: datetime.now(UTC), scratch: bool = False
    ) -> None:
        self.settings: Final = settings
        self.clock: Final = clock
        self.scratch: Final = scratch

    @cached_property
    def state(self) -> Store:
        """Articles, sources, posts: what the pipeline remembers."""
        from syndicator.upgrades import open_state

        return open_state(self.settings.data_folder, scratch=self.scratch)

    @cached_property
    def book(self) -> Book:
        """The ledger."""
        from ledger.upgrades import UPGRADES

        return Book(TinyStore(self.settings.data_folder / "ledger.jsonl", scratch=self.scratch, upgrades=UPGRADES))

    def memory(self) -> Memory:
        """What was reckoned before, for `owe`; to be used once."""
        from ledger.memory import Memory

        return Memory(self.memory_file, self.rules, keep=not self.scratch)

    @property
    def memory_file(self) -> Path:
        """Where that lies; it may be removed at any time."""
        return self.settings.data_folder / "reckoned.cache"

    @cached_property
    def rules(self) -> Rules:
        """How favours are reckoned, by the settings."""
        table = self.settings.ledger
        return Rules(
            weights=weights_with(table.weights),
            half_life=table.half_life,
            threshold=table.threshold,
            suggestions_per_day=table.suggestions_per_day,
        )

    def lock_owner(self) -> Owner | None:
        """Who holds the run lock or died with it; None when the last run ended in order and none is on."""
        from filelock import FileLock, Timeout

        folder = self.settings.data_folder
        if not (who := _read(folder / "run.owner")):
            return None
        try:
            with FileLock(folder / "run.lock", timeout=0):
                return Owner(who, alive=False, since=_since(who))
        except Timeout:
            return Owner(who, alive=True, since=_since(who))

    def back_up(self) -> list[str]:
        """Keep copies of what is stored, each journal's own; gives a sentence for what could not be kept."""
        problems = []
        for kept in (self.state, self.book):
            try:
                kept.back_up()
            except StoreError as error:
                problems.append(str(error))
        return problems

    @contextmanager
    def lock(self, patience: float = 0.0) -> Iterator[str]:
        """Hold the run lock; wait `patience` seconds for it, then raise Busy.

        The system itself gives up the lock of an owner that died, in whatever container or (where the file system knows
        locks) on whatever host it was. Gives what is known of such an owner, "" if the last one ended in order.

        StoreError when the data folder can't be made or written.
        """
        import socket

        from filelock import FileLock

        folder = self.settings.data_folder
        owner = folder / "run.owner"
        lock = FileLock(folder / "run.lock")
        try:
            make_folder(folder)
            with stop.waiting():
                _acquire(lock, patience, owner)
            died = _read(owner)
            who = f"process {os.getpid()} on {socket.gethostname()}"
            owner.write_text(f"{who}, since {self.clock().astimezone(UTC).strftime(_WRITTEN)}\n", encoding="utf-8")
        except OSError as error:
            lock.release()
            raise trouble(Path(error.filename or folder), error, "written") from error
        try:
            yield died
        finally:
            owner.unlink(missing_ok=True)
            lock.release()


def _since(who: str) -> datetime | None:
    try:
        return datetime.strptime(who.rpartition(", since ")[2], _WRITTEN).replace(tzinfo=UTC)
    except ValueError:
        return None


def _acquire(lock: BaseFileLock, patience: float, owner: Path) -> None:
    """Take the lock within `patience` seconds, or raise Busy with the name of its owner.

    An owner writes its name right after taking the lock and wipes it out right before giving it up: a lock that is held
    without a name is asked for again, for some seconds.
    """
    from filelock import Timeout

    for attempt in range(_NAMELESS):
        try:
            lock.acquire(timeout=0 if attempt else patience)
        except Timeout:
            if who := _read(owner):
                break
            time.sleep(_NAMELESS_PAUSE)
        else:
            return
    raise Busy(f"a run is on ({who or 'another process'}); try again when it has ended")


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError:
        return ""
