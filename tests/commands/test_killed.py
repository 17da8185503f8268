"""A run that is killed (SIGKILL, a real process) between intent and outcome: the next run leaves exactly one post."""

import signal
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from counterparts.desk import Desk, item, rss

from ledger.book import Book
from ledger.entry import Direction
from ledger.store.tiny import TinyStore
from platforms import memory
from syndicator.networks import ADAPTERS
from syndicator.outbox import Outbox, State
from tests.platforms.contract import CANNOT, Counterpart, open_counterpart

KILL = """
import os, signal
from {module} import {adapter} as Adapter
really = Adapter.publish
def publish(self, request):
    {before}
    ref = really(self, request)
    {after}
    return ref
Adapter.publish = publish
"""
DIE = "os.kill(os.getpid(), signal.SIGKILL)"
MOMENTS = {"before the call": (DIE, "pass"), "after the call": ("pass", DIE)}


class MemoryFile:
    """The memory network, outliving its processes in a file."""

    def __init__(self, folder: Path) -> None:
        self.options = {"file": str(folder / "pond.jsonl")}

    def posts(self) -> list[str]:
        return [post["text"] for post in memory.world("reader", self.options["file"]).posts()]

    def close(self) -> None:
        memory.forget("reader")


def publishes(name: str) -> bool:
    module, _, adapter = ADAPTERS[name].partition(":")
    return hasattr(getattr(import_module(module), adapter), "publish")


@pytest.fixture(params=[name for name in sorted(ADAPTERS) if publishes(name)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Counterpart | MemoryFile]]:
    """A network and its counterpart, which lives longer than the runs."""
    name = request.param
    world = MemoryFile(tmp_path) if name == "memory" else open_counterpart(name, tmp_path)
    yield name, world
    world.close()


def desk_for(name: str, world: Counterpart | MemoryFile, folder: Path) -> Desk:
    desk = Desk(folder)
    desk.feed(rss(item(1)))
    if name == "linkblog":
        desk.add_account("there", name, {"folder": world.folder}, {})
    elif name == "memory":
        desk.add_account("there", name, world.options, {})
    else:
        # Discord's own address can't be led here from another process; a webhook's can.
        chat = {"url": world.url.replace("http://", "json://")} if name == "apprise" else {}
        login = world.login(**chat)
        desk.add_account("there", name, login.options, login.secrets)
    return desk


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_and_run_again_there_is_one_post(place, moment, tmp_path):
    name, world = place
    desk = desk_for(name, world, tmp_path)
    module, _, adapter = ADAPTERS[name].partition(":")
    before, after = MOMENTS[moment]

    killed = desk.run(
        "run", python=KILL.format(module=module, adapter=adapter, before=before, after=after), expect=None
    )
    assert killed.returncode == -signal.SIGKILL
    assert len(world.posts()) == (moment == "after the call")
    [left] = Outbox(TinyStore(tmp_path / "data" / "state.jsonl", scratch=True))
    assert left.state is State.SENDING
    assert left.request is not None

    if (name, "find") in CANNOT:
        nobody_knows(desk, arrived=bool(world.posts()))
        report = desk.json("run", expect=None)
    else:
        report = desk.json("run")
    assert len(world.posts()) == 1
    assert "part 1" in world.posts()[0]
    if (name, "find") not in CANNOT or moment == "before the call":
        assert [posted["article"] for posted in report["posted"]] == ["https://ada.example/pruning/1"]

    assert desk.json("run")["posted"] == []
    assert len(world.posts()) == 1
    given = [
        entry
        for entry in Book(TinyStore(tmp_path / "data" / "ledger.jsonl", scratch=True)).entries()
        if entry.direction is Direction.GIVEN
    ]
    assert [(entry.url, str(entry.identity)) for entry in given] == [
        ("https://ada.example/pruning/1", "web:ada.example")
    ]


def nobody_knows(desk: Desk, *, arrived: bool) -> None:
    """Where nothing can be read back, nothing is sent again: a person looks, and says what is there."""
    report = desk.json("run", expect=1)
    [unknown] = report["unknown"]
    assert report["posted"] == []
    said = ("--posted", "https://chat.example/1") if arrived else ("--not-posted",)
    desk.run("queue", "settle", unknown["id"], *said)
