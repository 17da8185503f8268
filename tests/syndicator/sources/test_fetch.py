"""Fetching, against a server that misbehaves in every way that servers do."""

import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from counterparts import feed_server, illnesses, sick_web
from counterparts.feed_server import RSS, FeedServer, body, status

from syndicator.sources.fetch import Fetched, FetchOptions, FetchRequest, fetch, fetch_many

LOCAL = FetchOptions(timeout=60, allow_private=("127.0.0.0/8",), contact="https://ada.example/about")


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with feed_server.running() as running:
        yield running


def get(server: FeedServer, route: feed_server.Route, options: FetchOptions = LOCAL, **known: str) -> Fetched:
    server.routes["/feed"] = route
    return fetch(FetchRequest(server.url("/feed"), **known), options)


def quick(seconds: float) -> FetchOptions:
    return FetchOptions(timeout=seconds, allow_private=("127.0.0.1",))


def test_a_good_answer_comes_with_everything_the_next_request_needs(server: FeedServer) -> None:
    fetched = get(server, feed_server.validated())
    assert (fetched.status, fetched.body, fetched.error, fetched.http_status) == ("ok", RSS, "", 200)
    assert (fetched.etag, fetched.last_modified) == ('"v1"', "Mon, 02 Nov 2026 08:00:00 GMT")
    assert (fetched.content_type, fetched.permanent_url) == ("application/rss+xml", "")
    assert fetched.final_url == server.url("/feed")
    assert len(fetched.body_hash) == 64


def test_the_link_header_is_kept_for_finding_feeds(server: FeedServer) -> None:
    assert get(server, body(b"<html>", Link="</f>; rel=alternate")).link == "</f>; rel=alternate"


def test_it_says_honestly_who_asks(server: FeedServer) -> None:
    get(server, body())
    headers = server.asked("/feed")[0]
    assert headers["User-Agent"].startswith("Syndicator/")
    assert headers["User-Agent"].endswith("(+https://ada.example/about)")
    assert headers["Accept-Encoding"] == "gzip"


@pytest.mark.parametrize("known", [{"etag": '"v1"'}, {"last_modified": "Mon, 02 Nov 2026 08:00:00 GMT"}])
def test_what_has_not_changed_is_not_sent_again(server: FeedServer, known: dict[str, str]) -> None:
    fetched = get(server, feed_server.validated(), body_hash="abc", **known)
    assert (fetched.status, fetched.body, fetched.http_status) == ("unchanged", None, 304)
    assert (fetched.etag, fetched.body_hash) == ('"v1"', "abc")


def test_the_same_bytes_are_unchanged_even_without_validators(server: FeedServer) -> None:
    first = get(server, body())
    again = get(server, body(), body_hash=first.body_hash)
    assert (again.status, again.body, again.body_hash) == ("unchanged", None, first.body_hash)
    changed = get(server, body(RSS + b" "), body_hash=first.body_hash)
    assert (changed.status, changed.body) == ("ok", RSS + b" ")


def test_a_304_that_nobody_asked_for_is_a_failure(server: FeedServer) -> None:
    fetched = get(server, status(304), body_hash="known")
    assert (fetched.status, fetched.error) == ("failed", "says that nothing changed, 304, without being asked")


@pytest.mark.parametrize(("code", "permanent"), [(301, True), (308, True), (302, False), (303, False), (307, False)])
def test_redirects_are_followed_and_permanent_ones_told(server: FeedServer, code: int, permanent: bool) -> None:
    server.routes["/new"] = body()
    fetched = get(server, status(code, Location="/new#top"))
    assert (fetched.status, fetched.final_url) == ("ok", server.url("/new"))
    assert fetched.permanent_url == (server.url("/new") if permanent else "")


def test_one_temporary_hop_makes_the_whole_way_temporary(server: FeedServer) -> None:
    server.routes |= {"/b": status(302, Location="/c"), "/c": body()}
    assert get(server, status(301, Location="/b")).permanent_url == ""


def test_a_way_back_is_no_move(server: FeedServer) -> None:
    server.routes["/feed"] = feed_server.in_turn(status(301, Location="/b"), body())
    server.routes["/b"] = status(301, Location="/feed")
    assert fetch(FetchRequest(server.url("/feed")), LOCAL).permanent_url == ""


