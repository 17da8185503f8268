"""How long a whole `ledger collect` lasts on a large ledger, beside plain SQLite and plain TinyDB taking in the same.

    python bench/collect.py [--entries 100000] [--people 5000] [--times 3]

All are whole processes, from their start to their end, and all take turns. Before each turn a hundred people did
something new on a network that lies in a file. `ledger collect` asks the network, books what it told, gets to know the
people, reckons anew whoever is concerned and says what it did. SQLite (a table of JSON texts by key, synchronous=FULL)
and TinyDB (its own JSON file) are given the finished entries and only store them. *Nothing new* and *empty ledger* are
the same command without news, and with nothing booked before. Printed: milliseconds of CPU, the best of all turns, and
the ratio to SQLite's. Nothing is judged.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from owe import SETTINGS, command, fill_tinydb, make, timed

from ledger import codec
from ledger.book import Book
from ledger.entry import Entry
from ledger.store.tiny import TinyStore
from platforms.base import Actor, Interaction
from platforms.memory_world import world

NEWS = 100
ACCOUNT = '[accounts.pond]\nplatform = "memory"\nfile = "pond.jsonl"\n'
SQLITE = """
import json, sqlite3, sys
with sqlite3.connect(sys.argv[1]) as database:
    database.execute("PRAGMA synchronous=FULL")
    rows = ((key, json.dumps(entry)) for key, entry in json.load(sys.stdin))
    database.executemany("INSERT OR IGNORE INTO entries VALUES (?, ?)", rows)
"""
TINYDB = """
import json, sys
from tinydb import TinyDB
with TinyDB(sys.argv[1]) as database:
    database.table("entries").insert_multiple(entry for _, entry in json.load(sys.stdin))
"""


def prepare(folder: Path, entries: list[Entry]) -> None:
    """The same entries three times, and an account on a network where nothing has happened yet."""
    for each in (folder, folder / "empty"):
        each.mkdir(exist_ok=True)
        (each / "syndicator.toml").write_text(f'data = "."\n{SETTINGS}{ACCOUNT}')
    book = Book(TinyStore(folder / "ledger.jsonl"))
    for start in range(0, len(entries), 500):
        book.append(entries[start : start + 500])
    fill_tinydb(folder / "entries.json", entries)
    with sqlite3.connect(folder / "entries.sqlite") as database:
        database.execute("CREATE TABLE entries (key PRIMARY KEY, document)")
        rows = ((entry.key, json.dumps(codec.write_entry(entry))) for entry in entries)
        database.executemany("INSERT INTO entries VALUES (?, ?)", rows)


def happen(folder: Path, number: int, people: int) -> str:
    """A hundred people do something on the network; gives the same as keys and entries in JSON."""
    told, pond = make(NEWS, people), world("pond", str(folder / "pond.jsonl"))
    for place, entry in enumerate(told):
        actor = Actor(entry.identity.handle)
        at = datetime.now(UTC)
        pond.interact(Interaction("boost", actor, f"news {number} {place}", entry.url, entry.my_url, at))
    rows = [(f"news {number} {place}", codec.write_entry(entry)) for place, entry in enumerate(told)]
    return json.dumps(rows)


def store(program: str, file: Path, rows: str) -> None:
    """Run one of the two programs as a process."""
    subprocess.run([sys.executable, "-c", program, str(file)], input=rows, text=True, check=True, capture_output=True)


def one_turn(folder: Path, number: int, people: int) -> dict[str, float]:
    """Everything once."""
    rows = happen(folder, number, people)
    happen(folder / "empty", number, people)
    return {
        "SQLite stores them": timed(partial(store, SQLITE, folder / "entries.sqlite", rows)),
        "TinyDB stores them": timed(partial(store, TINYDB, folder / "entries.json", rows)),
        "ledger collect": timed(partial(command, folder, "collect")),
        "ledger collect, nothing new": timed(partial(command, folder, "collect")),
        "ledger collect, empty ledger": timed(partial(command, folder / "empty", "collect")),
    }


def booked(folder: Path) -> int:
    """How many entries the ledger has."""
    return len(Book(TinyStore(folder / "ledger.jsonl")).entries())


def main() -> None:
    """Prepare, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--people", type=int, default=5000)
    parser.add_argument("--times", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder, make(options.entries, options.people))
        for each in (folder, folder / "empty"):
            command(each, "collect")  # the first visit to a network, which is another thing
        before = booked(folder)
        turns = [one_turn(folder, number, options.people) for number in range(options.times)]
        new = booked(folder) - before
    best = {what: min(turn[what] for turn in turns) for what in turns[0]}
    print(f"{options.entries} entries, {options.people} people; booked {new} acts in {options.times} turns")
    for what, spent in best.items():
        print(f"{what:30}{spent:9.0f} ms {spent / best['SQLite stores them']:7.2f} x")


if __name__ == "__main__":
    main()
