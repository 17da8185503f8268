"""Gets bytes from the web (and from files): many at once, one at a time per host, errors as values.

Hides threads, redirects, conditional requests and limits behind an iterator. Knows nothing of feeds; how one request
goes is `fetcher`'s business, which addresses may be asked `guard`'s.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

from syndicator.sources.fetched import Fetched, FetchOptions, FetchRequest
from syndicator.sources.fetcher import Fetcher
from syndicator.sources.turns import Turns
from syndicator.urls import weburl

__all__ = ["FetchOptions", "FetchRequest", "Fetched", "fetch", "fetch_many"]

_WAITING = 16  # results that nobody has taken yet: bodies must not pile up before whoever reads them


def fetch(request: FetchRequest, options: FetchOptions) -> Fetched:
    """Get one URL. Never raises for what the other side does."""
    return Fetcher(options).fetch(request)


def fetch_many(
    requests: Iterable[FetchRequest],
    options: FetchOptions,
    progress: Callable[[int, int], None] | None = None,
    turns: Turns | None = None,
) -> Iterator[Fetched]:
    """Get many URLs at once and yield each as it is done, in no order; `progress` is told (done, all).

    One request at a time goes to a host. A host that asks to wait, or does not answer several times in a row, is not
    asked again in this round, nor by redirects; what would have gone to it fails with that reason, as not asked. So
    the one that fails each time is asked last there, and can't keep the others from ever being asked.
    `turns` are those of a round that this is part of.
    """
    by_host: dict[str, list[FetchRequest]] = defaultdict(list)
    for request in requests:
        url = weburl.parse(request.at or request.url)
        by_host[url.host if url else request.url].append(request)
    total = sum(map(len, by_host.values()))
    results: queue.Queue[Fetched | Exception] = queue.Queue(_WAITING)
    fetcher, stop = Fetcher(options, turns), threading.Event()
    pool = ThreadPoolExecutor(max_workers=max(1, options.concurrency), thread_name_prefix="fetch")
    try:
        for group in sorted(by_host.values(), key=len, reverse=True):
            in_turn = sorted(group, key=lambda request: request.failures)
            pool.submit(_fetch_group, in_turn, fetcher, results, stop)
        for done in range(1, total + 1):
            result = results.get()
            if isinstance(result, Exception):
                raise result
            if progress is not None:
                progress(done, total)
            yield result
    finally:
        stop.set()
        pool.shutdown(wait=False, cancel_futures=True)


def _fetch_group(
    group: list[FetchRequest],
    fetcher: Fetcher,
    results: queue.Queue[Fetched | Exception],
    stop: threading.Event,
) -> None:
    """Ask one host for one thing after the other. A bug goes to the caller instead of dying with its thread."""
    try:
        for request in group:
            if stop.is_set():
                return
            _hand_over(fetcher.fetch(request), results, stop)
    except Exception as error:
        _hand_over(error, results, stop)


def _hand_over(result: Fetched | Exception, results: queue.Queue[Fetched | Exception], stop: threading.Event) -> None:
    """Wait until there is room for a result, unless nobody wants it any more."""
    while not stop.is_set():
        with contextlib.suppress(queue.Full):
            results.put(result, timeout=1)
            return
