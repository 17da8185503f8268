"""A run that is told to stop, as a real process: it ends soon, after what is in hand, and the next one goes on."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from counterparts import feed_server
from counterparts.desk import Desk, item, rss
from counterparts.feed_server import FeedServer, Handler

from ledger.book import Book
from ledger.entry import Direction
from ledger.store.tiny import TinyStore
from platforms import memory
from syndicator.outbox import Outbox, Post, State
from syndicator.upgrades import open_state

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")

#: Nobody would wait so long for a server here; and what has to be soon is far sooner, on however busy a machine.
TIMEOUT, SOON = 300, 60

SIGNALS = {signal.SIGINT: 130, signal.SIGTERM: 143}

#: Sends itself signals right before the first call of a method of the memory network, when both accounts are at it.
TELL = """
import os, threading, time
from platforms.memory import Memory
from syndicator import stop
really, told, both = Memory.{method}, set(), threading.Barrier(2)
def {method}(self, *given):
    if self not in told:
        told.add(self)
        if both.wait({timeout}) == 0:
            for number in {numbers}:
                os.kill(os.getpid(), number)
                while not stop._heard.number:
                    time.sleep(0.001)
        both.wait({timeout})
    return really(self, *given)
Memory.{method} = {method}
"""


def telling(method: str, *numbers: int) -> str:
    return TELL.format(method=method, numbers=[int(number) for number in numbers], timeout=TIMEOUT)


class Gate:
    """A route that never answers, and tells when it was asked."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.opened = threading.Event()

    def __call__(self, handler: Handler) -> None:
        self.asked.set()
        self.opened.wait(TIMEOUT)
        handler.answer(503, {})


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with feed_server.running() as running:
        yield running


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.opened.set()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.add(f'[fetch]\ntimeout = "{TIMEOUT}s"\nallow_private = ["127.0.0.1"]\n[run]\nbudget = "1h"\n')
    for name in ("pond", "lake"):
        desk.add_account(name, "memory", {"file": tmp_path / f"{name}.jsonl"}, {})
    desk.feed(rss(*(item(number) for number in (1, 2, 3))))
    return desk


def subscribe(desk: Desk, *urls: str) -> None:
    desk.add("".join(f'[[sources]]\nkind = "curated"\nfeed = "{url}"\n' for url in urls))


def posts(desk: Desk) -> list[Post]:
    return list(Outbox(open_state(desk.folder / "data", scratch=True)))


def shared(desk: Desk, name: str) -> list[str]:
    memory.forget(name)
    return [post["url"] for post in memory.world(name, str(desk.folder / f"{name}.jsonl")).posts()]


def given(desk: Desk) -> list[str]:
    book = Book(TinyStore(desk.folder / "data" / "ledger.jsonl", scratch=True))
    return sorted(entry.url for entry in book.entries() if entry.direction is Direction.GIVEN)


def ended(run: "subprocess.Popen[str]") -> str:
    """What it printed, after it and everything that it started ended."""
    begun = time.monotonic()
    try:
        printed, complaints = run.communicate(timeout=TIMEOUT)
    finally:
        run.kill()
    assert time.monotonic() - begun < SOON
    assert "Traceback" not in complaints
    return printed


@pytest.mark.parametrize("number", SIGNALS)
def test_while_it_reads_feeds_it_ends_at_once_and_has_stored_nothing_of_them(
    desk: Desk, server: FeedServer, gate: Gate, number: int
) -> None:
    server.routes |= {"/silent": gate}
    subscribe(desk, server.url("/silent"))
    run = desk.start("run", "--json")
    assert gate.asked.wait(TIMEOUT)
    run.send_signal(number)
    report = json.loads(ended(run))
    assert run.returncode == SIGNALS[signal.Signals(number)]
    assert report["stopped"] == signal.Signals(number).name
    assert posts(desk) == []
    assert not list(open_state(desk.folder / "data", scratch=True).scan("sources"))
    gate.opened.set()
    again = desk.json("run", expect=1)
    assert (again["fetched"]["ok"], len(again["posted"])) == (1, 6)


def test_while_feeds_are_parsed_it_ends_at_once_with_the_processes_that_parse(
    desk: Desk, server: FeedServer, gate: Gate
) -> None:
    paths = [f"/f{number}" for number in range(8)]
    server.routes |= dict.fromkeys(paths, feed_server.body()) | {"/silent": gate}
    subscribe(desk, *map(server.url, paths), server.url("/silent", host="localhost"))
    noting = """
from dataclasses import replace
from syndicator.sources import parsing
started = parsing._Worker._started
def _started(self):
    process = started(self)
    print(process.pid, file=sys.stderr, flush=True)
    return process
parsing._Worker._started = _started
"""
    desk.settings.write_text(desk.settings.read_text().replace('["127.0.0.1"]', '["127.0.0.1", "localhost", "::1"]'))
    run = desk.start("run", python=noting)
    assert run.stderr
    worker = int(run.stderr.readline())
    assert gate.asked.wait(TIMEOUT)
    run.send_signal(signal.SIGTERM)
    ended(run)
    assert run.returncode == 143
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


