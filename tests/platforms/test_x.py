"""X against a small API: found again by its text, duplicates told apart, clear errors, a fake that is no fiction."""

import re
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from counterparts.fake_x import ME, SECRETS, FakeX
from xdk import Client
from xdk.oauth1_auth import OAuth1
from xdk.posts.models import CreateRequest

from platforms.base import Draft, Login, PostRef, Request
from platforms.errors import AuthFailed, Duplicate, PlatformError, RateLimited, Rejected, Unreachable, Unsupported
from platforms.x import SERVER, X

URL = "https://ada.example/garten?a=1&b=2"


@pytest.fixture
def api() -> Iterator[FakeX]:
    api = FakeX()
    yield api
    api.close()


def prepare(text: str = f"Gärten & <Code>\n{URL}", **more: object) -> Request:
    return X(Login("x")).prepare(Draft(text, **more), "key", datetime.now(UTC))


# -- what it is and costs


def test_a_post_costs_more_with_a_url():
    limits = X.limits
    assert (limits.price_usd, limits.price_with_url_usd) == (0.015, 0.20)
    assert (limits.length, limits.count, limits.url_length, limits.card, limits.images) == (280, "x", 23, "server", 0)
    assert limits.source.startswith("https://docs.x.com/")


def test_a_reference_names_id_and_page(api):
    ref = api.adapter().publish(prepare())
    assert ref == PostRef(ref.id, f"https://x.com/i/web/status/{ref.id}")
    assert list(api.tweets) == [ref.id]


def test_publishing_is_one_call(api):
    api.adapter().publish(prepare())
    assert api.calls == ["POST /2/tweets"]


# -- found again


@pytest.mark.parametrize(
    "text",
    [
        "Gärten 🌱",
        f"Gärten & <Code>\n{URL}",
        f"{URL} and http://ada.example/other/ too",
        "read ada.example/garten",
        "https://ada.example",
        "&amp; is an ampersand",
        "Cafe\u0301 https://Ada.example/%C3%A4",
        "  spaces \n\n lines ",
    ],
)
def test_a_lost_post_is_found_by_its_text(api, text):
    request = prepare(text)
    api.lose_answer()
    with pytest.raises(Unreachable):
        api.adapter().publish(request)
    found = api.adapter().find(request)
    assert found is not None
    assert list(api.tweets) == [found.id]


@pytest.mark.parametrize("other", ["Gärten https://ada.example/2", "Garten https://ada.example/1", "Gärten"])
def test_a_similar_post_is_not_taken_for_it(api, other):
    api.post(other)
    assert api.adapter().find(prepare("Gärten https://ada.example/1")) is None


def test_a_repeat_is_a_duplicate_that_can_be_found(api):
    request = prepare()
    ref = api.adapter().publish(request)
    with pytest.raises(Duplicate):
        api.adapter().publish(request)
    assert api.adapter().find(request) == ref
    assert len(api.posts()) == 1


def test_after_a_lost_answer_sending_again_leaves_one_post(api):
    request = prepare()
    api.lose_answer()
    with pytest.raises(Unreachable):
        api.adapter().publish(request)
    with pytest.raises(Duplicate):
        api.adapter().publish(request)
    assert api.adapter().find(request) is not None
    assert len(api.posts()) == 1


def test_the_same_text_of_last_week_is_another_post(api):
    api.post(f"Gärten {URL}", at=datetime.now(UTC) - timedelta(days=7))
    assert api.adapter().find(prepare(f"Gärten {URL}")) is None


def test_a_clock_that_is_minutes_fast_still_finds_its_post(api):
    request = X(Login("x")).prepare(Draft("Gärten"), "key", datetime.now(UTC) + timedelta(minutes=10))
    ref = api.adapter().publish(request)
    assert api.adapter().find(request) == ref


def test_finding_the_newest_post_reads_one_page(api):
    for number in range(30):
        api.post(f"note {number}")
    request = prepare()
    api.adapter().publish(request)
    assert api.adapter().find(request) is not None
    assert api.items_read == 10


def test_an_older_post_is_found_on_a_later_page(api):
    request = prepare()
    ref = api.adapter().publish(request)
    for number in range(30):
        api.post(f"note {number}")
    assert api.adapter().find(request) == ref


def test_what_cannot_be_read_to_the_end_is_unknowable_rather_than_absent(api):
    for number in range(101):
        api.post(f"note {number}")
    with pytest.raises(Unsupported):
        api.adapter().find(prepare())
    assert api.items_read == 100


def test_the_account_is_asked_for_only_when_the_token_does_not_name_it(api):
    api.adapter().find(prepare())
    assert "GET /2/users/me" not in api.calls
    api.secrets["access_token"] = "token-without-id"
    api.adapter(access_token="token-without-id").find(prepare())
    assert "GET /2/users/me" in api.calls


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
        (402, "Your enrolled account does not have any credits to fulfill this request.", "credits", AuthFailed),
        (403, "You are not permitted to perform this action.", "about:blank", Rejected),
        (403, "Your client app is not configured with the appropriate permissions.", "oauth1-permissions", AuthFailed),
        (403, "You are not allowed to create a Tweet with duplicate content.", "about:blank", Duplicate),
        (404, "Not Found", "about:blank", Rejected),
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


@pytest.mark.parametrize("account", ["x", "my-x.2"])
def test_the_remedy_names_the_variables_of_the_account(account):
    with pytest.raises(AuthFailed) as caught:
        X(Login(account)).publish(prepare())
    prefix = "SYNDICATOR_" + account.upper().replace("-", "_").replace(".", "_")
    assert all(f"{prefix}_{name.upper()}" in caught.value.remedy for name in SECRETS)


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
    assert time.monotonic() - started < 5


def test_a_server_that_never_answers_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        started = time.monotonic()
        with pytest.raises(Unreachable):
            X(Login("x", {"server": url}, SECRETS, timeout=0.3)).publish(prepare())
        assert time.monotonic() - started < 5


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
        X(Login("x", {"server": f"http://127.0.0.1:{server.server_port}"}, SECRETS, timeout=5)).publish(prepare())


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


# -- the counterpart: X's own SDK understands it


@pytest.fixture
def sdk(api: FakeX) -> Client:
    auth = OAuth1(SECRETS["api_key"], SECRETS["api_secret"], "", SECRETS["access_token"], SECRETS["access_secret"])
    return Client(base_url=api.url, auth=auth)


def test_xs_sdk_posts_and_deletes_there(api, sdk):
    made = sdk.posts.create(CreateRequest(text=f"Gärten {URL}"))
    assert re.fullmatch(r"Gärten https://t\.co/\w{10}", made.data.text)
    assert api.posts() == [f"Gärten {URL}"]
    assert sdk.posts.delete(made.data.id).data.deleted
    assert api.posts() == []


def test_xs_sdk_reads_account_and_timeline_there(api, sdk):
    assert sdk.users.get_me().data.id == ME
    text = f"Gärten & <Code> {URL} 🌱"
    for number in range(7):
        api.post(f"{number} {text}")
    pages = list(sdk.users.get_posts(ME, max_results=5, post_fields=["created_at", "entities"]))
    posts = [post for page in pages for post in page.data]
    assert [len(page.data) for page in pages] == [5, 2]
    for post in posts:
        [link] = post.entities.urls
        assert link.expanded_url == URL
        assert post.text[link.start : link.end] == link.url
        assert "&amp; &lt;Code&gt;" in post.text
        assert datetime.fromisoformat(post.created_at) <= datetime.now(UTC)
