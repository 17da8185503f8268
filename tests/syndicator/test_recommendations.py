"""Who recommends me: found in blogrolls and in Ghost's lists, once a month, booked once."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from counterparts.feed_server import FeedServer, body, running, status
from small_world import MINE, SmallWorld

from ledger.entry import Kind

LIST = "/.well-known/recommendations.json"
OPML = '<opml version="2.0"><body><outline type="rss" text="x" xmlUrl="{0}/feed.xml" htmlUrl="{0}/"/></body></opml>'


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with running() as server:
        site = server.url("")
        feed = f'<rss version="2.0" xmlns:source="http://source.scripting.com/"><channel><title>Ada</title><link>{site}/</link></channel></rss>'
        server.routes |= {"/feed.xml": body(feed.encode()), "/": page("")}
        yield server


def page(head: str) -> object:
    return body(f"<html><head>{head}</head><body>Hello</body></html>".encode(), Content_Type="text/html")


def opml(site: str) -> object:
    return body(OPML.format(site).encode(), Content_Type="text/x-opml")


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: FeedServer) -> SmallWorld:
    made = SmallWorld(tmp_path, monkeypatch)
    made.fetch["allow_private"] = ["127.0.0.1"]
    made.sources.append({"kind": "curated", "feed": server.url("/feed.xml")})
    made.run()
    return made


def places(world: SmallWorld) -> list[str]:
    assert all(entry.kind is Kind.RECOMMEND and entry.my_url.startswith(MINE) for entry in world.received())
    return [entry.url for entry in world.received()]


def test_a_blogroll_that_a_page_links_recommends_whoever_is_in_it(world: SmallWorld, server: FeedServer) -> None:
    server.routes |= {
        "/": page('<link rel="blogroll" type="text/xml" href="/friends.opml">'),
        "/friends.opml": opml(MINE),
    }
    report = world.run(days=3)
    assert report.received["recommendations"] == {"recommend": 1}
    assert places(world) == [server.url("/friends.opml")]
    [entry] = world.received()
    assert str(entry.identity) == f"web:{server.url('').removeprefix('http://')}"


def test_so_does_one_in_a_well_known_place(world: SmallWorld, server: FeedServer) -> None:
    server.routes["/.well-known/recommendations.opml"] = opml(MINE)
    world.run(days=3)
    assert places(world) == [server.url("/.well-known/recommendations.opml")]


def test_so_does_the_one_that_a_feed_names(world: SmallWorld, server: FeedServer) -> None:
    named = f"<source:blogroll>{server.url('/far.opml')}</source:blogroll>"
    feed = f'<rss version="2.0" xmlns:source="http://source.scripting.com/"><channel><title>Ada</title><link>{server.url("/")}</link>{named}</channel></rss>'
    server.routes |= {"/feed.xml": body(feed.encode()), "/far.opml": opml(MINE)}
    world.run(days=3)
    assert places(world) == [server.url("/far.opml")]


def test_ghost_s_list_does_too_and_a_site_recommends_once_in_whatever_lists(
    world: SmallWorld, server: FeedServer
) -> None:
    server.routes[LIST] = body(json.dumps([{"url": "https://x.example"}, {"url": f"{MINE}/?ref=a"}]).encode())
    world.run(days=3)
    server.routes |= {LIST: status(404), "/.well-known/recommendations.opml": opml(MINE)}
    world.run(days=31)
    assert places(world) == [server.url(LIST)]


def test_a_site_is_asked_once_a_month_and_not_in_its_first_days(world: SmallWorld, server: FeedServer) -> None:
    assert server.asked(LIST) == []
    world.run(days=3)
    world.run(days=20)
    assert len(server.asked(LIST)) == 1
    world.run(days=11)
    assert len(server.asked(LIST)) == 2


def test_what_was_booked_stays_when_i_am_taken_out_again(world: SmallWorld, server: FeedServer) -> None:
    server.routes[LIST] = body(json.dumps([{"url": MINE}]).encode())
    world.run(days=3)
    server.routes[LIST] = body(b"[]")
    assert world.run(days=31).errors == []
    assert len(places(world)) == 1


@pytest.mark.parametrize(
    "said", [b"", b"{}", b"[1, {}, null]", b'[{"url": 5}]', b"[" * 10_000, b'[{"url": "https://x.example"}]']
)
def test_other_lists_recommend_nobody(world: SmallWorld, server: FeedServer, said: bytes) -> None:
    server.routes |= {LIST: body(said), "/.well-known/recommendations.opml": opml("https://x.example")}
    assert world.run(days=3).errors == []
    assert places(world) == []


def test_few_sites_are_asked_in_one_run(world: SmallWorld, server: FeedServer) -> None:
    with running("127.0.0.2") as other, running("127.0.0.3") as third, running("127.0.0.4") as fourth:
        world.fetch["allow_private"] = ["127.0.0.0/8"]
        servers = [server, other, third, fourth]
        for each in servers[1:]:
            feed = f'<rss version="2.0"><channel><title>x</title><link>{each.url("/")}</link></channel></rss>'
            each.routes["/feed.xml"] = body(feed.encode())
            world.sources.append({"kind": "curated", "feed": each.url("/feed.xml")})
        world.run(hours=1)
        asked = []
        for _ in range(2):
            world.run(days=3)
            asked.append(sum(len(each.asked(LIST)) for each in servers))
        assert asked == [3, 4]


def test_one_that_still_stands_is_no_new_favour_when_the_ledger_keeps_it_no_longer(
    world: SmallWorld, server: FeedServer
) -> None:
    server.routes[LIST] = body(json.dumps([{"url": MINE}]).encode())
    world.run(days=3)
    assert len(places(world)) == 1
    world.run(days=740)
    assert len(server.asked(LIST)) == 2
    assert places(world) == []
    world.run(days=31)
    assert len(server.asked(LIST)) == 3
    assert places(world) == []
