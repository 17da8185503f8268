"""From what somebody types to a feed: what is found, and what is said when nothing is."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from counterparts import feed_server
from counterparts.feed_server import FeedServer, Route, body, cut_off, status

from syndicator.sources import address, known, parsing
from syndicator.sources.base import SourceError
from syndicator.sources.fetch import FetchOptions
from syndicator.sources.find import find

LOCAL = FetchOptions(timeout=60, allow_private=("127.0.0.1",))
PAGE = body(b"<!doctype html><html><title>Ada</title><p>Hello", Content_Type="text/html")
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
    server.routes["/"] = PAGE
    assert told(server.url("/")) == (
        f"{server.url('/')}: is a web page, not a feed, and names none, and none is at the 8 usual places"
        " (/feed, /rss.xml, /atom.xml …) (look on it for a link called RSS, Atom or feed, and use that address)"
    )


def test_a_broken_feed_is_no_page(server: FeedServer) -> None:
    server.routes["/"] = body(b"<rss version='2.0'><channel><title>x")
    assert told(server.url("/")).endswith("nothing could be read (its owner has to repair the feed)")


def test_a_long_feed_can_take_no_search_with_it(server: FeedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    deadly = parsing.Workers(program="raise SystemExit(3)")
    monkeypatch.setattr(parsing, "Workers", lambda: deadly)
    server.routes["/"] = body(feed_server.RSS + b" " * 30_000)
    assert "can't be parsed: the process that tried ended (status 3)" in told(server.url("/"))


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
    assert told("ada") == "ada: is not a web address (write it in full, with https://)"


def paths(server: FeedServer) -> list[str]:
    return [path for path, _ in server.requests]


def test_the_usual_places_are_asked_in_turn_until_one_holds_a_feed(server: FeedServer) -> None:
    server.routes |= {"/blog/post": PAGE, "/": PAGE, "/blog/rss.xml": PAGE, "/blog/atom.xml": body(), "/feed": body()}
    assert find(server.url("/blog/post"), LOCAL).feed.url == server.url("/blog/atom.xml")
    assert paths(server) == ["/blog/post", "/", "/blog/feed", "/blog/rss.xml", "/blog/atom.xml"]
    assert server.most_at_once == 1


def test_a_guess_that_led_to_a_feed_says_nothing_of_the_other_guesses(server: FeedServer) -> None:
    server.routes |= {"/": PAGE, "/@ada": PAGE, "/index.xml": body(), "/@ada.rss": body()}
    for page, feed in ("/", "/index.xml"), ("/@ada", "/@ada.rss"):
        found = find(server.url(page), LOCAL)
        assert (found.feed.url, found.others) == (server.url(feed), ())


@pytest.mark.parametrize("answer", [status(503), status(403), cut_off, body(b"<rss><channel>")])
def test_a_feed_that_is_named_and_only_can_not_be_read_now_is_the_one(server: FeedServer, answer: Route) -> None:
    server.routes |= {"/": body(LINK, Content_Type="text/html"), "/feed": answer, "/rss.xml": body()}
    assert told(server.url("/")).startswith(f"{server.url('/')}: names no feed that can be read; ")
    assert paths(server) == ["/", "/feed"]


@pytest.mark.parametrize("answer", [status(404), status(410), PAGE], ids=["404", "410", "a page"])
def test_a_page_whose_links_are_stale_may_have_a_feed_nonetheless(server: FeedServer, answer: Route) -> None:
    server.routes |= {"/": body(LINK, Content_Type="text/html"), "/feed": answer, "/rss.xml": body()}
    found = find(server.url("/"), LOCAL)
    assert (found.feed.url, found.others) == (server.url("/rss.xml"), ())
    assert paths(server) == ["/", "/feed", "/rss.xml"]


def test_an_article_whose_link_is_stale_leads_to_the_top_of_its_site(server: FeedServer) -> None:
    stale = b'<link rel="alternate" type="application/rss+xml" href="/old.xml">'
    server.routes |= {"/2026/x": body(stale, Content_Type="text/html"), "/feed": body()}
    server.routes["/"] = body(LINK, Content_Type="text/html")
    assert find(server.url("/2026/x"), LOCAL).feed.url == server.url("/feed")
    assert paths(server) == ["/2026/x", "/old.xml", "/", "/feed"]


@pytest.mark.parametrize("prolog", [b"", b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- mine -->\n"], ids=["bare", "prolog"])
def test_a_blogroll_is_called_one_and_nothing_else_asked(server: FeedServer, prolog: bytes) -> None:
    server.routes["/mine"] = body(prolog + b"<opml version='2.0'><body><outline xmlUrl='/a'/></body></opml>")
    assert told(server.url("/mine")) == (
        f'{server.url("/mine")}: is a blogroll, not a feed (`syndicator import URL`, or `opml = "URL"` in the settings)'
    )
    assert paths(server) == ["/mine"]


def test_a_page_that_names_a_blogroll_and_no_feed_is_asked_for_no_guesses(server: FeedServer) -> None:
    roll = b"<html><link rel=blogroll type=text/xml href=/mine.opml>"
    server.routes |= {"/": body(roll, Content_Type="text/html"), "/feed": body()}
    assert told(server.url("/")) == (
        f"{server.url('/')}: is a page that names a blogroll and no feed"
        ' (`syndicator import URL`, or `opml = "URL"` in the settings)'
    )
    assert paths(server) == ["/"]
    server.routes["/"] = body(roll + LINK, Content_Type="text/html")
    assert find(server.url("/"), LOCAL).feed.url == server.url("/feed"), "a page that names both"


def test_an_address_without_scheme_is_asked_by_http_where_nobody_speaks_tls(server: FeedServer) -> None:
    server.routes |= {"/blog/": PAGE, "/blog/feed": body()}
    there = server.url("/blog/").removeprefix("http://")
    assert find(there, LOCAL).feed.url == server.url("/blog/feed")
    assert told(f"https://{there}") == (
        f"https://{there}: no secure connection could be made"
        " (if it lasts, tell its owner, or write it with http:// to do without encryption)"
    )


def test_an_address_without_scheme_where_nobody_listens() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        there = f"127.0.0.1:{deaf.getsockname()[1]}/"
        assert told(there) == f"http://{there}: refuses connections (check the address in a browser)"
        assert told(f"https://{there}").startswith(f"https://{there}: refuses connections")


def test_a_server_that_wants_to_be_left_alone_is_asked_no_more(server: FeedServer) -> None:
    server.routes |= {"/": PAGE, "/feed": status(429, Retry_After="60"), "/rss.xml": body()}
    told(server.url("/"))
    assert paths(server) == ["/", "/feed"]


@pytest.mark.parametrize(
    "html",
    [
        '<meta http-equiv="refresh" content="0; url=/home">',
        '<link rel="canonical" href="/home">',
        '<link rel="home" href="/home">',
    ],
)
def test_a_page_may_lead_to_the_one_that_names_the_feed(server: FeedServer, html: str) -> None:
    server.routes |= {"/x": body(html.encode(), Content_Type="text/html"), "/feed": body()}
    server.routes |= {"/home": body(LINK, Content_Type="text/html")}
    assert find(server.url("/x"), LOCAL).feed.url == server.url("/feed")
    assert paths(server) == ["/x", "/home", "/feed"]


def test_an_article_that_names_no_feed_leads_to_the_top_of_its_site(server: FeedServer) -> None:
    server.routes |= {"/2026/x": PAGE, "/": body(LINK, Content_Type="text/html"), "/feed": body()}
    assert find(server.url("/2026/x"), LOCAL).feed.url == server.url("/feed")


def test_pages_that_lead_in_a_circle_end(server: FeedServer) -> None:
    for here, there in ("ab", "bc", "ca"):
        html = f'<meta http-equiv="refresh" content="0; url=/{there}">'
        server.routes[f"/{here}"] = body(html.encode(), Content_Type="text/html")
    told(server.url("/a"))
    assert len(paths(server)) == len(set(paths(server))) <= 12


def test_the_profile_of_a_fediverse_server_that_names_no_feed(server: FeedServer) -> None:
    server.routes |= {"/@ada": PAGE, "/@ada/feed.rss": body()}
    assert find(server.url("/@ada"), LOCAL).feed.url == server.url("/@ada/feed.rss")
    assert paths(server) == ["/@ada", "/@ada.rss", "/@ada/feed.rss"]


def test_the_others_are_offered_best_first_and_dead_ones_passed_over(server: FeedServer) -> None:
    links = ("/comments.xml", "/tag/x.xml", "/dead.xml", "/posts.xml")
    html = "".join(f'<link rel="alternate" type="application/rss+xml" href="{link}">' for link in links)
    server.routes |= {"/": body(html.encode(), Content_Type="text/html"), "/posts.xml": body()}
    found = find(server.url("/"), LOCAL)
    assert found.feed.url == server.url("/posts.xml")
    others = [server.url(path) for path in ("/tag/x.xml", "/comments.xml")]
    assert [link.url for link in found.others] == others


def test_a_page_that_names_a_hundred_dead_feeds_costs_a_handful_of_requests(server: FeedServer) -> None:
    html = "".join(f'<link rel="alternate" type="application/rss+xml" href="/{n}.xml">' for n in range(100))
    server.routes["/"] = body(html.encode(), Content_Type="text/html")
    told(server.url("/"))
    assert len(server.requests) == 1 + 6 + len(known.USUAL)


def test_a_page_in_a_file_leads_nowhere_on_this_machine(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<html><title>x</title><a href='feed.xml'>RSS</a>")
    (tmp_path / "feed.xml").write_bytes(feed_server.RSS)
    assert "is a web page, not a feed, and names none (look" in told(page.as_uri())


def test_a_well_known_site_is_asked_for_the_feed_at_once(server: FeedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(known.SITES, "here", {"127.0.0.1/u/{name}": ("{origin}/{name}.rss", "{origin}/{name}.atom")})
    server.routes |= {"/u/ada": body(LINK, Content_Type="text/html"), "/feed": body(), "/ada.rss": body()}
    found = find(server.url("/u/ada"), LOCAL)
    assert (found.feed.url, [link.url for link in found.others]) == (server.url("/ada.rss"), [server.url("/ada.atom")])
    assert paths(server) == ["/ada.rss"]
    del server.routes["/ada.rss"]
    assert find(server.url("/u/ada"), LOCAL).feed.url == server.url("/feed"), "the page knows better than the rule"
    server.routes["/u/ada"] = PAGE
    dead = f"{server.url('/ada.rss')}: nothing at this address, 404"
    assert told(server.url("/u/ada")).startswith(f"{server.url('/u/ada')}: names no feed that can be read; {dead}")


def test_the_server_of_a_handle_says_where_the_profile_is(server: FeedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    page = {"rel": "http://webfinger.net/rel/profile-page", "href": server.url("/people/ada")}
    monkeypatch.setattr(address, "lookup", lambda text: server.url("/webfinger") if text.startswith("@") else "")
    server.routes |= {
        "/webfinger": body(json.dumps({"links": [page]}).encode(), Content_Type="application/jrd+json"),
        "/people/ada": body(LINK, Content_Type="text/html"),
        "/feed": body(),
    }
    assert find("@ada@pond.example", LOCAL).feed.url == server.url("/feed")
    assert paths(server) == ["/webfinger", "/people/ada", "/feed"]
