"""A run that is killed at any of its durable writes: whatever is left, one more run makes it whole.

A real process is killed (SIGKILL) before and in the middle of its n-th durable write, for every n until a run survives,
and after the last: those of the stores, of the linkblog and of the memory network. After any other write it would leave
what it leaves right before the next. To save the time of loading the program for each, they are forks of one process
that has loaded all of it and done nothing else.
"""

import json
import re
import shutil
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from counterparts import feed_server, pictures
from counterparts.desk import SETTINGS, Desk, item, rss
from counterparts.feed_server import FeedServer
from counterparts.page_server import page

from ledger.book import Book
from ledger.entry import Direction
from ledger.store.tiny import TinyStore
from platforms import memory
from platforms.base import Actor, Interaction
from syndicator.outbox import Outbox, State

#: Collections whose keys must be the same after a crash as without one.
REMEMBERED = ("checks", "articles", "sources", "blogrolls", "blogroll_copies")
#: Nobody should wait for ever if a run never survives.
MOST = 80

#: Reads orders as JSON lines: {folder, words, kill: [moment, n] or null}; answers with the child's code (-9: killed).
#: `python -c DRIVER` has only one thread, and a child ends as its command ends.
DRIVER = """
import importlib, json, os, pkgutil, signal, sys
import feedparser, filelock, selectolax.lexbor, tinydb, urllib3, xml.sax.expatreader
import syndicator
from ledger.store import durable
from platforms import linkblog_folder, memory_world
from syndicator.cli import ledger, main

for module in pkgutil.walk_packages(syndicator.__path__, "syndicator."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def half(path, data, mode):
    with open(path, mode) as file:
        file.write(data[: len(data) // 2])

#: Where a durable write is, and how to do half of it.
WRITES = [
    (durable, "append", lambda path, at, data: half(path, data, "ab")),
    (durable, "write_file", lambda path, pieces: half(path, b"".join(pieces), "wb")),
    (linkblog_folder, "write", lambda path, content: half(path.with_name(f".{path.name}.new"), content, "wb")),
    (memory_world._InFile, "append", lambda log, event: half(log._path, b"\\n" + json.dumps(event).encode(), "ab")),
]

def deadly(moment, when):
    count = 0

    def killing(write, torn):
        def wrapped(*given, **named):
            nonlocal count
            count += 1
            if count < when:
                return write(*given, **named)
            if moment == "within":
                torn(*given)
            if moment == "after":
                write(*given, **named)
            die()
        return wrapped

    for owner, name, torn in WRITES:
        setattr(owner, name, killing(getattr(owner, name), torn))

def child(order):
    os.chdir(order["folder"])
    sys.argv = order["words"]
    out = os.open("out.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(out, 1)
    os.dup2(os.open("err.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
    if order["kill"]:
        deadly(*order["kill"])
    (ledger if order["words"][0] == "ledger" else main).start()

for line in sys.stdin:
    order = json.loads(line)
    pid = os.fork()
    if pid == 0:
        child(order)
        raise SystemExit
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


class Driver:
    """Runs commands in folders as processes of their own, and kills them when told to."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", DRIVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )

    def run(self, folder: Path, *words: str, kill: tuple[str, int] | None = None) -> int:
        """Give the exit code, -9 for one that was killed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"folder": str(folder), "words": words, "kill": kill}) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def json(self, folder: Path, *words: str) -> Any:
        code = self.run(folder, *words, "--json")
        assert code == 0, (folder / "err.txt").read_text("utf-8")
        return json.loads((folder / "out.txt").read_text("utf-8"))

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)


@dataclass(frozen=True)
class World:
    """A folder, two sites on the web, and what has to be there after a run, whatever happened to it."""

    desk: Desk
    articles: list[str]
    received: Counter[tuple[str, str, str, str]]
    given: Counter[tuple[str, str, str]]


def build(folder: Path, ada: FeedServer, bob: FeedServer) -> World:
    """Feeds that link to the owner, a network with somebody who likes things, and a linkblog.

    Two pages show a picture; the network takes the first, and refuses the post with the second.

    Bob announces one page twice, which only the page itself tells, and the blogroll's feed has moved since it was read.
    """
    folder.mkdir()
    desk = Desk(folder, '[fetch]\nallow_private = ["127.0.0.2", "127.0.0.3"]\n\n')
    desk.add('[[sources]]\nkind = "curated"\nopml = "roll.opml"\n\n')
    for address in ("/old.xml", "/new.xml"):
        ada.routes[address] = feed_server.body(rss(title="Carl", site="https://carl.example/").encode())
        line = f'<outline text="Carl" xmlUrl="{ada.url(address)}"/>'
        (folder / "roll.opml").write_text(f"<opml version='2.0'><body>{line}</body></opml>")
        if address == "/old.xml":
            desk.run("run")
    desk.add(SETTINGS.replace("[plan]", '[[sources]]\nkind = "curated"\nfeed = "bob.xml"\n\n[plan]'))
    articles = [ada.url("/1"), ada.url("/2"), bob.url("/3")]
    head = f'<link rel="canonical" href="{articles[2]}">'
    ada.routes |= {
        f"/{n}": page(f"Pruning, part {n}", f'<meta property="og:image" content="/{n}.jpg">') for n in (1, 2)
    }
    ada.routes |= {f"/{n}.jpg": pictures.answer(pictures.picture(size=(90, 90))) for n in (1, 2)}
    bob.routes |= {"/3": page("Grafting", head), "/copy": page("Grafting", head)}
    to_me = 'As <a href="https://robin.example/{0}">Robin</a> and <a href="https://robin.example/both">again</a> says. '
    bodies = [f"<![CDATA[{to_me.format(n) * 9}]]>" for n in (1, 2, "bob")]
    desk.feed(rss(*(item(n, link=ada.url(f"/{n}"), body=bodies[n - 1]) for n in (1, 2)), site=ada.url("/")))
    copy = item(4, link=bob.url("/copy"), title="What I wrote of apple trees")
    grafting = item(3, link=articles[2], title="Grafting", body=bodies[2])
    desk.feed(rss(grafting, copy, title="Bob", site=bob.url("/")), "bob.xml")
    desk.add_account("pond", "memory", {"file": "pond.jsonl"}, {})
    desk.add_account("links", "linkblog", {"folder": "public"}, {})
    memory.world("pond", str(folder / "pond.jsonl")).refuse("picture", articles[1])
    for number in range(2):
        like = Interaction("like", Actor(f"fan{number}", name=f"Fan {number}"), id=str(number))
        memory.world("pond", str(folder / "pond.jsonl")).interact(like)
    sites = [f"web:{url.split('/')[2]}" for url in articles]
    links = zip(sites, articles, ("1", "2", "bob"), strict=True)
    received = [("link", who, url, f"https://robin.example/{to}") for who, url, own in links for to in (own, "both")]
    likes = [("like", f"memory:fan{number}", "", "") for number in range(2)]
    given = [(who, url, to) for who, url in zip(sites, articles, strict=True) for to in ("memory://pond/", "file://")]
    return World(desk, sorted(articles), Counter(received + likes), Counter(given))


def known(folder: Path) -> dict[str, list[str]]:
    """What a world remembers of pages, sources and blogrolls, by name."""
    store = TinyStore(folder / "data" / "state.jsonl", scratch=True)
    return {name: sorted(key.replace(str(folder), "") for key, _ in store.scan(name)) for name in REMEMBERED}


def faults(world: World, folder: Path, driver: Driver, owed: Any, remembered: Any) -> list[str]:
    """What is wrong with a world after a normal run that followed a crash."""
    pond = memory.world("pond", str(folder / "pond.jsonl")).posts()
    checks = {
        "pond": sorted(post["url"] for post in pond) == world.articles,
        "pictures": [post["url"] for post in pond if "picture" in post] == world.articles[:1],
        "feed.json": sorted(entry["external_url"] for entry in _links(folder)) == world.articles,
        "feed.xml": len(ET.parse(folder / "public" / "feed.xml").findall("{*}entry")) == len(world.articles),
        "index.html": all(url in (folder / "public" / "index.html").read_text("utf-8") for url in world.articles),
    }
    posts = list(Outbox(TinyStore(folder / "data" / "state.jsonl", scratch=True)))
    checks["states"] = [(post.state, post.booked) for post in posts] == [(State.POSTED, True)] * 6
    book = Book(TinyStore(folder / "data" / "ledger.jsonl", scratch=True))
    entries = book.entries()
    received = [each for each in entries if each.direction is Direction.RECEIVED]
    given = [each for each in entries if each.direction is Direction.GIVEN]
    networks = {e.key: m[0] if (m := re.match(r"memory://pond/|file://", e.my_url)) else "" for e in given}
    checks |= {
        "received": Counter((e.kind, str(e.identity), e.url, e.my_url) for e in received) == world.received,
        "given": Counter((str(e.identity), e.url, networks[e.key]) for e in given) == world.given,
        "problems": not book.problems,
        "remembered": known(folder) == remembered,
        "owe": _timeless(driver.json(folder, "ledger", "owe", "--all")) == owed,
    }
    return [name for name, is_right in checks.items() if not is_right]


def _told(folder: Path) -> str:
    return (folder / "err.txt").read_text("utf-8")


def _links(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((folder / "public" / "feed.json").read_text("utf-8"))["items"]
    return found


def _timeless(debts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Debts without times, their points as coarse as the seconds that passed."""
    return [{**debt, "since": None, "open": round(debt["open"], 2)} for debt in debts]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with feed_server.running("127.0.0.2") as ada, feed_server.running("127.0.0.3") as bob:
        yield build(tmp_path / "template", ada, bob)


