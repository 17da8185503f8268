"""A run that is killed at any of its writes, in a rich world: whatever is left, one more run makes it whole.

A real process is killed (SIGKILL) before and in the middle of each write and before each file is put in its place:
those of the stores, of the linkblog and of the memory network. `test_kill_points` kills at everything else too, and on
every network; here it is what is remembered of pages, blogrolls, pictures and favours that must be the same after all.
"""

import json
import re
import shutil
import signal
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from counterparts import feed_server, kill_points, pictures
from counterparts.desk import SETTINGS, Desk, item, rss
from counterparts.feed_server import FeedServer
from counterparts.page_server import page

from ledger.book import Book
from ledger.entry import Direction
from ledger.store.tiny import TinyStore
from platforms import memory
from platforms.base import Actor, Interaction
from syndicator.outbox import Outbox, State
from syndicator.upgrades import open_state

#: Collections whose keys must be the same after a crash as without one.
REMEMBERED = ("checks", "articles", "sources", "blogrolls", "blogroll_copies")


@dataclass(frozen=True)
class World:
    """A folder, two sites on the web, and what has to be there after a run, whatever happened to it."""

    desk: Desk
    articles: list[str]
    received: Counter[tuple[str, str, str, str]]
    given: Counter[tuple[str, str, str]]


def build(folder: Path, ada: FeedServer, bob: FeedServer) -> World:
    """A feed that links to the owner and one that does not, a network with somebody who likes things, and a linkblog.

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
    bodies = [f"<![CDATA[{to_me.format(n) * 9}]]>" for n in (1, 2)]
    desk.feed(rss(*(item(n, link=ada.url(f"/{n}"), body=bodies[n - 1]) for n in (1, 2)), site=ada.url("/")))
    copy = item(4, link=bob.url("/copy"), title="What I wrote of apple trees")
    grafting = item(3, link=articles[2], title="Grafting")
    desk.feed(rss(grafting, copy, title="Bob", site=bob.url("/")), "bob.xml")
    desk.add_account("pond", "memory", {"file": "pond.jsonl"}, {})
    desk.add_account("links", "linkblog", {"folder": "public"}, {})
    memory.world("pond", str(folder / "pond.jsonl")).refuse("picture", articles[1])
    for number in range(2):
        like = Interaction("like", Actor(f"fan{number}", name=f"Fan {number}"), id=str(number))
        memory.world("pond", str(folder / "pond.jsonl")).interact(like)
    sites = [f"web:{url.split('/')[2]}" for url in articles]
    links = zip(sites[:2], articles[:2], ("1", "2"), strict=True)
    received = [("link", who, url, f"https://robin.example/{to}") for who, url, own in links for to in (own, "both")]
    likes = [("like", f"memory:fan{number}", "", "") for number in range(2)]
    given = [(who, url, to) for who, url in zip(sites, articles, strict=True) for to in ("memory://pond/", "file://")]
    return World(desk, sorted(articles), Counter(received + likes), Counter(given))


def known(folder: Path) -> dict[str, list[str]]:
    """What a world remembers of pages, sources and blogrolls, by name."""
    store = open_state(folder / "data", scratch=True)
    return {name: sorted(key.replace(str(folder), "") for key, _ in store.scan(name)) for name in REMEMBERED}


def faults(world: World, folder: Path, owed: Any, remembered: Any) -> list[str]:
    """What is wrong with a world after a normal run that followed a crash."""
    pond = memory.world("pond", str(folder / "pond.jsonl")).posts()
    checks = {
        "pond": sorted(post["url"] for post in pond) == world.articles,
        "pictures": [post["url"] for post in pond if "picture" in post] == world.articles[:1],
        "feed.json": sorted(entry["external_url"] for entry in _links(folder)) == world.articles,
        "feed.xml": len(ET.parse(folder / "public" / "feed.xml").findall("{*}entry")) == len(world.articles),
        "index.html": all(url in (folder / "public" / "index.html").read_text("utf-8") for url in world.articles),
    }
    posts = list(Outbox(open_state(folder / "data", scratch=True)))
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
        "owe": _timeless(world.desk.json("ledger", "owe", "--all", cwd=folder)) == owed,
    }
    return [name for name, is_right in checks.items() if not is_right]


def is_write(what: str) -> bool:
    return what.startswith(("write ", "replace "))


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
    desk, undisturbed = world.desk, tmp_path / "undisturbed"
    shutil.copytree(desk.folder, undisturbed)
    desk.run("run", cwd=undisturbed, python=kill_points.noted(tmp_path / "points.json"), loaded=True)
    points = json.loads((tmp_path / "points.json").read_text("utf-8"))
    owed = _timeless(desk.json("ledger", "owe", "--all", cwd=undisturbed))
    assert len(owed) == 4
    remembered = known(undisturbed)
    assert all(remembered.values())
    assert not any("/copy" in key for key in remembered["articles"]), "it is known to be the other page"
    assert any(key.endswith("/new.xml") for key in remembered["sources"])
    assert faults(world, undisturbed, owed, remembered) == []

    broken: dict[tuple[str, int], object] = {}
    order = [(when, n) for when in ("before", "within") for n, what in enumerate(points[when], 1) if is_write(what)]
    for moment, number in order:
        folder = tmp_path / f"{moment}{number}"
        shutil.copytree(desk.folder, folder)
        killed = desk.run("run", cwd=folder, python=kill_points.killed(moment, number), loaded=True, expect=None)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        again = desk.run("run", cwd=folder, expect=None)
        found = again.stderr if again.returncode else faults(world, folder, owed, remembered)
        if wrong := found or desk.json("run", cwd=folder)["posted"]:
            broken[moment, number] = wrong
        shutil.rmtree(folder)
    print(f"{len(order)} kill points")
    assert broken == {}
    assert len(order) >= 80
