"""The link check in whole runs: what is dead never goes out, what nobody can tell of waits, nobody is pestered."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from counterparts import feed_server
from counterparts.feed_server import FeedServer, status
from counterparts.page_server import html, page, validated_page
from pieces import NOON
from small_world import SmallWorld, entry

from platforms.errors import AuthFailed
from syndicator import byhand, networks, run, urls
from syndicator.linkcheck import lookout
from syndicator.linkcheck.verdict import WAITS
from syndicator.outbox import Outbox, State
from syndicator.report import Report
from syndicator.share import Queued, queue_link
from syndicator.sources import answer, connect
from syndicator.sources.base import SourceError


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    made = SmallWorld(tmp_path, monkeypatch)
    made.fetch["allow_private"] = ["127.0.0.1"]
    made.account()
    return made


@pytest.fixture
def site() -> Iterator[FeedServer]:
    with feed_server.running() as server:
        yield server


def announce(world: SmallWorld, site: FeedServer, *paths: str, **more: object) -> list[str]:
    """A feed with these pages, the first the freshest."""
    world.feed("ada", *(entry(site.url(path), hours=2 + n) for n, path in enumerate(paths)), **more)
    return [site.url(path) for path in paths]


def skipped(report: Report) -> dict[str, str]:
    return {each.article: each.reason for each in report.choice.plan.skipped}


# --- Before planning


@pytest.mark.parametrize(
    ("route", "why"),
    [
        (status(404), "nothing at this address, 404"),
        (status(410), "gone for good, 410"),
        (status(302, Location="/"), "leads to the home page of its site now"),
        (feed_server.body(b"PK", Content_Type="application/zip"), "is not a page but application/zip"),
        (status(503), "has trouble of its own, 503"),
        (status(403), "refuses to give it, 403"),
    ],
)
def test_what_is_not_there_is_not_planned_and_another_takes_its_place(
    world: SmallWorld, site: FeedServer, route: feed_server.Route, why: str
) -> None:
    world.plan["per_day"] = 1
    site.routes |= {"/bad": route, "/good": page(), "/": page("Home")}
    bad, good = announce(world, site, "/bad", "/good")
    report = world.run()
    assert world.shared() == [good]
    assert skipped(report) == {bad: f"link check: {why}"}


def test_a_rehearsal_shows_the_same_and_remembers_nothing(world: SmallWorld, site: FeedServer) -> None:
    site.routes |= {"/bad": status(404), "/good": page()}
    bad, good = announce(world, site, "/bad", "/good")
    before = world.files()
    report = run.rehearse(world.open(scratch=True))
    assert [each.article.url for each in report.choice.plan.planned] == [good]
    assert skipped(report) == {bad: "link check: nothing at this address, 404"}
    assert world.files() == before


def test_a_plan_for_another_time_looks_at_pages_as_they_are_now(world: SmallWorld, site: FeedServer) -> None:
    site.routes |= {"/bad": status(404), "/good": page()}
    bad, good = announce(world, site, "/bad", "/good")
    report = run.rehearse(world.open(scratch=True), at=NOON + timedelta(days=3))
    assert [each.article.url for each in report.choice.plan.planned] == [good]
    assert skipped(report) == {bad: "link check: nothing at this address, 404"}


def test_my_own_post_waits_until_its_page_is_there(world: SmallWorld, site: FeedServer) -> None:
    [mine] = announce(world, site, "/new", kind="own")
    world.run()
    assert world.shared() == []
    site.routes["/new"] = page()
    world.run(minutes=10)
    assert world.shared() == [], "it was looked at just now"
    world.run(minutes=5)
    assert world.shared() == [mine]


def test_what_turns_robots_away_is_shared_after_a_day(world: SmallWorld, site: FeedServer) -> None:
    site.routes["/wall"] = status(403)
    [wall] = announce(world, site, "/wall")
    world.run()
    for wait in WAITS:
        assert world.shared() == []
        world.run(seconds=wait.total_seconds())
    assert world.shared() == [wall]
    assert world.posts()[0].why[-1] == "its page: not read: refuses to give it, 403"
    site.routes["/second"] = status(403)
    announce(world, site, "/wall", "/second")
    world.run(minutes=15)
    assert world.shared() == [wall, site.url("/second")], "its server is known by now"


def test_a_page_is_looked_at_once_for_all_accounts_and_runs(world: SmallWorld, site: FeedServer) -> None:
    world.account("pond", slots=["15:00"]), world.account("lake", slots=["15:00"])
    site.routes["/a"] = validated_page()
    announce(world, site, "/a")
    world.run()
    assert [len(site.asked("/a")), len(world.posts())] == [1, 0]
    world.run(hours=1)
    assert len(site.asked("/a")) == 1
    world.run(hours=2)
    assert [headers.get("If-None-Match") for headers in site.asked("/a")] == [None, '"v1"'], "asked before posting"
    assert world.shared("pond") == world.shared("lake") == [site.url("/a")]


def test_one_request_at_a_time_goes_to_a_host(world: SmallWorld, site: FeedServer) -> None:
    paths = [f"/{n}" for n in range(12)]
    site.routes |= dict.fromkeys(paths, page())
    announce(world, site, *paths)
    world.run()
    assert len(world.shared()) == 12
    assert site.most_at_once == 1


def test_a_server_that_asks_to_wait_is_left_alone(
    world: SmallWorld, site: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer, "now", world.clock)
    paths = [f"/{n}" for n in range(5)]
    site.routes |= dict.fromkeys(paths, status(429, Retry_After="7200"))
    announce(world, site, *paths)
    report = world.run()
    assert len(site.requests) == 1
    assert "link check: asks to wait, too many requests, 429" in skipped(report).values()
    announce(world, site, "/new", *paths)
    report = world.run(minutes=90)
    assert len(site.requests) == 1, "a page that is new waits as well"
    assert skipped(report)[site.url("/new")] == "link check: asks to wait, too many requests, 429"


def test_a_server_that_asked_to_wait_is_asked_when_that_is_over(
    world: SmallWorld, site: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer, "now", world.clock)
    site.routes |= {"/a": status(503, Retry_After="900"), "/b": page()}
    a, b = announce(world, site, "/a")[0], site.url("/b")
    world.run()
    announce(world, site, "/a", "/b")
    world.run(minutes=14)
    assert site.asked("/b") == []
    site.routes["/a"] = page()
    world.run(minutes=1)
    assert sorted(world.shared()) == [a, b]


def test_a_run_whose_feeds_found_no_network_blames_no_page(world: SmallWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: object) -> object:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(connect, "_resolve", nobody)
    world.feed("ada", entry("https://ada-garden.org/post"))
    world.sources += [{"kind": "curated", "feed": f"http://blog-{n}.example/feed"} for n in range(3)]
    report = world.run()
    assert report.errors[0].startswith("no network: none of the 3 hosts")
    [found] = world.stored("checks").values()
    assert "tries" not in found
    assert found["reason"].startswith("no network: ")


def test_no_private_page_is_asked_for(world: SmallWorld, site: FeedServer) -> None:
    world.fetch["allow_private"] = []
    site.routes["/a"] = page()
    [url] = announce(world, site, "/a")
    report = world.run()
    assert skipped(report) == {url: "link check: is on a private network, 127.0.0.1"}
    assert (world.shared(), site.requests) == ([], [])


def test_a_web_of_dead_links_ends_a_run_in_time(world: SmallWorld, site: FeedServer) -> None:
    world.plan["per_day"] = 1
    urls = announce(world, site, *(f"/{n}" for n in range(30)))
    report = world.run()
    assert world.shared() == []
    reasons = [skipped(report)[url] for url in urls]
    assert set(reasons) == {"link check: nothing at this address, 404", "its page was not checked yet"}
    assert len(site.requests) < 30


def test_a_server_that_never_answers_costs_little_and_keeps_no_place(world: SmallWorld, site: FeedServer) -> None:
    world.plan["per_day"], world.fetch["timeout"] = 4, "1s"
    paths = [f"/{n}" for n in range(40)]
    site.routes |= dict.fromkeys(paths, feed_server.header_drip())
    silent = announce(world, site, *paths)
    world.feed("bob", entry("https://bob.example/1", hours=90))
    report = world.run()
    assert world.shared() == ["https://bob.example/1"]
    assert 0 < len(site.requests) <= 3
    reason = "not asked this time, after others on its server: no answer within 1 s"
    assert skipped(report)[silent[-1]] == f"its page was {reason}"


def test_the_check_can_be_turned_off(world: SmallWorld, site: FeedServer) -> None:
    world.fetch["check_links"] = False
    [url] = announce(world, site, "/nowhere")
    world.run()
    assert world.shared() == [url]
    assert site.requests == []


def test_names_for_examples_are_not_looked_up(world: SmallWorld) -> None:
    world.feed("ada", entry("https://ada.example/1"))
    world.run()
    assert world.shared() == ["https://ada.example/1"]
    assert world.stored("checks") == {}


def test_what_a_page_says_fills_in_what_its_feed_does_not(world: SmallWorld, site: FeedServer) -> None:
    world.accounts["links"] = {"platform": "linkblog", "folder": "public"}
    head = (
        '<meta property="og:image" content="/p.png"><meta property="og:image:alt" content="A wet towpath">'
        '<meta property="og:description" content="It rained all day">'
    )
    site.routes["/a"] = page(head=head)
    link = site.url("/a")
    world.feed("ada", entry(link, words=0))
    world.run()
    [post] = [each for each in world.posts() if each.account == "links"]
    assert post.draft.card is not None
    assert (post.draft.card.image, post.draft.card.image_alt) == (site.url("/p.png"), "A wet towpath")
    assert post.draft.card.description == "It rained all day"
    assert post.draft.language == "en"


@pytest.mark.parametrize(("admitted", "shared"), [([], []), (["fr"], ["fr"])])
def test_a_page_s_word_on_its_language_comes_before_what_its_feed_says_of_all(
    world: SmallWorld, site: FeedServer, admitted: list[str], shared: list[str]
) -> None:
    world.judge["languages"] = admitted
    site.routes["/a"] = feed_server.body(html().replace(b"lang=en", b"lang=fr"), Content_Type="text/html")
    [url] = announce(world, site, "/a", says="<language>en-US</language>")
    report = world.run()
    assert [each.draft.language for each in world.posts()] == shared
    refused = {} if shared else {url: "written in 'fr'; add that to `languages` of [judge] to share it"}
    assert skipped(report) == refused


# --- Before posting


def queued(world: SmallWorld, site: FeedServer, path: str = "/a") -> str:
    """A link in the queue by hand, for three hours from now."""
    world.accounts["pond"]["slots"] = ["15:00"]
    site.routes[path] = page()
    share(world, site.url(path))
    world.clock.move(hours=3)
    return site.url(path)


def share(world: SmallWorld, url: str, **named: object) -> Queued:
    space = world.open()
    return queue_link(space, [networks.open_account(space, "pond")], url, **named)


def test_a_page_that_died_since_it_was_planned_is_not_posted(world: SmallWorld, site: FeedServer) -> None:
    queued(world, site)
    world.accounts["pond"]["slots"] = []
    site.routes["/a"] = status(404)
    [waits] = world.run().held_back
    assert (waits.state, waits.retry_at) == (State.QUEUED, world.clock() + WAITS[0])
    report = world.run(minutes=15)
    [post] = world.posts()
    assert report.held_back == [post]
    assert (post.state, post.error) == (State.CANCELLED, "link check: nothing at this address, 404")
    assert post.history[-1].why == post.error
    world.run(days=1)
    assert world.shared() == []


def test_a_page_that_is_gone_for_good_is_given_up_at_once(world: SmallWorld, site: FeedServer) -> None:
    queued(world, site)
    site.routes["/a"] = status(410)
    [post] = world.run().held_back
    assert (post.state, post.error) == (State.CANCELLED, "link check: gone for good, 410")


def test_a_page_that_was_away_for_a_moment_is_posted_after_all(world: SmallWorld, site: FeedServer) -> None:
    url = queued(world, site)
    world.accounts["pond"]["slots"] = []
    site.routes["/a"] = status(404)
    world.run()
    site.routes["/a"] = page()
    world.run(minutes=15)
    assert world.shared() == [url]


def test_a_page_that_nobody_can_tell_of_delays_its_post(world: SmallWorld, site: FeedServer) -> None:
    url = queued(world, site)
    site.routes["/a"] = status(503)
    [held] = world.run().held_back
    assert (held.state, held.retry_at) == (State.QUEUED, world.clock() + WAITS[0])
    assert world.run(minutes=10).held_back == []
    site.routes["/a"] = page()
    world.accounts["pond"]["slots"] = []
    world.run(minutes=5)
    assert world.shared() == [url]
    assert world.posts()[0].error == ""


def test_a_server_that_never_answered_while_it_was_planned_is_not_asked_again(
    world: SmallWorld, site: FeedServer
) -> None:
    url = queued(world, site)
    world.fetch["timeout"] = "1s"
    site.requests.clear()
    site.routes |= dict.fromkeys(("/a", "/1", "/2", "/3"), feed_server.header_drip())
    announce(world, site, "/1", "/2", "/3")
    [held] = world.run().held_back
    assert (held.article, held.retry_at) == (url, world.clock() + WAITS[0])
    assert site.asked("/a") == []


def test_a_post_whose_page_never_answers_expires(world: SmallWorld, site: FeedServer) -> None:
    queued(world, site)
    world.accounts["pond"]["slots"] = []
    site.routes["/a"] = status(503)
    for _ in range(20):
        world.run(hours=12)
    [post] = world.posts()
    assert (post.state, world.shared()) == (State.EXPIRED, [])
    assert post.history[-1].why == "link check: has trouble of its own, 503; so for 3d"


@pytest.mark.parametrize(
    ("route", "why"),
    [
        (status(429, Retry_After="31536000"), "asks to wait, too many requests, 429"),
        (status(403), "refuses to give it, 403"),
        (status(503), "has trouble of its own, 503"),
    ],
)
def test_a_check_that_fails_delays_a_post_for_three_days_at_most_and_says_so_each_time(
    world: SmallWorld, site: FeedServer, monkeypatch: pytest.MonkeyPatch, route: feed_server.Route, why: str
) -> None:
    monkeypatch.setattr(answer, "now", world.clock)
    queued(world, site)
    world.accounts["pond"]["slots"] = []
    site.routes["/a"] = route
    began, told = world.clock(), []
    while world.posts()[0].state is State.QUEUED and world.clock() - began < timedelta(days=9):
        told += world.run(minutes=30).held_back
    [post] = world.posts()
    if post.state is State.POSTED:  # six refusals in a day are believed to be for robots only
        assert "403" in why
        assert world.clock() - began <= timedelta(days=2)
    else:
        assert post.state is State.EXPIRED
        assert timedelta(days=2.5) < world.clock() - began <= timedelta(days=3.5)
    assert told
    assert {each.error for each in told} == {f"link check: {why}"}
    assert [change.why for change in post.history if change.why == f"link check: {why}"], "its history says so"


def test_its_owner_may_send_it_all_the_same(world: SmallWorld, site: FeedServer) -> None:
    url = queued(world, site)
    site.routes["/a"] = status(410)
    [dead] = world.run().held_back
    Outbox(world.open().state).save(byhand.retry(dead, world.clock()))
    assert world.run().held_back == []
    assert world.shared() == [url]


def test_a_run_that_is_killed_while_it_looks_loses_nothing(
    world: SmallWorld, site: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.routes |= {"/a": page(), "/b": page()}
    links = announce(world, site, "/a", "/b")
    really = lookout.check

    def killed(*given: object, **named: object) -> Iterator[object]:
        checks = really(*given, **named)  # type: ignore[arg-type]
        yield next(checks)
        raise KeyboardInterrupt

    monkeypatch.setattr(lookout, "check", killed)
    with pytest.raises(KeyboardInterrupt):
        world.run()
    assert world.posts() == []
    monkeypatch.setattr(lookout, "check", really)
    world.run()
    assert sorted(world.shared()) == sorted(links)


# --- One page under two addresses


def canonical(url: str) -> str:
    return f'<link rel="canonical" href="{url}">'


def test_a_page_that_redirects_to_what_was_shared_is_not_shared_again(world: SmallWorld, site: FeedServer) -> None:
    site.routes |= {"/a": page(), "/short": status(302, Location="/a")}
    [url] = announce(world, site, "/a")
    world.run()
    world.feed("bob", entry(site.url("/short"), title="Something Ada wrote", hours=1))
    report = world.run(minutes=30)
    assert world.shared() == [url]
    assert {each.reason for each in report.choice.plan.skipped} == {"already shared here"}
    assert site.url("/short") in world.stored("articles")[url]["aliases"]


def test_two_new_addresses_of_one_page_are_one_article(world: SmallWorld, site: FeedServer) -> None:
    head = canonical(site.url("/a"))
    site.routes |= {"/a": page(head=head), "/2026/copy": page(head=head)}
    world.feed("ada", entry(site.url("/a"), title="On moss", hours=2))
    world.feed("bob", entry(site.url("/2026/copy"), title="What Ada says of moss", hours=5))
    world.run()
    assert len(world.shared()) == 1


@pytest.mark.parametrize("blog", ["/blog", "/one"])
def test_a_site_whose_pages_all_call_themselves_the_same_loses_no_piece(
    world: SmallWorld, site: FeedServer, blog: str
) -> None:
    titles = {"/one": "On pruning old apple trees", "/two": "A recipe for quince jelly", "/three": "A slow train"}
    site.routes |= {path: page(title, canonical(site.url(blog))) for path, title in titles.items()}
    world.feed("ada", *(entry(site.url(path), title=title, hours=2) for path, title in titles.items()))
    world.run()
    assert sorted(world.shared()) == sorted(map(site.url, titles))


@pytest.fixture
def elsewhere(world: SmallWorld) -> Iterator[FeedServer]:
    """Another site than `site`."""
    world.fetch["allow_private"].append("127.0.0.2")
    with feed_server.running("127.0.0.2") as server:
        yield server


def credited(world: SmallWorld) -> list[str]:
    """Whom the ledger says that something was given to."""
    return [entry.identity.handle for entry in world.open().book.entries()]


def test_a_stranger_s_page_can_t_take_over_an_article(
    world: SmallWorld, site: FeedServer, elsewhere: FeedServer
) -> None:
    hers = elsewhere.url("/hers")
    site.routes["/thief"] = page("Cheap watches", canonical(hers))
    elsewhere.routes["/hers"] = page("Her own")
    [thief] = announce(world, site, "/thief")
    world.run()
    assert world.stored("checks")[thief]["canonical"] == hers
    assert "aliases" not in world.stored("articles")[thief]
    world.feed("her", entry(hers, title="Her own"))
    world.run(minutes=30)
    assert world.shared() == [thief, hers]
    assert world.stored("articles")[hers]["title"] == "Her own"


@pytest.mark.parametrize("title", ["A walk along the old canal", "Ada walks along the old canal"])
def test_a_planet_s_copy_that_was_seen_first_is_posted_as_the_writer_s(
    world: SmallWorld, site: FeedServer, elsewhere: FeedServer, title: str
) -> None:
    world.accounts["pond"]["slots"] = ["15:00"]
    hers = elsewhere.url("/hers")
    site.routes["/copy"] = page("A walk along the old canal", canonical(hers))
    elsewhere.routes["/hers"] = page("A walk along the old canal")
    world.feed("planet", entry(site.url("/copy"), title=title, hours=2))
    world.run()
    world.feed("her", entry(hers, title="A walk along the old canal", hours=2))
    world.run(hours=1)
    world.run(hours=2, minutes=5)
    assert world.shared() == [hers]
    assert credited(world) == [urls.site_of(hers)]


def test_what_a_redirect_of_another_site_leads_to_is_posted_and_credited(
    world: SmallWorld, site: FeedServer, elsewhere: FeedServer
) -> None:
    long = elsewhere.url("/long")
    site.routes["/sl"] = status(301, Location=f"{long}?utm_source=sl")
    elsewhere.routes |= {"/long": page(), "/long?utm_source=sl": page()}
    world.feed("links", entry(site.url("/sl"), title="See what she found in the woods", hours=1))
    world.feed("her", entry(long, title="A walk along the old canal"))
    world.run()
    assert world.shared() == [long]
    assert [(each.article, each.site) for each in world.posts()] == [(long, urls.site_of(long))]
    assert credited(world) == [urls.site_of(long)]


def test_a_page_is_posted_where_it_was_found_and_never_twice(world: SmallWorld, site: FeedServer) -> None:
    final = site.url("/pr-final")
    site.routes |= {"/pr": status(301, Location="/pr-final?utm_source=feed"), "/pr-final": page()}
    site.routes["/pr-final?utm_source=feed"] = page()
    [told] = announce(world, site, "/pr")
    world.run()
    assert world.shared() == [final]
    assert len(site.requests) == 2, "the page is not asked for once more under its other name"
    world.feed("bob", entry(final, title="Found by Bob", hours=1))
    for _ in range(2):
        assert world.run(hours=1).outcomes == []
    [reason] = share(world, told).reasons
    assert reason.startswith("pond: already there (posted, ")


@pytest.mark.parametrize("asks", ["/verify/story", "/story;s=81723"])
def test_where_a_redirect_leads_for_the_moment_is_not_what_is_posted(
    world: SmallWorld, site: FeedServer, asks: str
) -> None:
    site.routes |= {"/story": status(302, Location=asks), asks: page("Are you over 18?")}
    [story] = announce(world, site, "/story")
    world.run()
    assert world.shared() == [story]
    assert "aliases" not in world.stored("articles")[story]


@pytest.mark.parametrize("asks", ["/verify/story", "/story;s=81723"])
def test_nor_what_is_shared_by_hand(world: SmallWorld, site: FeedServer, asks: str) -> None:
    site.routes |= {"/story": status(302, Location=asks), asks: page("Are you over 18?")}
    share(world, site.url("/story"))
    assert [each.article for each in world.posts()] == [site.url("/story")]


def test_a_redirect_for_the_moment_leads_to_what_calls_itself_so(world: SmallWorld, site: FeedServer) -> None:
    site.routes |= {"/story": status(302, Location="/here"), "/here": page(head=canonical(site.url("/here")))}
    announce(world, site, "/story")
    world.run()
    assert world.shared() == [site.url("/here")]


@pytest.mark.parametrize(("code", "at"), [(301, "/here"), (302, "/story")])
def test_a_page_that_sends_its_readers_on_is_there_for_good_if_it_was(
    world: SmallWorld, site: FeedServer, code: int, at: str
) -> None:
    gate = page("Redirecting", '<meta http-equiv="refresh" content="0; url=/here">', "-")
    site.routes |= {"/story": status(code, Location="/gate"), "/gate": gate, "/here": page()}
    announce(world, site, "/story")
    world.run()
    assert world.shared() == [site.url(at)]


def test_what_was_posted_before_its_page_moved_is_not_posted_again(world: SmallWorld, site: FeedServer) -> None:
    site.routes["/pr"] = page()
    [told] = announce(world, site, "/pr")
    world.run()
    site.routes |= {"/pr": status(301, Location="/pr-final"), "/pr-final": page()}
    world.account("lake")
    announce(world, site, "/pr")
    world.feed("bob", entry(site.url("/pr-final"), title="Found by Bob", hours=1))
    world.run(days=2)
    assert world.shared("pond") == [told]


def test_entries_of_one_page_stay_apart_though_their_page_is_one(world: SmallWorld, site: FeedServer) -> None:
    site.routes["/notes"] = page()
    told = announce(world, site, "/notes#one", "/notes#two")
    world.run()
    assert sorted(world.shared()) == told


def test_what_turns_out_to_be_one_page_in_the_queue_goes_out_once(world: SmallWorld, site: FeedServer) -> None:
    world.accounts["pond"]["slots"] = ["15:00", "15:30"]
    site.routes |= {"/a": page(), "/b": page("Another")}
    for path in ("/a", "/b"):
        share(world, site.url(path))
    site.routes["/b"] = status(301, Location="/a")
    world.run(hours=3)
    report = world.run(minutes=40)
    assert world.shared() == [site.url("/a")]
    [repeated] = report.held_back
    assert (repeated.article, repeated.state) == (site.url("/b"), State.CANCELLED)
    assert repeated.error.startswith(f"the same page as {site.url('/a')} (post ")


def test_what_its_owner_insists_on_is_still_not_posted_twice(world: SmallWorld, site: FeedServer) -> None:
    site.routes |= {"/a": page(), "/old": status(404)}
    share(world, site.url("/old"), anyway=True, say="Read this")
    outbox = Outbox(world.open().state)
    [old] = outbox
    outbox.save(byhand.skip(old, world.clock()))
    site.routes["/old"] = status(301, Location="/a")
    announce(world, site, "/a")
    world.run(hours=1)
    outbox = Outbox(world.open().state)
    [skipped_post] = [each for each in outbox if each.id == old.id]
    outbox.save(byhand.retry(skipped_post, world.clock()))
    [repeated] = world.run().held_back
    assert (repeated.id, repeated.state) == (old.id, State.CANCELLED)
    assert world.shared() == [site.url("/a")]


def test_a_page_that_sends_its_readers_on_is_followed(world: SmallWorld, site: FeedServer) -> None:
    world.plan["per_day"] = 1
    moved = '<meta http-equiv="refresh" content="0; url={}">'
    site.routes |= {
        "/lost": page("Redirecting", moved.format("/"), "-"),
        "/gone": page("Redirecting", moved.format("/nowhere"), "-"),
        "/moved": page("Redirecting", moved.format("/here"), "-"),
        "/here": page(head='<meta property="og:description" content="It is here">'),
        "/": page("Home"),
    }
    lost, gone, moved_from = announce(world, site, "/lost", "/gone", "/moved")
    report = world.run()
    here = site.url("/here")
    assert world.shared() == [here]
    assert skipped(report) == {
        lost: "link check: leads to the home page of its site now",
        gone: "link check: nothing at this address, 404",
    }
    assert {world.stored("checks")[each]["description"] for each in (moved_from, here)} == {"It is here"}


def test_what_was_shared_under_another_address_is_not_shared_by_hand_either(
    world: SmallWorld, site: FeedServer
) -> None:
    site.routes |= {"/a": page(), "/b": page()}
    world.feed("ada", entry(site.url("/a"), title="On moss", hours=9))
    world.run()
    world.feed("bob", entry(site.url("/b"), title="What Ada says of moss", hours=1))
    site.routes["/b"] = status(301, Location="/a")
    world.run(minutes=30)
    [reason] = share(world, site.url("/b")).reasons
    assert reason.startswith("pond: already there (posted, ")


def test_the_same_page_on_another_account_is_no_repeat(world: SmallWorld, site: FeedServer) -> None:
    world.account("lake")
    site.routes |= {"/a": page(), "/b": page("Another")}
    share(world, site.url("/a"))
    space = world.open()
    queue_link(space, [networks.open_account(space, "lake")], site.url("/b"))
    site.routes["/b"] = status(301, Location="/a")
    [moved] = world.run(hours=2).held_back
    assert (moved.account, moved.error) == (
        "lake",
        f"link check: its page moved to {site.url('/a')} since it was planned",
    )
    Outbox(world.open().state).save(byhand.retry(moved, world.clock()))
    assert world.run().held_back == [], "its owner wants it all the same, and it is not twice on one account"
    assert (world.shared("pond"), world.shared("lake")) == ([site.url("/a")], [site.url("/b")])


def approve(world: SmallWorld) -> None:
    """Let all go out that waits for its owner."""
    outbox = Outbox(world.open().state)
    outbox.save(*(byhand.approve(each, world.clock()) for each in outbox.in_state(State.AWAITING)))


def test_a_page_that_moved_since_it_was_planned_is_not_posted_but_planned_anew_where_it_is(
    world: SmallWorld, site: FeedServer
) -> None:
    world.account(approve="ask")
    site.routes["/a"] = page()
    [url] = announce(world, site, "/a")
    world.run()
    approve(world)
    site.routes |= {"/a": status(301, Location="/b"), "/b": page()}
    there = site.url("/b")
    [gone] = world.run(hours=2).held_back
    assert (gone.article, gone.state) == (url, State.CANCELLED)
    assert gone.history[-1].why == gone.error == f"link check: its page moved to {there} since it was planned"
    assert world.shared() == []
    [again] = world.run(hours=1).awaiting
    assert (again.article, again.draft.url) == (there, there)
    approve(world)
    world.run(minutes=10)
    assert world.shared() == [there]
    assert world.run(hours=1).awaiting == []


def test_a_page_that_calls_itself_something_else_since_it_was_planned_is_not_posted(
    world: SmallWorld, site: FeedServer
) -> None:
    url, other = queued(world, site), site.url("/2026/moss")
    world.accounts["pond"]["slots"] = []
    site.routes["/a"] = page(head=canonical(other))
    [held] = world.run().held_back
    assert (held.article, held.state) == (url, State.CANCELLED)
    assert held.error == f"link check: its page calls itself {other} since it was planned"
    assert world.run(hours=1).held_back == []
    assert world.shared() == []


@pytest.mark.parametrize("head", ["itself", ""])
def test_a_page_that_stayed_where_it_was_is_posted(world: SmallWorld, site: FeedServer, head: str) -> None:
    """Also when it says so only now, or leads to another form of its address."""
    url = queued(world, site)
    world.accounts["pond"]["slots"] = []
    site.routes |= {"/a": status(301, Location="/a/"), "/a/": page(head=canonical(site.url("/a/")) if head else "")}
    assert world.run().held_back == []
    assert world.shared() == [url]


@pytest.mark.parametrize("together", [True, False], ids=["in one run", "one after the other"])
def test_two_articles_that_lead_for_good_to_one_unknown_page_are_shared_once(
    world: SmallWorld, site: FeedServer, elsewhere: FeedServer, together: bool
) -> None:
    world.plan["per_day"] = 2 if together else 1
    away = status(301, Location=elsewhere.url("/one"))
    site.routes |= {"/sl/1": away, "/sl/2": away, "/sl/3": page("Another")}
    elsewhere.routes["/one"] = page()
    titles = {"/sl/1": "See what she found", "/sl/2": "A great read on canals", "/sl/3": "On moss"}
    world.feed(
        "links", *(entry(site.url(path), title=title, hours=2 + n) for n, (path, title) in enumerate(titles.items()))
    )
    reports = [world.run(days=bool(n)) for n in range(1 if together else 2)]
    [first] = [each for each in world.posts() if each.state is State.POSTED and "/sl/3" not in each.article]
    [repeated] = reports[-1].held_back
    assert (repeated.state, repeated.error) == (State.CANCELLED, f"the same page as {first.article} (post {first.id})")
    assert len(elsewhere.asked("/one")) > 0


def test_two_articles_that_lead_to_one_page_for_the_moment_are_two(world: SmallWorld, site: FeedServer) -> None:
    site.routes |= {
        "/1": status(302, Location="/gate"),
        "/2": status(302, Location="/gate"),
        "/gate": page("Are you 18?"),
    }
    world.feed("ada", entry(site.url("/1"), title="On moss"), entry(site.url("/2"), title="A slow train"))
    world.run()
    assert sorted(world.shared()) == [site.url("/1"), site.url("/2")]


def test_the_younger_address_of_a_page_was_shared_so_the_elder_is_not(world: SmallWorld, site: FeedServer) -> None:
    world.plan["first_run"] = 0
    site.routes |= {"/a": page(), "/b": page("Another")}
    announce(world, site, "/a")
    world.run()
    share(world, site.url("/b"))
    world.run(minutes=1)
    assert world.shared() == [site.url("/b")]
    site.routes["/b"] = status(301, Location="/a")
    world.clock.move(hours=2)
    share(world, site.url("/b"), anyway=True)
    world.run()
    [reason] = share(world, site.url("/a")).reasons
    assert reason.startswith("pond: already there (posted, ")


def test_what_an_account_that_is_held_would_post_is_not_looked_at(world: SmallWorld, site: FeedServer) -> None:
    script = world.account()
    queued(world, site)
    world.accounts["pond"]["slots"] = []
    script["publish"] = [AuthFailed("pond", "revoked")]
    world.run()
    asked = len(site.requests)
    world.run(hours=2)
    assert len(site.requests) == asked


def test_checks_that_nobody_needs_any_more_are_forgotten(world: SmallWorld, site: FeedServer) -> None:
    site.routes |= {"/old": page(), "/new": page()}
    announce(world, site, "/old")
    world.run()
    world.feed("ada", entry(site.url("/new"), hours=-24 * 31))
    world.run(days=31, hours=1)
    assert set(world.stored("checks")) == {site.url("/new")}


# --- By hand


def test_a_known_link_that_died_is_refused_and_shared_only_on_insisting(world: SmallWorld, site: FeedServer) -> None:
    world.plan["first_run"] = 0
    [url] = announce(world, site, "/a")
    world.run()
    with pytest.raises(SourceError, match=r"404.*--anyway"):
        share(world, url)
    assert world.posts() == []
    assert share(world, url, anyway=True).doubt == "nothing at this address, 404"
    world.run()
    assert world.shared() == [url]


def test_what_robots_can_t_read_is_shared_with_a_doubt(world: SmallWorld, site: FeedServer) -> None:
    site.routes["/wall"] = status(403)
    url = site.url("/wall")
    with pytest.raises(SourceError, match=r"403.*--text"):
        share(world, url)
    done = share(world, url, say="Worth it")
    assert done.doubt == "refuses to give it, 403"
    world.run(hours=2)
    assert world.shared() == [url], "its owner vouched for it"
