"""Parsing in processes: the same results as here, one feed's trouble its own, and no process left behind."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from counterparts.feed_server import RSS

from syndicator.sources import parsing
from syndicator.sources.base import Feed, NotAFeed, SourceError
from syndicator.sources.fetched import Fetched
from syndicator.sources.parse import parse
from syndicator.sources.parsing import Parsed, Workers, parse_all, parse_one

SICK = "from counterparts.sick_parser import main; main()"
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Bo</title><entry><title>Zw\xc3\xb6lf</title>
<id>x:12</id><link href="/12"/><updated>2026-10-30T10:00:00+02:00</updated><author><name>Bo</name></author>
<category term="a"/><content type="html">&lt;p&gt;See &lt;a href="/11"&gt;eleven&lt;/a&gt;</content></entry></feed>"""
JSON = b"""{"version": "https://jsonfeed.org/version/1.1", "title": "Cy", "items": [{"id": "1", "url": "https://c.example/1",
"title": "One", "image": "https://c.example/1.png", "date_published": "2026-10-01T00:00:00Z"}]}"""


def got(name: str, body: bytes | None = RSS) -> Fetched:
    url = f"https://{name}.example/feed"
    return Fetched(url, "ok" if body is not None else "unchanged", body, final_url=url)


def crowd(count: int = 6) -> list[Fetched]:
    return [got(f"well{number}") for number in range(count)]


def outcome(parsed: Iterator[Parsed]) -> dict[str, Feed | str | None]:
    return {each.url: told(feed) if isinstance(feed, SourceError) else feed for each, feed in parsed}


def told(error: SourceError) -> str:
    return f"{error} [{type(error).__name__}]" if isinstance(error, NotAFeed) else str(error)


def test_a_process_gives_what_parsing_here_gives(now: datetime) -> None:
    bodies = [
        RSS,
        ATOM,
        JSON,
        RSS.replace(b"</channel>", b""),
        b"",
        b"<html><p>Hello",
        b"{}",
        b"<opml><body/></opml>",
        RSS.decode().encode("utf-16"),
    ]
    fetched = [got(f"f{number}", body) for number, body in enumerate(bodies)]
    here = outcome(parsed for each in fetched for parsed in parse_all([each], now))
    assert outcome(parse_all(fetched, now)) == here
    assert sum(isinstance(feed, Feed) for feed in here.values()) == 5
    assert sum("[NotAFeed]" in str(feed) for feed in here.values()) == 2
    assert sum("[IsBlogroll]" in str(feed) for feed in here.values()) == 1


def test_a_handful_needs_no_process(now: datetime) -> None:
    found = outcome(parse_all(crowd()[:3], now, Workers(program="raise SystemExit")))
    assert all(isinstance(feed, Feed) for feed in found.values())


def test_a_long_feed_gets_a_process_even_if_it_is_alone(now: datetime) -> None:
    long = got("long", RSS + b" " * 30_000)
    assert outcome(parse_all([long], now, Workers(program="raise SystemExit(3)"))) == {
        long.url: f"{long.url}: can't be parsed: the process that tried ended (status 3)"
        " (its owner has to repair the feed)"
    }


def test_one_feed_is_parsed_or_refused(now: datetime) -> None:
    assert parse_one(got("ada"), now).title == "Ada"
    with pytest.raises(NotAFeed):
        parse_one(got("page", b"<html><p>Hello"), now)


def test_what_has_no_body_is_handed_on(now: datetime) -> None:
    quiet = [got(f"quiet{number}", None) for number in range(3)]
    mixed = [quiet[0], *crowd()[:3], quiet[1], *crowd()[3:], quiet[2]]
    found = outcome(parse_all(mixed, now))
    assert len(found) == len(mixed)
    assert [found[each.url] for each in quiet] == [None, None, None]


@pytest.mark.parametrize("count", [1, 2])
def test_a_feed_that_kills_its_process_fails_alone(now: datetime, count: int) -> None:
    deadly = [got(f"deadly{number}", RSS.replace(b"Ada", b"[die]")) for number in range(2)]
    fetched = [deadly[0], *crowd(20), deadly[1]]
    found = outcome(parse_all(fetched, now, Workers(count=count, program=SICK)))
    for each in deadly:
        assert found.pop(each.url) == (
            f"{each.url}: can't be parsed: the process that tried ended (signal SIGKILL)"
            " (its owner has to repair the feed)"
        )
    assert len(found) == 20
    assert all(isinstance(feed, Feed) for feed in found.values())


