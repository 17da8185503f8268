"""Gets bytes from the web (and from files): many at once, one at a time per host, errors as values.

Hides threads, redirects, conditional requests and limits behind an iterator. Knows nothing of feeds; how one request
goes is `fetcher`'s business, which addresses may be asked `guard`'s.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator

from syndicator import stop, timebox
from syndicator.sources.fetched import Fetched, FetchOptions, FetchRequest, too_late
from syndicator.sources.fetcher import Fetcher
from syndicator.sources.turns import Turns
from syndicator.urls import weburl

__all__ = ["FetchOptions", "FetchRequest", "Fetched", "fetch", "fetch_many"]

_WAITING = 16  # results that nobody has taken yet: bodies must not pile up before whoever reads them


def fetch(request: FetchRequest, options: FetchOptions, turns: Turns | None = None) -> Fetched:
    """Get one URL. Never raises for what the other side does. `turns` are those of a round that this is part of."""
    with stop.waiting():
        return Fetcher(options, turns).fetch(request)


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
    `turns` are those of a round that this is part of. What has no answer when the time is up (see `timebox`) is late.
    """
    by_host = _by_host(requests)
    unanswered = Counter(request.url for group in by_host for request in group)
    groups: queue.SimpleQueue[list[FetchRequest]] = queue.SimpleQueue()
    for group in by_host:
        groups.put(group)
    results: queue.Queue[Fetched | Exception] = queue.Queue(_WAITING)
    unwanted, total = threading.Event(), unanswered.total()
    given = (groups, Fetcher(options, turns), results, unwanted)
    try:
        for number in range(0 if timebox.is_up() else min(max(1, options.concurrency), len(by_host))):
            # Of the kind that nobody waits for when the program ends: one may hang on a server for its whole timeout.
            threading.Thread(target=_fetch_groups, args=given, name=f"fetch {number}", daemon=True).start()
        if progress is not None and total:
            progress(0, total)
        for done in range(1, total + 1):
            result = _next(results)
            if result is None:
                yield from map(too_late, unanswered.elements())
                return
            unanswered[result.url] -= 1
            if progress is not None:
                progress(done, total)
            yield result
    finally:
        unwanted.set()


def _by_host(requests: Iterable[FetchRequest]) -> list[list[FetchRequest]]:
    """What each host is asked for, in turn; the host that is asked for most begins."""
    groups: dict[str, list[FetchRequest]] = defaultdict(list)
    for request in requests:
        url = weburl.parse(request.at or request.url)
        groups[url.host if url else request.url].append(request)
    in_turn = (sorted(group, key=lambda request: request.failures) for group in groups.values())
    return sorted(in_turn, key=len, reverse=True)


def _next(results: queue.Queue[Fetched | Exception]) -> Fetched | None:
    """The next answer; None when the time is up. Raises a bug that came in its place."""
    with stop.waiting():
        try:
            result = results.get(timeout=timebox.left())
        except queue.Empty:
            return None
    if isinstance(result, Exception):
        raise result
    return result


def _fetch_groups(
    groups: queue.SimpleQueue[list[FetchRequest]],
    fetcher: Fetcher,
    results: queue.Queue[Fetched | Exception],
    unwanted: threading.Event,
) -> None:
    """Ask one host after the other, each for one thing after the other. A bug goes to the caller."""
    try:
        with contextlib.suppress(queue.Empty):
            while True:
                for request in groups.get_nowait():
                    if unwanted.is_set():
                        return
                    _hand_over(fetcher.fetch(request), results, unwanted)
    except Exception as error:
        _hand_over(error, results, unwanted)


def _hand_over(
    result: Fetched | Exception, results: queue.Queue[Fetched | Exception], unwanted: threading.Event
) -> None:
    """Wait until there is room for a result, unless nobody wants it any more."""
    while not unwanted.is_set():
        with contextlib.suppress(queue.Full):
            results.put(result, timeout=1)
            return
