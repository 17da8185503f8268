"""Reading sources: whatever breaks in the middle, no favour is lost and no feed counts as read that was not."""

import socket
import time
from pathlib import Path

import pytest
from counterparts.feed_server import RSS, Handler, body, running, status, validated
from small_world import MINE, SmallWorld, entry, remark

from ledger.store.base import StoreError
from syndicator import run
from syndicator.sources import connect, health

HOURLY = RSS.replace(b"<channel>", b"<channel><ttl>60</ttl>")
WEEKLY = RSS.replace(b"<channel>", b"<channel><ttl>10080</ttl>")
HERS = ("https://ada.example/1", "https://ada.example/2")


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    made = SmallWorld(tmp_path, monkeypatch)
    made.feed("ada", entry(HERS[0], f"{MINE}/a", f"{MINE}/b"), entry(HERS[1], f"{MINE}/a"), title="Ada's garden")
    return made


def favours(world: SmallWorld) -> set[tuple[str, str, str]]:
    return {(str(each.identity), each.url, each.my_url) for each in world.received()}


ALL = {
    ("web:ada.example", HERS[0], f"{MINE}/a"),
    ("web:ada.example", HERS[0], f"{MINE}/b"),
    ("web:ada.example", HERS[1], f"{MINE}/a"),
}


def test_links_to_me_are_booked_once_and_whoever_wrote_them_is_named(world: SmallWorld) -> None:
    first = world.run()
    assert (first.intake.ok, first.intake.links_to_me, first.collected["feeds"]) == (1, 3, 3)
    assert favours(world) == ALL
    second = world.run(hours=1)
    assert (second.intake.ok, second.intake.unchanged, second.intake.links_to_me) == (0, 1, 0)
    world.feed("ada", entry(HERS[0], f"{MINE}/a", f"{MINE}/b"), entry(HERS[1], f"{MINE}/a", words=99))
    third = world.run(hours=1)
    assert (third.intake.ok, third.intake.links_to_me) == (1, 0)
    assert len(world.received()) == 3
    assert [person.name for person in world.open().book.people()] == ["Ada's garden"]


@pytest.mark.parametrize("full", ["entries", "people"])
def test_when_the_ledger_can_t_be_written_the_feed_is_read_again(world: SmallWorld, full: str) -> None:
    with pytest.raises(StoreError):
        run.run(world.with_full_disk(full))
    assert world.stored("sources") == {}
    assert world.stored("articles") == {}
    assert favours(world) == set(), "favours and names count together"
    again = world.run()
    assert (again.intake.ok, again.intake.links_to_me) == (1, 3)
    assert favours(world) == ALL


@pytest.mark.parametrize("full", ["articles", "sources"])
def test_articles_and_the_health_of_their_sources_count_together(world: SmallWorld, full: str) -> None:
    world.plan["first_run"] = 0
    with pytest.raises(StoreError):
        run.run(world.with_full_disk(full))
    assert world.stored("sources") == {}
    assert world.stored("articles") == {}
    assert favours(world) == ALL, "favours are booked first"
    again = world.run()
    assert (again.intake.ok, again.intake.links_to_me) == (1, 0)
    assert [known.get("baseline") for known in world.stored("articles").values()] == [True, True]


def test_a_first_look_is_baseline_but_for_the_newest_that_first_run_allows(world: SmallWorld) -> None:
    world.plan["first_run"] = 1
    world.feed("ada", entry(HERS[0], hours=9), entry(HERS[1], hours=4))
    world.account()
    world.run()
    assert world.shared() == [HERS[1]]
    later = [f"https://ada.example/{n}" for n in (3, 4)]
    world.feed("ada", *(entry(url, hours=1) for url in later), entry(HERS[0], hours=9), entry(HERS[1], hours=4))
    world.run(hours=1)
    assert sorted(world.shared()) == sorted([HERS[1], *later]), "what is new later is news, all of it"


def test_one_dead_feed_stops_nothing_and_is_told(world: SmallWorld) -> None:
    world.sources.append({"kind": "curated", "feed": "gone.xml"})
    world.account()
    report = world.run()
    assert (report.intake.ok, report.intake.failed) == (1, 1)
    [error] = report.errors
    assert "gone.xml" in error
    assert set(world.shared()) == set(HERS)
    assert world.stored("sources")[(world.folder / "gone.xml").as_uri()]["failures"] == 1


