"""From any address to a blogroll: what is there, what is named there, and where else is looked."""

from collections.abc import Iterator

import pytest
from counterparts.feed_server import RSS, FeedServer, Route, body, cut_off, running, status

from syndicator.sources import parsing
from syndicator.sources.base import SourceError
from syndicator.sources.fetch import FetchOptions
from syndicator.sources.find_blogroll import FoundBlogroll, find_blogroll

OPTIONS = FetchOptions(allow_private=("127.0.0.1",), timeout=60)
OPML = b"<opml version='2.0'><body><outline xmlUrl='feeds/ada.xml' text='Ada'/></body></opml>"
HTML = {"Content-Type": "text/html"}


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with running() as found:
        yield found


def found_at(server: FeedServer, path: str = "/") -> FoundBlogroll:
    return find_blogroll(server.url(path), OPTIONS)


def test_an_outline_file_is_taken_as_it_is_and_nothing_else_asked(server: FeedServer) -> None:
    server.routes["/"] = body(OPML)
    found = found_at(server)
    assert [each.url for each in found.blogroll.sources] == [server.url("/feeds/ada.xml")]
    assert len(server.requests) == 1


def test_a_long_feed_can_take_no_search_with_it(server: FeedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    deadly = parsing.Workers(program="raise SystemExit(3)")
    monkeypatch.setattr(parsing, "Workers", lambda: deadly)
    server.routes["/feed"] = body(RSS.replace(b"https://ada.example/", server.url("/blog/").encode()) + b" " * 30_000)
    with pytest.raises(SourceError, match="is no OPML and names no blogroll"):
        found_at(server, "/feed")
    assert "/blog/" not in {path for path, _ in server.requests}


def test_the_best_that_can_be_read_is_taken_and_the_others_are_told(server: FeedServer) -> None:
    page = b"<link rel=blogroll href=/gone.opml><link rel=blogroll href=/page><link rel=blogroll href=/r.opml title=R>"
    server.routes["/"] = body(page + b"<link rel=blogroll href=/more.opml title=More>", **HTML)
    server.routes |= {"/page": body(page, **HTML), "/r.opml": body(OPML), "/more.opml": body(OPML)}
    found = found_at(server)
    assert found.answer.url == server.url("/r.opml")
    assert [each.title for each in found.others] == ["", "", "More"]
    assert server.asked("/more.opml") == []


@pytest.mark.parametrize("place", ["/.well-known/recommendations.opml", "/blogroll.opml", "/blog/blogroll.xml"])
def test_sites_that_name_none_are_looked_through(server: FeedServer, place: str) -> None:
    server.routes |= {"/blog/": body(b"<p>Hello", **HTML), place: body(OPML)}
    assert found_at(server, "/blog/").answer.url == server.url(place)


def test_a_feed_leads_there_by_itself_or_by_its_page(server: FeedServer) -> None:
    feed = f"<rss version='2.0'><channel><title>A</title><link>{server.url('/home')}</link>%s</channel></rss>"
    server.routes["/feed"] = body((feed % "<source:blogroll>/r.opml</source:blogroll>").encode())
    server.routes["/r.opml"] = body(OPML)
    assert found_at(server, "/feed").answer.url == server.url("/r.opml")
    assert server.asked("/home") == []
    server.routes["/feed"] = body((feed % "").encode())
    server.routes["/home"] = body(b"<link rel=blogroll href=/home.opml>", **HTML)
    server.routes["/home.opml"] = body(OPML)
    assert found_at(server, "/feed").answer.url == server.url("/home.opml")


def test_where_there_is_none_it_says_what_was_tried_and_what_to_do(server: FeedServer) -> None:
    server.routes["/"] = body(b"<p>Hello", **HTML)
    with pytest.raises(SourceError) as caught:
        found_at(server)
    assert caught.value.problem == (
        "is no OPML and names no blogroll; nor is there one in the usual places"
        " (recommendations.opml, blogroll.opml, blogroll.xml, opml.xml, feeds.opml, subscriptions.opml)"
    )
    assert caught.value.remedy


def test_a_named_one_that_can_not_be_read_is_told(server: FeedServer) -> None:
    server.routes["/"] = body(b"<link rel=blogroll href=/gone.opml>", **HTML)
    with pytest.raises(SourceError) as caught:
        found_at(server)
    problem = f"names no blogroll that can be read: {server.url('/gone.opml')} (nothing at this address, 404); "
    assert caught.value.problem.startswith(problem)


def test_a_page_that_names_many_is_not_followed_for_ever(server: FeedServer) -> None:
    server.routes["/"] = body(b"".join(b"<link rel=blogroll href=/%d.opml>" % number for number in range(60)), **HTML)
    with pytest.raises(SourceError):
        found_at(server)
    assert [path for path, _ in server.requests if path[1:2].isdigit()] == [f"/{number}.opml" for number in range(4)]


def test_a_server_that_is_silent_is_asked_once_however_many_are_named_there(server: FeedServer) -> None:
    with running("127.0.0.2") as mute:
        links = "".join(f"<link rel=blogroll href={mute.url(f'/{number}.opml')}>" for number in range(3))
        server.routes |= {"/": body(f"{links}<link rel=blogroll href=/r.opml>".encode(), **HTML), "/r.opml": body(OPML)}
        mute.routes |= {f"/{number}.opml": cut_off for number in range(3)}
        found = find_blogroll(server.url("/"), FetchOptions(allow_private=("127.0.0.0/8",), timeout=60))
        assert found.answer.url == server.url("/r.opml")
        assert len(mute.requests) == 1


@pytest.mark.parametrize("answer", [cut_off, status(429, Retry_After="60")], ids=["silent", "wants time"])
def test_a_server_that_has_enough_is_not_asked_on(server: FeedServer, answer: Route) -> None:
    server.routes |= {"/": body(b"<p>Hello", **HTML), "/.well-known/recommendations.opml": answer}
    with pytest.raises(SourceError):
        found_at(server)
    assert len(server.requests) == 2


def test_what_is_not_there_says_so(server: FeedServer) -> None:
    server.routes["/"] = status(410)
    with pytest.raises(SourceError, match="gone for good, 410"):
        found_at(server)