def test_a_login_would_get_lost_in_a_move(server: FeedServer) -> None:
    server.routes |= {"/feed": status(301, Location="/new"), "/new": body()}
    fetched = fetch(FetchRequest(server.url("/feed", "ada:s3cret@127.0.0.1")), LOCAL)
    assert (fetched.status, fetched.permanent_url) == ("ok", "")


def test_what_moved_is_asked_there_and_moves_on(server: FeedServer) -> None:
    request = FetchRequest(server.url("/feed"), at=server.url("/new"))
    server.routes |= {"/feed": status(500), "/new": body()}
    assert fetch(request, LOCAL).permanent_url == server.url("/new")
    server.routes |= {"/new": status(302, Location="/detour"), "/detour": body()}
    assert fetch(request, LOCAL).permanent_url == server.url("/new")
    server.routes |= {"/new": status(301, Location="/newer"), "/newer": body()}
    assert fetch(request, LOCAL).permanent_url == server.url("/newer")
    server.routes |= {"/new": status(301, Location="/home"), "/home": status(301, Location="/feed"), "/feed": body()}
    home = fetch(request, LOCAL)
    assert (home.url, home.status, home.permanent_url) == (server.url("/feed"), "ok", "")


def test_when_the_new_server_is_no_more_the_old_one_is_asked(
    server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve = socket.getaddrinfo

    def nobody_knows_it(host: bytes | str, *rest: int, **named: int) -> object:
        if host in {b"new.example", "new.example"}:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return resolve(host, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", nobody_knows_it)
    request = FetchRequest(server.url("/feed"), etag='"1"', at="http://new.example/feed")
    server.routes["/feed"] = body()
    assert fetch(request, LOCAL).status == "ok"
    assert "If-None-Match" not in server.asked("/feed")[0]


def test_validators_go_to_the_address_that_gave_them_and_to_no_other(server: FeedServer) -> None:
    server.routes["/cache"] = feed_server.validated()
    first = get(server, status(302, Location="/cache"))
    assert first.etag
    asked_again = {"etag": first.etag, "last_modified": first.last_modified, "validated_at": first.final_url}
    assert get(server, status(302, Location="/cache"), **asked_again).status == "unchanged"
    assert "If-None-Match" not in server.asked("/feed")[1]
    assert "If-Modified-Since" not in server.asked("/feed")[1]
    assert server.asked("/cache")[1]["If-None-Match"] == '"v1"'


@pytest.mark.parametrize(
    ("location", "what"),
    [
        ("/feed", "redirects more than 5 times"),
        ("file:///etc/passwd", "redirects to something that is no web address"),
        ("javascript:alert(1)", "redirects to something that is no web address"),
    ],
)
def test_redirects_that_lead_nowhere(server: FeedServer, location: str, what: str) -> None:
    assert get(server, status(302, Location=location)).error == what
    assert len(server.asked("/feed")) <= 6


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (404, "nothing at this address, 404"),
        (410, "gone for good, 410"),
        (403, "refuses to give it, 403"),
        (503, "has trouble of its own, 503"),
        (418, "answers with status 418"),
    ],
)
def test_failures_are_sentences(server: FeedServer, code: int, sentence: str) -> None:
    fetched = get(server, status(code))
    assert (fetched.status, fetched.http_status, fetched.error, fetched.body) == ("failed", code, sentence, None)


def test_a_failure_after_a_redirect_says_where_it_happened(server: FeedServer) -> None:
    target = server.url("/gone", "ada:s3cret@127.0.0.1")
    fetched = get(server, status(301, Location=target))
    assert fetched.error == f"nothing at this address, 404, after a redirect to {server.url('/gone')}"


def test_an_answer_says_how_long_it_stays_fresh(server: FeedServer) -> None:
    assert get(server, body(Cache_Control="max-age=3600", Age="600")).max_age == timedelta(minutes=50)
    assert get(server, body()).max_age is None
    again = get(server, status(304, Cache_Control="max-age=60"), etag='"1"')
    assert (again.status, again.max_age) == ("unchanged", timedelta(minutes=1))