def test_a_feed_that_never_ends_fails_alone(now: datetime) -> None:
    endless = got("endless", RSS.replace(b"Ada", b"[hang]"))
    found = outcome(parse_all([endless, *crowd()], now, Workers(count=1, seconds=5, program=SICK)))
    assert found.pop(endless.url) == (f"{endless.url}: can't be parsed within 5 s (its owner has to repair the feed)")
    assert all(isinstance(feed, Feed) for feed in found.values())


def test_a_bug_is_raised_with_its_place(now: datetime) -> None:
    with pytest.raises(RuntimeError, match=r"(?s)buggy\.example.*sick_parser\.py.*ZeroDivisionError"):
        outcome(parse_all([got("buggy", RSS.replace(b"Ada", b"[bug]")), *crowd()], now, Workers(program=SICK)))


def test_what_a_library_prints_is_no_answer(now: datetime) -> None:
    talking = got("talking", RSS.replace(b"Ada", b"[print]"))
    found = outcome(parse_all([talking, *crowd()], now, Workers(program=SICK)))
    assert found[talking.url] == parse(talking.body or b"", url=talking.url, now=now)


def test_bodies_are_taken_no_faster_than_they_are_parsed(now: datetime) -> None:
    taken = []

    def stream() -> Iterator[Fetched]:
        for number in range(40):
            taken.append(number)
            yield got(f"f{number}")

    parsed = parse_all(stream(), now, Workers(count=1))
    for done, _ in enumerate(parsed, 1):
        assert len(taken) - done <= parsing._BACKLOG


@pytest.mark.parametrize(("feeds", "processes"), [(8, 1), (60, 2)])
def test_a_second_process_starts_when_there_is_work_for_it(
    tmp_path: Path, now: datetime, feeds: int, processes: int
) -> None:
    noting = f"import os, pathlib; (pathlib.Path({str(tmp_path)!r}) / str(os.getpid())).touch(); {Workers().program}"
    fetched = (got(f"f{number}") for number in range(feeds))
    assert len(list(parse_all(fetched, now, Workers(count=2, program=noting)))) == feeds
    assert len(list(tmp_path.iterdir())) == processes


def test_who_stops_listening_leaves_no_process(tmp_path: Path, now: datetime) -> None:
    noting = f"import os, pathlib; (pathlib.Path({str(tmp_path)!r}) / str(os.getpid())).touch(); {Workers().program}"
    parsed = parse_all((got(f"f{number}") for number in range(200)), now, Workers(count=2, program=noting))
    for _ in range(60):
        next(parsed)
    parsed.close()  # type: ignore[attr-defined]
    pids = [int(path.name) for path in tmp_path.iterdir()]
    assert pids
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


LISTENING = """
import signal, time
from datetime import UTC, datetime
from syndicator.sources.fetched import Fetched
from syndicator.sources.parsing import Workers, parse_all

signal.signal(signal.SIGINT, signal.default_int_handler)  # a test run in the background ignores it, and passes that on

def stream():
    for number in range(10):
        url = f"https://f{number}.example/"
        yield Fetched(url, "ok", b"<rss><channel><title>A</title></channel></rss>", final_url=url)
    print("listening", flush=True)
    while True:  # not one long sleep: a signal that comes just before it would only be noticed after it
        time.sleep(0.02)

list(parse_all(stream(), datetime.now(UTC), Workers(count=2)))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no signals")
@pytest.mark.parametrize("signal", ["SIGINT", "SIGTERM", "SIGKILL"])
def test_whoever_is_stopped_leaves_no_process(signal: str) -> None:
    import signal as signals

    command = [sys.executable, "-c", LISTENING]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as listening:
        assert listening.stdout
        assert listening.stdout.readline() == "listening\n"
        listening.send_signal(signals.Signals[signal])
        try:
            # Every process it started has the same stderr: it ends when the last of them has ended.
            listening.communicate(timeout=60)
        finally:
            listening.kill()
    assert listening.returncode != 0
