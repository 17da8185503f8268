"""The Bluesky adapter's own abilities on the small server."""

from collections.abc import Iterator

import pytest
from counterparts.fake_bluesky import FakeBluesky

from .bluesky_contract import BlueskyContract


@pytest.fixture
def world() -> Iterator[FakeBluesky]:
    world = FakeBluesky()
    yield world
    world.close()


class TestAbilities(BlueskyContract):
    pass
