"""A run that is killed (SIGKILL) at any of its writes and network calls: run again, everything is there once.

On every network that is posted to, and on two at once, `syndicator run` is killed at each place that `kill_points`
knows, each in a fresh folder with fresh servers; then run again to the end. So is the run after one that was killed
when a post was out and nobody had noted it. How many kill points there were is printed: `pytest -s`.
"""

import json
import signal
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TypeAlias

import pytest
from counterparts import feed_server, kill_points
from counterparts.feed_server import FeedServer
from counterparts.kill_place import PAGES, Place, placed, serve

from ledger.book import Book
from ledger.entry import Direction
from syndicator.networks import ADAPTERS
from syndicator.outbox import State
from tests.platforms.contract import CANNOT

#: As many runs are killed at the same time: each has its own web and networks.
AT_ONCE = 2
#: A run that was killed needs one more; where only a person can tell what arrived, they say so and there is a third.
RUNS = 4

#: The run after one that was killed is killed before these alone: what lies between them changes nothing that stays.
CHANGES = ("write ", "replace ", "send POST")

#: Where to kill a run: the moment, and the how-manieth of the places that have one.
Kill: TypeAlias = tuple[str, int]


def publishes(name: str) -> bool:
    module, _, adapter = ADAPTERS[name].partition(":")
    return hasattr(getattr(import_module(module), adapter), "publish")


#: The networks of the accounts, by account: each network alone, and two that are posted to at the same time.
WORLDS = [{"there": name} for name in sorted(ADAPTERS) if publishes(name)] + [{"there": "bluesky", "here": "memory"}]


def run_on(place: Place, python: str = "") -> int:
    """Run until nothing is left to send; give how many runs it took. A person looks where nobody else can tell."""
    due = len(PAGES) * len(place.networks)
    for number in range(1, RUNS + 1):
        known = {post.id for post in place.posts() if post.state is State.UNKNOWN}
        done = place.desk.run("run", python=python, loaded=True, expect=None)
        posts = place.posts()
        unknown = [post for post in posts if post.state is State.UNKNOWN]
        assert all((place.networks[post.account], "find") in CANNOT for post in unknown), "it can be read back"
        assert done.returncode == any(post.id not in known for post in unknown), done.stderr
        if len(posts) == due and all(post.state is State.POSTED for post in posts):
            return number
        for post in unknown:
            arrived = place.published()[post.account, post.article]
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
        "and no more": [len(world.posts()) for world in place.worlds.values()],
        "booked": [post.booked for post in place.posts()],
        "given": [given[place.web.url(path)] for path in PAGES],
        "entries": entries,
        "problems": book.problems,
        "files": {name for name in files if not name.startswith("media/")} - set(torn),
        "more torn than can be": len(torn) > 1,
    }


def _nowhere(place: Place, address: str) -> str:
    return address.replace(place.web.url("").removeprefix("http://"), "ada")


def killed_at(place: Place, kill: Kill) -> bool | None:
    """Kill a run there and look at what it left: whether a post is out that is not noted as such; None if it survived.

    All that is out was stored before, with its request, as about to be sent: nothing has it as still to be sent.
    """
    done = place.desk.run("run", python=kill_points.killed(*kill), loaded=True, expect=None)
    if done.returncode == 0:
        return None
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert not list(place.store("ledger").scan("nothing")), "it opens"
    posts = {(post.account, post.article): post for post in place.posts()}
    out = [posts.get(which) for which, times in place.published().items() if times]
    stored = {State.SENDING, State.POSTED, State.UNKNOWN}
    assert all(post and post.request and post.state in stored for post in out), "it is stored before it is sent"
    place.an_hour_later()
    return any(post and post.state is State.SENDING for post in out)


def made_whole(place: Place, right: Mapping[str, Any]) -> None:
    """Run on, and everything is as it is without a crash; the commands that read it are content."""
    run_on(place)
    found = kept(place)
    assert found == right, {name: (found[name], right[name]) for name in right if found[name] != right[name]}
    place.desk.json("queue")
    place.desk.json("ledger", "owe", "--all")


@pytest.fixture(scope="module")
def webs() -> Iterator[list[FeedServer]]:
    with ExitStack() as opened:
        served = [opened.enter_context(feed_server.running(f"127.0.0.{2 + number}")) for number in range(AT_ONCE)]
        for web in served:
            serve(web)
        yield served


@pytest.fixture(scope="module")
def counted() -> Iterator[dict[str, int]]:
    """How many kill points each world had; printed when all are done."""
    counts: dict[str, int] = {}
    yield counts
    print(f"\n{sum(counts.values())} kill points: {', '.join(f'{name} {n}' for name, n in counts.items())}")


def noted(file: Path, moment: str, only: tuple[str, ...] = ("",)) -> list[Kill]:
    """Where a run that was noted there can be killed at this moment; `only` tells how the places begin that count."""
    points = json.loads(file.read_text("utf-8"))[moment]
    return [(moment, n) for n, where in enumerate(points, 1) if where.startswith(only)]


def all_killed(
    networks: Mapping[str, str],
    webs: Sequence[FeedServer],
    folder: Path,
    right: Mapping[str, Any],
    kills: Sequence[Kill],
    first: Sequence[Kill] = (),
) -> list[bool | None]:
    """Kill a run at each of these places, in a place of its own after it was killed as `first` says, and see it mended.

    What `killed_at` says of each.
    """
    free: SimpleQueue[FeedServer] = SimpleQueue()
    for each in webs:
        free.put(each)
    broken: dict[Kill, str] = {}

    def kill(this: Kill) -> bool | None:
        web = free.get()
        try:
            with placed(networks, folder / "{}{}".format(*this), web) as place:
                for earlier in first:
                    killed_at(place, earlier)
                left = killed_at(place, this)
                made_whole(place, right)
                return left
        except AssertionError as error:
            broken[this] = str(error)
            return False
        finally:
            free.put(web)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        lefts = list(pool.map(kill, kills))
    assert not broken, "\n".join(f"{first} {this}: {what}" for this, what in broken.items())
    assert None not in lefts or len(networks) > 1, "each run passes the same places"
    return lefts


@pytest.mark.parametrize("networks", WORLDS, ids=lambda networks: "+".join(networks.values()))
def test_a_run_may_be_killed_at_any_of_its_writes_and_calls(
    networks: dict[str, str], webs: list[FeedServer], counted: dict[str, int], tmp_path: Path
) -> None:
    file = tmp_path / "points.json"
    with placed(networks, tmp_path / "undisturbed", webs[0]) as place:
        assert run_on(place, kill_points.noted(file)) == 1
        right = kept(place)
    assert right["published"] == [1] * len(PAGES) * len(networks)
    assert right["given"] == [len(networks)] * len(PAGES)
    assert right["and no more"] == [len(PAGES)] * len(networks)

    kills = [*noted(file, "before"), *noted(file, "within"), noted(file, "after")[-1]]
    lefts = all_killed(networks, webs, tmp_path, right, kills)

    in_doubt = kills[lefts.index(True)]
    with placed(networks, tmp_path / "again", webs[0]) as place:
        killed_at(place, in_doubt)
        place.desk.run("run", python=kill_points.noted(file), loaded=True, expect=None)
    again = all_killed(networks, webs, tmp_path, right, noted(file, "before", CHANGES), first=[in_doubt])
    counted["+".join(networks.values())] = sum(left is not None for left in (*lefts, *again))
