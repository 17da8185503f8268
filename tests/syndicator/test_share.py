"""Shares by hand: each account's next free time, or the reason why not; never twice, never past the budget."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from counterparts import feed_server
from counterparts.feed_server import FeedServer
from pieces import NOON
from small_world import MINE, SmallWorld, entry

from platforms.errors import Unreachable
from syndicator import byhand, networks
from syndicator.outbox import Outbox, State
from syndicator.share import CannotShare, Queued, queue_link
from syndicator.sources.base import SourceError
from syndicator.unshare import take_back

URL = "https://ada.example/1"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    """Articles are known and old news: nothing is posted by itself."""
    made = SmallWorld(tmp_path, monkeypatch)
    made.plan["first_run"] = 0
    made.feed("ada", *(entry(f"https://ada.example/{n}") for n in range(5)))
    made.run()
    return made


@pytest.fixture
def site() -> Iterator[FeedServer]:
    with feed_server.running() as server:
        yield server


def page(title: str) -> feed_server.Route:
    return feed_server.body(f"<html lang=de><title>{title}</title>".encode(), Content_Type="text/html")


def share(world: SmallWorld, url: str = URL, *to: str, **named: str) -> Queued:
    space = world.open()
    return queue_link(space, [networks.open_account(space, name) for name in to or world.accounts], url, **named)


# --- When and how


def test_a_link_gets_the_next_free_time_of_each_account(world: SmallWorld) -> None:
    world.account("pond", min_gap="90m"), world.account("lake", slots=["15:00"])
    queued = share(world)
    assert [(each.account, each.when, each.state) for each in queued.posts] == [
        ("pond", NOON, State.QUEUED),
        ("lake", NOON + timedelta(hours=3), State.QUEUED),
    ]
    assert queued.reasons == ()
    assert sorted(map(str, world.posts())) == sorted(map(str, queued.posts))
    second = share(world, "https://ada.example/2")
    assert [each.when for each in second.posts] == [NOON + timedelta(minutes=90), NOON + timedelta(days=1, hours=3)]
    assert {each.why for each in second.posts} == {("shared by hand",)}
    world.account("sea", min_gap="90m")
    assert [each.when for each in share(world, URL, "sea").posts] == [NOON], "each account has its own gaps"


def test_it_goes_out_as_it_was_worded_and_is_booked_as_the_return_it_is(world: SmallWorld) -> None:
    world.account()
    [queued] = share(world, say="Read this", in_return_for="their favour").posts
    world.run()
    assert world.shared() == [URL]
    [sent] = world.posts()
    assert (sent.id, sent.state, sent.draft.text) == (queued.id, State.POSTED, f"Read this\n{URL}")
    [given] = world.given()
    assert (str(given.identity), given.url, given.in_return_for) == ("web:ada.example", URL, "their favour")


def test_an_account_that_asks_is_asked_here_too(world: SmallWorld) -> None:
    world.account("pond", approve="ask"), world.account("lake")
    assert {each.account: each.state for each in share(world).posts} == {"pond": State.AWAITING, "lake": State.QUEUED}
    world.run()
    assert world.shared("pond") == []
    assert world.shared("lake") == [URL]


def test_an_account_that_may_never_post_says_so(world: SmallWorld) -> None:
    world.account(per_day=0)
    assert share(world).reasons == ("pond: no free time in the coming month; raise per_day or shorten min_gap",)
    assert world.posts() == []


def test_where_it_does_not_fit_it_is_refused_and_elsewhere_queued(world: SmallWorld) -> None:
    long = "https://ada.example/" + "long/" * 20
    world.feed("ada", entry(long))
    world.run()
    world.account("pond"), world.account("slip", platform="brief")
    queued = share(world, long)
    assert [each.account for each in queued.posts] == ["pond"]
    [reason] = queued.reasons
    assert reason.startswith("slip: ")
    assert "40 characters" in reason


@pytest.mark.parametrize("what", ["ada.example/1", "mailto:ada@ada.example", "note:1", ""])
def test_what_is_no_web_address_can_t_be_shared(world: SmallWorld, what: str) -> None:
    world.account()
    with pytest.raises(CannotShare, match="write it in full, with https://"):
        share(world, what)


# --- Once


def test_a_link_that_is_in_the_queue_is_not_queued_again_whatever_its_address(world: SmallWorld) -> None:
    world.account("pond"), world.account("lake")
    [first] = share(world, URL, "pond").posts
    again = share(world, f"{URL}?utm_source=me")
    assert [each.account for each in again.posts] == ["lake"]
    assert again.reasons == (f"pond: already there (queued, post {first.id})",)
    world.run()
    assert share(world).posts == ()
    assert "already there (posted" in share(world).reasons[0]
    assert world.shared("pond") == world.shared("lake") == [URL]


def test_an_account_named_twice_gets_one_post(world: SmallWorld) -> None:
    world.account()
    queued = share(world, URL, "pond", "pond")
    assert len(queued.posts) == len(world.posts()) == 1
    assert "already there" in queued.reasons[0]


def test_what_was_skipped_may_be_shared_after_all_as_a_post_of_its_own(world: SmallWorld) -> None:
    world.account()
    [first] = share(world).posts
    Outbox(world.open().state).save(byhand.skip(first, NOON))
    [second] = share(world).posts
    assert second.id != first.id
    assert [each.state for each in world.posts()] == [State.CANCELLED, State.QUEUED]


def test_what_was_tried_and_skipped_is_looked_for_when_it_is_shared_anew(world: SmallWorld) -> None:
    """Its request had no answer, and arrived after it was taken out of the queue."""
    script = world.account()
    share(world, say="My words")
    script["publish"] = [Unreachable("pond", "no answer")]
    world.run()
    [skipped] = world.posts()
    Outbox(world.open().state).save(byhand.skip(skipped, NOON))
    assert skipped.request
    networks.open_account(world.open(), "pond").publisher.publish(skipped.request)
    share(world, say="Better words")
    report = world.run()
    assert world.shared() == [URL]
    assert ["in the words it had before" in error for error in report.errors] == [True]
    assert [each.state for each in world.posts()] == [State.CANCELLED, State.POSTED]
    assert world.posts()[1].draft.text == f"My words\n{URL}"


def test_what_was_taken_back_is_not_looked_for(world: SmallWorld) -> None:
    script = world.account()
    share(world)
    world.run()
    take_back(world.open(), URL, lambda name: networks.open_account(world.open(), name).publisher)
    share(world)
    assert len(world.run().outcomes) == 1
    assert script.called("find") == []


# --- The budget


def test_the_budget_is_not_passed_and_can_be_used_up(world: SmallWorld) -> None:
    world.account(platform="charging", monthly_budget_usd=0.6)
    outcomes = [share(world, f"https://ada.example/{n}") for n in range(5)]
    assert [len(each.posts) for each in outcomes] == [1, 1, 1, 0, 0]
    assert outcomes[3].reasons == ("pond: it costs $0.20 and would pass the monthly budget",)
    assert [each.price_usd for each in world.posts()] == [0.2] * 3


def test_without_a_budget_none_is_kept(world: SmallWorld) -> None:
    world.account(platform="charging")
    assert all(share(world, f"https://ada.example/{n}").posts for n in range(5))


# --- Whose it is


def test_my_own_page_out_of_somebody_s_planet_is_nobody_s_favour(world: SmallWorld) -> None:
    world.feed("planet", entry(f"{MINE}/hello", title="Hello @ada@example.social"))
    world.run()
    world.account()
    [queued] = share(world, f"{MINE}/hello").posts
    assert queued.kind == "own"
    assert "@ada" not in queued.draft.text, "the words are the planet's"
    world.run()
    assert world.shared() == [f"{MINE}/hello"]
    assert world.given() == []


def test_a_page_of_mine_that_no_feed_told_of_is_mine_too(world: SmallWorld, site: FeedServer) -> None:
    world.fetch["allow_private"] = ["127.0.0.1"]
    world.me["sites"] = [site.url("/blog")]
    site.routes |= {"/blog/hello": page("Hello"), "/elsewhere": page("Elsewhere")}
    world.account()
    kinds = [each.kind for path in ("/blog/hello", "/elsewhere") for each in share(world, site.url(path)).posts]
    assert kinds == ["own", "curated"]
    assert [known["kind"] for url, known in world.stored("articles").items() if "127.0.0.1" in url] == kinds
    world.run()
    assert len(world.shared()) == 2
    assert [each.url for each in world.given()] == [site.url("/elsewhere")]


# --- Links that no feed told of


def test_an_unknown_link_is_looked_up_and_known_from_then_on(world: SmallWorld, site: FeedServer) -> None:
    world.fetch["allow_private"] = ["127.0.0.1"]
    site.routes |= {
        "/moved": feed_server.status(301, Location="/here?utm_source=x"),
        "/here": page("Wo es jetzt ist"),
    }
    world.account()
    [queued] = share(world, site.url("/moved")).posts
    assert (queued.article, queued.title) == (site.url("/here"), "Wo es jetzt ist")
    assert (queued.draft.text, queued.draft.language) == (f"Wo es jetzt ist\n{site.url('/here')}", "de")
    known = world.stored("articles")[site.url("/here")]
    assert (known["aliases"], known["source"]) == ([site.url("/moved")], "by hand")
    asked = len(site.requests)
    assert "already there" in share(world, site.url("/moved")).reasons[0]
    assert "already there" in share(world, site.url("/here")).reasons[0]
    assert len(site.requests) == asked


def test_a_known_page_behind_an_unknown_address_is_that_article(world: SmallWorld, site: FeedServer) -> None:
    world.fetch["allow_private"] = ["127.0.0.1"]
    site.routes |= {"/short": feed_server.status(302, Location="/long"), "/long": page("Long")}
    world.feed("ada", entry(site.url("/long"), title="As the feed calls it"))
    world.run()
    world.account()
    [queued] = share(world, site.url("/short")).posts
    assert (queued.article, queued.title) == (site.url("/long"), "As the feed calls it")


def test_a_dead_link_is_not_shared(world: SmallWorld, site: FeedServer) -> None:
    world.fetch["allow_private"] = ["127.0.0.1"]
    world.account()
    with pytest.raises(SourceError):
        share(world, site.url("/gone"))
    assert world.posts() == []
    assert site.url("/gone") not in world.stored("articles")


def test_a_page_without_a_title_needs_words(world: SmallWorld, site: FeedServer) -> None:
    world.fetch["allow_private"] = ["127.0.0.1"]
    site.routes["/bare"] = feed_server.body(b"<p>Words, and no title", Content_Type="text/html")
    world.account()
    with pytest.raises(CannotShare, match="--text"):
        share(world, site.url("/bare"))
    assert world.posts() == []
    [queued] = share(world, site.url("/bare"), say="My words").posts
    assert queued.draft.text == f"My words\n{site.url('/bare')}"


def test_a_link_shared_by_hand_credits_the_site_it_is_on(world: SmallWorld) -> None:
    world.account()
    [post] = share(world).posts
    assert (post.draft.card.site, post.draft.card.site_url) == ("ada", "https://ada.example/")
