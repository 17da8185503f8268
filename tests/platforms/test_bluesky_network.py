"""The Bluesky adapter passes the contract on the real network, and does there what a fake could only imitate."""

from collections.abc import Iterator

import pytest
from counterparts.real_bluesky import RealBluesky

from .bluesky_contract import BlueskyContract
from .contract import PublisherContract
from .reporter_contract import ReporterContract


@pytest.fixture
def world() -> Iterator[RealBluesky]:
    world = RealBluesky()
    yield world
    world.close()


class TestPublishing(PublisherContract):
    pass


class TestReporting(ReporterContract):
    pass


class TestAbilities(BlueskyContract):
    pass
