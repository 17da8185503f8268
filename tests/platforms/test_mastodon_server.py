"""What goes over the wire to a Mastodon server, and what its refusals mean, whoever words them."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from counterparts.json_server import Answer, Call, JsonServer

import platforms.deadline_requests
from platforms.base import Draft, Login, PostRef
from platforms.errors import AuthFailed, PlatformError, Rejected, Unreachable
from platforms.mastodon import Mastodon
from platforms.mastodon_refusals import Gone, Missing, NoSuchCall

Handle = Callable[[Call], Answer | None]
Serve = Callable[[Handle], str]
TIMEOUT = 0.3
#: Seconds in which even a busy machine is done with what takes `TIMEOUT`; what is sent below takes far longer.
AMPLE = 15.0


@pytest.fixture
def serve() -> Iterator[Serve]:
    servers: list[JsonServer] = []

    def start(handle: Handle) -> str:
        servers.append(JsonServer(handle))
        return servers[-1].url

    yield start
    for server in servers:
        server.close()


def at(server: str, timeout: float = 30) -> Mastodon:
    return Mastodon(Login("fosstodon", {"server": server}, {"token": "secret-token"}, timeout=timeout))


def publish(adapter: Mastodon) -> object:
    return adapter.publish(adapter.prepare(Draft("hello"), "k", datetime.now(UTC)))


def test_json_is_asked_for_whoever_asks(serve: Serve) -> None:
    asked: list[tuple[str, str | None]] = []

    def handle(call: Call) -> Answer:
        asked.append((call.method, call.headers["Accept"]))
        return Answer(200, {"id": "1", "acct": "ada@home.example"} if "statuses" not in call.path else {"id": "2"})

    adapter = at(serve(handle))
    adapter.whoami()
    publish(adapter)
    adapter.profile("1")
    assert asked == [("GET", "application/json"), ("POST", "application/json"), ("GET", "application/json")]


@pytest.mark.parametrize("where", ["/login", "/auth/sign_in", "https://elsewhere.example/login?next=%2Fapi"])
def test_who_is_sent_to_a_login_has_no_valid_token(serve: Serve, where: str) -> None:
    def handle(call: Call) -> Answer:
        if call.path in {"/login", "/auth/sign_in"}:
            return Answer(200, b"<!doctype html><title>Log in</title>", {"Content-Type": "text/html"})
        return Answer(302, b"<html>", {"Location": where})

    url = serve(handle)
    asks = [publish, lambda adapter: adapter.delete(PostRef("5", ""))]
    asks += [] if "elsewhere" in where else [Mastodon.whoami, lambda adapter: adapter.interactions(None)]
    for ask in asks:
        with pytest.raises(AuthFailed, match="asks for a login") as caught:
            ask(at(url))
        assert "next=" not in str(caught.value)


def test_a_write_that_is_redirected_is_no_success_whatever_is_there(serve: Serve) -> None:
    """Followed, it would be a read; and what that gives is easily taken for what was written."""
    asked: list[str] = []

    def handle(call: Call) -> Answer:
        asked.append(call.method)
        return Answer(200, {"id": "5"}) if call.method == "GET" else Answer(301, {"id": "5"}, {"Location": "/there"})

    adapter = at(serve(handle))
    for write in (publish, lambda one: one.do("boost", "5")):
        with pytest.raises(Unreachable, match="leads to /there") as caught:
            write(adapter)
        assert "check that `server`" in caught.value.remedy
    assert "GET" not in asked


@pytest.mark.parametrize("where", ["http://[", "//", "\x1b[31m/x"])
def test_a_redirect_to_no_address_is_an_error_of_ours(serve: Serve, where: str) -> None:
    with pytest.raises(PlatformError) as caught:
        publish(at(serve(lambda call: Answer(302, b"", {"Location": where}))))
    assert "\x1b" not in str(caught.value)


LARAVEL = {
    "message": "The given data was invalid.",
    "errors": {"spoiler_text": ["may not be greater than 140 characters."]},
}


@pytest.mark.parametrize(
    ("status", "body", "error", "words"),
    [
        (422, LARAVEL, Rejected, "invalid.: may not be greater than 140"),
        (500, LARAVEL, Rejected, "140 characters"),  # as Pixelfed does
        (422, {"detail": "too long"}, Rejected, "too long"),
        (422, {"detail": [{"loc": ["body"], "msg": "value is not valid"}]}, Rejected, "value is not valid"),
        (400, {"message": "no"}, Rejected, "says: no"),
        (422, b"", Rejected, "422"),
        (400, b"<html>Bad request</html>", Rejected, "400"),
        (500, {"error": "Unauthenticated."}, AuthFailed, "Unauthenticated"),
        (500, {"error": "Server Error"}, Unreachable, "Server Error"),
        (500, {"message": "Server Error", "errors": []}, Unreachable, "Server Error"),
        (404, {"error": "Record not found"}, Gone, "not found"),
        (404, b"", Missing, "404"),
        (405, {"error": "no"}, NoSuchCall, "says: no"),
        (418, b"<html>", NoSuchCall, "418"),
    ],
)
def test_a_refusal_of_a_post_is_final_where_it_is_meant_so(
    serve: Serve, status: int, body: object, error: type, words: str
) -> None:
    with pytest.raises(error, match=words) as caught:
        publish(at(serve(lambda call: Answer(status, body))))
    assert type(caught.value) is error


class Dripping:
    """Sends `head`, then a byte now and then, for ever; and counts."""

    def __init__(self, head: bytes) -> None:
        self.sent = 0
        self._head = head
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        try:
            talk, _ = self._listening.accept()
            with talk:
                talk.recv(65_536)
                talk.sendall(self._head)
                while True:
                    time.sleep(TIMEOUT / 10)
                    talk.sendall(b" ")
                    self.sent += 1
        except OSError:
            return

    def close(self) -> None:
        self._listening.close()


@pytest.mark.parametrize(
    "head", [b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200"]
)
@pytest.mark.parametrize("ask", [Mastodon.whoami, publish, lambda adapter: adapter.profile("1")])
def test_the_timeout_is_that_of_the_whole_answer(head: bytes, ask: Callable[[Mastodon], Any]) -> None:
    server = Dripping(head)
    start = time.monotonic()
    with pytest.raises(Unreachable, match="too long"):
        ask(at(server.url, TIMEOUT))
    assert time.monotonic() - start < AMPLE
    server.close()


@pytest.mark.parametrize("ask", [Mastodon.whoami, publish, lambda adapter: adapter.profile("1")])
def test_an_answer_without_end_is_not_read_to_its_end(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, ask: Callable[[Mastodon], Any]
) -> None:
    monkeypatch.setattr(platforms.deadline_requests, "LARGEST", 100_000)
    with pytest.raises(Unreachable, match="more than"):
        ask(at(serve(lambda call: Answer(200, b" " * 3_000_000 + b"{}"))))


def test_one_connection_serves_many_calls(serve: Serve) -> None:
    """What was read to its end is left open."""
    seen = set()

    def handle(call: Call) -> Answer:
        seen.add(threading.get_ident())  # a thread for each connection
        return Answer(200, {"id": "1", "acct": "ada@home.example"})

    adapter = at(serve(handle))
    for _ in range(3):
        adapter.whoami()
    assert len(seen) == 1
