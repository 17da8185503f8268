"""What knowing articles for ever costs: bytes on disk, time to load, and memory, for 100,000 articles that are old.

    python bench/articles.py [--articles 100000]

Beside it the same columns in SQLite (read into dicts by address and by guid, as a lookup needs), and TinyDB's own JSON
file. Each in a process of its own; times are the best of three. Then what one run adds: gathering a day of news, and
all items of the same feeds again.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).parents[1]))

import msgspec

from ledger.store.tiny import TinyStore
from syndicator import articles
from syndicator.articles import Article, Catalogue, gather
from syndicator.sources.base import Feed, Item, Source

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
SYLLABLES = [
    "ca",
    "nal",
    "he",
    "ron",
    "tow",
    "path",
    "gar",
    "den",
    "li",
    "chen",
    "re",
    "lease",
    "soft",
    "ware",
    "wri",
    "ting",
    "ear",
    "ly",
    "mor",
    "ning",
    "py",
    "thon",
    "sta",
    "tic",
]
#: Four thousand words, the first ones common and the last ones rare, as in a language.
WORDS = ["".join(random.Random(n).choices(SYLLABLES, k=1 + n % 4)) for n in range(4000)]
RARITY = [1 / (n + 10) for n in range(len(WORDS))]
FEEDS = 1000
LOOKS = 3


def item(n: int) -> Item:
    """One entry of one of a thousand feeds: an address of 80 letters, a title of 45, a text of 500."""
    chance = random.Random(n)
    title = " ".join(chance.choices(WORDS, RARITY, k=8)).capitalize()
    host = f"https://www.blog{n % FEEDS}.example"
    return Item(
        id=f"{host}/?p={n}",
        url=f"{host}/2026/{n % 12 + 1:02}/{title.lower().replace(' ', '-')}-{n}/",
        title=title,
        author=f"Author {n % FEEDS}",
        published=NOW - timedelta(days=100, minutes=n * 7),
        summary=" ".join(chance.choices(WORDS, RARITY, k=80)),
        tags=("notes", "canal"),
        words=700,
        language="en",
    )


def feeds(count: int, start: int = 0) -> list[tuple[Source, Feed]]:
    """So many items in a thousand feeds."""
    found = []
    for number in range(FEEDS):
        url = f"https://www.blog{number}.example/feed.xml"
        items = tuple(item(n) for n in range(start + number, start + count, FEEDS))
        found.append((Source(url, "curated"), Feed(url, items=items)))
    return found


def filled(count: int) -> Catalogue:
    """A catalogue that has read so many articles."""
    catalogue = Catalogue()
    for source, feed in feeds(count):
        gather(catalogue, source, feed, now=NOW, allow=0)
    return catalogue


def fill(folder: Path, count: int) -> None:
    """Write the same articles in every way."""
    catalogue = filled(count)
    known = list(catalogue)
    store = TinyStore(folder / "journal")
    articles.save(store, catalogue, whole_since=NOW)
    store.compact()
    columns = [_columns(article) for article in known]
    connection = sqlite3.connect(folder / "sqlite")
    connection.execute("CREATE TABLE articles (url PRIMARY KEY, title, published, first_seen, source, guid, author)")
    connection.executemany("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?)", columns)
    connection.execute("CREATE INDEX by_guid ON articles (guid)")
    connection.commit()
    connection.close()
    whole = {str(n): msgspec.to_builtins(article) for n, article in enumerate(known)}
    (folder / "tinydb").write_bytes(msgspec.json.encode({"articles": whole}))


def _columns(article: Article) -> tuple[str, ...]:
    published = article.published or article.first_seen
    dates = published.isoformat(), article.first_seen.isoformat()
    return article.url, article.title, *dates, article.source, article.guids[0], article.author


def load_journal(path: Path) -> int:
    """The catalogue, ready for every question."""
    return len(articles.load(TinyStore(path)))


def load_sqlite(path: Path) -> int:
    """Rows as tuples, found by address and by guid; titles and page keys would come on top."""
    rows = sqlite3.connect(path).execute("SELECT * FROM articles").fetchall()
    by_url = {row[0]: row for row in rows}
    by_guid = {row[5]: row for row in rows}
    return min(len(by_url), len(by_guid))


def load_tinydb(path: Path) -> int:
    """As its JSON storage does on every read; found by nothing yet."""
    with path.open(encoding="utf-8") as file:
        return len(json.load(file)["articles"])


LOADERS: dict[str, Callable[[Path], int]] = {"journal": load_journal, "sqlite": load_sqlite, "tinydb": load_tinydb}


def measure(name: str, path: Path) -> None:
    """Load once, in this process alone; print seconds of CPU, and the peak of its memory in megabytes."""
    began = process_time()
    LOADERS[name](path)
    taken = process_time() - began
    status = Path("/proc/self/status").read_text(encoding="ascii")  # getrusage would tell the parent's peak
    print(taken, int(status.partition("VmHWM:")[2].split()[0]) / 1024)


def compare(count: int) -> None:
    """Print a line for each way."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill(folder, count)
        measured = {}
        for way in LOADERS:
            command = [sys.executable, __file__, "--measure", way, str(folder / way)]
            runs = [subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(LOOKS)]
            measured[way] = min(tuple(map(float, run.split())) for run in runs)
        print(f"{count} articles: bytes each   MB on disk   CPU s to load   ms per 1,000   peak MB   times SQLite")
        for way, (seconds, memory) in measured.items():
            size = (folder / way).stat().st_size
            print(
                f"  {way:12} {size / count:10.0f} {size / 1e6:12.1f} {seconds:15.2f} {seconds / count * 1e6:14.2f}"
                f" {memory:9.0f} {seconds / measured['sqlite'][0]:14.1f}"
            )


def one_run(count: int) -> None:
    """What a run adds to what is known."""
    store = TinyStore(None)
    articles.save(store, filled(count), whole_since=NOW)
    catalogue = articles.load(store)
    for what, read in (("new", feeds(2000, start=count)), ("known", feeds(min(count, 20_000)))):
        began = process_time()
        for source, feed in read:
            gather(catalogue, source, feed, now=NOW, allow=None)
        taken = process_time() - began
        items = sum(len(feed.items) for _, feed in read)
        print(f"  gathering {items} {what} items: {taken:.2f} s, {taken / items * 1e6:.0f} us each")


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--measure", nargs=2, metavar=("WAY", "FILE"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        measure(given.measure[0], Path(given.measure[1]))
        return
    compare(given.articles)
    one_run(given.articles)


if __name__ == "__main__":
    main()
