"""What was reckoned is kept over the forgetting of somebody, without anything of them."""

from datetime import timedelta
from pathlib import Path

import pytest
from small_world import SmallWorld

from ledger.entry import Direction, Entry, Identity, Kind
from ledger.memory import WORTH_KEEPING
from ledger.people import Person
from syndicator.debts import reckon
from syndicator.forget import forget


def test_after_somebody_is_forgotten_everybody_else_is_reckoned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = SmallWorld(tmp_path, monkeypatch)
    space = world.open()
    at = world.clock() - timedelta(days=1)
    people = [Identity("mastodon", f"p{n}@pond.example") for n in range(WORTH_KEEPING + 10)]
    space.book.append(
        Entry(Direction.RECEIVED, Kind.BOOST, who, at, at, f"https://pond.example/{who}") for who in people
    )
    reckon(space, world.clock(), limit=0)
    before = space.memory_file.read_bytes()
    forget(space, Person("p", "p0", (people[0],)))
    kept = space.memory_file.read_bytes()
    assert len(kept) < len(before)
    space = world.open()
    reckon(space, world.clock(), limit=0)
    assert space.memory_file.read_bytes() == kept
