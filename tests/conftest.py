"""Shared by all tests: no address outside loopback, a clock that stands still, the open corpus."""

import ipaddress
import os
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# The contracts are plain modules: let pytest explain their failed asserts too.
SUITES = (
    *("contract", "publisher_contract", "reporter_contract", "booking_contract", "ability_contract"),
    "bluesky_contract",
)
pytest.register_assert_rewrite(*(f"tests.platforms.{suite}" for suite in SUITES))

settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ci" if os.environ.get("CI") else "default")

#: The keyring of whoever runs the tests is their own.
os.environ["SYNDICATOR_KEYRING"] = "off"

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


class OutsideLoopbackError(AssertionError):
    """A test tried to leave this machine."""


def _is_local(address: object) -> bool:
    if not isinstance(address, tuple):
        return True  # a unix socket
    host = str(address[0]).split("%")[0]
    if host in {"localhost", ""}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    connect, connect_ex, resolve = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded_connect(sock: socket.socket, address: object) -> None:
        if not _is_local(address):
            raise OutsideLoopbackError(f"a test tried to connect to {address}")
        connect(sock, address)

    def guarded_connect_ex(sock: socket.socket, address: object) -> int:
        if not _is_local(address):
            raise OutsideLoopbackError(f"a test tried to connect to {address}")
        return connect_ex(sock, address)

    def guarded_resolve(host: object, *rest: object, **named: object) -> object:
        name = host.decode() if isinstance(host, bytes) else host
        if name is not None and not _is_local((name,)):
            raise OutsideLoopbackError(f"a test tried to resolve {name}")
        return resolve(host, *rest, **named)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_resolve)


@pytest.fixture
def now() -> datetime:
    """A fixed Monday noon."""
    return NOW


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of open test material; tests that need it skip without it, and say how to get it."""
    folder = Path(os.environ.get("SYNDICATOR_CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))
    if not (folder / "INDEX.md").exists():
        if os.environ.get("CI"):
            pytest.fail(f"no corpus at {folder}: CI insists on it; set SYNDICATOR_CORPUS")
        pytest.skip(f"no corpus at {folder}: set SYNDICATOR_CORPUS to its folder to run this test")
    return folder
