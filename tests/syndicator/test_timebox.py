"""A run's time: nobody takes it all, and what it does not reach is said and left for the next run."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from counterparts import feed_server
from counterparts.feed_server import FeedServer, Handler
from pieces import NOON, post
from small_world import SmallWorld, entry

from platforms.base import Actor, Interaction
from syndicator import timebox
from syndicator.outbox import Outbox, State
from syndicator.outcomes import Posted
from syndicator.report import Report
from syndicator.settings import SettingsError
from syndicator.sources.fetch import FetchOptions, FetchRequest, fetch_many
from syndicator.sources.fetched import Fetched
from syndicator.sources.parsing import Workers, parse_all
from syndicator.timebox import Timetable

#: Real time passes only while something is waited for, and that is this long at most.
BUDGET = 2.0


class Watch:
    """A clock that stands still until it is moved, in seconds."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    watch = Watch()
    monkeypatch.setattr(timebox, "monotonic", watch)
    return watch


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    world = SmallWorld(tmp_path, monkeypatch)
    world.timing = {"budget": f"{BUDGET:g}s"}
    world.fetch = {"timeout": "5m", "allow_private": ["127.0.0.1"]}
    return world


@pytest.fixture
def site() -> Iterator[FeedServer]:
    """Never answers at /silent."""
    opened = threading.Event()

    def silent(handler: Handler) -> None:
        opened.wait(300)
        handler.answer(503, {})

    with feed_server.running() as running:
        running.routes["/silent"] = silent
        yield running
        opened.set()


def posted(report: Report) -> list[str]:
    return [each.post.account for each in report.outcomes if isinstance(each, Posted)]


def due(world: SmallWorld, account: str, count: int) -> None:
    """So many posts that were due an hour ago."""
    when = NOON - timedelta(hours=1)
    Outbox(world.open().state).save(
        *(post(f"https://{account}{number}.example/a", account, when=when) for number in range(count))
    )


# --- The time


def test_without_a_limit_there_is_always_time() -> None:
    assert timebox.left() is None
    assert not timebox.is_up()


def test_an_inner_limit_never_reaches_beyond_the_outer_one(watch: Watch) -> None:
    with timebox.within(10):
        with timebox.within(60):
            assert timebox.left() == 10
        with timebox.within(4):
            watch.move(3)
            assert timebox.left() == 1
            watch.move(3)
            assert timebox.is_up()
        assert timebox.left() == 4
    assert timebox.left() is None


def test_a_stage_has_what_those_before_it_left_over(watch: Watch) -> None:
    time = Timetable(100)
    watch.move(20)
    with time.until(0.5):
        assert timebox.left() == pytest.approx(30)
    watch.move(70)
    with time.until(0.5):
        assert timebox.is_up()
    with time.until(1.0):
        assert timebox.left() == pytest.approx(10)


def test_posting_and_collecting_have_a_share_of_their_own() -> None:
    parts = (timebox.READING, timebox.SETTLING, timebox.LOOKING, timebox.CHECKING, timebox.POSTING, timebox.COLLECTING)
    assert list(parts) == sorted(parts)
    assert timebox.POSTING - timebox.CHECKING >= 0.1
    assert timebox.COLLECTING - timebox.POSTING >= 0.1
    assert parts[-1] == 1


@pytest.mark.parametrize("budget", ["0m", "25h"])
def test_a_budget_that_makes_no_sense_is_refused(world: SmallWorld, budget: str) -> None:
    world.timing["budget"] = budget
    with pytest.raises(SettingsError, match=r"run.*budget must be longer than nothing"):
        world.settings()


# --- Fetching and parsing


def test_what_does_not_answer_in_time_is_late_and_no_failure(site: FeedServer) -> None:
    site.routes["/well"] = feed_server.body()
    requests = [FetchRequest(site.url(path)) for path in ("/well", "/silent", "/other")]
    options = FetchOptions(timeout=300, allow_private=("127.0.0.1",))
    with timebox.within(1):
        fetched = {each.url: each for each in fetch_many(requests, options)}
    assert [fetched[request.url].late for request in requests] == [False, True, True]
    assert fetched[site.url("/silent")].unasked
    assert not fetched[site.url("/silent")].unreached


