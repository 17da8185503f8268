"""Publishing one more entry into a large linkblog, beside making all of its files: `python bench/linkblog.py`.

Both end with the same folder. The comparison forgets what was made, so that every file is made and written; `syncs` are
the times that the disk was told to keep what it has, which is most of the time on a slow one.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from platforms.base import Card, Draft, Login
from platforms.linkblog import Linkblog
from platforms.linkblog_book import Book, Link
from platforms.linkblog_folder import MADE, write_book

START = datetime(2016, 1, 1, tzinfo=UTC)
ABOUT = "What a winter pruning teaches about deleting code, and why the second year is the one that counts. " * 3


def article(number: int) -> Draft:
    """A share as it is composed for a linkblog."""
    url = f"https://blog{number % 400}.example/{number}/a-title-of-the-usual-length"
    card = Card(url, f"A title of the usual length, part {number}", ABOUT, site="A blog", site_url=url, author="Ada")
    return Draft(f"{card.title}\nWorth your time.", url, card, "en")


def filled(folder: Path, entries: int) -> Linkblog:
    """A linkblog with so many entries, its files made."""
    blog = Linkblog(Login("links", {"folder": str(folder), "title": "Links", "url": "https://links.example"}))
    book = Book(1, "urn:uuid:0", [])
    for number in range(entries):
        request = blog.prepare(article(number), f"k{number}", START)
        at = START + timedelta(hours=8 * number)
        book.links.append(msgspec.convert({**request.payload, "key": request.key, "at": at}, Link))
    book.arrange()
    write_book(folder, book)
    blog.find(blog.prepare(article(0), "k0", START))
    return blog


def measured(work: Callable[[], object]) -> tuple[float, float, int]:
    """Seconds on the clock, seconds of CPU, and syncs."""
    syncs, sync = 0, os.fsync

    def counting(handle: int) -> None:
        nonlocal syncs
        syncs += 1
        sync(handle)

    os.fsync = counting
    begun, spent = time.perf_counter(), time.process_time()
    work()
    took = time.perf_counter() - begun, time.process_time() - spent
    os.fsync = sync
    return *took, syncs


def compare(entries: int, times: int) -> None:
    """Print one line: the best of some rounds of each."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        blog, one, all_of_it = filled(folder, entries), [], []
        for number in range(entries, entries + times):
            request = blog.prepare(article(number), f"k{number}", START + timedelta(hours=8 * number))
            one.append(measured(lambda request=request: blog.publish(request)))
            (folder / MADE).unlink()
            all_of_it.append(measured(lambda request=request: blog.find(request)))
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
        (wall, cpu, syncs), (every, whole, all_syncs) = min(one), min(all_of_it)
    print(
        f"{entries:7,} entries {size:6.1f} MB: one more {wall * 1e3:6.0f} ms ({cpu * 1e3:.0f} CPU, {syncs} syncs); "
        f"everything {every * 1e3:6.0f} ms ({whole * 1e3:.0f} CPU, {all_syncs} syncs) = {every / wall:5.1f} times"
    )


def main() -> None:
    """Print a line per size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, nargs="+", default=[100, 1_000, 10_000])
    parser.add_argument("--times", type=int, default=3)
    given = parser.parse_args()
    for entries in given.entries:
        compare(entries, given.times)


if __name__ == "__main__":
    main()
