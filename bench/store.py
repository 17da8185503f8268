"""How the journal compares with SQLite and with TinyDB's own JSON file, on the same documents in the same run.

    python bench/store.py [--sizes 1000 10000 100000] [--appends 200]

For each number of documents already stored: the time of one durable append (the median of many, at which all take
turns) and of opening the store and reading everything once (best of five), each also as a ratio to the journal. What
runs is described in `STORES`.
"""

from __future__ import annotations

import argparse
import gc
import os
import sqlite3
import statistics
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol

sys.path.insert(0, str(Path(__file__).parents[1]))

import msgspec
from tinydb import TinyDB
from tinydb.table import Document, Table

from ledger.store.tiny import TinyStore

TINYDB_LIMIT = 10_000  # stock TinyDB rewrites its whole file at each append: beyond this it takes minutes

LOADS = 5


def document(n: int) -> dict[str, Any]:
    """One entry of the ledger, about 340 bytes of JSON."""
    return {
        "direction": "received",
        "kind": "reply",
        "identity": f"mastodon:ada{n % 997}@example.social",
        "recorded": "2026-11-02T12:00:00Z",
        "at": "2026-11-02T11:58:00Z",
        "url": f"https://example.social/@ada{n % 997}/{n}",
        "my_url": f"https://me.example/posts/{n % 313}",
        "channel": "mastodon",
        "native_id": str(n),
        "trust": 1.0,
        "note": "schöne Grüße",
    }


class Subject(Protocol):
    """One way to keep documents."""

    def fill(self, documents: dict[str, dict[str, Any]]) -> None:
        """Store many at once."""

    def append(self, key: str, new: dict[str, Any]) -> None:
        """Store one, durably."""

    def load(self) -> int:
        """Open afresh, read everything, and say how many there were."""


class Journal:
    """TinyStore, one put per append."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "store.jsonl"
        self._store = TinyStore(self._path)

    def fill(self, documents: dict[str, dict[str, Any]]) -> None:
        """As a life would: one line each."""
        self._store.put_many("entries", documents)
        self._store.compact()

    def append(self, key: str, new: dict[str, Any]) -> None:
        """One transaction."""
        self._store.put("entries", key, new)

    def load(self) -> int:
        """A store of its own, as a new process has."""
        return len(dict(TinyStore(self._path).scan("entries")))


class Sqlite:
    """A table of JSON texts by key, synchronous=FULL; reading decodes each with msgspec, as the journal does."""

    def __init__(self, folder: Path, mode: str) -> None:
        self._path, self._mode = folder / "store.db", mode
        self._connection = self._connect()
        self._connection.execute("CREATE TABLE IF NOT EXISTS entries (key TEXT PRIMARY KEY, document TEXT NOT NULL)")

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None)
        connection.execute(f"PRAGMA journal_mode={self._mode}")
        connection.execute("PRAGMA synchronous=FULL")
        return connection

    def fill(self, documents: dict[str, dict[str, Any]]) -> None:
        """All in one transaction."""
        self._connection.execute("BEGIN")
        rows = ((key, msgspec.json.encode(new).decode()) for key, new in documents.items())
        self._connection.executemany("INSERT INTO entries VALUES (?, ?)", rows)
        self._connection.execute("COMMIT")

    def append(self, key: str, new: dict[str, Any]) -> None:
        """One transaction."""
        self._connection.execute("INSERT INTO entries VALUES (?, ?)", (key, msgspec.json.encode(new).decode()))

    def load(self) -> int:
        """A connection of its own, as a new process has."""
        decode = msgspec.json.Decoder(dict[str, Any]).decode
        rows = self._connect().execute("SELECT key, document FROM entries ORDER BY rowid")
        return len({key: decode(text) for key, text in rows})


class StockTable(Table):
    """Stock TinyDB but for its ids."""

    document_id_class = str  # type: ignore[assignment]


class StockTinyDB:
    """TinyDB with its own JSONStorage."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "store.json"
        self._table = StockTable(TinyDB(self._path).storage, "entries")

    def fill(self, documents: dict[str, dict[str, Any]]) -> None:
        """All in one write."""
        self._table.insert_multiple(Document(new, key) for key, new in documents.items())  # type: ignore[arg-type]

    def append(self, key: str, new: dict[str, Any]) -> None:
        """One insert."""
        self._table.insert(Document(new, key))  # type: ignore[arg-type]

    def load(self) -> int:
        """A database of its own, as a new process has."""
        return len(StockTable(TinyDB(self._path).storage, "entries").all())


class Bare:
    """What the disk alone takes: write 340 bytes, fsync."""

    def __init__(self, folder: Path) -> None:
        self._file = (folder / "bare").open("ab", buffering=0)

    def fill(self, documents: dict[str, dict[str, Any]]) -> None:
        """Nothing to keep."""

    def append(self, _key: str, _new: dict[str, Any]) -> None:
        """As many bytes as a document has."""
        self._file.write(b"x" * 340)
        os.fsync(self._file.fileno())

    def load(self) -> int:
        """Nothing to read."""
        return 0


STORES: dict[str, Callable[[Path], Subject]] = {
    "write and fsync": Bare,
    "journal": Journal,
    "sqlite, default": lambda folder: Sqlite(folder, "DELETE"),
    "sqlite, WAL": lambda folder: Sqlite(folder, "WAL"),
    "tinydb, JSON": StockTinyDB,
}


def timed(act: Callable[[], object]) -> float:
    """Seconds of one call."""
    start = perf_counter()
    act()
    return perf_counter() - start


def measure(size: int, appends: int, folder: Path) -> dict[str, tuple[float, float]]:
    """Seconds of one append to `size` documents, in which all take turns, and of loading them."""
    makers = {name: make for name, make in STORES.items() if name != "tinydb, JSON" or size <= TINYDB_LIMIT}
    folders = {name: folder / str(number) for number, name in enumerate(makers)}
    for each in folders.values():
        each.mkdir()
    subjects = {name: make(folders[name]) for name, make in makers.items()}
    for subject in subjects.values():
        subject.fill({f"key {n:08}": document(n) for n in range(size)})
    os.sync()  # or the first appends wait for what was filled in
    gc.collect()
    spent: dict[str, list[float]] = {name: [] for name in makers}
    for n in range(size, size + appends):
        for name, subject in subjects.items():
            spent[name].append(timed(partial(subject.append, f"key {n:08}", document(n))))
    del subject, subjects
    loads = {name: _load(make(folders[name]), size + appends) for name, make in makers.items()}
    return {name: (statistics.median(spent[name]), loads[name]) for name in makers}


def _load(subject: Subject, expected: int) -> float:
    """The best of some loads, as in a new process: nothing of the old one stays in memory."""
    loads = []
    for _ in range(LOADS):
        gc.collect()
        loads.append(timed(subject.load))
    assert subject.load() in {0, expected}
    return min(loads)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--appends", type=int, default=200)
    parser.add_argument("--folder", type=Path, help="where to write; default: the system's folder for temporary files")
    options = parser.parse_args()

    print(f"{'documents':>9}  {'store':<16} {'append ms':>9} {'ratio':>6}   {'load ms':>8} {'ratio':>6}")
    for size in options.sizes:
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            found = measure(size, options.appends, Path(folder))
        base = found["journal"]
        for name, (append, load) in found.items():
            print(
                f"{size:>9}  {name:<16} {append * 1000:>9.2f} {append / base[0]:>6.2f}   "
                f"{load * 1000:>8.1f} {load / base[1]:>6.1f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
