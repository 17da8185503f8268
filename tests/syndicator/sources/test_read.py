"""Reading sources: what failed is told in one sentence, waits, and is told of until it heals."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from counterparts import feed_server
from counterparts.feed_server import RSS, FeedServer, body, status

from syndicator.sources.base import Source, named
from syndicator.sources.fetch import FetchOptions
from syndicator.sources.health import Health
from syndicator.sources.read import Reading, read

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
    assert told.error.endswith("; if it lasts, tell its owner)")


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
    assert told.error.startswith(f"Mine ({path}): {problem} (asked again in 15m; ")
    assert told.error.count(str(path)) == 1


def test_a_file_that_is_not_there(tmp_path: Path, now: datetime) -> None:
    path = tmp_path / "gone.xml"
    told = look(Source(path.as_uri(), "curated"), now)
    assert told.error == f"{path}: no such file (asked again in 15m; put the file there, or name another)"


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


def test_a_source_that_failed_waits_and_heals(server: FeedServer, now: datetime) -> None:
    source = Source(server.url("/feed"), "curated")
    failed = look(source, now).health
    assert list(read([source], {source.url: failed}, LOCAL, now)) == []
    again = look(source, now + timedelta(minutes=15), failed).health
    assert again.wait(now) == timedelta(minutes=45)
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
