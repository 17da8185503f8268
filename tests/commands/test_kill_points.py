"""A run that is killed (SIGKILL) at any of its writes and network calls: run again, everything is there once.

On every network that is posted to, `syndicator run` is killed at each place that `kill_points` knows, each in a fresh
folder with a fresh server; then run again to the end. How many kill points there were is printed: `pytest -s`.
"""

import json
import os
import signal
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest
from counterparts import feed_server, kill_points
from counterparts.feed_server import FeedServer
from counterparts.kill_place import ARTICLES, Place, placed, serve

from ledger.book import Book
from ledger.entry import Direction
from ledger.store.tiny import TinyStore
from syndicator.networks import ADAPTERS
from syndicator.outbox import State
from tests.platforms.contract import CANNOT

#: As many runs are killed at the same time: each has its own web and network.
AT_ONCE = 2
#: A run that was killed needs one more; where only a person can tell what arrived, they say so and there is a third.
RUNS = 4


def publishes(name: str) -> bool:
    module, _, adapter = ADAPTERS[name].partition(":")
    return hasattr(getattr(import_module(module), adapter), "publish")


def run_on(place: Place, python: str = "") -> int:
    """Run until nothing is left to send; give how many runs it took. A person looks where nobody else can tell."""
    for number in range(1, RUNS + 1):
        done = place.desk.run("run", python=python, loaded=True, expect=None)
        posts = place.posts()
        unknown = [post for post in posts if post.state is State.UNKNOWN]
        assert not unknown or (place.name, "find") in CANNOT, "it can be read back"
        assert done.returncode == bool(unknown), done.stderr
        if len(posts) == ARTICLES and all(post.state is State.POSTED for post in posts):
            return number
        for post in unknown:
            arrived = place.published()[post.article]
            said = ("--posted", f"https://chat.example/{post.id}") if arrived else ("--not-posted",)
            place.desk.run("queue", "settle", post.id, *said)
    raise AssertionError(f"not done after {RUNS} runs: {[(post.state, post.error) for post in place.posts()]}")


def kept(place: Place) -> dict[str, Any]:
    """What has to be the same after a crash as without one."""
    book = Book(place.store("ledger"))
    entries = Counter((e.direction, e.kind, _nowhere(place, str(e.identity))) for e in book.entries())
    given = Counter(entry.url for entry in book.entries() if entry.direction is Direction.GIVEN)
    files = {path.relative_to(place.folder).as_posix() for path in place.folder.rglob("*") if path.is_file()}
    torn = [name for name in files if ".jsonl.torn-" in name]
    return {
        "published": list(place.published().values()),
        "and no more": len(place.world.posts()),
        "booked": [post.booked for post in place.posts()],
        "given": [given[url] for url in place.published()],
        "entries": entries,
        "problems": book.problems,
        "files": {name for name in files if not name.startswith("media/")} - set(torn),
        "more torn than can be": len(torn) > 1,
    }


def _nowhere(place: Place, address: str) -> str:
    return address.replace(place.web.url("").removeprefix("http://"), "ada")


def readable(place: Place) -> None:
    """Every file opens, and the commands that read them are content."""
    place.desk.json("queue")
    place.desk.json("ledger", "owe", "--all")


def an_hour_later(place: Place) -> None:
    """What the killed run had not put in its place is old when the next run comes."""
    for path in place.folder.rglob(".*.new"):
        os.utime(path, (0, 0))


def killed_at(place: Place, moment: str, number: int, right: dict[str, Any]) -> bool:
    """Kill a run there and see what the next ones make of it; false if it survived."""
    done = place.desk.run("run", python=kill_points.killed(moment, number), loaded=True, expect=None)
    if done.returncode == 0:
        return False
    assert done.returncode == -signal.SIGKILL, done.stderr
    for path in (place.folder / "data").glob("*.jsonl"):
        assert not list(TinyStore(path, scratch=True).scan("nothing")), "it opens"
    an_hour_later(place)
    run_on(place)
    found = kept(place)
    assert found == right, {name: (found[name], right[name]) for name in right if found[name] != right[name]}
    readable(place)
    return True


@pytest.fixture(scope="module")
def webs() -> Iterator[list[FeedServer]]:
    with ExitStack() as opened:
        served = [opened.enter_context(feed_server.running(f"127.0.0.{2 + number}")) for number in range(AT_ONCE)]
        for web in served:
            serve(web)
        yield served


@pytest.fixture(scope="module")
def counted() -> Iterator[dict[str, int]]:
    """How many kill points each network had; printed when all are done."""
    counts: dict[str, int] = {}
    yield counts
    print(f"\n{sum(counts.values())} kill points: {', '.join(f'{name} {n}' for name, n in counts.items())}")


@pytest.mark.parametrize("name", [name for name in sorted(ADAPTERS) if publishes(name)])
def test_a_run_may_be_killed_at_any_of_its_writes_and_calls(
    name: str, webs: list[FeedServer], counted: dict[str, int], tmp_path: Path
) -> None:
    with placed(name, tmp_path / "undisturbed", webs[0]) as place:
        assert run_on(place, kill_points.noted(tmp_path / "points.json")) == 1
        right = kept(place)
    points = json.loads((tmp_path / "points.json").read_text("utf-8"))
    assert right["published"] == right["given"] == [1] * ARTICLES
    assert right["and no more"] == ARTICLES

    free: SimpleQueue[FeedServer] = SimpleQueue()
    for each in webs:
        free.put(each)
    broken: dict[tuple[str, int, str], object] = {}

    def kill(moment: str, number: int, where: str) -> bool:
        web = free.get()
        try:
            with placed(name, tmp_path / f"{moment}{number}", web) as place:
                return killed_at(place, moment, number, right)
        except AssertionError as error:
            broken[moment, number, where] = str(error)
            return True
        finally:
            free.put(web)

    order = [(moment, n, where) for moment in ("before", "within") for n, where in enumerate(points[moment], 1)]
    order.append(("after", len(points["after"]), points["after"][-1]))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        killed = list(pool.map(lambda each: kill(*each), order))
    counted[name] = sum(killed)
    assert not broken, "\n".join(f"{where}: {what}" for where, what in broken.items())
    assert all(killed), "each run passes the same places"
