"""What X may refuse, and servers that are not X: each a clear error of ours, in its words, without a secret."""

import re
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from counterparts.fake_x import SECRETS, FakeX

from platforms.base import Draft, Login, PostRef, Request
from platforms.errors import AuthFailed, Duplicate, PlatformError, RateLimited, Rejected, Unreachable, Unsupported
from platforms.x import X
from platforms.x_api import SERVER

URL = "https://ada.example/garten?a=1&b=2"


@pytest.fixture
def api() -> Iterator[FakeX]:
    api = FakeX()
    yield api
    api.close()


def prepare(text: str = f"Gärten & <Code>\n{URL}", **more: object) -> Request:
    return X(Login("x")).prepare(Draft(text, **more), "key", datetime.now(UTC))


# -- what goes wrong


def test_a_text_too_long_is_rejected_in_the_words_of_x(api):
    with pytest.raises(Rejected, match="too long"):
        api.adapter().publish(prepare("ä" * 258 + f" {URL}"))
    api.adapter().publish(prepare("ä" * 256 + f" {URL}"))
    assert len(api.posts()) == 1


@pytest.mark.parametrize(
    ("status", "detail", "kind", "error"),
    [
        (400, "One or more parameters to your request was invalid.", "invalid-request", Rejected),
        (402, "Your enrolled account does not have any credits to fulfill this request.", "credits", RateLimited),
        (403, "You are not permitted to perform this action.", "about:blank", Rejected),
        (403, "Your client app is not configured with the appropriate permissions.", "oauth1-permissions", AuthFailed),
        (403, "You are not allowed to create a Tweet with duplicate content.", "about:blank", Duplicate),
        (404, "Not Found", "about:blank", Rejected),
        (408, "Request Timeout", "about:blank", Unreachable),
        (503, "Service Unavailable", "about:blank", Unreachable),
    ],
)
def test_each_refusal_has_its_error_and_its_words(api, status, detail, kind, error):
    api.fail(status, detail, kind)
    with pytest.raises(error, match=re.escape(detail)) as caught:
        api.adapter().publish(prepare())
    assert type(caught.value) is error
    assert caught.value.__cause__ is not None


@pytest.mark.parametrize("name", SECRETS)
def test_one_missing_secret_is_named(api, name):
    with pytest.raises(AuthFailed) as caught:
        api.adapter(**{name: ""}).publish(prepare())
    assert f"SYNDICATOR_X_{name.upper()}" in caught.value.remedy
    assert caught.value.remedy.count("SYNDICATOR_") == 1
    assert api.calls == []


@pytest.mark.parametrize("name", SECRETS)
def test_each_secret_counts(api, name):
    """The counterpart checks signatures for real: one wrong character and nothing is posted."""
    with pytest.raises(AuthFailed):
        api.adapter(**{name: SECRETS[name] + "x"}).publish(prepare())
    assert api.posts() == []


@pytest.mark.parametrize(("account", "prefix"), [("x", "X"), ("my-x.2", "MY_X_2"), ("straße", "STRA_E")])
def test_the_remedy_names_the_variables_of_the_account(account, prefix):
    with pytest.raises(AuthFailed) as caught:
        X(Login(account)).publish(prepare())
    assert all(f"SYNDICATOR_{prefix}_{name.upper()}" in caught.value.remedy for name in SECRETS)


@pytest.mark.parametrize("visibility", ["private", "direct"])
def test_a_post_that_must_not_be_public_is_not_sent(api, visibility):
    with pytest.raises(Unsupported):
        api.adapter().publish(prepare(visibility=visibility))
    assert api.calls == []


def test_a_rate_limit_is_never_slept_out(api):
    api.rate_limit(900)
    started = time.monotonic()
    with pytest.raises(RateLimited):
        api.adapter().publish(prepare())
    assert time.monotonic() - started < 30


def test_a_server_that_never_answers_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        started = time.monotonic()
        with pytest.raises(Unreachable):
            X(Login("x", {"server": url}, SECRETS, timeout=0.3)).publish(prepare())
        assert time.monotonic() - started < 30


@pytest.mark.parametrize("server", ["http://127.0.0.1:1", "no scheme", "http://[::1"])
def test_no_server_at_all_is_unreachable(server):
    with pytest.raises(Unreachable):
        X(Login("x", {"server": server}, SECRETS, timeout=1)).publish(prepare())


@pytest.mark.parametrize("status", [200, 400, 403, 429, 503])
@pytest.mark.parametrize("body", ["", "<html>", "[]", '"no"', '{"errors": null}', '{"data": []}', '{"data": {}}'])
def test_answers_that_are_not_xs_are_errors_of_ours(status, body):
    with pytest.raises(PlatformError):
        _publish_to(status, body)


def _publish_to(status: int, body: str) -> None:
    class Odd(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("x-rate-limit-reset", "soon")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Odd) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        X(Login("x", {"server": f"http://127.0.0.1:{server.server_port}"}, SECRETS, timeout=60)).publish(prepare())


def test_a_server_of_ones_own_is_reached_without_the_proxy_meant_for_x(api, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    api.adapter().publish(prepare())
    assert len(api.posts()) == 1


def test_xs_own_server_is_asked_at_its_own_host():
    """Without a server in the settings nothing is redirected; the guard of the tests stops it at the name."""
    with pytest.raises(AssertionError, match=r"tried to resolve api\.(twitter|x)\.com"):
        X(Login("x", {"server": SERVER}, SECRETS, timeout=1)).publish(prepare())


@pytest.mark.parametrize("ref_id", ["", "1/../../users/me", "at://x"])
def test_deleting_what_is_no_post_of_x_is_rejected(api, ref_id):
    with pytest.raises(Rejected, match="not the id of a post"):
        api.adapter().delete(PostRef(ref_id, ""))
    assert api.calls == []


def test_no_secret_shows_in_reprs_and_errors(api):
    shown = [repr(api.adapter()), repr(api.login())]
    for status in (400, 401, 403, 429, 503):
        api.fail(status, f"no such {SECRETS['api_secret']} {SECRETS['access_secret']}")
        with pytest.raises(PlatformError) as caught:
            api.adapter().publish(prepare())
        shown += [str(caught.value), repr(caught.value)]
    assert not [text for text in shown for secret in SECRETS.values() if secret in text]