def test_a_server_may_say_when_to_come_back(server: FeedServer) -> None:
    before = datetime.now(UTC)
    fetched = get(server, status(429, Retry_After="120"))
    assert fetched.retry_after is not None
    assert timedelta(seconds=119) < fetched.retry_after - before < timedelta(seconds=130)
    dated = get(server, status(503, Retry_After="Fri, 01 Jan 2100 00:00:00 GMT"))
    assert dated.retry_after is not None
    assert dated.retry_after < datetime.now(UTC) + timedelta(days=1, seconds=1)
    assert get(server, status(503, Retry_After="soon")).retry_after is None


@pytest.mark.parametrize("route", [feed_server.drip(), feed_server.header_drip()])
def test_time_is_up_even_for_a_server_that_keeps_sending(server: FeedServer, route: feed_server.Route) -> None:
    start = time.monotonic()
    fetched = get(server, route, quick(0.4))
    assert fetched.error == "no answer within 0.4 s"
    assert time.monotonic() - start < 30


def test_redirects_share_one_deadline(server: FeedServer) -> None:
    server.routes["/slow"] = feed_server.drip()
    late = get(server, status(302, Location="/slow"), quick(0.4)).error
    assert late == f"no answer within 0.4 s, after a redirect to {server.url('/slow')}"


def test_a_server_that_accepts_and_says_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"http://127.0.0.1:{mute.getsockname()[1]}/"
        assert fetch(FetchRequest(url), quick(0.3)).error == "no answer within 0.3 s"


def test_a_server_that_is_not_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    assert fetch(FetchRequest(f"http://127.0.0.1:{port}/"), LOCAL).error == "refuses connections"


def test_bodies_have_a_cap_however_they_are_packed(server: FeedServer) -> None:
    small = FetchOptions(allow_private=("127.0.0.1",), max_bytes=1_000_000)
    assert get(server, feed_server.endless, small).error == "sends more than 1 MB"
    assert get(server, feed_server.bomb, small).error == "sends more than 1 MB"
    assert get(server, body(b"x" * 1_000_000), small).status == "ok"
    assert get(server, body(b"x" * 1_000_001), small).status == "failed"
    assert get(server, feed_server.zipped(b"x" * 1_000_000), small).status == "ok"


def test_of_a_long_page_the_beginning_may_be_enough(server: FeedServer) -> None:
    start = FetchOptions(allow_private=("127.0.0.1",), max_bytes=1_000, beginning=True)
    for route in (feed_server.endless, body(b"x" * 5_000), feed_server.zipped(b"x" * 5_000), feed_server.bomb):
        fetched = get(server, route, start)
        assert (fetched.status, len(fetched.body or b"")) == ("ok", 1_000)
    assert get(server, body(b"short"), start).body == b"short"


def test_what_is_asked_for_can_be_said(server: FeedServer) -> None:
    get(server, body())
    get(server, body(), FetchOptions(allow_private=("127.0.0.1",), accept="text/html"))
    assert [headers["Accept"].partition(",")[0] for headers in server.asked("/feed")] == [
        "application/atom+xml",
        "text/html",
    ]


def test_compressed_answers(server: FeedServer) -> None:
    assert get(server, feed_server.zipped(RSS)).body == RSS
    assert get(server, body(b"")).body == b""
    assert get(server, feed_server.zipped(RSS, keep=-20)).error == "broke off in the middle of its answer"
    assert get(server, body(b"no gzip", Content_Encoding="gzip")).error == "sends damaged compressed data"
    assert "nobody asked for (br)" in get(server, body(b"x", Content_Encoding="br")).error


def test_half_an_answer_is_none(server: FeedServer) -> None:
    assert get(server, feed_server.cut_off).error == "broke off in the middle of its answer"


def test_private_addresses_are_not_asked(server: FeedServer) -> None:
    strict = FetchOptions(timeout=60)
    for host in ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1"):
        fetched = fetch(FetchRequest(server.url("/feed", host)), strict)
        assert fetched.status == "failed"
        assert fetched.error.startswith("is on a private network, ")
        assert fetched.private
        assert "allow_private" in fetched.remedy
    assert server.requests == []


def test_a_redirect_does_not_get_past_the_guard(server: FeedServer) -> None:
    with feed_server.running("127.0.0.2") as inside:
        inside.routes["/secret"] = body()
        fetched = get(server, status(302, Location=inside.url("/secret")), quick(5))
        assert fetched.error == f"is on a private network, 127.0.0.2, after a redirect to {inside.url('/secret')}"
        assert fetched.private
        assert "allow_private" in fetched.remedy
        assert inside.requests == []


