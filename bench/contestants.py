"""What bench/fetch.py compares: ways to fetch many feeds, each run as a process of its own.

    python bench/contestants.py NAME URLS STATE

URLS holds one address per line. STATE is where a contestant keeps what it needs the next time (validators, or its
database); without it, this is its first look. All fetch 32 at once.
"""

from __future__ import annotations

import json
import os
import ssl
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from datetime import UTC, datetime
from pathlib import Path

AT_ONCE = 32


def bare(urls: list[str], state: Path) -> None:
    """urllib3 threads with one TLS context: fetches, keeps the validators, parses nothing."""
    for _ in _bare(urls, state):
        pass


def _bare(urls: list[str], state: Path) -> Iterator[bytes]:
    import urllib3

    validators = json.loads(state.read_text()) if state.exists() else {}
    pool = urllib3.PoolManager(num_pools=AT_ONCE, ssl_context=ssl.create_default_context())

    def get(url: str) -> urllib3.BaseHTTPResponse:
        headers = {"Accept-Encoding": "gzip", "If-None-Match": validators.get(url, "")}
        return pool.request("GET", url, headers=headers, timeout=20, retries=False)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        asked = {threads.submit(get, url): url for url in urls}
        for done in as_completed(asked):
            url, answer = asked.pop(done), done.result()
            if answer.status == 200:
                validators[url] = answer.headers["etag"]
                yield answer.data
            assert answer.status in {200, 304}, answer.status
    state.write_text(json.dumps(validators))


def feedparser_twice(urls: list[str], state: Path) -> None:
    """The bare fetch, and feedparser with its defaults in two processes."""
    with ProcessPoolExecutor(2) as workers:
        parsing: list[Future[int]] = [workers.submit(_entries, body) for body in _bare(urls, state)]
        assert all(future.result() for future in parsing)


def _entries(body: bytes) -> int:
    import feedparser

    return len(feedparser.parse(body).entries)


def read(urls: list[str], state: Path) -> None:
    """Ours: fetch and parse, as the intake does it."""
    import msgspec

    from syndicator.sources.base import Source
    from syndicator.sources.fetch import FetchOptions
    from syndicator.sources.health import Health
    from syndicator.sources.read import read

    known = msgspec.json.decode(state.read_bytes(), type=dict[str, Health]) if state.exists() else {}
    options = FetchOptions(concurrency=AT_ONCE, allow_private=("127.0.0.0/8",))
    readings = list(read([Source(url, "curated") for url in urls], known, options, datetime.now(UTC)))
    assert not [reading.error for reading in readings if reading.error]
    state.write_bytes(msgspec.json.encode({**known, **{each.source.url: each.health for each in readings}}))


def reader(urls: list[str], state: Path) -> None:
    """The library lemon24/reader, which stores what it read in SQLite."""
    import certifi

    certifi.where = lambda: os.environ["SSL_CERT_FILE"]  # requests trusts nothing else
    from reader import make_reader

    new = not state.exists()
    library = make_reader(str(state))
    if new:
        for url in urls:
            library.add_feed(url)
    results = list(library.update_feeds_iter(scheduled=False, workers=AT_ONCE))
    wrong = [result.error for result in results if result.error]
    assert len(results) == len(urls)
    assert not wrong, [(str(each), each.__cause__) for each in wrong[:1]]


CONTESTANTS: dict[str, Callable[[list[str], Path], None]] = {
    "bare": bare,
    "feedparser": feedparser_twice,
    "read": read,
    "reader": reader,
}

if __name__ == "__main__":
    CONTESTANTS[sys.argv[1]](Path(sys.argv[2]).read_text().split(), Path(sys.argv[3]))