class Names:
    """The names of a web; `lead_to` is the port that all but the `lost` ones lead to. Nobody is found without it."""

    def __init__(self, world: SmallWorld, monkeypatch: pytest.MonkeyPatch) -> None:
        self.lead_to = 0
        self.lost: set[str] = set()
        monkeypatch.setattr(connect, "_resolve", self._resolve)
        world.fetch = {"allow_private": ["127.0.0.1"]}
        world.sources += [
            {"kind": "curated", "feed": f"http://blog-{n}.example/{path}"} for n in range(4) for path in "ab"
        ]

    def _resolve(self, host: str, *_: object) -> object:
        if not self.lead_to or host in self.lost:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", self.lead_to))]


NO_NETWORK = "no network: none of the 4 hosts could be found; asked again on the next run"


def test_without_a_network_nothing_is_held_against_the_sources(
    world: SmallWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = Names(world, monkeypatch)
    world.sources.append({"kind": "curated", "feed": "gone.xml"})
    report = world.run()
    assert report.errors[0] == NO_NETWORK
    assert ["gone.xml" in error for error in report.errors] == [False, True]
    assert (report.intake.ok, report.intake.failed) == (1, 9)
    assert [url for url in world.stored("sources") if url.startswith("http:")] == []
    assert world.run().errors[0] == NO_NETWORK
    with running() as server:
        server.routes |= {f"/{path}": body() for path in "ab"}
        names.lead_to = server.server_address[1]
        assert world.run().intake.ok == 8


def test_where_anything_was_reached_each_source_that_was_not_is_told(
    world: SmallWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = Names(world, monkeypatch)
    with running() as server:
        names.lead_to, names.lost = server.server_address[1], {f"blog-{n}.example" for n in range(3)}
        report = world.run()
    assert len(report.errors) == 8
    assert sum("no such host" in error for error in report.errors) == 6
    names.lead_to = 0
    assert len(world.run(hours=2).errors) == 8, "most of them were lost before there was no network"


def test_my_own_feed_gives_articles_and_no_favours(world: SmallWorld) -> None:
    world.unsubscribe("ada")
    world.feed("mine", entry(f"{MINE}/new", f"{MINE}/a"), kind="own")
    report = world.run()
    assert (report.intake.ok, report.intake.links_to_me) == (1, 0)
    assert world.received() == []
    assert list(world.stored("articles")) == [f"{MINE}/new"]


def test_whoever_answers_first_the_same_feeds_give_the_same_articles(world: SmallWorld) -> None:
    """A quick planet and a slow blog carry one piece: it belongs to the one that is named first, on every run."""
    feed = (world.folder / "ada.xml").read_bytes()

    def slowly(handler: Handler) -> None:
        time.sleep(0.3)
        body(feed)(handler)

    with running() as server:
        server.routes |= {"/blog": slowly, "/planet": body(feed)}
        blog, planet = server.url("/blog"), server.url("/planet", "localhost")
        world.unsubscribe("ada")
        world.sources += [{"kind": "curated", "feed": url} for url in (blog, planet)]
        world.fetch = {"allow_private": ["127.0.0.1", "localhost"]}
        world.run()
    assert {each["source"] for each in world.stored("articles").values()} == {blog}


def test_a_source_is_asked_in_its_own_rhythm_and_all_of_them_on_demand(world: SmallWorld) -> None:
    with running() as server:
        server.routes |= {"/hourly": validated(HOURLY), "/weekly": validated(WEEKLY)}
        world.unsubscribe("ada")
        world.sources += [{"kind": "curated", "feed": server.url(path)} for path in ("/hourly", "/weekly")]
        world.fetch = {"allow_private": ["127.0.0.1"]}
        counts = [world.run(minutes=30).intake for _ in range(3)]
        assert [(each.ok, each.unchanged, each.not_due) for each in counts] == [(2, 0, 0), (0, 0, 2), (0, 1, 1)]
        assert [len(server.asked(path)) for path in ("/hourly", "/weekly")] == [2, 1]
        world.run(hours=23)
        assert len(server.asked("/weekly")) == 2
        again = world.run(refresh=True).intake
        assert (again.unchanged, again.not_due) == (2, 0)
        world.fetch |= {"most_interval": "15m"}
        assert world.run(minutes=15).intake.unchanged == 2, "other settings hold at once"


def test_a_retired_source_is_told_once_and_asked_on_demand_or_when_it_is_subscribed_anew(world: SmallWorld) -> None:
    with running() as server:
        source = {"kind": "curated", "feed": server.url("/feed")}
        feed = RSS.replace(b"https://ada.example/", server.url("/").encode())
        server.routes["/feed"] = body(feed)
        world.unsubscribe("ada")
        world.sources.append(source)
        world.fetch = {"allow_private": ["127.0.0.1"]}
        world.run()
        server.routes["/feed"] = status(410)
        told = world.run(days=2)
        assert (told.intake.failed, len(told.errors)) == (1, 1)
        left = world.run(days=90)
        assert (left.intake.retired, left.intake.waiting, left.errors) == (1, 0, [])
        assert world.run(refresh=True).intake.failed == 1
        assert world.run(days=1).intake.retired == 1, "asked in vain"
        world.sources.remove(source)
        world.run(days=1)
        world.sources.append(source)
        server.routes["/feed"] = body(feed)
        back = world.run(days=1)
        assert (back.intake.retired, back.intake.ok + back.intake.unchanged) == (0, 1)


def test_a_feed_that_moved_shares_nothing_again_under_either_address(world: SmallWorld) -> None:
    feed = (world.folder / "ada.xml").read_bytes()
    world.unsubscribe("ada")
    world.account()
    with running() as server:
        server.routes |= {"/old": body(feed), "/new": body(feed + b" ")}
        world.sources.append({"kind": "curated", "feed": server.url("/old")})
        world.fetch = {"allow_private": ["127.0.0.1"]}
        world.run()
        assert set(world.shared()) == set(HERS)
        server.routes["/old"] = status(301, Location="/new")
        assert world.run(hours=1, refresh=True).intake.ok == 1
        assert list(world.stored("sources")) == [server.url("/old")]
        later = feed.replace(b"</channel>", entry("https://ada.example/3", hours=-1.5).encode() + b"</channel>")
        world.sources[-1]["feed"] = server.url("/new")
        server.routes |= {"/new": body(later), "/old": status(404)}
        world.plan["first_run"] = 0
        world.run(hours=1, refresh=True)
    assert sorted(world.shared()) == sorted([*HERS, "https://ada.example/3"]), "no first look at the new address"


def test_a_feed_without_titles_is_read_and_shared(world: SmallWorld) -> None:
    world.feed("ada", remark("https://ada.example/1", f'Lock 7 is open. &lt;a href="{MINE}/a"&gt;See&lt;/a&gt;'))
    world.account()
    report = world.run()
    assert (world.shared(), report.intake.links_to_me) == (["https://ada.example/1"], 1)
    [told] = world.stored("articles").values()
    assert (told["title"], told["untitled"]) == ("Lock 7 is open.", True)


def test_links_that_count_sales_are_counted_when_a_feed_is_read(world: SmallWorld) -> None:
    ads = (f"https://amzn.to/{n}" for n in range(5))
    world.feed("ada", entry(HERS[0], *ads, "https://shop.example/?aff_id=2", "https://bob.example/amzn.to"))
    world.run()
    [told] = world.stored("articles").values()
    assert (told["links"], told["sales"]) == (7, 6)


@pytest.mark.parametrize("feeds", [["ada"], ["ada", "planet"]])
def test_untitled_posts_that_earlier_versions_left_out_are_no_news(world: SmallWorld, feeds: list[str]) -> None:
    """The state is that of a version that kept nothing of them: their sources were read, and no article is known."""
    world.account()
    old = [remark(f"https://ada.example/{n}", "The lock is open again.", hours=n) for n in (3, 4)]
    space = world.open()
    for name in feeds:
        world.feed(name, *old)
        url = (world.folder / f"{name}.xml").as_uri()
        read = health.Health(url=url, first_ok=world.clock(), last_ok=world.clock())
        space.state.put(health.COLLECTION, url, health.document(read))
    world.run(hours=1)
    assert world.shared() == []
    world.feed("ada", remark("https://ada.example/9", "And closed again.", hours=-1), *old)
    world.run(hours=1)
    assert world.shared() == ["https://ada.example/9"]


def test_the_first_post_without_a_title_is_news(world: SmallWorld) -> None:
    world.account()
    world.feed("ada", entry(HERS[0]))
    world.run()
    bare = "<item><link>https://ada.example/9</link><description>The lock is open again.</description></item>"
    world.feed("ada", bare, entry(HERS[0]))
    world.run(hours=1)
    assert world.shared() == [HERS[0], "https://ada.example/9"]


def test_items_without_a_link_are_told_once_and_are_no_error(world: SmallWorld) -> None:
    bare = "<item><title>A thought</title><guid isPermaLink='false'>1</guid></item>"
    world.feed("ada", bare, entry(HERS[0]), title="Ada's garden")
    first = world.run(hours=1)
    ada = (world.folder / "ada.xml").as_uri()
    path = world.folder / "ada.xml"
    assert first.intake.remarks == (f"Ada's garden ({path}): 1 of 2 items have no link, and can't be shared",)
    assert first.errors == []
    world.feed("ada", bare, bare.replace("1<", "2<"), entry(HERS[0]), title="Ada's garden")
    assert world.run(hours=1).intake.remarks == ()
    kept = world.stored("sources")[ada]
    assert (kept["error"], kept.get("failures", 0)) == ("2 of 3 items have no link, and can't be shared", 0)