def test_while_it_looks_at_pages_it_ends_at_once_and_posts_nothing(desk: Desk, server: FeedServer, gate: Gate) -> None:
    server.routes |= {"/page": gate}
    desk.feed(rss(item(1, link=server.url("/page"))))
    run = desk.start("run", "--json")
    assert gate.asked.wait(TIMEOUT)
    run.send_signal(signal.SIGTERM)
    report = json.loads(ended(run))
    assert (run.returncode, report["fetched"]["ok"], report["posted"]) == (143, 1, [])
    assert posts(desk) == []
    server.routes["/page"] = feed_server.body(b"<title>There</title>", Content_Type="text/html")
    assert len(desk.json("run")["posted"]) == 2


@pytest.mark.parametrize("number", SIGNALS)
def test_while_it_posts_it_ends_after_each_account_s_post_in_hand(desk: Desk, number: int) -> None:
    run = desk.start("run", "--json", python=telling("publish", number))
    report = json.loads(ended(run))
    assert run.returncode == SIGNALS[signal.Signals(number)]
    assert [each["account"] for each in report["posted"]] == ["pond", "lake"]
    assert report["stopped"] == signal.Signals(number).name
    states = [post.state for post in posts(desk)]
    assert (states.count(State.POSTED), states.count(State.QUEUED)) == (2, 4)
    assert given(desk) == sorted(each["article"] for each in report["posted"])
    assert len(desk.json("run")["posted"]) == 4
    for name in ("pond", "lake"):
        assert len(shared(desk, name)) == len(set(shared(desk, name))) == 3
    assert len(given(desk)) == 6


def test_a_second_signal_ends_it_at_once_and_the_next_run_mends_it(desk: Desk) -> None:
    run = desk.start("run", python=telling("publish", signal.SIGTERM, signal.SIGTERM))
    ended(run)
    assert run.returncode == -signal.SIGTERM
    assert [post.state for post in posts(desk)].count(State.SENDING) == 2
    report = desk.json("run")
    assert report["died"].startswith(f"process {run.pid} on ")
    for name in ("pond", "lake"):
        assert len(shared(desk, name)) == len(set(shared(desk, name))) == 3
    assert len(given(desk)) == 6


def test_while_it_collects_it_ends_after_the_pages_in_hand(desk: Desk) -> None:
    run = desk.start("run", "--json", python=telling("interactions", signal.SIGTERM))
    report = json.loads(ended(run))
    assert run.returncode == 143
    assert len(report["posted"]) == 6
    assert set(report["collected"]) == {"feeds", "pond", "lake"}
    assert desk.json("run")["collected"] == {"feeds": 0, "pond": 0, "lake": 0}


def test_collecting_alone_stops_as_well(desk: Desk) -> None:
    run = desk.start("ledger", "collect", python=telling("interactions", signal.SIGINT))
    ended(run)
    assert run.returncode == 130


# --- The lock


def test_a_second_run_says_who_is_on_and_takes_over_when_that_one_dies(
    desk: Desk, server: FeedServer, gate: Gate
) -> None:
    server.routes |= {"/silent": gate}
    subscribe(desk, server.url("/silent"))
    first = desk.start("run")
    assert gate.asked.wait(TIMEOUT)
    busy = desk.run("run", expect=1)
    assert f"a run is on (process {first.pid} on {os.uname().nodename}, since 20" in busy.stderr
    waiting = desk.start("run", "--wait", TIMEOUT, "--json")
    first.kill()
    first.communicate(timeout=TIMEOUT)
    gate.opened.set()
    report = json.loads(waiting.communicate(timeout=TIMEOUT)[0])
    assert len(report["posted"]) == 6
    assert report["died"].startswith(f"process {first.pid} on ")
    assert desk.json("run")["died"] is None


def test_who_waits_for_the_lock_can_be_stopped(desk: Desk, server: FeedServer, gate: Gate) -> None:
    server.routes |= {"/silent": gate}
    subscribe(desk, server.url("/silent"))
    first = desk.start("run")
    assert gate.asked.wait(TIMEOUT)
    telling = """
from syndicator.workspace import Workspace
really = Workspace.lock
def lock(self, *given):
    print("waits", file=sys.stderr, flush=True)
    return really(self, *given)
Workspace.lock = lock
"""
    waiting = desk.start("run", "--wait", TIMEOUT, python=telling)
    assert waiting.stderr
    assert waiting.stderr.readline() == "waits\n"
    waiting.send_signal(signal.SIGTERM)
    assert ended(waiting) == ""
    assert waiting.returncode == 143
    first.send_signal(signal.SIGTERM)
    ended(first)
    assert first.returncode == 143
