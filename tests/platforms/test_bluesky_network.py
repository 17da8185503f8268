"""The Bluesky adapter passes the contracts on the real network, and does there what a fake could only imitate."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from counterparts.real_bluesky import RealBluesky

from .ability_contract import (
    AudienceContract,
    DiaryContract,
    DirectoryContract,
    DoerContract,
    GraphContract,
    PictureContract,
    TimelineContract,
    WitnessContract,
)
from .bluesky_contract import BlueskyContract
from .booking_contract import BookedOnceContract, Owner, PostedOnceContract
from .publisher_contract import PublisherContract
from .reporter_contract import ReporterContract


@pytest.fixture
def world() -> Iterator[RealBluesky]:
    world = RealBluesky()
    yield world
    world.close()


@pytest.fixture
def owner(world: RealBluesky, tmp_path: Path) -> Owner:
    return Owner.of(world, tmp_path)


class TestPublishing(PublisherContract):
    pass


class TestReporting(ReporterContract):
    pass


class TestPostingOnce(PostedOnceContract):
    pass


class TestBookingOnce(BookedOnceContract):
    pass


class TestPictures(PictureContract):
    pass


class TestWitness(WitnessContract):
    pass


class TestAudience(AudienceContract):
    pass


class TestTimeline(TimelineContract):
    pass


class TestDiary(DiaryContract):
    pass


class TestGraph(GraphContract):
    pass


class TestDirectory(DirectoryContract):
    pass


class TestDoer(DoerContract):
    pass


class TestAbilities(BlueskyContract):
    pass
