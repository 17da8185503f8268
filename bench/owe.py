"""How long `owe` takes on a large ledger, beside a plain SQLite scan of the same entries.

    python bench/owe.py [ENTRIES] [PEOPLE]

Prints milliseconds (the best of three) and the ratio to SQLite reading every column of every row. Nothing is judged.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ledger import codec
from ledger.book import Book
from ledger.entry import Direction, Entry, Identity, Kind
from ledger.owe import owe
from ledger.rules import Rules
from ledger.store.tiny import TinyStore

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
COLUMNS = ("direction", "kind", "identity", "recorded", "at", "url", "my_url", "channel", "native_id", "in_return_for")


def make(count: int, people: int) -> list[Entry]:
    """Two years of favours: mostly small ones, a quarter of them mine."""
    chance = random.Random(7)
    kinds = [Kind.LIKE] * 5 + [Kind.BOOST] * 3 + [Kind.REPLY, Kind.SHARE, Kind.LINK, Kind.COMMENT, Kind.FOLLOW]
    entries = []
    for number in range(count):
        name = f"person{chance.randrange(people)}"
        at = NOW - timedelta(seconds=chance.randrange(2 * 365 * 86400))
        direction = Direction.GIVEN if chance.random() < 0.25 else Direction.RECEIVED
        entries.append(
            Entry(
                direction,
                chance.choice(kinds),
                Identity("mastodon", f"{name}@example.social"),
                at + timedelta(minutes=5),
                at=at,
                url=f"https://example.social/@{name}/{number}",
                my_url=f"https://me.example/{number % 300}",
                channel="mastodon",
                native_id=str(number),
            )
        )
    return entries


def best(work: Callable[[], object], times: int = 3) -> float:
    """Milliseconds of the quickest of some runs."""
    spans = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        spans.append(time.perf_counter() - start)
    return min(spans) * 1000


def fill_sqlite(path: Path, entries: list[Entry]) -> None:
    """The same entries as one table."""
    with sqlite3.connect(path) as database:
        database.execute(f"CREATE TABLE entries (key PRIMARY KEY, {', '.join(COLUMNS)})")
        rows = ([e.key, *(codec.write_entry(e).get(name) for name in COLUMNS)] for e in entries)
        database.executemany(f"INSERT INTO entries VALUES ({', '.join('?' * (len(COLUMNS) + 1))})", rows)


def scan_sqlite(path: Path) -> int:
    """Read everything."""
    with sqlite3.connect(path) as database:
        return len(database.execute("SELECT * FROM entries").fetchall())


def main() -> None:
    """Make a ledger on disk, measure, print."""
    count, people = (int(word) for word in (sys.argv[1:3] if len(sys.argv) > 2 else ("100000", "5000")))
    entries = make(count, people)
    with tempfile.TemporaryDirectory() as folder:
        database, journal = Path(folder) / "entries.sqlite", Path(folder) / "ledger.jsonl"
        fill_sqlite(database, entries)
        store = TinyStore(journal)
        Book(store).append(entries)
        store.close()

        def opened() -> Book:
            return Book(TinyStore(journal))

        everybody = opened().people()
        read = opened().entries()
        rows = {
            "sqlite3, all rows": best(lambda: scan_sqlite(database)),
            "open the journal": best(opened),
            "open and read entries": best(lambda: opened().entries()),
            "owe alone": best(lambda: owe(everybody, read, NOW, Rules())),
            "open, read and owe": best(lambda: owe(everybody, opened().entries(), NOW, Rules())),
        }
    print(f"{count} entries, {people} people")
    for name, spent in rows.items():
        print(f"{name:24}{spent:9.0f} ms {spent / rows['sqlite3, all rows']:7.1f} x")


if __name__ == "__main__":
    main()
