"""Live blogrolls from run to run: what changes in them is told and followed, and no bad answer unsubscribes anybody."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from counterparts.feed_server import FeedServer, Handler, body, running, status, validated
from small_world import SmallWorld, entry

from ledger.store.base import StoreError
from syndicator import run
from syndicator.follow import subscribed
from syndicator.sources.live import Moved, Renamed
from syndicator.sources.read_blogrolls import MOST_INCLUDES, Roll

OPML = {"Content-Type": "text/x-opml"}


class Web:
    """A blogroll on a loopback server and the feeds it names, and a person who follows it."""

    def __init__(self, world: SmallWorld, server: FeedServer) -> None:
        self.world, self.server, self.roll = world, server, server.url("/roll.opml")
        world.sources.append({"kind": "curated", "opml": self.roll})
        world.fetch = {"allow_private": ["127.0.0.1"]}

    def feed(self, name: str, *entries: str) -> str:
        """Serve a feed; gives its address."""
        text = f"<rss version='2.0'><channel><title>{name}</title>{''.join(entries)}</channel></rss>"
        self.server.routes[f"/{name}.xml"] = body(text.encode())
        return self.server.url(f"/{name}.xml")

    def names(self, *lines: str, path: str = "/roll.opml", etag: str = "") -> None:
        """What the blogroll says from now on."""
        content = opml(*lines)
        self.server.routes[path] = validated(content, etag) if etag else body(content, **OPML)

    def run(self, *, refresh: bool = True, **by: float) -> Roll:
        """One run, of all feeds whatever their rhythm; what it found of the blogroll."""
        self.report = self.world.run(refresh=refresh, **by)
        [roll] = self.report.blogrolls
        return roll


def opml(*lines: str) -> bytes:
    return f"<opml version='2.0'><body>{''.join(lines)}</body></opml>".encode()


def line(url: str, title: str = "", **more: str) -> str:
    attributes = {"text": title or url, "xmlUrl": url, **more}
    return "<outline " + " ".join(f'{name}="{value}"' for name, value in attributes.items()) + "/>"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    made = SmallWorld(tmp_path, monkeypatch)
    made.account()
    return made


@pytest.fixture
def web(world: SmallWorld) -> Iterator[Web]:
    with running() as server:
        yield Web(world, server)


# --- What changed


def test_what_was_added_gone_and_renamed_is_told_and_followed(web: Web) -> None:
    ada, bob, eve = (web.feed(name, entry(f"https://{name}.example/1")) for name in ("ada", "bob", "eve"))
    web.names(line(ada, "Ada"), line(bob, "Bob"))
    first = web.run()
    assert (first.first, len(first.feeds), bool(first.change)) == (True, 2, False)
    assert sorted(web.world.shared()) == ["https://ada.example/1", "https://bob.example/1"]
    web.names(line(ada, "Ada's garden"), line(eve, "Eve"))
    second = web.run(hours=1)
    assert (second.first, second.change.added, second.change.gone) == (False, (eve,), (bob,))
    assert second.change.renamed == (Renamed(ada, "Ada", "Ada's garden"),)
    assert web.world.shared()[2:] == ["https://eve.example/1"]
    web.feed("bob", entry("https://bob.example/2", hours=1))
    third = web.run(hours=1)
    assert not third.change
    assert len(web.world.shared()) == 3, "what is gone is neither read nor shared"


def test_a_file_is_followed_as_well(world: SmallWorld) -> None:
    world.feed("ada", entry("https://ada.example/1"))
    world.sources = [{"kind": "curated", "opml": "roll.opml"}]
    file = world.folder / "roll.opml"
    file.write_bytes(opml(line("ada.xml")))
    [roll] = world.run().blogrolls
    assert (roll.origin, roll.first, len(roll.feeds)) == ("roll.opml", True, 1)
    file.write_bytes(opml(line("ada.xml"), line("bob.xml")))
    [roll] = world.run(hours=1).blogrolls
    assert roll.change.added == ((world.folder / "bob.xml").as_uri(),)


def test_a_moved_feed_keeps_its_history(web: Web) -> None:
    """Nothing is shared again, what is new is no baseline, and what it had before the move is no news."""
    web.world.plan["first_run"] = 0
    old = web.feed("ada", entry("https://ada.example/1", hours=30))
    web.names(line(old, "Ada", htmlUrl="https://ada.example/"))
    web.run()
    web.feed("ada", entry("https://ada.example/2", hours=1), entry("https://ada.example/1", hours=30))
    web.run()
    assert web.world.shared() == ["https://ada.example/2"]
    web.server.routes["/ada.xml"] = status(404)
    new = web.feed(
        "anew",
        entry("https://ada.example/4", hours=-1),
        entry("https://ada.example/3", hours=20, title="Never told before"),
        entry("https://new.example/two", hours=1, guid="https://ada.example/2", title="Another title"),
    )
    web.names(line(new, "Ada's new home", htmlUrl="https://ada.example/"))
    roll = web.run(hours=2)
    assert roll.change.moved == (Moved(old, new),)
    assert roll.change.added == roll.change.gone == roll.change.renamed == ()
    assert web.world.shared() == ["https://ada.example/2", "https://ada.example/4"]
    assert old not in str(web.world.stored("articles")), "its articles know it as the same source"
    assert list(web.world.stored("sources")) == [new]
    web.feed("anew", entry("https://ada.example/5", hours=-1))
    web.run(hours=1)
    assert web.world.shared()[2:] == ["https://ada.example/5"]


def test_what_a_moved_feed_has_without_dates_is_no_news(web: Web) -> None:
    """Its addresses are new too, and its titles say too little: nothing tells what it had before the move."""
    web.world.plan["first_run"] = 0
    old = web.feed("ada", undated("https://ada.example/c/1"), undated("https://ada.example/c/2"))
    web.names(line(old, "Ada", htmlUrl="https://ada.example/"))
    web.run()
    two = undated("https://new.example/strip-1"), undated("https://new.example/strip-2")
    new = web.feed("anew", *two)
    web.names(line(new, "Ada", htmlUrl="https://ada.example/"))
    assert web.run(hours=1).change.moved == (Moved(old, new),)
    assert web.world.shared() == []
    web.feed("anew", undated("https://new.example/strip-3"), *two)
    web.run(hours=1)
    assert web.world.shared() == ["https://new.example/strip-3"]


def undated(link: str) -> str:
    return f"<item><title>Strip {link[-1]}</title><link>{link}</link><description>{'leaf ' * 100}</description></item>"


def test_a_feed_that_moves_while_its_new_place_is_silent_is_still_no_first_fetch(web: Web) -> None:
    web.world.plan["first_run"] = 0
    old = web.feed("ada", entry("https://ada.example/1"))
    web.names(line(old, "Ada"))
    web.run()
    new = web.server.url("/new.xml")
    web.names(line(new, "Ada"))
    web.run(hours=1)
    web.feed("new", entry("https://ada.example/2", hours=-2), entry("https://ada.example/0", hours=8))
    web.run(hours=2)
    assert web.world.shared() == ["https://ada.example/2"]


def test_an_address_that_is_subscribed_elsewhere_too_keeps_its_own_past(web: Web) -> None:
    old = web.feed("ada", entry("https://ada.example/1"))
    new = web.feed("new", entry("https://ada.example/2"))
    web.world.sources.append({"kind": "curated", "feed": old})
    web.names(line(old, "Ada"))
    web.run()
    web.names(line(new, "Ada"))
    assert web.run(hours=1).change.moved == (Moved(old, new),)
    assert set(web.world.stored("sources")) == {old, new}
    assert web.world.stored("articles")["https://ada.example/1"]["source"] == old


def test_a_move_to_where_i_read_already_changes_no_past(web: Web) -> None:
    old = web.feed("ada", entry("https://ada.example/1"))
    new = web.feed("new", entry("https://ada.example/2"))
    web.names(line(old, "Ada"))
    web.run()
    web.world.sources.append({"kind": "curated", "feed": new})
    web.run(hours=1)
    past = web.world.stored("sources")[new]["first_ok"]
    web.names(line(new, "Ada"))
    assert web.run(hours=1).change.moved == (Moved(old, new),)
    assert web.world.stored("sources")[new]["first_ok"] == past
    assert "moved_from" not in web.world.stored("sources")[new]


@pytest.mark.parametrize("full", ["blogrolls", "blogroll_copies", "sources", "articles"])
def test_a_move_is_followed_whole_or_in_the_next_run(web: Web, full: str) -> None:
    web.world.plan["first_run"] = 0
    old = web.feed("ada", entry("https://ada.example/1"))
    web.names(line(old, "Ada"))
    web.run()
    new = web.feed("new", entry("https://ada.example/2", hours=-1))
    web.names(line(new, "Ada"))
    web.world.clock.move(hours=2)
    with pytest.raises(StoreError):
        run.run(web.world.with_full_disk(full))
    assert web.run().change.moved == (Moved(old, new),)
    assert web.world.shared() == ["https://ada.example/2"]


# --- Bad answers


def html(handler: Handler) -> None:
    handler.answer(200, {"Content-Type": "text/html"}, b"<!doctype html><title>Parked</title><p>Buy me!")


def cut(handler: Handler) -> None:
    whole = opml(*(line(f"https://{n}.example/f") for n in range(20)))
    handler.answer(200, OPML, whole[: len(whole) // 2])


@pytest.mark.parametrize(
    ("route", "problem"),
    [
        (status(500), "has trouble of its own, 500"),
        (status(404), "nothing at this address, 404"),
        (body(b"", **OPML), "holds no outlines: is it OPML?"),
        (html, "holds no outlines: is it OPML?"),
        (cut, "breaks off: line 1, column "),
        (body(opml(), **OPML), "names no feeds any more"),
    ],
    ids=["500", "404", "empty", "HTML", "cut off", "no feeds"],
)
def test_no_bad_answer_unsubscribes_anybody(web: Web, route: Any, problem: str) -> None:
    ada = web.feed("ada", entry("https://ada.example/1"))
    web.names(line(ada))
    web.run()
    web.server.routes["/roll.opml"] = route
    web.feed("ada", entry("https://ada.example/2", hours=-1))
    held = web.run(hours=2)
    assert not held.change
    assert [each.url for each in held.feeds] == [ada]
    assert web.world.shared()[1:] == ["https://ada.example/2"]
    [error] = web.report.errors
    assert problem in error
    assert error.startswith(f"{web.roll}: ")
    assert "its last good copy of 1 feed is used; asked again in 15m; " in error
    waiting = web.run(minutes=5, refresh=False)
    assert (web.report.errors, len(web.server.asked("/roll.opml"))) == ([], 2), "told once, and left alone"
    assert problem in waiting.error
    bob = web.feed("bob")
    web.names(line(ada), line(bob))
    assert web.run(minutes=10, refresh=False).change.added == (bob,)
    assert web.report.errors == []


def test_waits_grow(web: Web) -> None:
    web.names(line(web.feed("ada")))
    web.run()
    web.server.routes["/roll.opml"] = status(503)
    web.run()
    web.run(minutes=15, refresh=False)
    assert "asked again in 30m" in web.report.errors[0]
    web.run(minutes=29, refresh=False)
    assert len(web.server.asked("/roll.opml")) == 3
    web.run(minutes=1, refresh=False)
    assert "asked again in 1h" in web.report.errors[0]


def test_a_blogroll_that_never_answered_is_told_of_and_stops_nothing(web: Web) -> None:
    web.world.feed("bob", entry("https://bob.example/1"))
    roll = web.run()
    assert (roll.feeds, roll.first) == ((), True)
    [error] = web.report.errors
    assert "nothing at this address, 404 (asked again in 15m; " in error
    assert web.world.shared() == ["https://bob.example/1"]
    web.names(line(web.feed("ada")))
    assert web.run(hours=1).first, "a first sight comes when there is something to be seen"


def test_a_lost_file_unsubscribes_nobody_and_is_told_each_time(world: SmallWorld) -> None:
    world.feed("ada", entry("https://ada.example/1"))
    world.sources = [{"kind": "curated", "opml": "roll.opml"}]
    file = world.folder / "roll.opml"
    file.write_bytes(opml(line("ada.xml")))
    world.run()
    for content in (None, b"", b"<opml><body><outline"):
        if content is None:
            file.unlink()
        else:
            file.write_bytes(content)
        report = world.run(hours=1)
        [error] = report.errors
        assert "roll.opml: " in error
        assert "its last good copy of 1 feed is used; m" in error
        assert (len(report.blogrolls[0].feeds), report.blogrolls[0].change.gone) == (1, ())
    file.write_bytes(opml())
    assert len(world.run(hours=1).blogrolls[0].change.gone) == 1, "who empties it means it"


# --- Asking politely, and not at all


def test_each_run_asks_with_the_validators_it_got(web: Web) -> None:
    ada = web.feed("ada")
    web.names(line(ada), etag='"v1"')
    web.run()
    again = web.run(hours=1)
    assert ([each.url for each in again.feeds], bool(again.change), again.first) == ([ada], False, False)
    first, second = web.server.asked("/roll.opml")
    assert "If-None-Match" not in first
    assert second["If-None-Match"] == '"v1"'
    web.names(line(ada), line(web.feed("bob")), etag='"v2"')
    assert len(web.run(hours=1).change.added) == 1


def test_an_unchanged_blogroll_costs_the_state_next_to_nothing(web: Web) -> None:
    web.names(*(line(web.feed(f"f{n}")) for n in range(50)), etag='"v1"')
    web.run()
    journal = web.world.folder / "data" / "state.jsonl"
    before = {text for text in journal.read_text().splitlines() if "blogroll" in text}
    web.run(hours=1)
    after = [text for text in journal.read_text().splitlines() if "blogroll" in text and text not in before]
    assert sum(map(len, after)) < 1000


def test_reading_commands_take_the_copy_and_ask_nobody(web: Web) -> None:
    ada = web.feed("ada", entry("https://ada.example/1"))
    web.names(line(ada, "Ada"))
    found = subscribed(web.world.open(scratch=True))
    assert [source.url for source in found.feeds] == [ada], "before the first run there is only the web to ask"
    web.run()
    asked = len(web.server.requests)
    found = subscribed(web.world.open(scratch=True))
    assert [(source.url, source.title) for source in found.feeds] == [(ada, "Ada")]
    assert found.problems == ()
    assert len(web.server.requests) == asked
    web.server.routes["/roll.opml"] = status(500)
    web.run(hours=1)
    [problem] = subscribed(web.world.open(scratch=True)).problems
    assert "has trouble of its own, 500 (its last good copy of 1 feed is used; " in problem


def test_a_rehearsal_asks_again_only_when_the_copy_is_old(web: Web) -> None:
    web.names(line(web.feed("ada", entry("https://ada.example/1"))))
    web.run()
    web.names()
    for minutes, asked in ((10, 1), (10, 2)):
        web.world.clock.move(minutes=minutes)
        before = web.world.files()
        run.rehearse(web.world.open(scratch=True))
        assert len(web.server.asked("/roll.opml")) == asked
        assert web.world.files() == before


def test_what_the_settings_no_longer_name_is_forgotten(web: Web) -> None:
    web.names(line(web.feed("ada")))
    web.run()
    web.world.sources = []
    assert web.world.run(hours=1).blogrolls == ()
    assert web.world.stored("blogrolls") == web.world.stored("blogroll_copies") == {}


def test_a_blogroll_that_moved_for_good_is_asked_at_its_new_place(web: Web) -> None:
    web.names(line(web.feed("ada")), path="/new.opml", etag='"v1"')
    web.server.routes["/roll.opml"] = status(301, Location="/new.opml")
    web.run()
    web.run(hours=1)
    assert len(web.server.asked("/roll.opml")) == 1
    assert [request.get("If-None-Match") for request in web.server.asked("/new.opml")] == [None, '"v1"']
    web.server.routes["/new.opml"] = status(404)
    web.run(hours=1)
    web.run(hours=1)
    assert len(web.server.asked("/roll.opml")) == 2, "when that fails it is looked for from the start"


# --- Blogrolls of blogrolls


def include(url: str, title: str) -> str:
    return f'<outline type="include" text="{title}" url="{url}"/>'


def test_included_lists_are_followed_one_level_deep(web: Web) -> None:
    ada, bob, eve = (web.feed(name) for name in ("ada", "bob", "eve"))
    friends = web.server.url("/friends.opml")
    web.names(line(ada), include(friends, "Friends"), include(web.roll, "Myself"))
    web.names(
        f'<outline text="Near">{line(bob)}</outline>', line(ada), include(web.roll, "Loop"),
        include(web.server.url("/deeper.opml"), "Deeper"), path="/friends.opml",
    )  # fmt: skip
    first = web.run()
    assert [(each.url, each.folders) for each in first.feeds] == [(ada, ()), (bob, ("Friends", "Near"))]
    assert len(web.server.asked("/roll.opml")) == len(web.server.asked("/friends.opml")) == 1
    assert web.server.asked("/deeper.opml") == []
    web.names(line(bob), line(eve), path="/friends.opml")
    second = web.run(hours=1)
    assert second.change.added == (eve,)
    assert [each.after for each in second.change.renamed] == [f"Friends / {bob}"]
    web.server.routes["/friends.opml"] = status(500)
    third = web.run(hours=1)
    assert (len(third.feeds), bool(third.change)) == (3, False)
    [error] = web.report.errors
    assert error.startswith(
        f"Friends ({friends}): has trouble of its own, 500 (its last good copy of 2 feeds is used; "
    )
    web.server.routes["/roll.opml"] = status(500)
    web.run(hours=1)
    assert len(web.report.errors) == 2, "each list once, though the blogroll includes itself"


def test_files_include_files_beside_them_and_a_missing_one_is_told(world: SmallWorld) -> None:
    world.feed("ada", entry("https://ada.example/1"))
    world.sources = [{"kind": "curated", "opml": "roll.opml"}]
    (world.folder / "roll.opml").write_bytes(opml(include("more.opml", "More"), include("gone.opml", "Gone")))
    (world.folder / "more.opml").write_bytes(opml(line("ada.xml")))
    report = world.run()
    assert [each.folders for each in report.blogrolls[0].feeds] == [("More",)]
    [error] = report.errors
    assert "gone.opml: no such file" in error


def test_a_list_on_the_web_includes_no_files_of_mine(web: Web) -> None:
    (web.world.folder / "mine.opml").write_bytes(opml(line("https://secret.example/f")))
    web.names(line(web.feed("ada")), include((web.world.folder / "mine.opml").as_uri(), "Mine"))
    assert len(web.run().feeds) == 1


# --- A page instead of a blogroll


def test_a_page_in_the_settings_is_searched_once_and_its_blogroll_asked_from_then_on(web: Web) -> None:
    ada, bob = web.feed("ada"), web.feed("bob")
    web.world.sources[-1]["opml"] = web.server.url("/")
    web.server.routes["/"] = body(b"<html><link rel=blogroll href=/b.opml>", Content_Type="text/html")
    web.names(line(ada), path="/b.opml", etag='"v1"')
    first = web.run()
    assert ([each.url for each in first.feeds], web.report.errors) == ([ada], [])
    assert not web.run(hours=1).change
    assert [request.get("If-None-Match") for request in web.server.asked("/b.opml")] == [None, '"v1"']
    assert len(web.server.asked("/")) == 1
    web.server.routes["/b.opml"] = status(404)
    web.server.routes["/"] = body(b"<html><link rel=blogroll href=/c.opml>", Content_Type="text/html")
    web.names(line(ada), line(bob), path="/c.opml")
    assert len(web.run(hours=1).feeds) == 1
    assert web.run(hours=1).change.added == (bob,), "it is looked for anew where it is no more"


def test_a_list_that_is_known_by_one_name_is_read_in_full_under_another(web: Web) -> None:
    web.names(line(web.feed("ada")), etag='"v1"')
    web.server.routes["/moved"] = status(308, Location="/roll.opml")
    both = [{"kind": "curated", "opml": web.server.url(path)} for path in ("/moved", "/roll.opml")]
    web.world.sources = both[:1]
    web.world.run()
    web.world.sources = both
    for _ in range(2):
        assert [len(roll.feeds) for roll in web.world.run(hours=1).blogrolls] == [1, 1]
    assert [request.get("If-None-Match") for request in web.server.asked("/roll.opml")] == [None, None, '"v1"']


def test_so_many_included_lists_are_read_and_the_rest_is_told(world: SmallWorld) -> None:
    world.sources = [{"kind": "curated", "opml": "roll.opml"}]
    (world.folder / "roll.opml").write_bytes(opml(*(include(f"{n}.opml", str(n)) for n in range(MOST_INCLUDES + 2))))
    errors = world.run().errors
    assert sum("no such file" in error for error in errors) == MOST_INCLUDES
    assert errors[0] == f"roll.opml: includes more than {MOST_INCLUDES} lists; 2 are left out"


def test_a_refresh_asks_also_what_is_left_alone_for_now(web: Web) -> None:
    ada = web.feed("ada")
    web.run()
    web.names(line(ada))
    assert web.run(minutes=1, refresh=False).feeds == ()
    assert [each.url for each in web.run().feeds] == [ada]


def test_a_blogroll_behind_a_passing_redirect_is_asked_with_its_validators(web: Web) -> None:
    web.names(line(web.feed("ada")), path="/today.opml", etag='"v1"')
    web.server.routes["/roll.opml"] = status(302, Location="/today.opml")
    web.run()
    assert len(web.run(hours=1).feeds) == 1
    assert len(web.server.asked("/roll.opml")) == 2
    assert [request.get("If-None-Match") for request in web.server.asked("/today.opml")] == [None, '"v1"']