@pytest.mark.parametrize("entry", ["127.0.0.1", "127.0.0.0/8", "localhost"])
def test_the_owner_can_permit_hosts_addresses_and_networks(server: FeedServer, entry: str) -> None:
    server.routes["/feed"] = body()
    host = "localhost" if entry == "localhost" else "127.0.0.1"
    assert fetch(FetchRequest(server.url("/feed", host)), FetchOptions(allow_private=(entry,))).status == "ok"


def test_a_login_in_the_address_is_sent_there_and_nowhere_else(server: FeedServer) -> None:
    with feed_server.running("127.0.0.2") as other:
        other.routes["/feed"] = body()
        server.routes["/feed"] = status(302, Location=other.url("/feed"))
        fetched = fetch(FetchRequest(server.url("/feed", "ada:s3cret@127.0.0.1")), LOCAL)
        assert fetched.status == "ok"
        assert server.asked("/feed")[0]["Authorization"] == "Basic YWRhOnMzY3JldA=="
        assert "Authorization" not in other.asked("/feed")[0]
        assert "s3cret" not in fetched.final_url


@pytest.mark.parametrize("url", ["", "gopher://x.example/", "http://", "http://[::1", "ada.example", "http://a b/"])
def test_what_is_no_web_address_is_a_failure_not_a_crash(url: str) -> None:
    fetched = fetch(FetchRequest(url), LOCAL)
    assert (fetched.status, fetched.http_status) == ("failed", 0)
    assert fetched.error == "is not a web address"


def test_files_are_read_when_allowed_and_remembered_by_time_and_size(tmp_path: Path) -> None:
    path = tmp_path / "ä feed.xml"
    path.write_bytes(RSS)
    first = fetch(FetchRequest(path.as_uri(), allow_files=True), LOCAL)
    assert (first.status, first.body) == ("ok", RSS)
    again = fetch(FetchRequest(path.as_uri(), etag=first.etag, body_hash=first.body_hash, allow_files=True), LOCAL)
    assert (again.status, again.body, again.body_hash) == ("unchanged", None, first.body_hash)
    assert fetch(FetchRequest(path.as_uri()), LOCAL).status == "failed"


@pytest.mark.parametrize("name", ["missing.xml", "", "\0"])
def test_files_that_can_not_be_read(tmp_path: Path, name: str) -> None:
    fetched = fetch(FetchRequest(f"{tmp_path.as_uri()}/{name.replace(chr(0), '%00')}", allow_files=True), LOCAL)
    assert fetched.status == "failed"
    assert fetched.error
    assert fetched.remedy == "put the file there, or name another"


def test_one_bad_of_many_never_stops_the_rest(server: FeedServer) -> None:
    server.routes |= {f"/{number}": body(RSS + str(number).encode()) for number in range(20)}
    server.routes |= {"/bomb": feed_server.bomb, "/cut": feed_server.cut_off, "/gone": status(410)}
    bad = ["/bomb", "/cut", "/gone", "/missing"]
    requests = [FetchRequest(server.url(path)) for path in (*bad, *(f"/{number}" for number in range(20)))]
    requests += [FetchRequest("not a url"), FetchRequest("http://10.0.0.1/")]
    told: list[tuple[int, int]] = []
    fetched = {each.url: each for each in fetch_many(requests, LOCAL, lambda done, total: told.append((done, total)))}
    assert len(fetched) == len(requests)
    assert sum(each.status == "ok" for each in fetched.values()) == 20
    assert told == [(number, 26) for number in range(27)]


def test_a_host_gets_one_request_at_a_time_and_hosts_are_asked_side_by_side() -> None:
    both_are_busy = threading.Barrier(2, timeout=60)

    def slow(handler: feed_server.Handler) -> None:
        both_are_busy.wait()
        handler.answer(200, {}, RSS)

    with feed_server.running("127.0.0.1") as one, feed_server.running("127.0.0.2") as two:
        for server in (one, two):
            server.routes |= {f"/{number}": slow for number in range(6)}
        requests = [FetchRequest(server.url(f"/{number}")) for server in (one, two) for number in range(6)]
        assert all(each.status == "ok" for each in fetch_many(requests, LOCAL))
        assert (one.most_at_once, two.most_at_once) == (1, 1)


