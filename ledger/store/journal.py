"""Collections of documents in one append-only file: reading what is new, committing a line, keeping the file small.

What is promised: a committed transaction survives a crash or a power cut; one that failed leaves no trace; writers in
other processes take turns; readers never wait. docs/decisions/0002-journal-store.md says how and why.

Leaves to others: what lines mean (`lines`), open transactions (`layers`), queries and threads (`tiny`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

import msgspec

from ledger.store import backups, durable, remnants, upgrades
from ledger.store.base import StoreBusy, StoreError
from ledger.store.layers import Changes, Tables, encode
from ledger.store.lines import MARK, REMOVED, Place, Told, new_header, transactions
from ledger.store.resting import collector_resting
from ledger.store.shelf import Shelf
from ledger.store.turns import Turns

#: A journal is rewritten when it is larger than this (bytes) and over half of the documents in it are history.
WORTH_COMPACTING = 1_000_000

#: Device, inode, size, time of change: a file with the same ones has nothing new for us.
_Signature = tuple[int, int, int, int]
_NONE: _Signature = (0, 0, 0, 0)


def _today() -> date:
    return datetime.now(UTC).date()


def _signature(state: os.stat_result) -> _Signature:
    return state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns


class Journal(Tables):
    """Collections kept in a file. `patience` is how many seconds to wait for another process that is writing."""

    def __init__(self, path: Path, patience: float, steps: upgrades.Upgrades = ()) -> None:
        super().__init__()
        self._steps = steps
        self._version = 1 + len(steps)
        self.path = path.resolve()
        self._name = str(self.path)
        self._patience = patience
        self._turns: Turns | None = None
        self._seen = _NONE
        self._place = Place()
        self._may_compact = True

    def refresh(self) -> None:
        """Take in what others committed since the last call; when that is nothing it costs one `stat`.

        Raises `StoreDamaged` when a line other than the last can't be read, and `StoreError` for a newer format.
        """
        try:
            if _signature(os.stat(self._name)) != self._seen:  # noqa: PTH116  # a quarter of Path.stat's time
                self._read()
        except FileNotFoundError:
            self._forget()
            backups.check_absence(self.path, _today())
        except OSError as error:
            raise durable.trouble(self.path, error, "read") from error

    def _read(self) -> None:
        with self.path.open("rb") as file:
            signature = _signature(os.fstat(file.fileno()))
            if self._seen[:2] != signature[:2] or self._is_old() or not self._place.is_in(file):
                self._forget()
            anew = not self._place.offset
            with collector_resting():
                for found, place in transactions(file, self._place, self.path, self._version):
                    self._take(found)
                    self._place = place
        if anew:
            backups.check_end(self.path, self._place.offset, _today())
        if self._is_old():
            self.tables = upgrades.upgraded(self.tables, self._steps[self._place.version - 1 :])
        self._seen = signature

    def _take(self, found: list[Told]) -> None:
        last, shelf = "", Shelf()
        for name, key, text in found:
            if name != last:
                shelf, last = self.shelf(name), name
            if text == REMOVED:
                shelf.remove(key)
            else:
                shelf.put(key, text)

    def _forget(self) -> None:
        self.tables = {}
        self._place = Place()
        self._seen = _NONE

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the writer's lock, having read what others committed and set a torn last line aside.

        Raises `StoreBusy` when another writer holds the lock for longer than the patience given.
        """
        turns = self._turns = self._turns or self._make_turns()
        try:
            taken = turns.take()
        except OSError as error:
            raise durable.trouble(self.path, error, "locked for writing") from error
        if not taken:
            raise StoreBusy(
                f"{self.path}: another process has been writing for {self._patience:g} s "
                f"(it holds {self.path.name}.lock); wait until it is done, or end it, and try again"
            )
        try:
            self.refresh()
            self._set_torn_aside()
            if self._is_old():
                self._upgrade()
            yield
        finally:
            turns.give_up()

    def _make_turns(self) -> Turns:
        try:
            durable.make_folder(self.path.parent)
        except OSError as error:
            raise durable.trouble(self.path, error, "created") from error
        return Turns(remnants.beside(self.path, "lock"), self._patience)

    def _set_torn_aside(self) -> None:
        """Move what follows the last whole line into a file of its own: unacknowledged, yet its owner's."""
        offset = self._place.offset
        if self._seen[2] <= offset:
            return
        try:
            remnants.keep_torn(self.path, offset)
            self._seen = _signature(durable.cut(self.path, offset))
        except OSError as error:
            raise durable.trouble(self.path, error, "mended after an interrupted write") from error

    def _is_old(self) -> bool:
        return 0 < self._place.version < self._version

    def _upgrade(self) -> None:
        """Store what the upgrades gave; the file as it was stays beside it. To be broken off anywhere does no harm."""
        import logging

        old = self._place.version
        try:
            kept = remnants.keep_version(self.path, old)
        except OSError as error:
            raise durable.trouble(self.path, error, "copied, and was not upgraded") from error
        self.compact()
        message = "%s: upgraded from version %d to %d; as it was it is kept in %s"
        logging.getLogger(__name__).warning(message, self.path, old, self._version, kept.name)

    def commit(self, changes: Changes) -> None:
        """Append one line and make it durable; when that fails, neither file nor memory has changed."""
        line = encode(changes) + b"\n"
        data = line if self._place.offset else new_header(self._version) + line
        try:
            state = durable.append(self.path, self._place.offset, data)
        except OSError as error:
            raise durable.trouble(self.path, error, "written, and nothing was stored") from error
        self.apply(changes)
        self._place = self._place.after(data, sum(map(len, changes.values())))
        self._seen = _signature(state)
        if self._may_compact and self._wasteful():
            try:
                self.compact()
            except StoreError:
                self._may_compact = False  # the transaction is safe all the same; the next run tries again

    def _wasteful(self) -> bool:
        return self._place.offset > WORTH_COMPACTING and self._place.written > 2 * self._alive()

    def _alive(self) -> int:
        return sum(map(len, self.tables.values()))

    def compact(self) -> None:
        """Replace the file by one that holds each document once; the old one stays beside it as `.bak`.

        At every moment the file under the journal's own name is whole: the old one, then the new one.
        """
        if not self._place.offset:
            return
        new = remnants.beside(self.path, "new")
        try:
            header = new_header(self._version)
            durable.write_file(new, self._rewritten(header))
            remnants.keep_compacted(self.path)
            new.replace(self.path)
            durable.sync_folder(self.path.parent)
            self._place, self._seen = self._at_end(header)
        except OSError as error:
            raise durable.trouble(self.path, error, "compacted, but every document is still there") from error

    def _rewritten(self, header: bytes) -> Iterator[bytes]:
        yield header
        for name, table in self.tables.items():
            lines = (encode({name: {key: msgspec.Raw(text)}}) + b"\n" for key, text in table.texts().items())
            while piece := b"".join(islice(lines, 1000)):
                yield piece

    def _at_end(self, header: bytes) -> tuple[Place, _Signature]:
        alive = self._alive()
        with self.path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - MARK))
            return Place(size, alive, file.read(), header), _signature(os.fstat(file.fileno()))

    def back_up(self) -> None:
        """Bring the copy of today up to date."""
        try:
            if self._place.offset:
                backups.keep(self.path, self._place.offset, _today())
        except OSError as error:
            raise durable.trouble(
                self.path.parent / "backups", error, "written, though the journal itself was"
            ) from error

    def drop_history(self) -> None:
        """Compact, and remove what the file was before: its copies, and what crashes left of it."""
        self.compact()
        try:
            backups.remove(self.path)
            remnants.remove(self.path)
        except OSError as error:
            raise durable.trouble(self.path.parent, error, "cleared of old copies; remove them by hand") from error
