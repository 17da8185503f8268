"""Parses what was fetched: a handful here, more in processes of their own, none of which a feed can take with it.

Feeds are hostile now and then: one that kills its process or never ends costs itself, and the process is replaced. What
a feed is read as is `parse`'s business, what such a process does `parse_worker`'s.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import queue
import signal
import subprocess
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Self

import msgspec

from syndicator import child, stop, timebox
from syndicator.sources.base import Feed, IsBlogroll, NotAFeed, SourceError
from syndicator.sources.fetched import Fetched, too_late
from syndicator.sources.parse_worker import Answer, Job, receive, send

#: What was fetched with its feed, or with why it has none; None where nothing new came.
Parsed = tuple[Fetched, Feed | SourceError | None]

#: So many feeds are parsed faster here than a process starts, if each is no longer than `_SMALL` bytes. Nothing watches
#: them here: what is longer could take more time than anybody wants to wait, in ways that nobody has found yet.
_HANDFUL = 4
_SMALL = 30_000

#: So many bodies may wait; when that many do, another process is worth its start.
_BACKLOG = 24

_REMEDY = "its owner has to repair the feed"
_REFUSALS = {kind.__name__: kind for kind in (SourceError, NotAFeed, IsBlogroll)}
_decoder = msgspec.msgpack.Decoder(Answer)


@dataclass(frozen=True, slots=True)
class Workers:
    """How many processes parse, how many seconds each may take for one feed, and what they run."""

    count: int = min(os.cpu_count() or 1, 2)
    seconds: float = 20.0
    program: str = "from syndicator.sources.parse_worker import main; main()"


def parse_all(fetched: Iterable[Fetched], now: datetime, workers: Workers | None = None) -> Iterator[Parsed]:
    """Parse every body that comes; yield each as it is done, in no order, and what has no body as it is.

    Takes from `fetched` no faster than it can parse. A bug in the parser is raised, wherever it ran.
    """
    stream, held = iter(fetched), list[Fetched]()
    for each in stream:
        if each.body is None:
            yield each, None
            continue
        held.append(each)
        if len(held) > _HANDFUL or len(each.body) > _SMALL:
            yield from _in_processes(itertools.chain(held, stream), now, workers or Workers())
            return
    for each in held:
        yield each, _here(each, now)


def parse_one(fetched: Fetched, now: datetime) -> Feed:
    """Parse what was fetched as one feed, with the same deadline. Raises SourceError, whose subject is `final_url`."""
    [(_, feed)] = parse_all([fetched], now)
    if isinstance(feed, SourceError):
        raise feed
    if feed is None:
        raise ValueError(f"nothing was fetched from {fetched.final_url}")
    return feed


def _here(fetched: Fetched, now: datetime) -> Feed | SourceError:
    from syndicator.sources.parse import parse

    try:
        return parse(fetched.body or b"", url=fetched.final_url, content_type=fetched.content_type, now=now)
    except SourceError as error:
        return error


def _in_processes(stream: Iterable[Fetched], now: datetime, workers: Workers) -> Iterator[Parsed]:
    """Keep as many processes busy as there is work for; bodies must not pile up. What is not parsed in time is late."""
    with _Crew(workers) as crew:
        pending: dict[Future[Parsed], Fetched] = {}
        for each in stream:
            if each.body is None:
                yield each, None
                continue
            pending[crew.submit(each, now)] = each
            full = len(pending) >= _BACKLOG and not crew.grow()
            yield from _done(pending, timebox.left() if full else 0)
        while pending:
            if timebox.is_up():
                yield from ((too_late(each.url), None) for each in pending.values())
                return
            yield from _done(pending, timebox.left())


def _done(pending: dict[Future[Parsed], Fetched], patience: float | None) -> Iterator[Parsed]:
    """Take out what is done, after waiting for a first one for so many seconds (None: for as long as it takes)."""
    with stop.waiting():
        done = wait(pending, patience, return_when=FIRST_COMPLETED).done
    for future in done:
        del pending[future]
        yield future.result()


class _Crew:
    """One process or more, and a thread for each that waits for its answers. None outlives the `with` block."""

    def __init__(self, workers: Workers) -> None:
        self._most = workers
        self._workers: list[_Worker] = []
        self._threads = ThreadPoolExecutor(workers.count, thread_name_prefix="parse")
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        self.grow()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in self._workers:
            worker.stop()

    def grow(self) -> bool:
        """Add a process, unless there are as many as there may be."""
        if len(self._workers) >= self._most.count:
            return False
        self._workers.append(_Worker(self._most))
        self._idle.put(self._workers[-1])
        return True

    def submit(self, fetched: Fetched, now: datetime) -> Future[Parsed]:
        """Parse one feed soon."""
        return self._threads.submit(self._parse, fetched, now)

    def _parse(self, fetched: Fetched, now: datetime) -> Parsed:
        worker = self._idle.get()
        try:
            return fetched, worker.parse(fetched, now)
        finally:
            self._idle.put(worker)


class _Worker:
    """One process at a time, started when it is needed and anew after a feed that ended it."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False
        self._changing = threading.Lock()

    def parse(self, fetched: Fetched, now: datetime) -> Feed | SourceError:
        """Have one feed parsed. Raises RuntimeError with the traceback of a bug in the parser."""
        url, seconds = fetched.final_url, self._workers.seconds
        job = Job(url, fetched.content_type, now, fetched.body or b"", seconds)
        process, start, message = self._started(), monotonic(), b""
        assert process.stdin is not None
        assert process.stdout is not None
        with contextlib.suppress(OSError):  # it died before it had read the job: as good as while it worked
            send(process.stdin, msgspec.msgpack.encode(job))
            message = receive(process.stdout)
        if not message:
            code = self._end()
            late = monotonic() - start >= seconds
            return SourceError(url, f"can't be parsed within {seconds:g} s" if late else _death(code), _REMEDY)
        answer = _decoder.decode(message)
        if answer.bug:
            raise RuntimeError(f"the parser failed on {url}\n{answer.bug}")
        if answer.refused:
            return _REFUSALS[answer.kind](*answer.refused)
        return answer.feed or Feed(url)

    def stop(self) -> None:
        """End the process, and start none any more."""
        with self._changing:
            self._stopped = True
        self._end()

    def _started(self) -> subprocess.Popen[bytes]:
        with self._changing:
            if self._stopped:
                raise RuntimeError("no feed can be parsed any more: the parsers were stopped")
            if self._process is None:
                command = child.command(self._workers.program)
                self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603
            return self._process

    def _end(self) -> int:
        """Kill the process if it still lives; tell how it ended."""
        with self._changing:
            process, self._process = self._process, None
        if process is None:
            return 0
        process.kill()
        code = process.wait()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError, ValueError):  # what could not be written any more, or is in use
                if pipe is not None:
                    pipe.close()
        return code


def _death(code: int) -> str:
    try:
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"status {code}"
    except ValueError:
        how = f"status {code}"
    return f"can't be parsed: the process that tried ended ({how})"
