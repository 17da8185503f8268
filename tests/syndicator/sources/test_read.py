"""Reading sources: what failed is told in one sentence, waits, and is told of until it heals."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from counterparts import feed_server
from counterparts.feed_server import RSS, FeedServer, body, status

from syndicator.sources.base import Source, named
from syndicator.sources.fetch import FetchOptions
from syndicator.sources.health import Health
from syndicator.sources.read import Reading, read
from syndicator.sources.rhythm import Bounds

LOCAL = FetchOptions(timeout=60, allow_private=("127.0.0.1",))
MOVED = "if it moved, `syndicator remove` it and `add` its new address"


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with feed_server.running() as running:
        yield running


def look(source: Source, now: datetime, health: Health | None = None, options: FetchOptions = LOCAL) -> Reading:
    [reading] = read([source], {source.url: health} if health else {}, options, now)
    return reading


def test_a_failure_names_the_feed_once_and_ends_with_the_remedy(server: FeedServer, now: datetime) -> None:
    url = server.url("/feed")
    told = look(Source(url, "curated", title="Ada's garden"), now)
    assert told.error == f"Ada's garden ({url}): nothing at this address, 404 (asked again in 15m; {MOVED})"
    assert told.health.error == f"nothing at this address, 404 ({MOVED})"
    assert told.health.next_due == now + timedelta(minutes=15)


def test_a_feed_without_a_title_of_its_owner_s_has_the_one_it_gave_itself(server: FeedServer, now: datetime) -> None:
    source = Source(server.url("/feed"), "curated")
    server.routes["/feed"] = body()
    good = look(source, now).health
    server.routes["/feed"] = status(503, Retry_After="7200")
    told = look(source, now, good)
    assert told.error.startswith(f"Ada ({source.url}): has trouble of its own, 503 (asked again in ")
    assert told.error.endswith("; if it lasts, tell its owner; `syndicator run --refresh` asks at once)")


def test_a_private_address_names_the_setting(server: FeedServer, now: datetime) -> None:
    told = look(Source(server.url("/feed"), "curated"), now, options=FetchOptions())
    assert told.error == (
        f"{server.url('/feed')}: is on a private network, 127.0.0.1"
        " (asked again in 15m; `allow_private` under [fetch] can permit it)"
    )


@pytest.mark.parametrize(
    ("content", "problem"),
    [(b"<html><p>Hello", "is a web page, not a feed"), (b"", "is empty"), (b"{}", "is JSON, but not a JSON Feed")],
)
def test_what_is_no_feed_is_told_like_what_is_not_there(tmp_path: Path, now: datetime, content: bytes, problem: str):
    path = tmp_path / "my feed.xml"
    path.write_bytes(content)
    told = look(Source(path.as_uri(), "curated", title="Mine"), now)
    assert told.error.startswith(f"Mine ({path}): {problem} (read again on the next run; ")
    assert told.error.count(str(path)) == 1


def test_a_file_that_is_not_there(tmp_path: Path, now: datetime) -> None:
    path = tmp_path / "gone.xml"
    told = look(Source(path.as_uri(), "curated"), now)
    assert told.error == f"{path}: no such file (read again on the next run; put the file there, or name another)"


def test_every_feed_of_a_server_that_does_not_answer_is_named(now: datetime) -> None:
    sources = [Source(f"http://127.0.0.1:1/{n}", "curated", title=f"Feed {n}") for n in range(5)]
    told = sorted(reading.error for reading in read(sources, {}, LOCAL, now))
    for source, error in zip(sources, told, strict=True):
        assert error.startswith(f"{source.title} ({source.url}): ")
    assert sum("not asked this time, after others on its server: refuses connections" in error for error in told) == 2


def test_a_login_is_in_no_message() -> None:
    assert named("https://ada:s3cret@ada.example/feed", "Ada") == "Ada (https://ada.example/feed)"
    assert named("https://s3cret@ada.example/") == "https://ada.example/"
    assert named("file:///home/ada/my%20feed.xml") == "/home/ada/my feed.xml"
    assert named("nonsense") == "nonsense"


def test_a_source_that_failed_waits_longer_each_time_and_heals(server: FeedServer, now: datetime) -> None:
    source = Source(server.url("/feed"), "curated")
    failed = look(source, now).health
    assert failed.due(source, Bounds()) == now + timedelta(minutes=15)
    again = look(source, now + timedelta(minutes=15), failed).health
    assert again.due(source, Bounds()) == now + timedelta(minutes=45)
    server.routes["/feed"] = body()
    healed = look(source, now + timedelta(hours=1), again)
    assert (healed.error, healed.health.error, healed.health.failures) == ("", "", 0)


def test_a_source_that_is_back_unchanged_keeps_no_old_error(server: FeedServer, now: datetime) -> None:
    source = Source(server.url("/feed"), "curated")
    server.routes["/feed"] = feed_server.validated()
    good = look(source, now).health
    server.routes["/feed"] = status(500)
    bad = look(source, now, good).health
    server.routes["/feed"] = feed_server.validated()
    back = look(source, now + timedelta(days=1), bad)
    assert (back.feed, back.health.failures, back.health.error) == (None, 0, "")


def test_what_is_wrong_with_a_feed_that_can_be_read_is_kept_while_it_is_unchanged(
    server: FeedServer, now: datetime
) -> None:
    source = Source(server.url("/feed"), "curated")
    server.routes["/feed"] = feed_server.validated(RSS.replace(b"</channel>", b""))
    broken = look(source, now).health
    assert broken.error.startswith("malformed: ")
    assert look(source, now, broken).health.error == broken.error


def test_a_feed_that_moved_for_good_is_asked_at_its_new_address(server: FeedServer, now: datetime) -> None:
    source = Source(server.url("/feed"), "curated")
    server.routes |= {"/feed": status(301, Location="/new"), "/new": feed_server.validated()}
    moved = look(source, now).health
    assert (moved.url, moved.moved_to) == (source.url, server.url("/new"))
    again = look(source, now, moved)
    assert (again.error, again.feed, again.health.moved_to) == ("", None, server.url("/new"))
    assert len(server.asked("/feed")) == 1
    assert server.asked("/new")[1]["If-None-Match"] == '"v1"'


@pytest.mark.parametrize("page", [b"<!doctype html><p>This domain is for sale", b"", b'{"login": "please"}'])
def test_a_move_to_something_that_is_no_feed_is_not_believed(server: FeedServer, now: datetime, page: bytes) -> None:
    source = Source(server.url("/feed"), "curated")
    server.routes |= {"/feed": status(301, Location="/portal"), "/portal": body(page)}
    caught = look(source, now)
    assert caught.error
    assert caught.health.moved_to == ""
    server.routes["/feed"] = body()
    assert look(source, now, caught.health).error == ""


def test_where_it_moved_to_became_a_page_of_somebody_else_s(server: FeedServer, now: datetime) -> None:
    source = Source(server.url("/feed"), "curated")
    server.routes |= {"/feed": status(308, Location="/new"), "/new": feed_server.validated()}
    moved = look(source, now).health
    server.routes |= {"/feed": feed_server.validated(), "/new": body(b"<html><p>For sale")}
    parked = look(source, now, moved)
    assert "is a web page, not a feed" in parked.error
    back = look(source, now, parked.health)
    assert (back.error, back.health.moved_to) == ("", "")
    assert "If-None-Match" not in server.asked("/feed")[1], "those validators were the other address's"


@pytest.mark.parametrize("lost", [404, 410])
def test_when_nothing_is_left_at_the_new_address_the_old_one_is_asked(
    server: FeedServer, now: datetime, lost: int
) -> None:
    source = Source(server.url("/feed"), "curated")
    server.routes |= {"/feed": status(301, Location="/new"), "/new": feed_server.validated()}
    moved = look(source, now).health
    server.routes |= {"/feed": feed_server.validated(), "/new": status(lost)}
    back = look(source, now, moved)
    assert (back.error, back.health.moved_to, back.health.gone) == ("", "", None)
    assert "If-None-Match" not in server.asked("/feed")[1]
    server.routes |= {"/feed": status(301, Location="/third"), "/third": body()}
    assert look(source, now, moved).health.moved_to == server.url("/third")


def test_a_new_address_that_has_a_bad_day_is_not_forgotten(server: FeedServer, now: datetime) -> None:
    source = Source(server.url("/feed"), "curated")
    server.routes |= {"/feed": status(301, Location="/new"), "/new": body()}
    moved = look(source, now).health
    server.routes |= {"/feed": status(404), "/new": status(503)}
    busy = look(source, now, moved)
    assert busy.health.error.startswith(f"has trouble of its own, 503, at {server.url('/new')}, where it moved")
    server.routes["/new"] = status(404)
    missing = look(source, now, busy.health)
    assert (missing.health.moved_to, missing.health.failures) == (server.url("/new"), 2)


def test_gone_for_good_is_told_with_the_remedy_and_not_asked_again(server: FeedServer, now: datetime) -> None:
    source = Source(server.url("/feed"), "curated", title="Ada")
    server.routes |= {"/feed": status(301, Location="/grave"), "/grave": status(410)}
    gone = look(source, now)
    assert gone.error == (
        f"Ada ({source.url}): gone for good, 410, after a redirect to {server.url('/grave')}"
        " (not asked any more; `syndicator remove URL` takes it out, `syndicator add URL` tries it again)"
    )
    assert gone.health.gone == now
    assert not gone.health.is_due(source, Bounds(), now + timedelta(days=99))


def test_gone_at_either_address_is_gone_if_nothing_is_at_the_other(server: FeedServer, now: datetime) -> None:
    source = Source(server.url("/feed"), "curated")
    server.routes |= {"/feed": status(301, Location="/new"), "/new": body()}
    moved = look(source, now).health
    for here, there, gone in ((410, 404, now), (404, 410, now), (404, 404, None)):
        server.routes |= {"/feed": status(here), "/new": status(there)}
        assert look(source, now, moved).health.gone == gone


def test_gone_behind_a_detour_is_not_gone_for_good(server: FeedServer, now: datetime) -> None:
    source = Source(server.url("/feed"), "curated")
    server.routes |= {"/feed": status(302, Location="/grave"), "/grave": status(410)}
    told = look(source, now)
    assert (told.health.gone, told.health.failures) == (None, 1)


def test_a_server_that_asks_a_healthy_source_to_wait_is_given_a_day_at_most(server: FeedServer) -> None:
    source, now = Source(server.url("/feed"), "curated"), datetime.now(UTC)
    server.routes["/feed"] = feed_server.validated()
    good = look(source, now).health
    server.routes["/feed"] = status(429, Retry_After="864000")
    busy = look(source, now, good).health
    due = busy.due(source, Bounds())
    assert due is not None
    assert timedelta(hours=23) < due - now < timedelta(hours=25)
    server.routes["/feed"] = feed_server.validated()
    assert look(source, now, busy).feed is None, "its validators were kept"


def test_who_was_not_asked_because_of_others_has_not_failed(server: FeedServer) -> None:
    now = datetime.now(UTC)
    sources = [Source(server.url(f"/{number}"), "curated") for number in range(3)]
    server.routes["/0"] = status(429, Retry_After="36000")
    first, *others = read(sources, {}, LOCAL, now)
    assert first.health.failures == 1
    for other in others:
        assert other.health.failures == 0
        assert "not asked this time" in other.error
        assert "(asked again in 10h; " in other.error
        assert other.error.endswith("`syndicator run --refresh` asks at once)")
        assert not other.health.is_due(other.source, Bounds(), now + timedelta(hours=9))


def test_one_feed_that_always_asks_to_wait_does_not_keep_the_others_of_its_server_unread(server: FeedServer) -> None:
    now, known = datetime.now(UTC).replace(microsecond=0), dict[str, Health]()
    sources = [Source(server.url(path), "curated") for path in ("/a", "/b", "/c")]
    server.routes |= {"/b": body(), "/c": body()}
    for _ in range(3):
        until = now + timedelta(hours=2)
        server.routes["/a"] = status(503, Retry_After=format_datetime(until, usegmt=True))
        due = [each for each in sources if each.url not in known or known[each.url].is_due(each, Bounds(), now)]
        known |= {each.source.url: each.health for each in read(due, known, LOCAL, now)}
        now = until
    assert [known[each.url].first_ok is not None for each in sources] == [False, True, True]
    assert known[sources[0].url].failures == 3


@pytest.mark.parametrize(("code", "others_asked"), [(404, True), (500, True), (429, False), (503, False)])
def test_only_a_busy_server_is_left_alone(server: FeedServer, now: datetime, code: int, others_asked: bool) -> None:
    server.routes |= {"/a": status(code, Retry_After="7200"), "/b": body()}
    _, other = read([Source(server.url(path), "curated") for path in ("/a", "/b")], {}, LOCAL, now)
    assert (other.feed is not None) is others_asked


def test_who_was_not_asked_after_silence_is_asked_on_the_next_run(now: datetime) -> None:
    sources = [Source(f"http://127.0.0.1:1/{number}", "curated") for number in range(5)]
    readings = list(read(sources, {}, LOCAL, now))
    assert [reading.health.failures for reading in readings] == [1, 1, 1, 0, 0]
    for reading in readings[3:]:
        assert reading.health.is_due(reading.source, Bounds(), now)
        assert "(asked again on the next run; " in reading.error


def test_an_etag_that_changes_with_every_answer(server: FeedServer, now: datetime) -> None:
    source = Source(server.url("/feed"), "curated")
    server.routes["/feed"] = body(ETag='W/"1"')
    first = look(source, now)
    server.routes["/feed"] = body(ETag='W/"2"')
    second = look(source, now, first.health)
    assert (second.feed, second.health.etag) == (None, 'W/"2"')
    assert server.asked("/feed")[1]["If-None-Match"] == 'W/"1"', "to the letter"


def test_a_feed_s_word_and_its_server_s_make_its_rhythm(server: FeedServer, now: datetime) -> None:
    source = Source(server.url("/feed"), "curated")
    slow = RSS.replace(b"<title>Ada", b"<ttl>120</ttl><title>Ada")
    server.routes["/feed"] = body(slow, Cache_Control="max-age=18000")
    known = look(source, now).health
    assert (known.says, known.fresh) == (timedelta(hours=2), timedelta(hours=5))
    assert not known.is_due(source, Bounds(), now + timedelta(hours=4))
    assert known.is_due(source, Bounds(), now + timedelta(hours=6))


def test_readings_come_in_the_order_of_the_sources_whoever_answers_first(server: FeedServer, now: datetime) -> None:
    answered = threading.Event()

    def last(handler: feed_server.Handler) -> None:
        answered.wait(30)
        body()(handler)

    def first(handler: feed_server.Handler) -> None:
        body()(handler)
        answered.set()

    with feed_server.running("127.0.0.2") as other:
        server.routes["/feed"], other.routes["/feed"] = last, first
        sources = [Source(each.url("/feed"), "curated") for each in (server, other)]
        options = FetchOptions(timeout=30, allow_private=("127.0.0.0/8",))
        assert [reading.source for reading in read(sources, {}, options, now)] == sources
