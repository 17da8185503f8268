"""A world with networks on which people can be looked up, and a site whose pages name their authors."""

from collections.abc import Iterator
from pathlib import Path

import directories
import pytest
from counterparts import feed_server
from counterparts.feed_server import FeedServer
from small_world import SmallWorld


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    directories.open_for(monkeypatch)
    made = SmallWorld(tmp_path, monkeypatch)
    made.fetch["allow_private"] = ["127.0.0.1"]
    return made


@pytest.fixture
def site() -> Iterator[FeedServer]:
    with feed_server.running() as server:
        yield server
