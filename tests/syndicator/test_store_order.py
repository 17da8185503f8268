"""Two stores, and many threads: the state is taken first, so that no two accounts ever wait for each other for good."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pieces import NOON
from small_world import SmallWorld, entry

from ledger.book import Book
from ledger.store.base import Document
from ledger.store.tiny import TinyStore
from platforms import memory
from platforms.abilities import TheirPost
from platforms.base import Actor, Interaction, PostRef
from syndicator import networks, run
from syndicator.unshare import take_back
from syndicator.workspace import Workspace

WALK = "memory://pond/bea/1"


class Held(threading.local):
    """How often this thread is within a transaction of each store."""

    state = 0
    ledger = 0


@contextmanager
def noted(held: Held, store: str) -> Iterator[None]:
    setattr(held, store, getattr(held, store) + 1)
    try:
        yield
    finally:
        setattr(held, store, getattr(held, store) - 1)


class TakenFirst(TinyStore):
    """A state that nobody may turn to who holds the ledger, unless they had the state before that."""

    def __init__(self, path: Path, held: Held) -> None:
        super().__init__(path)
        self._held = held

    def get(self, collection: str, key: str) -> Document | None:
        self._check()
        return super().get(collection, key)

    def scan(self, collection: str) -> Iterator[tuple[str, Document]]:
        self._check()
        return super().scan(collection)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self._check()
        with noted(self._held, "state"), super().transaction():
            yield

    def _check(self) -> None:
        assert self._held.state or not self._held.ledger, "the state is asked by somebody who holds the ledger"


class TakenSecond(TinyStore):
    """A ledger that notes who holds it."""

    def __init__(self, path: Path, held: Held) -> None:
        super().__init__(path)
        self._held = held

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with noted(self._held, "ledger"), super().transaction():
            yield


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    return SmallWorld(tmp_path, monkeypatch)


def watched(world: SmallWorld) -> Workspace:
    """The world on stores that take it ill when they are taken the wrong way round."""
    space, folder, held = world.open(), world.settings().data_folder, Held()
    space.__dict__["state"] = TakenFirst(folder / "state.jsonl", held)
    space.__dict__["book"] = Book(TakenSecond(folder / "ledger.jsonl", held))
    return space


def test_nobody_who_holds_the_ledger_waits_for_the_state(world: SmallWorld) -> None:
    world.account("pond"), world.account("lake")
    world.feed("ada", entry("https://ada.example/1"), entry("https://ada.example/2", f"{world.me['sites'][0]}/mine"))
    world.happens("pond", Interaction("like", Actor("bob"), id="1"))
    run.run(watched(world))
    [known, *_] = [each.ref.url for each in world.posts() if each.ref and each.account == "pond"]
    world.happens("pond", Interaction("boost", Actor("dan"), target=known, at=NOON), told=False)
    there = memory.world("pond", str(world.folder / "pond.jsonl"))
    there.write(Actor("bea", "bea"), TheirPost(PostRef(WALK, WALK), NOON, "A walk"))
    there.record("did", id="memory://pond/did/1", kind="boost", target=WALK, text="", at=NOON.isoformat())
    world.clock.move(hours=2)
    space = watched(world)
    run.run(space)
    [gone] = take_back(space, known, lambda name: networks.open_account(space, name).publisher)
    assert gone.error == ""
    assert {str(each.kind) for each in world.received()} == {"link", "like", "boost"}, "all doors were open"
    assert {str(each.kind) for each in world.given()} == {"share", "boost"}