def test_a_run_may_be_killed_at_any_of_its_writes(tmp_path: Path, world: World) -> None:
    template = world.desk
    driver = Driver(template.environment)
    try:
        undisturbed = tmp_path / "undisturbed"
        shutil.copytree(template.folder, undisturbed)
        assert driver.run(undisturbed, "syndicator", "run") == 0, (undisturbed / "err.txt").read_text("utf-8")
        owed = _timeless(driver.json(undisturbed, "ledger", "owe", "--all"))
        assert len(owed) == 4
        remembered = known(undisturbed)
        assert all(remembered.values())
        assert not any("/copy" in key for key in remembered["articles"]), "it is known to be the other page"
        assert any(key.endswith("/new.xml") for key in remembered["sources"])
        assert faults(world, undisturbed, driver, owed, remembered) == []

        broken: dict[tuple[str, int], object] = {}

        def killed_at(moment: str, number: int) -> bool:
            """Kill a run there and see what the next makes of it; false if it survived."""
            folder = tmp_path / f"{moment}{number}"
            shutil.copytree(template.folder, folder)
            code = driver.run(folder, "syndicator", "run", kill=(moment, number))
            if code == 0:
                return False
            assert code == -signal.SIGKILL, (folder / "err.txt").read_text("utf-8")
            code = driver.run(folder, "syndicator", "run")
            found = faults(world, folder, driver, owed, remembered) if code == 0 else _told(folder)
            if wrong := found or driver.json(folder, "syndicator", "run")["posted"]:
                broken[moment, number] = wrong
            shutil.rmtree(folder)
            return True

        writes = next(number for number in range(MOST) if not killed_at("before", number + 1))
        assert all(killed_at("within", number + 1) for number in range(writes))
        assert not killed_at("within", writes + 1), "each moment has the same writes"
        assert killed_at("after", writes)
    finally:
        driver.close()
    print(f"{2 * writes + 1} kill points")
    assert broken == {}
    assert writes >= 35
