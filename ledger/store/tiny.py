"""The store that comes with the package: TinyDB over an append-only journal.

`TinyStore` is the Store of `base`; its `db` is the real TinyDB underneath, for queries and ad-hoc work
(`store.db.table("entries").search(where("kind") == "boost")`). What the bytes look like is the journal's business.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from threading import RLock
from typing import Any, cast

from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Table

from ledger.store.base import Document
from ledger.store.journal import Journal
from ledger.store.layers import Changes, Draft, Overlay, Tables, decode, encode
from ledger.store.scratch import Scratch
from ledger.store.shelf import Shelf
from ledger.store.upgrades import Upgrades

Updater = Callable[[Draft], None]
_EMPTY = Shelf()


class JournalStorage(Storage):
    """TinyDB's storage, which keeps open transactions as layers and hands finished ones to a journal."""

    def __init__(self, journal: Tables) -> None:
        self._journal = journal
        self._layers: list[Changes] = []
        self._guard = RLock()

    def read(self) -> dict[str, dict[str, Any]]:
        """Every collection that has documents, as TinyDB's interface wants them."""
        with self._guard:
            names = dict.fromkeys(self._refreshed())
            for layer in self._layers:
                names.update(dict.fromkeys(layer))
            tables = {name: self._view(name).snapshot() for name in names}
            return {name: table for name, table in tables.items() if table}

    def write(self, data: Mapping[str, Mapping[str, Document]]) -> None:
        """Make the whole store equal to `data`; only what differs is written."""
        with self.transaction():
            for name in {**self.read(), **data}:
                self.change(name, partial(_replace_all, new=data.get(name, {})))

    def view(self, name: str) -> Overlay:
        """One collection as of now."""
        with self._guard:
            self._refreshed()
            return self._view(name)

    def snapshot(self, name: str) -> dict[str, Document]:
        """One collection as of now, unmoved by later writes."""
        with self._guard:
            self._refreshed().get(name, _EMPTY).read_all()
            return self._view(name).snapshot()

    def change(self, name: str, updater: Updater) -> None:
        """Let `updater` change a draft of one collection, and keep what it changed.

        The changes pass through JSON, so that memory holds what a later reader would get, and nothing the caller can
        still change.
        """
        with self.transaction():
            draft = Draft(self._view(name))
            updater(draft)
            self._layers[-1].update(decode(encode({name: draft.changes()})))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """A layer of its own for every writer; the outermost is committed, an inner one joins the one around it."""
        with self._guard, self._writing():
            self._layers.append({})
            try:
                yield
            except BaseException:
                self._layers.pop()
                raise
            else:
                self._finish(self._layers.pop())

    def compact(self) -> None:
        """Rewrite the journal without its history."""
        with self._guard, self._writing():
            self._journal.compact()

    def back_up(self) -> None:
        """Keep a copy of what is committed."""
        with self._guard, self._writing():
            self._journal.back_up()

    def drop_history(self) -> None:
        """Leave nothing of what is no longer there."""
        with self._guard, self._writing():
            self._journal.drop_history()

    def _writing(self) -> AbstractContextManager[None]:
        return nullcontext() if self._layers else self._journal.writing()

    def _finish(self, changes: Changes) -> None:
        if self._layers:
            for name, layer in changes.items():
                self._layers[-1].setdefault(name, {}).update(layer)
            return
        tables = self._journal.tables
        net = {
            name: kept
            for name, layer in changes.items()
            if (kept := {key: new for key, new in layer.items() if new is not None or key in tables.get(name, {})})
        }
        if net:
            self._journal.commit(net)

    def _refreshed(self) -> dict[str, Shelf]:
        if not self._layers:
            self._journal.refresh()
        return self._journal.tables

    def _view(self, name: str) -> Overlay:
        layers = [layer[name] for layer in self._layers if name in layer]
        return Overlay(self._journal.tables.get(name, _EMPTY), layers)


def _replace_all(draft: Draft, new: Mapping[str, Document]) -> None:
    for key in [key for key in draft if key not in new]:
        del draft[key]
    draft.update(new)


def _discard(draft: Draft, keys: Iterable[str]) -> None:
    for key in keys:
        if key in draft:
            del draft[key]


