"""From a page to a subscription: the commands that look for feeds, on pages as blogs have them."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from counterparts import feed_server
from counterparts.desk import Desk, item, rss
from counterparts.feed_server import FeedServer, body

PAGE = b"""<!doctype html><html lang=en><title>Ada</title>
<link rel=alternate type=application/rss+xml title="Comments" href=/comments.xml>
<link rel=alternate type=application/rss+xml title="Ada's \x1b[31mposts" href=/feed.xml>"""


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with feed_server.running() as running:
        running.routes |= {"/": body(PAGE, Content_Type="text/html"), "/feed.xml": body(), "/comments.xml": body()}
        yield running


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, '[fetch]\nallow_private = ["127.0.0.1"]\ntimeout = "60s"\n')


def test_a_page_is_previewed_by_its_best_feed_and_the_others_are_offered(desk: Desk, server: FeedServer) -> None:
    document = desk.json("preview", server.url("/"))
    assert document["feed"]["url"] == server.url("/feed.xml")
    assert document["others"] == [{"url": server.url("/comments.xml"), "title": "Comments"}]
    told = desk.run("preview", server.url("/")).stderr
    assert told == f"also there: {server.url('/comments.xml')} (Comments)\n"


def test_the_best_feed_of_a_page_is_added_and_an_offered_one_by_its_address(desk: Desk, server: FeedServer) -> None:
    for typed in (server.url("/"), f" <{server.url('/comments.xml')}> "):
        desk.run("add", typed)
    assert {each["url"] for each in desk.json("sources")} == {server.url("/feed.xml"), server.url("/comments.xml")}
    assert "already there" in desk.run("add", server.url("/")).stdout


def test_a_guess_is_added_without_a_word_of_others_even_where_only_http_is_spoken(
    desk: Desk, server: FeedServer
) -> None:
    server.routes = {"/": body(b"<html><title>x", Content_Type="text/html"), "/index.xml": body()}
    done = desk.run("add", server.url("/").removeprefix("http://"))
    assert (server.url("/index.xml") in done.stdout, done.stderr) == (True, "")


def test_a_blogroll_is_not_added_but_shown_the_door_it_comes_in_by(desk: Desk, server: FeedServer) -> None:
    server.routes["/mine.opml"] = body(b"<opml version='2.0'><body/></opml>", Content_Type="text/x-opml")
    for command in ("add", "preview"):
        told = desk.run(command, server.url("/mine.opml"), expect=1).stderr
        assert "is a blogroll, not a feed (`syndicator import URL`, or `opml" in told


def test_a_blog_without_its_scheme_becomes_a_site_of_the_settings(tmp_path: Path) -> None:
    done = Desk(tmp_path).run("init", tmp_path / "new", "--blog", "127.0.0.1:1", typed="\n" * 4)
    assert "no feed found: http://127.0.0.1:1/: refuses connections" in done.stderr
    settings = tomllib.loads((tmp_path / "new" / "syndicator.toml").read_text())
    assert settings["me"]["sites"] == ["https://127.0.0.1:1/"]


def test_what_a_feed_without_titles_and_links_would_give_is_told(desk: Desk, server: FeedServer) -> None:
    items = b"<item><link>https://ada.example/1</link><description>The lock is open. Bring tea.</description></item>"
    items += b"<item><title>A thought</title></item><item><link>https://ada.example/2</link></item>"
    server.routes["/bare.xml"] = body(b'<rss version="2.0"><channel><title>Ada</title>' + items + b"</channel></rss>")
    told = desk.run("preview", server.url("/bare.xml")).stdout.splitlines()
    assert [line.strip() for line in told[2:]] == [
        "no date  The lock is open.",
        "https://ada.example/1",
        "no date  A thought",
        "(no link)",
        "no date  (no title, no text)",
        "https://ada.example/2",
        "3 items.",
        "Remark: 1 of 3 items have no link, and can't be shared",
    ]


def test_a_feed_in_a_file_is_shown_by_its_path(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.feed(rss(item(1)), "a feed.xml")
    by_path, by_address = (desk.json("preview", where) for where in ("a feed.xml", (tmp_path / "a feed.xml").as_uri()))
    assert by_path == by_address
    assert by_path["items"][0]["title"] == "Pruning code like apple trees, part 1"