def test_nothing_is_asked_when_the_time_is_up_already(site: FeedServer) -> None:
    with timebox.within(0):
        [fetched] = fetch_many([FetchRequest(site.url("/well"))], FetchOptions(allow_private=("127.0.0.1",)))
    assert fetched.late
    assert site.requests == []


def test_what_is_not_parsed_in_time_is_late() -> None:
    urls = [f"https://f{number}.example/" for number in range(6)]
    bodies = [Fetched(url, "ok", b"<rss/>", final_url=url) for url in urls]
    with timebox.within(0.5):
        parsed = list(parse_all(bodies, NOON, Workers(1, 300, "import time; time.sleep(300)")))
    assert sorted((fetched.url, fetched.late, feed) for fetched, feed in parsed) == [(url, True, None) for url in urls]


# --- A run


@pytest.mark.usefixtures("watch")
def test_a_feed_that_never_answers_keeps_no_post_and_no_like(world: SmallWorld, site: FeedServer) -> None:
    world.account("pond")
    world.happens("pond", Interaction("like", Actor("bob"), id="1"))
    world.feed("planet", entry("https://p0.example/a"))
    world.sources.append({"kind": "curated", "feed": site.url("/silent")})
    report = world.run()
    assert posted(report) == ["pond"]
    assert report.collected["pond"] == 1
    assert (report.left, report.errors) == (["1 source, still to be read"], [])
    assert set(world.stored("sources")) == {world.folder.joinpath("planet.xml").as_uri()}
    site.routes["/silent"] = feed_server.body()
    again = world.run(hours=1)
    assert (again.intake.ok, again.left) == (1, [])


def test_one_account_that_takes_long_keeps_no_other_waiting(world: SmallWorld, watch: Watch) -> None:
    pond, lake = world.account("pond"), world.account("lake")
    due(world, "pond", 3), due(world, "lake", 3)
    all_out = threading.Event()

    def take_long() -> None:
        assert all_out.wait(60), "the other account's posts went out meanwhile"
        watch.move(0.9 * BUDGET)

    pond["publish"] = [take_long]
    lake["publish"] = [None, None, all_out.set]
    report = world.run()
    assert posted(report) == ["pond", "lake", "lake", "lake"]
    assert report.left == ["2 due posts of pond"]
    assert posted(world.run(hours=1)) == ["pond", "pond"]


def test_collecting_ends_with_the_time_and_says_so(world: SmallWorld, watch: Watch) -> None:
    script = world.account("pond", "endless")
    world.account("lake", "endless")
    script["interactions"] = [lambda: watch.move(BUDGET)]
    report = world.run()
    assert report.collected["pond"] == 1, "the page in hand is booked"
    assert [report.unread[name].partition(" was up")[0] for name in ("pond", "lake")] == [
        "pond: the time of the run",
        "lake: the time of the run",
    ]
    world.accounts["lake"]["platform"] = "scripted"
    assert "lake" in world.run(hours=1).collected


@pytest.mark.usefixtures("watch")
def test_a_page_that_could_not_be_looked_at_in_time_delays_its_post(world: SmallWorld, site: FeedServer) -> None:
    world.account("pond")
    Outbox(world.open().state).save(post(site.url("/silent"), "pond", when=NOON))
    report = world.run()
    [held] = report.held_back
    assert (held.state, held.due) == (State.QUEUED, NOON + timedelta(seconds=BUDGET))
    assert "the time of the run was up" in held.error
    assert posted(report) == []
    site.routes["/silent"] = feed_server.body(b"<title>There</title>", Content_Type="text/html")
    assert posted(world.run(minutes=30)) == ["pond"]


@pytest.mark.usefixtures("watch")
def test_what_can_not_be_looked_at_in_time_is_not_planned(world: SmallWorld, site: FeedServer) -> None:
    world.account("pond")
    world.feed("planet", entry(site.url("/silent")), entry("https://p0.example/a"))
    assert [each.article for each in (world.run(), world.posts())[1]] == ["https://p0.example/a"]
