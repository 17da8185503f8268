"""When sources are asked, as their owner sees it: what a run counts, what `sources` says, what `--refresh` does."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from counterparts import feed_server
from counterparts.desk import Desk, fetched
from counterparts.feed_server import RSS, FeedServer, body, status


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with feed_server.running() as running:
        yield running


@pytest.fixture
def desk(tmp_path: Path, server: FeedServer) -> Desk:
    """Somebody who reads one feed."""
    server.routes["/feed"] = body(RSS.replace(b"<channel>", b"<channel><ttl>120</ttl>"))
    made = Desk(tmp_path, '[[sources]]\nkind = "curated"\nopml = "blogroll.opml"\n\n')
    (tmp_path / "blogroll.opml").write_text(
        f'<opml version="2.0"><body><outline text="Ada" xmlUrl="{server.url("/feed")}"/></body></opml>'
    )
    made.add('[fetch]\nallow_private = ["127.0.0.1"]\n')
    return made


def test_a_source_waits_for_its_time_unless_everything_is_refreshed(desk: Desk, server: FeedServer) -> None:
    assert desk.json("run")["fetched"] == fetched(ok=1)
    assert desk.json("run")["fetched"] == fetched(not_due=1)
    assert desk.run("run").stdout.startswith("Sources: 0 read, 0 unchanged, 0 failed, 1 not due yet.\n")
    assert len(server.asked("/feed")) == 1
    assert desk.json("run", "--refresh")["fetched"] == fetched(unchanged=1)
    desk.run("ledger", "collect")
    assert len(server.asked("/feed")) == 2
    desk.run("ledger", "collect", "--refresh")
    desk.run("run", "--dry-run", "--refresh")
    assert len(server.asked("/feed")) == 4
    [source] = desk.json("sources")
    assert source["last_ok"] < source["next_due"]
    assert (source["moved_to"], source["retired"], source["error"]) == (None, None, None)
    [line] = [line for line in desk.run("sources").stdout.splitlines() if server.url("/feed") in line]
    assert re.search(", next in [12]h", line)


def test_sources_tells_what_moved_and_what_is_gone_with_the_remedy(desk: Desk, server: FeedServer) -> None:
    server.routes |= {"/feed": status(301, Location="/new"), "/new": body()}
    desk.run("run")
    assert desk.json("sources")[0]["moved_to"] == server.url("/new")
    assert f"moved to {server.url('/new')}, and is read there" in desk.run("sources").stdout
    server.routes |= {"/feed": status(301, Location="/new"), "/new": status(410)}
    [error] = desk.json("run", "--refresh", expect=1)["errors"]
    assert "gone for good, 410" in error
    assert desk.json("run")["fetched"] == fetched(retired=1)
    [source] = desk.json("sources")
    assert (source["retired"] is not None, source["next_due"]) == (True, None)
    told = desk.run("sources").stdout
    assert "`syndicator remove URL`" in told
    assert told.endswith("1 source, 1 retired.\n")


def test_adding_a_retired_source_again_revives_it(desk: Desk, server: FeedServer) -> None:
    server.routes["/feed"] = status(410)
    desk.run("run", expect=1)
    server.routes["/feed"] = body()
    assert desk.json("run")["fetched"] == fetched(retired=1)
    assert "already there, and asked again from now on" in desk.run("add", server.url("/feed")).stdout
    assert desk.json("run")["fetched"] == fetched(ok=1)
    server.routes["/feed"] = status(410)
    desk.run("run", "--refresh", expect=1)
    desk.run("remove", server.url("/feed"))
    server.routes["/feed"] = body()
    desk.run("add", server.url("/feed"))
    assert desk.json("run")["fetched"] == fetched(not_due=1), "no longer retired, and read a moment ago"