class JournalTable(Table):
    """TinyDB's table with string ids, reading and changing single documents instead of copying all of them."""

    document_id_class = str  # type: ignore[assignment]  # TinyDB's own annotation says int

    def __init__(self, storage: JournalStorage, name: str) -> None:
        super().__init__(storage, name, cache_size=0)  # a cached answer would hide what another process wrote
        self._journalled = storage

    def put(self, documents: Mapping[str, Mapping[str, Any]]) -> None:
        """Insert or replace documents."""
        self._update_table(lambda draft: draft.update({key: dict(new) for key, new in documents.items()}))

    def discard(self, keys: Iterable[str]) -> None:
        """Remove the documents that are there."""
        self._update_table(partial(_discard, keys=keys))

    def _read_table(self) -> Overlay:  # type: ignore[override]  # a mapping is all that TinyDB needs
        return self._journalled.view(self.name)

    def _update_table(self, updater: Updater) -> None:  # type: ignore[override]
        self._journalled.change(self.name, updater)

    def _get_next_id(self) -> str:
        return os.urandom(8).hex()


class _Database(TinyDB):
    table_class = JournalTable  # type: ignore[assignment]  # which TinyDB documents as the way to do it


class TinyStore:
    """The Store of `base` in one file at `path`, which need not be there yet; None keeps everything in memory.

    `patience` is how many seconds a writer waits for another process. With `scratch` the file is read and never
    written, for dry runs: from its first write on, this store sees its own writes and no longer those of others.
    A file of an earlier version is read as `upgrades` make it, and stored so by the first writer.

    Documents are JSON: tuples come back as lists, and what JSON cannot say raises `TypeError` or `ValueError` before
    anything is changed. One that is deleted and put again within a transaction keeps its place in the order.
    """

    def __init__(
        self, path: Path | None, *, patience: float = 30, scratch: bool = False, upgrades: Upgrades = ()
    ) -> None:
        tables = Tables()
        if path:
            tables = Scratch(path, upgrades) if scratch else Journal(path, patience, upgrades)
        self._storage = JournalStorage(tables)
        self.db: TinyDB = _Database(storage=lambda: self._storage)

    def get(self, collection: str, key: str) -> Document | None:
        """One document, or None."""
        return self._storage.view(collection).get(key)

    def put(self, collection: str, key: str, document: Mapping[str, Any]) -> None:
        """Insert or replace one document."""
        self._table(collection).put({key: document})

    def put_many(self, collection: str, documents: Mapping[str, Mapping[str, Any]]) -> None:
        """Insert or replace many documents in one transaction."""
        self._table(collection).put(documents)

    def delete(self, collection: str, keys: Iterable[str]) -> None:
        """Remove documents; keys that are not there are ignored."""
        self._table(collection).discard(keys)

    def scan(self, collection: str) -> Iterator[tuple[str, Document]]:
        """All documents with their keys, in the order they were first put, unmoved by writes made meanwhile."""
        return iter(self._storage.snapshot(collection).items())

    def texts(self, collection: str) -> Iterator[tuple[str, bytes]]:
        """The same documents as JSON."""
        return iter(self._storage.view(collection).texts().items())

    def count(self, collection: str) -> int:
        """How many documents there are."""
        return len(self._storage.view(collection))

    def transaction(self) -> AbstractContextManager[None]:
        """Group writes. An inner transaction that fails takes back its own writes only; the outermost one commits."""
        return self._storage.transaction()

    def compact(self) -> None:
        """Rewrite the file without its history, keeping the old one as `.bak`. Happens by itself when it is due."""
        self._storage.compact()

    def back_up(self) -> None:
        """Bring the copy of today in `backups/` beside the file up to date; those of the last days stay."""
        self._storage.back_up()

    def drop_history(self) -> None:
        """Rewrite the file without its history, and remove every copy and remnant of what it was."""
        self._storage.drop_history()

    def close(self) -> None:
        """Release what is held; the store is not used afterwards."""
        self.db.close()

    def _table(self, collection: str) -> JournalTable:
        return cast("JournalTable", self.db.table(collection))


def memory_store() -> TinyStore:
    """A store that keeps nothing on disk, for tests and for trying things out."""
    return TinyStore(None)
