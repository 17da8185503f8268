"""The guard itself: a test that leaves the machine must fail."""

import socket

import pytest


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("example.com", 443), ("2001:db8::1", 80)])
def test_an_address_outside_loopback_is_an_error(address):
    with pytest.raises(AssertionError, match="tried to"):
        socket.create_connection(address, timeout=0.1)


def test_loopback_is_allowed():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        socket.create_connection(server.getsockname(), timeout=1).close()
