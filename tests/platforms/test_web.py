"""Plain HTTP for adapters: bounded in time and size, and errors that give nothing away."""

import gzip
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from platforms.errors import Unreachable
from platforms.web import Web

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@contextmanager
def server(*parts: bytes, pause: float = 0.0, forever: bool = False, between: bool = False) -> Iterator[str]:
    """Answers one request with the parts, one after the other, the last again and again if it shall be for ever.

    It pauses, in seconds, before it repeats itself, or between all parts.
    """
    done = threading.Event()
    listening = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        with suppress(OSError):
            connection, _ = listening.accept()
            with connection:
                connection.recv(65_536)
                for part in parts:
                    connection.sendall(part)
                    if between and done.wait(pause):
                        return
                while forever and not done.wait(pause):
                    connection.sendall(parts[-1])

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/api?token=secret-word"
    done.set()
    listening.close()
    thread.join(10)


def test_an_answer_in_pieces_is_one() -> None:
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in b'{"a": 1}') + b"0\r\n\r\n"
    with server(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", chunks) as url:
        assert Web("a", 30.0).ask("GET", url).json == {"a": 1}


def test_a_packed_answer_is_not_unpacked() -> None:
    packed = gzip.compress(b'{"a": 1}')
    with server(HEAD + b"Content-Encoding: gzip\r\n\r\n", packed) as url:
        answer = Web("a", 30.0).ask("GET", url)
    assert (answer.content, answer.json) == (packed, None)


def test_a_server_that_trickles_is_given_up() -> None:
    head = HEAD + b"Content-Length: 1000000\r\n\r\n"
    with server(head, b" ", pause=0.05, forever=True) as url, pytest.raises(Unreachable, match="not done after"):
        Web("a", 0.5).ask("GET", url)


@pytest.mark.parametrize(
    "begun",
    [b"HT", b"HTTP/1.1 200 OK\r\nX: ", HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;", HEAD + b"\r\n{}"],
)
def test_a_server_that_drips_is_given_up_wherever_it_is(begun: bytes) -> None:
    """Each byte comes long before the timeout of a wait; in the end the server gives up by itself."""
    with (
        server(begun, *[b" "] * 200, pause=0.05, between=True) as url,
        pytest.raises(Unreachable, match=r"too long: not done after 0\.4 s"),
    ):
        Web("a", 0.4).ask("GET", url)


def test_what_was_cut_off_keeps_nothing_of_the_next_answer() -> None:
    web = Web("a", 0.4)
    with server(HEAD, *[b" "] * 200, pause=0.05, between=True) as slow, pytest.raises(Unreachable):
        web.ask("GET", slow)
    with server(HEAD + b"Content-Length: 2\r\n\r\n{}") as url:
        assert web.ask("GET", url).json == {}


def test_an_answer_without_end_is_given_up() -> None:
    with server(HEAD + b"\r\n", b" " * 1_000_000, forever=True) as url, pytest.raises(Unreachable):
        Web("a", 30.0).ask("GET", url)


@pytest.mark.parametrize("said", [b"", b"what?\r\n\r\n", HEAD + b"Content-Length: 9\r\n\r\nshort"])
def test_half_an_answer_is_none(said: bytes) -> None:
    with server(said) as url, pytest.raises(Unreachable) as caught:
        Web("account", 30.0, "secret-word").ask("POST", url, {}, b"x")
    assert caught.value.subject == "account"
    assert "127.0.0.1" in caught.value.problem
    assert "secret-word" not in str(caught.value) + repr(caught.value.__cause__)


@pytest.mark.parametrize("body", [b"", b"[" * 100_000, b"\xff", b"{"])
def test_what_is_no_json_is_none(body: bytes) -> None:
    with server(HEAD + b"Content-Length: %d\r\n\r\n" % len(body), body) as url:
        assert Web("a", 30.0).ask("GET", url).json is None


@pytest.mark.parametrize(
    ("location", "leads"),
    [
        ("/x", "/x"),
        ("javascript:alert(1)", ""),
        ("http://[::1", ""),
        ("//other.example/y", "http://other.example/y"),
        ("", ""),
    ],
)
def test_an_answer_leads_to_web_pages_only(location: str, leads: str) -> None:
    with server(HEAD + b"Content-Length: 0\r\nLocation: " + location.encode() + b"\r\n\r\n") as url:
        found = Web("a", 30.0).ask("GET", url).location
    assert found.endswith(leads) if leads else found == ""