def test_redirects_to_one_host_take_turns_too() -> None:
    def slow(handler: feed_server.Handler) -> None:
        time.sleep(0.02)
        handler.answer(200, {}, RSS)

    with feed_server.running("127.0.0.1") as hub:
        hub.routes["/feed"] = slow
        with (
            feed_server.running("127.0.0.2") as a,
            feed_server.running("127.0.0.3") as b,
            feed_server.running("127.0.0.4") as c,
        ):
            for server in (a, b, c):
                server.routes["/"] = status(301, Location=hub.url("/feed"))
            results = list(fetch_many([FetchRequest(server.url("/")) for server in (a, b, c)], LOCAL))
        assert [each.status for each in results] == ["ok"] * 3
        assert hub.most_at_once == 1


def test_a_host_that_asks_to_wait_is_left_alone(server: FeedServer) -> None:
    server.routes |= {f"/{number}": status(429, Retry_After="60") for number in range(5)}
    results = list(fetch_many([FetchRequest(server.url(f"/{number}")) for number in range(5)], LOCAL))
    assert len(server.requests) == 1
    assert all(each.status == "failed" and each.retry_after for each in results)
    assert sum(each.error.startswith("not asked this time, after others on its server: ") for each in results) == 4


def test_a_host_that_never_answers_is_given_up_for_the_round() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    requests = [FetchRequest(f"http://127.0.0.1:{port}/{number}") for number in range(6)]
    results = list(fetch_many(requests, LOCAL))
    assert sum(each.error.startswith("not asked this time, after others on its server: ") for each in results) == 3


def test_what_a_redirect_leads_to_is_not_held_against_who_redirects(server: FeedServer) -> None:
    """On a shared host anybody may redirect anywhere: to who asks to wait, and to who never answers."""
    with feed_server.running("127.0.0.2") as elsewhere:
        elsewhere.routes |= {"/busy": status(503, Retry_After="2592000"), "/cut": feed_server.cut_off}
        traps = ["/busy", "/cut", "/cut", "/cut", "/cut", "/busy"]
        server.routes |= {f"/{n}": status(302, Location=elsewhere.url(trap)) for n, trap in enumerate(traps)}
        server.routes["/well"] = body()
        paths = [*(f"/{number}" for number in range(len(traps))), "/well"]
        results = list(fetch_many([FetchRequest(server.url(path)) for path in paths], LOCAL))
    assert [each.status for each in results] == ["failed"] * 6 + ["ok"]
    assert [each.unasked for each in results] == [False] + [True] * 5 + [False]
    assert all(each.retry_after for each in results[:6])
    assert len(elsewhere.requests) == 1


def test_many_hosts_that_lead_to_one_that_never_answers_ask_it_three_times() -> None:
    with sick_web.running(12) as web:
        web.routes |= {"/": illnesses.redirect(f"http://{web.hosts[-1]}:{{port}}/hub"), "/hub": feed_server.cut_off}
        requests = [FetchRequest(web.url("/", host)) for host in web.hosts[:-1]]
        results = list(fetch_many(requests, LOCAL))
    assert len(web.asked("/hub")) == sum(not each.unasked for each in results) == 3
    hub = web.url("/hub", web.hosts[-1])
    assert {each.final_url for each in results} == {hub}
    told = f"after others on its server: broke off in the middle of its answer, after a redirect to {hub}"
    assert [each.error for each in results if each.unasked] == [f"not asked this time, {told}"] * 8


def test_conditional_requests_on_a_second_round(server: FeedServer) -> None:
    paths = [f"/{number}" for number in range(10)]
    server.routes |= {path: feed_server.validated(etag=f'"{path}"') for path in paths}
    first = list(fetch_many([FetchRequest(server.url(path)) for path in paths], LOCAL))
    again = [FetchRequest(each.url, each.etag, each.last_modified, each.body_hash) for each in first]
    assert {each.status for each in fetch_many(again, LOCAL)} == {"unchanged"}
    assert len(server.requests) == 20


def test_a_bug_still_raises(server: FeedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_named: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("syndicator.sources.answer.read", broken)
    with pytest.raises(ZeroDivisionError):
        list(fetch_many([FetchRequest(server.url("/feed"))], LOCAL))
