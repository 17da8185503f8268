"""A server that sends a byte now and then, for ever: every network's adapter gives it up when its time is over."""

import itertools
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from counterparts import fake_x

from platforms.base import Login
from platforms.bluesky import Bluesky
from platforms.errors import NotSent, Unreachable
from platforms.mastodon import Mastodon
from platforms.micropub import Micropub
from platforms.webmention_io import WebmentionIo
from platforms.x import X

#: Seconds for an answer, and between two bytes: none of the waits ever takes too long.
TIMEOUT, PAUSE = 0.5, 0.05
#: So long the server would go on, in bytes; who waits for its end waits for minutes.
BYTES = 4_000

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
BEGINNINGS = {
    "in the status": b"HT",
    "in a header": b"HTTP/1.1 200 OK\r\nX: ",
    "in a chunk's length": HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;",
    "in the body": HEAD + b"\r\n{",
}
ADAPTERS: dict[str, Callable[[str], Any]] = {
    "mastodon": lambda url: Mastodon(Login("a", {"server": url}, {"token": "t"}, TIMEOUT)),
    "bluesky": lambda url: Bluesky(Login("a", {"server": url, "handle": "ada.test"}, {"token": "t"}, TIMEOUT)),
    "x": lambda url: X(Login("a", {"server": url}, fake_x.SECRETS, TIMEOUT)),
    "micropub": lambda url: Micropub(Login("a", {"server": url}, {"token": "t"}, TIMEOUT)),
    "webmention.io": lambda url: WebmentionIo(
        Login("a", {"server": url, "domain": "ada.example"}, {"token": "t"}, TIMEOUT)
    ),
}


class Dripping:
    """Says `begun` to every request, then a byte now and then."""

    def __init__(self, begun: bytes) -> None:
        self._begun = begun
        self._ended = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self.given_up = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                talk, _ = self._listening.accept()
                threading.Thread(target=self._drip, args=(talk,), daemon=True).start()

    def _drip(self, talk: socket.socket) -> None:
        with suppress(OSError), talk:
            talk.recv(65_536)
            talk.sendall(self._begun)
            for _ in itertools.repeat(None, BYTES):
                if self._ended.wait(PAUSE):
                    return
                talk.sendall(b" ")
            return
        self.given_up.set()

    def close(self) -> None:
        self._ended.set()
        self._listening.close()


@pytest.fixture(params=BEGINNINGS)
def server(request: pytest.FixtureRequest) -> Iterator[Dripping]:
    server = Dripping(BEGINNINGS[request.param])
    yield server
    server.close()


@pytest.mark.parametrize("name", ADAPTERS)
def test_who_drips_is_given_up_when_the_time_is_over(name: str, server: Dripping) -> None:
    adapter = ADAPTERS[name](server.url)
    with pytest.raises(Unreachable, match="too long") as caught:
        adapter.whoami()
    assert not isinstance(caught.value, NotSent), "it may have been carried out"
    assert server.given_up.wait(60), "the connection is cut"


def test_a_kept_connection_is_watched_too() -> None:
    """The second request goes out on the connection of the first, of which no library tells anew."""
    listening = socket.create_server(("127.0.0.1", 0))
    ended, given_up = threading.Event(), threading.Event()

    def serve() -> None:
        talk, _ = listening.accept()
        with talk:
            talk.recv(65_536)
            talk.sendall(HEAD + b"Content-Length: 2\r\n\r\n{}")
            talk.recv(65_536)
            talk.sendall(HEAD + b"\r\n{")
            with suppress(OSError):
                for _ in itertools.repeat(None, BYTES):
                    if ended.wait(PAUSE):
                        return
                    talk.sendall(b" ")
                return
            given_up.set()

    threading.Thread(target=serve, daemon=True).start()
    from httpx import ReadTimeout

    from platforms.xrpc_transport import Transport

    transport = Transport(TIMEOUT)
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    assert transport.get(url).content == {}
    with pytest.raises(ReadTimeout, match="too long"):
        transport.get(url)
    assert given_up.wait(60)
    listening.close()
