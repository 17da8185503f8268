"""Articles whose feeds give only their beginning: their pages are looked at once for links to me in their text."""

from collections.abc import Iterator
from email.utils import format_datetime
from pathlib import Path

import pytest
from counterparts.feed_server import FeedServer, body, running, status
from pieces import NOON
from small_world import MINE, SmallWorld

from syndicator.run import collect_now
from syndicator.teasers import links_in

LINK = f'<a href="{MINE}/a">Robin</a>'


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with running() as server:
        yield server


def feed(server: FeedServer, *pages: str, text: str = "It begins.") -> None:
    items = "".join(
        f"<item><title>About {page}</title><link>{server.url(page)}</link><pubDate>{format_datetime(NOON)}</pubDate>"
        f"<description><![CDATA[{text}]]></description></item>"
        for page in pages
    )
    about = f"<title>Ada</title><link>{server.url('/')}</link>"
    server.routes["/feed.xml"] = body(f'<rss version="2.0"><channel>{about}{items}</channel></rss>'.encode())


def page(server: FeedServer, path: str, html: str) -> None:
    server.routes[path] = body(f"<html><body>{html}</body></html>".encode(), Content_Type="text/html")


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: FeedServer) -> SmallWorld:
    made = SmallWorld(tmp_path, monkeypatch)
    made.fetch |= {"allow_private": ["127.0.0.1"], "least_interval": "1m", "most_interval": "1m"}
    made.plan["first_run"] = 0
    made.sources.append({"kind": "curated", "feed": server.url("/feed.xml")})
    feed(server)
    collect(made)
    return made


def collect(world: SmallWorld, **by: float) -> dict[str, int]:
    world.clock.move(**by)
    report = collect_now(world.open())
    assert report.errors == []
    return report.collected


def favours(world: SmallWorld) -> list[tuple[str, str, str]]:
    return [(str(each.kind), each.url, each.my_url) for each in world.received()]


def test_a_link_on_the_page_of_a_teaser_is_booked_and_its_page_looked_at_once(
    world: SmallWorld, server: FeedServer
) -> None:
    feed(server, "/1")
    page(server, "/1", f"<article>It begins. And goes on: {LINK}</article>")
    assert collect(world, hours=1)["teasers"] == 1
    assert favours(world) == [("link", server.url("/1"), f"{MINE}/a")]
    assert "teasers" not in collect(world, hours=1)
    assert len(server.asked("/1")) == 1


def test_the_same_link_in_the_feed_and_on_the_page_is_one(world: SmallWorld, server: FeedServer) -> None:
    feed(server, "/1", text=f"It begins with {LINK}.")
    page(server, "/1", f"<article>It begins with {LINK}.</article>")
    found = collect(world, hours=1)
    assert (found["feeds"], "teasers" in found) == (1, False)
    assert len(favours(world)) == 1


@pytest.mark.parametrize("why", ["it was there before", "its feed gives it whole", "its owner wants no page looked at"])
def test_other_pages_are_not_looked_at(world: SmallWorld, server: FeedServer, why: str) -> None:
    page(server, "/1", f"<article>{LINK}</article>")
    feed(server, "/1", text="word " * 200 if "whole" in why else "It begins.")
    if "before" in why:
        world.sources[0] = {"kind": "curated", "feed": server.url("/feed.xml?new")}
    if "owner" in why:
        world.fetch["check_links"] = False
    server.routes["/feed.xml?new"] = server.routes["/feed.xml"]
    collect(world, hours=1)
    assert server.asked("/1") == []


def test_few_pages_are_looked_at_in_one_run_and_a_bad_one_stops_none(world: SmallWorld, server: FeedServer) -> None:
    paths = [f"/{number}" for number in range(8)]
    feed(server, *paths)
    for path in paths:
        page(server, path, f"<main>{LINK}</main>")
    server.routes["/7"] = status(500)
    assert collect(world, hours=1)["teasers"] <= 5
    collect(world, hours=1)
    assert len(favours(world)) == 7
    assert all(len(server.asked(path)) == 1 for path in paths)


@pytest.mark.parametrize(
    ("html", "found"),
    [
        (f"<article>{LINK}</article>", True),
        (f'<div class="e-content">{LINK}</div>', True),
        (f"<main><p>{LINK}</p></main>", True),
        (f"<article>Text</article><aside>Blogroll: {LINK}</aside>", False),
        (f"<article>Text<footer>{LINK}</footer></article>", False),
        (f'<article>Text<div id="comments">{LINK}</div></article>', False),
        (f'<article><div class="entry-content">Text</div>{LINK}</article>', False),
        (f"<article>{LINK.replace('<a', '<a rel=ugc')}</article>", False),
        (f"<div>{LINK}</div>", False),
        ("<article><a href=''>x</a><a href='javascript:1'>y</a></article>", False),
        ("", False),
        ("<article>" * 3000 + LINK, False),
    ],
)
def test_only_the_text_of_the_article_counts(html: str, found: bool) -> None:
    links = links_in(f"<html><body>{html}</body></html>".encode(), "https://ada.example/1")
    assert (f"{MINE}/a" in links) == found
