"""Every network of the registry passes the contracts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from syndicator.networks import ADAPTERS, adapter_class

from .ability_contract import (
    AudienceContract,
    DiaryContract,
    DirectoryContract,
    DoerContract,
    GraphContract,
    IntentsContract,
    LimitsContract,
    PictureContract,
    TimelineContract,
    WitnessContract,
)
from .booking_contract import BookedOnceContract, Owner, PostedOnceContract
from .contract import ASKED, CANNOT, COUNTERPARTS, Counterpart, open_counterpart
from .publisher_contract import PublisherContract
from .reporter_contract import ReporterContract


@pytest.fixture
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Counterpart]:
    world = open_counterpart(request.param, tmp_path)
    yield world
    world.close()


def having(method: str) -> pytest.MarkDecorator:
    """Run a suite against the networks whose adapter can do what it is about."""
    classes = {name: adapter_class(name, "the contract") for name in ADAPTERS}
    able = [name for name in sorted(COUNTERPARTS) if hasattr(classes.get(name), method)]
    return pytest.mark.parametrize("world", able, indirect=True)


@pytest.fixture
def owner(world: Counterpart, tmp_path: Path) -> Owner:
    return Owner.of(world, tmp_path)


@having("publish")
class TestEveryPublisher(PublisherContract):
    pass


@having("interactions")
class TestEveryReporter(ReporterContract):
    pass


@having("publish")
class TestEveryPostIsThereOnce(PostedOnceContract):
    pass


@having("interactions")
class TestEveryActIsBookedOnce(BookedOnceContract):
    pass


@having("enrich")
class TestEveryPicture(PictureContract):
    pass


@having("read_limits")
class TestEveryServersLimits(LimitsContract):
    pass


@having("whoami")
class TestEveryWitness(WitnessContract):
    pass


@having("reactions")
class TestEveryAudience(AudienceContract):
    pass


@having("followers")
class TestEveryGraph(GraphContract):
    pass


@having("profile")
class TestEveryDirectory(DirectoryContract):
    pass


@having("do")
class TestEveryDoer(DoerContract):
    pass


@having("done")
class TestEveryDiary(DiaryContract):
    pass


@having("posts")
class TestEveryTimeline(TimelineContract):
    pass


@having("intent")
class TestEveryIntents(IntentsContract):
    pass


def test_every_network_of_the_registry_has_a_counterpart() -> None:
    assert set(ADAPTERS) <= set(COUNTERPARTS)


def test_what_is_left_out_belongs_to_a_known_network_and_says_why() -> None:
    for (network, what), reason in CANNOT.items():
        assert network in COUNTERPARTS
        assert what in ASKED
        assert reason
