"""What got no answer may have been carried out; what got no connection was not, whichever library says so."""

import socket
from collections.abc import Callable, Iterator

import httpx
import pytest
import requests
import urllib3

from platforms.errors import NotSent, Unreachable, silence


def _urllib3(url: str) -> object:
    return urllib3.PoolManager(retries=False, timeout=0.3).request("POST", url)


def _requests(url: str) -> object:
    return requests.post(url, timeout=0.3)


def _httpx(url: str) -> object:
    return httpx.post(url, timeout=0.3, trust_env=False)


LIBRARIES: list[Callable[[str], object]] = [_urllib3, _requests, _httpx]


@pytest.fixture
def port() -> Iterator[socket.socket]:
    """A port that takes connections once it listens, and never answers."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken


def trouble(library: Callable[[str], object], where: str) -> Unreachable:
    """What a post to an address that does not answer ends in, wrapped once more as SDKs do."""
    try:
        try:
            library(where)
        except Exception as error:
            raise RuntimeError("the SDK's own words") from error
    except RuntimeError as error:
        return silence("net", "no answer", error)
    raise AssertionError("it answered")


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_refused_connection_sent_nothing(library: Callable[[str], object], port: socket.socket) -> None:
    found = trouble(library, f"http://127.0.0.1:{port.getsockname()[1]}/")
    assert type(found) is NotSent
    assert str(found) == "net: no answer"


@pytest.mark.parametrize("library", LIBRARIES)
def test_what_was_sent_and_not_answered_is_in_doubt(library: Callable[[str], object], port: socket.socket) -> None:
    port.listen()
    assert type(trouble(library, f"http://127.0.0.1:{port.getsockname()[1]}/")) is Unreachable


def test_errors_that_wrap_each_other_for_ever_come_to_an_end() -> None:
    one, two = OSError("one"), OSError("two")
    one.__cause__, two.__cause__ = two, one
    assert type(silence("net", "no answer", one)) is Unreachable
