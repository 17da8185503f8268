"""Why there was no answer, in the same words whatever library was asked; and how a person is told to log in anew."""

import errno
import socket
import ssl
from collections.abc import Callable

import httpx
import pytest
import requests
import urllib3

from platforms.errors import new_login, variable, why


def nobody() -> str:
    """An address where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}/"


def silent() -> socket.socket:
    """A server that takes connections and says nothing."""
    return socket.create_server(("127.0.0.1", 0))


ASK: dict[str, Callable[[str], object]] = {
    "requests": lambda url: requests.get(url, timeout=0.2),
    "httpx": lambda url: httpx.get(url, timeout=0.2),
    "urllib3": lambda url: urllib3.PoolManager(retries=False).request("GET", url, timeout=0.2),
}


@pytest.mark.parametrize("library", ASK)
def test_every_library_says_the_same(library: str) -> None:
    with pytest.raises((OSError, httpx.HTTPError, urllib3.exceptions.HTTPError)) as refused:
        ASK[library](nobody())
    assert why(refused.value) == "nobody listens there"
    with silent() as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        with pytest.raises((OSError, httpx.HTTPError, urllib3.exceptions.HTTPError)) as late:
            ASK[library](url)
    assert why(late.value) == "it took too long"


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        (socket.gaierror(-2, "Name or service not known"), "no such server"),
        (ssl.SSLCertVerificationError("self-signed certificate"), "its certificate can't be trusted"),
        (ssl.SSLError("wrong version number"), "it does not speak TLS as it should"),
        (ConnectionResetError("reset by peer"), "the connection broke"),
        (OSError(errno.EHOSTUNREACH, "No route to host"), "no network leads there"),
        (OSError(errno.ENOSPC, "No space left on device"), ""),
        (RuntimeError("a bug"), ""),
    ],
)
def test_the_cause_is_found_under_what_wraps_it(cause: Exception, words: str) -> None:
    assert why(cause) == words
    outer = LookupError("wrapped as an argument", ValueError("as a cause"))
    outer.args[1].__cause__ = cause
    assert why(outer) == words


def test_what_goes_round_in_circles_ends() -> None:
    one, other = ValueError("one"), ValueError("other")
    one.__cause__, other.__cause__ = other, one
    assert why(one) == ""


def test_how_to_log_in_anew() -> None:
    assert new_login("my-sky", "token") == "run `syndicator login my-sky`, or set SYNDICATOR_MY_SKY_TOKEN"
    assert new_login("x", "api_key", "api_secret").endswith("set SYNDICATOR_X_API_KEY, SYNDICATOR_X_API_SECRET")
    assert variable("my.sky", "url") == "SYNDICATOR_MY_SKY_URL"
