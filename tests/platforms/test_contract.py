"""Every network of the registry passes the contract."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from .contract import ASKED, CANNOT, COUNTERPARTS, Counterpart, PublisherContract, open_counterpart
from .reporter_contract import ReporterContract


@pytest.fixture(params=sorted(COUNTERPARTS))
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Counterpart]:
    world = open_counterpart(request.param, tmp_path)
    yield world
    world.close()


class TestEveryPublisher(PublisherContract):
    pass


class TestEveryReporter(ReporterContract):
    pass


def test_every_network_of_the_registry_has_a_counterpart() -> None:
    from syndicator.networks import ADAPTERS  # here, so that the networks can be tested while the pipeline is broken

    assert set(ADAPTERS) <= set(COUNTERPARTS)


def test_what_is_left_out_belongs_to_a_known_network_and_says_why() -> None:
    for (network, what), reason in CANNOT.items():
        assert network in COUNTERPARTS
        assert what in ASKED
        assert reason
