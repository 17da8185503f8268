"""From what somebody types to a feed: what is found, and what is said when nothing is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from counterparts import feed_server
from counterparts.feed_server import FeedServer, body, status

from syndicator.sources.base import SourceError
from syndicator.sources.fetch import FetchOptions
from syndicator.sources.find import find

LOCAL = FetchOptions(timeout=60, allow_private=("127.0.0.1",))
LINK = b'<html><link rel="alternate" type="application/rss+xml" href="/feed">'


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with feed_server.running() as running:
        yield running


def told(url: str, options: FetchOptions = LOCAL) -> str:
    with pytest.raises(SourceError) as caught:
        find(url, options)
    return str(caught.value)


def test_a_feed_and_a_page_that_names_one(server: FeedServer) -> None:
    server.routes |= {"/feed": body(), "/": body(LINK, Content_Type="text/html")}
    assert find(server.url("/feed"), LOCAL).feed.url == server.url("/feed")
    found = find(server.url("/"), LOCAL)
    assert (found.feed.url, found.others) == (server.url("/feed"), ())


def test_a_page_without_feeds_is_told_what_to_look_for(server: FeedServer) -> None:
    server.routes["/"] = body(b"<!doctype html><html><title>Ada</title><p>Hello", Content_Type="text/html")
    assert told(server.url("/")) == (
        f"{server.url('/')}: is a web page, not a feed, and names none"
        " (look on it for a link called RSS, Atom or feed, and use that address)"
    )


def test_a_broken_feed_is_no_page(server: FeedServer) -> None:
    server.routes["/"] = body(b"<rss version='2.0'><channel><title>x")
    assert told(server.url("/")).endswith("nothing could be read (its owner has to repair the feed)")


def test_a_page_whose_feeds_are_all_dead_says_what_is_wrong_with_the_first(server: FeedServer) -> None:
    server.routes |= {"/": body(LINK, Content_Type="text/html"), "/feed": status(410)}
    feed = server.url("/feed")
    assert told(server.url("/")) == (
        f"{server.url('/')}: names no feed that can be read; {feed}: gone for good, 410"
        " (check the address in a browser)"
    )


def test_the_subject_is_said_once(server: FeedServer, tmp_path: Path) -> None:
    url = server.url("/none")
    assert told(url) == f"{url}: nothing at this address, 404 (check the address in a browser)"
    secret = url.replace("http://", "http://ada:s3cret@")
    assert told(secret) == told(url)
    assert told(url, FetchOptions()) == (
        f"{url}: is on a private network, 127.0.0.1 (`allow_private` under [fetch] can permit it)"
    )
    path = tmp_path / "none.xml"
    assert told(path.as_uri()) == f"{path}: no such file (put the file there, or name another)"
    assert told("ada.example") == "ada.example: is not a web address (write it in full, with https://)"
