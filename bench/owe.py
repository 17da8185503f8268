"""How long `owe`, `why` and taking in news last on a large ledger, beside plain SQLite and plain TinyDB.

    python bench/owe.py [ENTRIES] [PEOPLE]

The same entries lie in a journal as collecting writes it (500 at a time), in a SQLite table with a column for each
field and an index on the identity, and in TinyDB's own JSON file. Printed: milliseconds of CPU of this process, the
best of three rounds in which all take turns, and the ratio to "SQLite's scan": `SELECT *`, every row a tuple of plain
texts and numbers, nothing reckoned. `owe` is everything: opening the file, reading, settling, ranking, suggesting.
*First* has nothing reckoned before, *after news* finds all but a hundred new entries reckoned, *again* all. The
commands are whole processes, of which the start (`ledger owe` with nothing in the ledger) is to be taken off. Nothing
is judged.
"""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from time import process_time

from msgspec.structs import replace

sys.path.insert(0, str(Path(__file__).parents[1]))

from tinydb import TinyDB

from ledger import codec
from ledger.book import Book
from ledger.entry import Direction, Entry, Identity, Kind
from ledger.memory import Memory
from ledger.owe import Debt, explain, owe
from ledger.people import implicit
from ledger.rules import Rules
from ledger.store.resting import collector_resting
from ledger.store.tiny import TinyStore

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
COLUMNS = tuple(name for name in Entry.__struct_fields__ if name != "identity")
ROUNDS = 3
SCAN = "SQLite's scan"
NEWS = 100
SOMEBODY = Identity("mastodon", "person7@example.social")
SETTINGS = '[me]\nname = "Bench"\nsites = ["https://me.example"]\ntimezone = "UTC"\n'


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


def fill_sqlite(path: Path, entries: list[Entry]) -> None:
    """The same entries as one table."""
    with sqlite3.connect(path) as database:
        database.execute(f"CREATE TABLE entries (key PRIMARY KEY, identity, {', '.join(COLUMNS)})")
        rows = ([each.key, str(each.identity), *map(partial(_plain, each), COLUMNS)] for each in entries)
        database.executemany(f"INSERT INTO entries VALUES ({', '.join('?' * (len(COLUMNS) + 2))})", rows)
        database.execute("CREATE INDEX by_identity ON entries (identity)")


def _plain(entry: Entry, name: str) -> object:
    value = getattr(entry, name)
    return codec.write_time(value) if isinstance(value, datetime) else value


def fill_tinydb(path: Path, entries: list[Entry]) -> None:
    """The same entries as TinyDB keeps them by itself."""
    with TinyDB(path) as database:
        database.table("entries").insert_multiple(map(codec.write_entry, entries))


def scan_sqlite(path: Path, where: str = "") -> int:
    """Read every column of every row."""
    with sqlite3.connect(path) as database:
        return len(database.execute(f"SELECT * FROM entries {where}").fetchall())


def scan_tinydb(path: Path) -> int:
    """Read every document."""
    with TinyDB(path) as database:
        return len(database.table("entries").all())


@collector_resting()
def reckon(folder: Path) -> tuple[Debt, ...]:
    """What `ledger owe` reckons, from the file to the list."""
    book, memory = Book(TinyStore(folder / "ledger.jsonl")), Memory(folder / "reckoned.cache", Rules())
    debts = owe(book.people(), book.sheaves(), NOW, Rules(), book.offers(), book.acts(), memory=memory)
    memory.save()
    return debts


@collector_resting()
def tell(folder: Path) -> int:
    """What `ledger why` reckons."""
    settlement, _ = explain(implicit(SOMEBODY), Book(TinyStore(folder / "ledger.jsonl")).sheaves(), NOW, Rules())
    return len(settlement.lines)


def news(number: int) -> list[Entry]:
    """Favours of a hundred people that nobody knows of yet."""
    told = make(NEWS, 5000)
    return [replace(entry, native_id=f"news {number} {entry.native_id}") for entry in told]


def take_in(folder: Path, entries: list[Entry]) -> int:
    """What collecting does with what it was told: open, look what is new, append it."""
    return Book(TinyStore(folder / "ledger.jsonl")).append(entries)


def take_in_sqlite(path: Path, entries: list[Entry]) -> None:
    """The same."""
    rows = [[each.key, str(each.identity), *map(partial(_plain, each), COLUMNS)] for each in entries]
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA synchronous=FULL")
        database.executemany(f"INSERT OR IGNORE INTO entries VALUES ({', '.join('?' * (len(COLUMNS) + 2))})", rows)


def take_in_tinydb(path: Path, entries: list[Entry]) -> None:
    """The same, without looking what is new."""
    with TinyDB(path) as database:
        database.table("entries").insert_multiple(map(codec.write_entry, entries))


def command(folder: Path, *words: str) -> None:
    """Run `ledger` as a process."""
    whole = [sys.executable, "-m", "syndicator", "--config", str(folder / "syndicator.toml"), "ledger", *words]
    subprocess.run(whole, check=True, capture_output=True)


def cpu() -> float:
    """Seconds of CPU of this process and of those it has waited for."""
    children = os.times()
    return process_time() + children.children_user + children.children_system


def timed(work: Callable[[], object]) -> float:
    """Milliseconds of CPU of one call."""
    start = cpu()
    work()
    return (cpu() - start) * 1000


def one_round(folder: Path, number: int) -> dict[str, float]:
    """Everything once, in turns."""
    database, stock, memory = folder / "entries.sqlite", folder / "entries.json", folder / "reckoned.cache"
    memory.unlink(missing_ok=True)
    fresh = news(number)
    mine = f"WHERE identity = '{SOMEBODY}'"
    spent = {
        SCAN: timed(partial(scan_sqlite, database)),
        "TinyDB's scan": timed(partial(scan_tinydb, stock)),
        "owe, first": timed(partial(reckon, folder)),
        "owe, again": timed(partial(reckon, folder)),
        "collect 100": timed(partial(take_in, folder, fresh)),
        "collect 100, SQLite": timed(partial(take_in_sqlite, database, fresh)),
        "collect 100, TinyDB": timed(partial(take_in_tinydb, stock, fresh)),
        "owe, after news": timed(partial(reckon, folder)),
        "why": timed(partial(tell, folder)),
        "why, SQLite reads them": timed(partial(scan_sqlite, database, mine)),
        "command: start": timed(partial(command, folder / "empty", "owe")),
    }
    memory.unlink()
    spent["command: owe, first"] = timed(partial(command, folder, "owe"))
    spent["command: owe, again"] = timed(partial(command, folder, "owe"))
    return spent


def main() -> None:
    """Make a ledger on disk, measure, print."""
    count, people = (int(word) for word in (sys.argv[1:3] if len(sys.argv) > 2 else ("100000", "5000")))
    entries = make(count, people)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "empty").mkdir()
        for each in (folder, folder / "empty"):
            (each / "syndicator.toml").write_text(f'data = "."\n{SETTINGS}')
        fill_sqlite(folder / "entries.sqlite", entries)
        fill_tinydb(folder / "entries.json", entries)
        book = Book(TinyStore(folder / "ledger.jsonl"))
        for start in range(0, count, 500):
            book.append(entries[start : start + 500])
        rounds = [one_round(folder, number) for number in range(ROUNDS)]
    spent = {name: min(each[name] for each in rounds) for name in rounds[0]}
    print(f"{count} entries, {people} people")
    for name, best in spent.items():
        print(f"{name:26}{best:9.0f} ms {best / spent[SCAN]:7.2f} x")


if __name__ == "__main__":
    main()
