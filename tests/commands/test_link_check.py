"""The link check as its owner meets it: what `plan`, `run`, `why` and `share` say of pages, and a run killed at it."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from counterparts import feed_server
from counterparts.desk import Desk, item, rss
from counterparts.feed_server import FeedServer, status
from counterparts.page_server import page

from platforms import memory

KILL = """
import os, signal
from syndicator.linkcheck import lookout
really = lookout.check
def check(*given, **named):
    yield next(really(*given, **named))
    os.kill(os.getpid(), signal.SIGKILL)
lookout.check = check
"""


@pytest.fixture
def site() -> Iterator[FeedServer]:
    with feed_server.running() as server:
        server.routes |= {"/good": page("On pruning"), "/other": page("On grafting")}
        yield server


@pytest.fixture
def desk(tmp_path: Path, site: FeedServer) -> Desk:
    """A feed of one page that is there, one that is not, and one that only people may see."""
    site.routes["/wall"] = status(403)
    made = Desk(tmp_path)
    made.add('[fetch]\nallow_private = ["127.0.0.1"]\n\n')
    made.add_account("pond", "memory", {"file": tmp_path / "pond.jsonl"}, {})
    paths = enumerate(("/good", "/gone", "/wall"))
    made.feed(rss(*(item(number, link=site.url(path)) for number, path in paths), site=site.url("/")))
    return made


def shared(desk: Desk) -> list[str]:
    name = str(desk.folder / "pond.jsonl")
    urls = [post["url"] for post in memory.world("pond", name).posts()]
    memory.forget("pond")
    return urls


def test_a_plan_names_what_was_not_found_and_a_run_posts_the_rest(desk: Desk, site: FeedServer) -> None:
    before = sorted(desk.folder.rglob("*"))
    told = desk.run("plan").stdout
    assert "link check: nothing at this address, 404" in told
    assert "link check: refuses to give it, 403" in told
    assert sorted(desk.folder.rglob("*")) == before
    assert [each["article"] for each in desk.json("run")["posted"]] == [site.url("/good")]
    assert shared(desk) == [site.url("/good")]


def test_why_tells_how_the_page_was_and_when_it_is_asked_again(desk: Desk, site: FeedServer) -> None:
    desk.run("run")
    told = desk.run("why", site.url("/wall")).stdout
    assert "Not shared by itself: link check: refuses to give it, 403" in told
    assert "Page: unsure, looked at " in told
    assert "asked again from " in told
    document = desk.json("why", site.url("/good"))["page"]
    assert (document["verdict"], document["reason"], document["again"]) == ("ok", None, None)
    assert document["url"] == site.url("/good")


def test_a_post_whose_page_died_is_told_of(desk: Desk, site: FeedServer) -> None:
    desk.run("share", site.url("/other"))
    site.routes["/other"] = status(410)
    # The check of a minute ago is still believed: as if an hour had passed, it is forgotten.
    forget = "from syndicator.linkcheck import checked\nfrom datetime import timedelta\nchecked.POSTING = timedelta(0)"
    told = desk.run("run", python=forget).stderr
    assert "Not posted on pond, now cancelled: On grafting\n    link check: gone for good, 410\n" in told
    assert "to send it all the same: syndicator queue retry " in told


def test_a_dead_link_is_shared_only_on_insisting(desk: Desk, site: FeedServer) -> None:
    refused = desk.run("share", site.url("/gone"), expect=1)
    assert "nothing at this address, 404" in refused.stderr
    assert "--anyway" in refused.stderr
    done = desk.run("share", site.url("/gone"), "--anyway", "--text", "It was good")
    assert "look yourself: nothing at this address, 404" in done.stderr
    desk.run("run")
    assert site.url("/gone") in shared(desk)


def test_a_run_killed_while_it_looks_at_pages_is_made_whole_by_the_next(desk: Desk, site: FeedServer) -> None:
    assert desk.run("run", python=KILL, expect=None).returncode == -signal.SIGKILL
    assert shared(desk) == []
    assert [each["article"] for each in desk.json("run")["posted"]] == [site.url("/good")]
    assert desk.json("run")["posted"] == []
    assert shared(desk) == [site.url("/good")]
