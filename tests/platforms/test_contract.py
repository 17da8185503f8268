"""Every network of the registry passes the contract."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from .contract import CANNOT, COUNTERPARTS, FAULTS, Counterpart, PublisherContract, open_counterpart


@pytest.fixture(params=sorted(COUNTERPARTS))
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Counterpart]:
    world = open_counterpart(request.param, tmp_path)
    yield world
    world.close()


class TestEveryNetwork(PublisherContract):
    pass


def test_every_network_of_the_registry_has_a_counterpart() -> None:
    run = pytest.importorskip("syndicator.run", reason="the registry is not there yet")
    assert set(run.ADAPTERS) <= set(COUNTERPARTS)


def test_what_is_left_out_is_a_fault_of_a_known_network_and_says_why() -> None:
    for (network, fault), reason in CANNOT.items():
        assert network in COUNTERPARTS
        assert fault in FAULTS
        assert reason
