"""The real SDK against a Mastodon on loopback, beyond the contract; and against answers only other servers give."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from counterparts.fake_mastodon import MastodonWorld
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

import platforms.mastodon
from platforms.base import Draft, Login, PostRef
from platforms.errors import AuthFailed, RateLimited, Rejected, Unreachable, Unsupported
from platforms.mastodon import LIMITS, Mastodon

URL = "https://ben.example/p?a=1&b=2"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[MastodonWorld]:
    world = MastodonWorld(tmp_path)
    yield world
    world.close()


def at(server: str, *, token: str = "secret-token", timeout: float = 5) -> Mastodon:
    return Mastodon(Login("fosstodon", {"server": server}, {"token": token}, timeout=timeout))


def test_the_key_keeps_a_repeat_from_posting_twice(world: MastodonWorld) -> None:
    request = world.adapter().prepare(Draft("once"), "k", datetime.now(UTC))
    assert world.adapter().publish(request) == world.adapter().publish(request)
    assert len(world.posts()) == 1


def test_an_answer_that_comes_too_late_is_found(world: MastodonWorld) -> None:
    request = world.adapter().prepare(Draft(f"Pruning {URL}", URL), "k", datetime.now(UTC))
    world.delay_answer()
    with pytest.raises(Unreachable, match="no answer from"):
        world.adapter().publish(request)
    assert world.adapter().find(request) is not None
    assert len(world.posts()) == 1


@pytest.mark.parametrize("status", [500, 503])
def test_a_repeat_that_the_server_stumbles_over_is_found(world: MastodonWorld, status: int) -> None:
    request = world.adapter().prepare(Draft(f"Pruning {URL}", URL), "k", datetime.now(UTC))
    ref = world.adapter().publish(request)
    world.fail(status)
    with pytest.raises(Unreachable):
        world.adapter().publish(request)
    assert world.adapter().find(request) == ref


def test_a_post_that_is_gone_is_neither_found_nor_an_error_to_delete(world: MastodonWorld) -> None:
    request = world.adapter().prepare(Draft(f"Pruning {URL}", URL), "k", datetime.now(UTC))
    ref = world.adapter().publish(request)
    world.lose_post()
    assert world.adapter().find(request) is None
    world.adapter().delete(ref)


def test_visibility_warning_and_language_arrive(world: MastodonWorld) -> None:
    adapter = world.adapter()
    draft = Draft("quietly", visibility="unlisted", warning="spoilers", language="cy")
    ref = adapter.publish(adapter.prepare(draft, "k", datetime.now(UTC)))
    status = world.client().status(ref.id)
    assert (status.visibility, status.spoiler_text, status.language) == ("unlisted", "spoilers", "cy")
    assert ref.url == status.url


def test_a_post_is_found_behind_newer_ones_and_boosts(world: MastodonWorld) -> None:
    adapter = world.adapter()
    request = adapter.prepare(Draft(f"Pruning {URL}", URL), "k", datetime.now(UTC))
    ref = adapter.publish(request)
    client = world.client()
    client.status_reblog(world.client("bob_token").status_post(f"Bob too: {URL}"))
    for number in range(41):
        client.status_post(f"later {number} {URL}{number}")
    assert world.adapter().find(request) == ref


def test_a_post_without_a_link_is_found_by_its_words(world: MastodonWorld) -> None:
    adapter = world.adapter()
    request = adapter.prepare(Draft("Thanks, @bob!\n\nTabs & <spaces> 🌱"), "k", datetime.now(UTC))
    ref = adapter.publish(request)
    adapter.publish(adapter.prepare(Draft("Thanks, @bob!"), "k2", datetime.now(UTC)))
    assert world.adapter().find(request) == ref


def test_what_is_buried_too_deep_is_unknown_rather_than_absent(
    world: MastodonWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platforms.mastodon, "READ_BACK_PAGES", 1)
    request = world.adapter().prepare(Draft("never sent"), "k", datetime.now(UTC))
    for number in range(40):
        world.client().status_post(f"other {number}")
    with pytest.raises(Unsupported, match="more than 40 posts"):
        world.adapter().find(request)


def test_an_answer_that_is_no_json_leaves_it_open(world: MastodonWorld) -> None:
    adapter = world.adapter()
    request = adapter.prepare(Draft("hello"), "k", datetime.now(UTC))
    world.malform()
    with pytest.raises(Unreachable, match="no usable answer"):
        adapter.publish(request)
    assert adapter.find(request) is None


def test_a_token_is_never_taken_for_the_name_of_a_file(
    world: MastodonWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "alice_token").write_text("something else\nhttps://elsewhere.example\n")
    monkeypatch.chdir(tmp_path)
    adapter = world.adapter()
    assert adapter.publish(adapter.prepare(Draft("hello"), "k", datetime.now(UTC))).id


def test_what_others_did_is_told_oldest_first_and_once(world: MastodonWorld) -> None:
    adapter = world.adapter()
    ref = adapter.publish(adapter.prepare(Draft(URL, URL), "k", datetime.now(UTC)))
    bob = world.client("bob_token")
    bob.status_favourite(ref.id)
    bob.status_reblog(ref.id)
    reply = bob.status_post("@alice Read it twice, thank you", in_reply_to_id=ref.id)
    bob.status_post("@alice Have you seen this?")
    bob.account_follow(bob.account_lookup("alice"))
    page = world.adapter().interactions(None)
    assert [act.kind for act in page.interactions] == ["like", "boost", "reply", "mention", "follow"]
    liked, _, replied, *_ = page.interactions
    assert (liked.target, liked.actor.name) == (ref.url, "Bob")
    assert (replied.url, replied.target) == (reply.url, ref.id)
    assert replied.text.endswith("Read it twice, thank you")
    assert all(act.at for act in page.interactions)
    rest = world.adapter().interactions(page.cursor)
    assert (rest.interactions, rest.cursor, rest.more) == ((), page.cursor, False)
    bob.status_post("@alice And this?")
    assert [act.kind for act in world.adapter().interactions(page.cursor).interactions] == ["mention"]


@pytest.mark.parametrize(
    ("cursor", "ids"), [("8", ["9", "10", "100"]), ("01HX7J5ZK2", ["01HX7J5ZK3", "01HX7J5ZK4", "01HX7J5ZZA"])]
)
def test_the_cursor_is_the_newest_id_whatever_ids_look_like(
    httpserver: HTTPServer, cursor: str, ids: list[str]
) -> None:
    bob = {"id": "7", "acct": "bob@other.example", "url": "https://other.example/@bob"}
    told = [{"id": one, "type": "follow", "created_at": "2026-11-02T12:00:00Z", "account": bob} for one in ids]
    httpserver.expect_request("/api/v1/accounts/verify_credentials").respond_with_json({"id": "1"})
    httpserver.expect_request("/api/v1/notifications").respond_with_json(told[::-1])  # as Mastodon: newest first
    page = at(httpserver.url_for("")).interactions(cursor)
    assert [act.id for act in page.interactions] == ids
    assert page.cursor == ids[-1]
    assert next(request.args.get("min_id") for request, _ in httpserver.log if "notif" in request.path) == cursor


def test_the_server_is_asked_for_its_limits(world: MastodonWorld, httpserver: HTTPServer) -> None:
    limits = world.adapter(login=False).read_limits()
    assert (limits.length, limits.url_length, limits.images) == (500, 23, 4)
    said = {"statuses": {"max_characters": 11000, "characters_reserved_per_url": 42}}
    httpserver.expect_request("/api/v2/instance").respond_with_json({"configuration": said})
    limits = at(httpserver.url_for("")).read_limits()
    assert (limits.length, limits.url_length, limits.images, limits.alt_length) == (11000, 42, 4, 1500)


def test_a_server_that_counts_whole_urls_is_believed(httpserver: HTTPServer) -> None:
    said = {"statuses": {"max_characters": 5000, "characters_reserved_per_url": 0}}
    httpserver.expect_request("/api/v2/instance").respond_with_json({"configuration": said})
    limits = at(httpserver.url_for("")).read_limits()
    assert (limits.length, limits.count, limits.url_length) == (5000, "graphemes", None)


NOTHING = ['{"configuration": null}', "[]", "{}", "<html>", '{"configuration": {"statuses": []}}', '{"title": "T"}']


@pytest.mark.parametrize("answer", NOTHING)
def test_a_server_that_does_not_say_is_not_taken_to_have_said_the_defaults(httpserver: HTTPServer, answer: str) -> None:
    """What it said before holds on, and it is asked again soon."""
    for version in (1, 2):
        path = f"/api/v{version}/instance"
        httpserver.expect_request(path).respond_with_data(answer, content_type="application/json")
    with pytest.raises(Unsupported, match="doesn't say what it allows"):
        at(httpserver.url_for("")).read_limits()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 422, 501])
def test_a_server_without_instance_endpoints_is_asked_once(httpserver: HTTPServer, status: int) -> None:
    for version in (1, 2):
        httpserver.expect_request(f"/api/v{version}/instance").respond_with_json({"error": "None"}, status)
    with pytest.raises(Unsupported):
        at(httpserver.url_for("")).read_limits()
    assert [request.path for request, _ in httpserver.log] == ["/api/v2/instance", "/api/v1/instance"]


@pytest.mark.parametrize("status", [200, 404, 500, 503])
def test_limits_are_read_by_v1_where_v2_is_of_no_use(httpserver: HTTPServer, status: int) -> None:
    httpserver.expect_request("/api/v2/instance").respond_with_json({"error": "oops"}, status)
    httpserver.expect_request("/api/v1/instance").respond_with_json({"max_toot_chars": 5000})
    assert at(httpserver.url_for("")).read_limits().length == 5000


def test_a_server_in_trouble_is_not_taken_to_have_said_anything(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/api/v2/instance").respond_with_json({"error": "oops"}, 503)
    httpserver.expect_request("/api/v1/instance").respond_with_json({"error": "None"}, 404)
    with pytest.raises(Unreachable, match="oops") as caught:
        at(httpserver.url_for("")).read_limits()
    assert type(caught.value) is Unreachable


@pytest.mark.parametrize("post", ["01HX7J5ZK3QW8V2N", "007", "9b2f3c1e-0000-4000-8000-000000000000"])
def test_ids_come_back_as_they_were_given(httpserver: HTTPServer, post: str) -> None:
    status = {"id": post, "url": None, "uri": f"https://gts.example/{post}", "created_at": "2026-11-02T12:00:00Z"}
    httpserver.expect_request("/api/v1/statuses", method="POST").respond_with_json(status)
    httpserver.expect_request(f"/api/v1/statuses/{post}", method="DELETE").respond_with_json(status)
    adapter = at(httpserver.url_for(""))
    ref = adapter.publish(adapter.prepare(Draft("hello"), "k", datetime.now(UTC)))
    assert ref == PostRef(post, f"https://gts.example/{post}")
    adapter.delete(ref)
    assert [request.method for request, _ in httpserver.log] == ["POST", "DELETE"]


@pytest.mark.parametrize(
    ("error", "statuses"),
    [(Rejected, (400, 404, 410, 422)), (AuthFailed, (401, 403)), (Unreachable, (408, 500, 504, 520))],
)
def test_every_refusal_has_its_kind_and_the_servers_words(
    httpserver: HTTPServer, error: type, statuses: tuple[int, ...]
) -> None:
    adapter = at(httpserver.url_for(""))
    for status in statuses:
        httpserver.expect_oneshot_request("/api/v1/statuses").respond_with_json({"error": f"told {status}"}, status)
        with pytest.raises(error, match=f"told {status}") as caught:
            adapter.publish(adapter.prepare(Draft("hello"), "k", datetime.now(UTC)))
        assert caught.value.__cause__ is not None
        assert caught.value.subject == "fosstodon"
        assert "secret-token" not in str(caught.value)


@pytest.mark.parametrize("form", ["iso", "epoch"])
def test_the_end_of_a_rate_limit_is_read_in_both_forms(httpserver: HTTPServer, form: str) -> None:
    end = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=4)
    said = end.isoformat().replace("+00:00", "Z") if form == "iso" else str(int(end.timestamp()))
    answer = Response('{"error": "Too many requests"}', 429, {"X-RateLimit-Reset": said}, "application/json")
    httpserver.expect_request("/api/v1/statuses").respond_with_response(answer)
    adapter = at(httpserver.url_for(""))
    with pytest.raises(RateLimited) as caught:
        adapter.publish(adapter.prepare(Draft("hello"), "k", datetime.now(UTC)))
    assert caught.value.retry_at is not None
    assert abs(caught.value.retry_at - end) < timedelta(seconds=3)


def test_a_rate_limit_without_an_end_is_one_all_the_same(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/api/v1/statuses").respond_with_json({"error": "Too many requests"}, 429)
    adapter = at(httpserver.url_for(""))
    with pytest.raises(RateLimited) as caught:
        adapter.publish(adapter.prepare(Draft("hello"), "k", datetime.now(UTC)))
    assert caught.value.retry_at is None


def test_a_header_the_sdk_stumbles_over_leaves_it_open_whether_it_was_posted(httpserver: HTTPServer) -> None:
    answer = Response('{"id": "1"}', 200, {"X-RateLimit-Reset": "soon"}, "application/json")
    httpserver.expect_request("/api/v1/statuses").respond_with_response(answer)
    adapter = at(httpserver.url_for(""))
    with pytest.raises(Unreachable):
        adapter.publish(adapter.prepare(Draft("hello"), "k", datetime.now(UTC)))


@pytest.mark.parametrize("status", [404, 405, 410])
def test_a_refusal_that_is_not_the_apis_leaves_the_post_for_later(httpserver: HTTPServer, status: int) -> None:
    httpserver.expect_request("/api/v1/statuses").respond_with_data("<h1>This domain is for sale</h1>", status)
    adapter = at(httpserver.url_for(""))
    with pytest.raises(Unreachable, match="is a Mastodon server"):
        adapter.publish(adapter.prepare(Draft("hello"), "k", datetime.now(UTC)))


def test_a_redirect_that_turns_the_post_into_a_read_is_no_success(httpserver: HTTPServer) -> None:
    def moved(request: Request) -> Response:
        return Response("", 301, {"Location": httpserver.url_for("/api/v1/moved")})

    httpserver.expect_request("/api/v1/statuses", method="POST").respond_with_handler(moved)
    httpserver.expect_request("/api/v1/moved", method="GET").respond_with_json([])
    adapter = at(httpserver.url_for(""))
    with pytest.raises(Unreachable, match="check that `server`"):
        adapter.publish(adapter.prepare(Draft("hello"), "k", datetime.now(UTC)))


def test_silence_ends_with_the_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        adapter = at(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=0.05)
        with pytest.raises(Unreachable, match="no answer from"):
            adapter.publish(adapter.prepare(Draft("hello"), "k", datetime.now(UTC)))


def test_an_account_without_a_server_says_what_to_add(now: datetime) -> None:
    adapter = Mastodon(Login("fosstodon", {}, {"token": "t"}))
    with pytest.raises(AuthFailed, match=r"under \[accounts.fosstodon\]"):
        adapter.publish(adapter.prepare(Draft("hello"), "k", now))
    assert adapter.limits == LIMITS


def test_the_remedy_names_the_variable_of_the_account(now: datetime) -> None:
    adapter = Mastodon(Login("my-masto.2", {"server": "https://home.example"}))
    with pytest.raises(AuthFailed, match="set SYNDICATOR_MY_MASTO_2_TOKEN"):
        adapter.publish(adapter.prepare(Draft("hello"), "k", now))


def test_whose_token_it_is_is_asked_once_and_of_another_token_again(httpserver: HTTPServer) -> None:
    kept: list[str] = []

    def read(token: str, mine: str) -> int:
        """How often it was asked."""
        httpserver.clear()
        httpserver.expect_request("/api/v1/accounts/verify_credentials").respond_with_json({"id": mine})
        httpserver.expect_request(f"/api/v1/accounts/{mine}/statuses").respond_with_json([])
        options = {"server": httpserver.url_for("/").rstrip("/")}
        login = Login(
            "fosstodon", options, {"token": token}, recall=lambda: kept[-1] if kept else None, keep=kept.append
        )
        adapter = Mastodon(login)
        assert adapter.find(adapter.prepare(Draft("once"), "k", datetime.now(UTC))) is None
        assert any(asked.path.endswith(f"/{mine}/statuses") for asked, _ in httpserver.log)
        return sum(asked.path.endswith("verify_credentials") for asked, _ in httpserver.log)

    assert [read("first-token", "1"), read("first-token", "1")] == [1, 0]
    assert [read("second-token", "2"), read("second-token", "2")] == [1, 0]
    assert "-token" not in kept[-1]
