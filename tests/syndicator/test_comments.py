"""Comments on my own site: read by the first door that opens, booked once whichever door tells of them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from counterparts.fake_wordpress import FakeWordPress
from counterparts.feed_server import running, status
from pieces import NOON
from small_world import SmallWorld

from ledger.entry import Kind
from syndicator.comments import acts, places
from syndicator.reported import identity_of
from syndicator.run import collect_now
from syndicator.sources.base import Feed, Item

AGO = NOON - timedelta(hours=2)
ME = acts.Me(("https://me.example",), "Robin")


@pytest.fixture
def blog() -> Iterator[FakeWordPress]:
    with running() as server:
        yield FakeWordPress(server)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, blog: FakeWordPress) -> SmallWorld:
    made = SmallWorld(tmp_path, monkeypatch)
    made.me["sites"] = [blog.url]
    made.fetch["allow_private"] = ["127.0.0.1"]
    made.sources.append({"kind": "own", "feed": f"{blog.url}/feed/"})
    return made


def close(blog: FakeWordPress, door: str) -> None:
    """Leave open only a door and those behind it."""
    if door in {"feed", "articles"}:
        blog.api = False
    if door == "articles":
        blog.api = None  # not even named
        blog.site_feed = False


def told(world: SmallWorld) -> list[tuple[str, str]]:
    return [(str(entry.kind), str(entry.identity)) for entry in world.received()]


@pytest.mark.parametrize("door", ["rest", "feed", "articles"])
def test_a_comment_is_booked_on_whoever_wrote_it_through_any_door(
    world: SmallWorld, blog: FakeWordPress, door: str
) -> None:
    close(blog, door)
    blog.comment("Grace <b>", "word " * 30, at=AGO)
    blog.comment("Robin", "Thank you.", at=AGO)
    report = collect_now(world.open())
    assert report.errors == []
    assert (report.collected["comments"], report.received["comments"]) == (1, {"comment": 1})
    [entry] = world.received()
    assert (entry.kind, entry.channel, entry.at, entry.my_url) == (Kind.COMMENT, "comment", AGO, f"{blog.url}/a/")
    assert str(entry.identity).startswith("comment:127.0.0.1/grace")
    assert entry.url == f"{blog.url}/a/#comment-1"
    assert entry.substantial
    world.clock.move(hours=2)
    assert "comments" not in collect_now(world.open()).collected
    blog.comment("Joan", at=NOON, page="b")
    world.clock.move(hours=2)
    assert collect_now(world.open()).collected["comments"] == 1


def test_the_site_that_a_commenter_gave_is_believed_less_and_their_name_is_kept(
    world: SmallWorld, blog: FakeWordPress
) -> None:
    blog.comment("Grace", site="https://grace.example/about", at=AGO)
    blog.comment("Joan", site="https://medium.com", at=AGO)
    world.run()
    grace, joan = world.received()
    assert (str(grace.identity), grace.trust) == ("web:grace.example", 0.8)
    assert (str(joan.identity), joan.trust) == ("comment:127.0.0.1/joan", 1.0), "many people live there"
    assert {person.name for person in world.open().book.people()} == {"Grace", "Joan"}


def test_when_one_door_closes_the_next_one_tells_nothing_twice(world: SmallWorld, blog: FakeWordPress) -> None:
    blog.comment("Grace", site="https://grace.example/", at=AGO)
    assert world.run().collected["comments"] == 1
    blog.api = False
    blog.comment("Joan", at=NOON)
    assert world.run(hours=2).collected["comments"] == 1
    assert told(world) == [("comment", "web:grace.example"), ("comment", "comment:127.0.0.1/joan")]


def test_a_comment_that_was_approved_late_is_found(world: SmallWorld, blog: FakeWordPress) -> None:
    blog.comment("Grace", at=AGO)
    world.run()
    blog.comment("Joan", at=AGO - timedelta(days=3))
    assert world.run(hours=2).collected["comments"] == 1


def test_years_of_comments_are_read_page_by_page(world: SmallWorld, blog: FakeWordPress) -> None:
    for number in range(250):
        blog.comment(f"reader {number}", at=NOON - timedelta(days=400) + timedelta(days=number))
    assert world.run().collected["comments"] == 250
    assert len(world.received()) == 250


def test_a_site_is_asked_once_an_hour_and_looked_at_once_a_week(world: SmallWorld, blog: FakeWordPress) -> None:
    def asked(path: str) -> int:
        return len(blog.server.asked(path))

    world.run()
    world.run(minutes=30)
    assert (asked("/"), asked("/wp-json/wp/v2/comments")) == (1, 1)
    world.run(minutes=40)
    assert (asked("/"), asked("/wp-json/wp/v2/comments")) == (1, 2)
    world.run(days=8)
    assert (asked("/"), asked("/wp-json/wp/v2/comments")) == (2, 3)


def test_the_settings_may_say_where_they_are_or_that_nobody_is_asked(world: SmallWorld, blog: FakeWordPress) -> None:
    blog.comment("Grace", at=AGO)
    world.sources[0]["comments"] = "off"
    world.run()
    assert (told(world), blog.server.asked("/")) == ([], [])
    world.sources[0]["comments"] = f"{blog.url}/comments/feed/"
    world.run(hours=2)
    assert (told(world), blog.server.asked("/")) == ([("comment", "comment:127.0.0.1/grace")], [])


def test_a_place_that_fails_is_told_with_what_to_do_and_nothing_else_is_lost(
    world: SmallWorld, blog: FakeWordPress
) -> None:
    world.sources[0]["comments"] = f"{blog.url}/comments/feed/"
    blog.server.routes["/comments/feed/"] = status(500)
    report = world.run()
    [error] = report.errors
    assert f"{blog.url}/comments/feed/" in error
    assert 'write comments = "off" at this source' in error


def test_a_site_without_comments_is_no_trouble(world: SmallWorld, blog: FakeWordPress) -> None:
    blog.api, blog.site_feed, blog.article_feeds = None, False, False
    assert world.run().errors == []


@pytest.mark.parametrize(
    ("html", "rest", "feed"),
    [
        ('<link rel="https://api.w.org/" href="/wp-json/">', "/wp-json/", "/comments/feed/"),
        ('<link rel="alternate" type="application/atom+xml" href="/comments.xml">', "", "/comments.xml"),
        ('<link rel="alternate" type="application/rss+xml" title="Kommentare" href="/k/feed">', "", "/k/feed"),
        ('<link rel="alternate" type="application/rss+xml" href="/?feed=comments-rss2">', "", "/?feed=comments-rss2"),
        ('<link rel="alternate" type="application/rss+xml" title="All posts" href="/feed/">', "", ""),
        ('<link rel="https://api.w.org/" href="https://evil.example/wp-json/">', "", ""),
        ("", "", ""),
    ],
)
def test_where_a_page_says_that_comments_are(html: str, rest: str, feed: str) -> None:
    site = "https://me.example"
    found = places.named(f"<html><head>{html}</head></html>".encode(), f"{site}/", content_type="text/html")
    assert (found.rest, found.feed) == (rest and site + rest, feed and site + feed)


@pytest.mark.parametrize(
    "said", [None, 7, "x", {}, [None, 7, {}], [{"id": 1, "link": "https://me.example/a#comment-1"}]]
)
def test_no_answer_of_the_api_breaks_it(said: object) -> None:
    assert list(acts.of_rest(said, ME)) == []


def test_what_others_say_of_times_and_pages_is_not_believed() -> None:
    one = {"id": 1, "author_name": "Grace", "link": "https://me.example/a/#comment-1", "date_gmt": "soon"}
    assert [(act.at, act.target) for act in acts.of_rest([one], ME)] == [(None, "https://me.example/a/")]
    assert list(acts.of_rest([one | {"link": "https://evil.example/"}], ME)) == []
    assert list(acts.of_rest([one | {"status": "hold"}], ME)) == []
    assert list(acts.of_rest([one | {"author_url": "https://me.example"}], ME)) == []


def test_a_pingback_is_a_link_from_its_page_and_worth_little() -> None:
    page = "https://grace.example/reading"
    cut = Item(
        "1", "https://me.example/a/#comment-7", "Reading", author="Reading", author_url=page, summary="[…] so [x] […]"
    )
    [act] = acts.of_feed(Feed("https://me.example/comments/feed/", items=(cut,)), ME)
    assert (act.kind, act.url, act.target, act.trust) == ("link", page, "https://me.example/a/", 0.3)
    assert str(identity_of(act.actor, acts.NETWORK)) == "web:grace.example"
    nameless = replace(cut, author_url="")
    assert list(acts.of_feed(Feed("https://me.example/comments/feed/", items=(nameless,)), ME)) == []
