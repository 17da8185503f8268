"""Naming authors in whole runs: the plan shows what is sent, nobody is called unasked or too often, nothing breaks."""

from typing import Any

import directories
import pytest
from counterparts.feed_server import FeedServer
from counterparts.page_server import page
from credited import ADA, CREATOR, announce, author, texts, whys
from directories import live
from pieces import NOON
from small_world import SmallWorld, entry

from platforms.abilities import Profile
from platforms.base import Actor
from platforms.errors import AuthFailed, Unreachable
from syndicator import run
from syndicator.cli import planned, shapes
from syndicator.outbox import Outbox, State, move
from syndicator.share import queue_link

ON_BLUESKY = (
    '<div class="h-entry"><a class="p-author h-card" href="https://bsky.app/profile/ada.bsky.social">Ada</a></div>'
)


def test_the_plan_shows_the_author_s_name_as_it_is_sent_and_the_post_remembers(
    world: SmallWorld, site: FeedServer
) -> None:
    world.account("pond", "mastodon")
    [url] = announce(world, site, walk=CREATOR)
    author(site, "mastodon", ADA, name="Ada")
    rehearsed = run.rehearse(world.open(scratch=True))
    wanted = f"The story of walk\nby @{ADA}\n{url}"
    assert [draft.text for draft in rehearsed.choice.drafts.values()] == [wanted]
    assert whys(rehearsed) == [f"names its author, @{ADA} (by fediverse:creator)"]
    world.run()
    [post] = world.posts()
    assert (post.state, post.draft.text) == (State.POSTED, wanted)
    assert post.names == (f"mastodon:{ADA}", f"web:{site.url('').removeprefix('http://').rstrip('/')}")
    assert shapes.post(post)["names"] == post.names
    [shown] = planned.plan(NOON, [], rehearsed, {}, planned.Names({}, {}))["planned"]
    [waiting] = planned.plan(NOON, [post], run.Report(NOON), {}, planned.Names({}, {}))["planned"]
    assert shown["names"] == waiting["names"] == post.names


def test_on_bluesky_in_its_own_syntax(world: SmallWorld, site: FeedServer) -> None:
    world.account("sky", "bluesky")
    site.routes["/walk"] = page("A walk", body=ON_BLUESKY + "word " * 200)
    world.feed("ada", entry(site.url("/walk"), title="A walk"))
    author(site, "bluesky", "ada.bsky.social")
    world.run()
    assert texts(world)["walk"] == f"A walk\nby @ada.bsky.social\n{site.url('/walk')}"


@pytest.mark.parametrize("platform", ["x", "linkblog", "memory"])
def test_nobody_is_named_elsewhere_and_nobody_looked_up(
    world: SmallWorld, site: FeedServer, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(run.open_accounts.__globals__["ADAPTERS"], platform, "directories:Fediverse")
    script = world.account("there", platform)
    announce(world, site, walk=CREATOR + '<meta name="twitter:creator" content="@ada">')
    author(site, "mastodon", ADA)
    world.run()
    assert "@" not in texts(world)["walk"]
    assert script.called("profile") == []


def test_across_accounts_and_articles_nobody_is_named_twice_in_a_week(world: SmallWorld, site: FeedServer) -> None:
    world.account("pond", "mastodon"), world.account("lake", "mastodon"), world.account("sky", "bluesky")
    author(site, "mastodon", ADA)
    announce(world, site, one=CREATOR, two=CREATOR)
    report = world.run()
    assert [f"@{ADA}" in post.draft.text for post in world.posts()].count(True) == 1
    refusals = [why for why in whys(report) if "not named" in why]
    assert set(refusals) == {f"author not named: @{ADA} is named in another post within 7d"}
    announce(world, site, three=CREATOR)
    world.run(days=6)
    announce(world, site, four=CREATOR)
    world.run(days=1, minutes=1)
    named = [post.article.rpartition("/")[2] for post in world.posts() if f"by @{ADA}" in post.draft.text]
    assert named in (["one", "four"], ["two", "four"])


def test_a_post_that_waits_counts_and_one_that_was_taken_out_does_not(world: SmallWorld, site: FeedServer) -> None:
    world.account("pond", "mastodon", approve="ask")
    author(site, "mastodon", ADA)
    announce(world, site, one=CREATOR)
    world.run()
    [waiting] = world.posts()
    assert waiting.state is State.AWAITING
    announce(world, site, two=CREATOR)
    assert "@" not in next(iter(run.rehearse(world.open(scratch=True)).choice.drafts.values())).text
    Outbox(world.open().state).save(move(waiting, State.CANCELLED, "skipped by hand", NOON))
    assert "@" in next(iter(run.rehearse(world.open(scratch=True)).choice.drafts.values())).text


def test_people_are_looked_up_once_a_week_absent_ones_too(world: SmallWorld, site: FeedServer) -> None:
    script = world.account("pond", "mastodon")
    announce(world, site, one=CREATOR)
    assert whys(world.run()) == [f"author not named: nobody is @{ADA}"]
    assert script.called("profile") == [ADA]
    author(site, "mastodon", ADA)
    announce(world, site, two=CREATOR)
    world.run(days=6)
    assert script.called("profile") == [ADA]
    announce(world, site, three=CREATOR)
    world.run(days=1, minutes=1)
    assert script.called("profile") == [ADA, ADA]
    assert f"by @{ADA}" in texts(world)["three"]


@pytest.mark.parametrize("error", [Unreachable("pond", "no answer"), AuthFailed("pond", "refused")])
def test_a_network_that_fails_costs_the_credit_and_nothing_else(
    world: SmallWorld, site: FeedServer, error: Exception
) -> None:
    script = world.account("pond", "mastodon")
    script["profile"] = [error]
    other = '<meta name="fediverse:creator" content="@bob@example.social">'
    announce(world, site, one=CREATOR, two=other)
    author(site, "mastodon", ADA)
    report = world.run()
    assert len(script.called("profile")) == 1, "it is asked for nobody else"
    assert len(world.shared()) == 2
    assert report.errors == []
    assert all("could not be looked up" in why for why in whys(report))
    announce(world, site, three=CREATOR)
    world.run(hours=1)
    assert f"by @{ADA}" in texts(world)["three"]


def test_a_bug_of_an_adapter_is_raised_when_all_else_is_done(world: SmallWorld, site: FeedServer) -> None:
    script = world.account("pond", "mastodon")
    script["profile"] = [ZeroDivisionError()]
    [url] = announce(world, site, one=CREATOR)
    with pytest.raises(ZeroDivisionError):
        world.run()
    assert world.shared() == [url]


def test_without_a_login_nobody_is_looked_up_or_named(
    world: SmallWorld, site: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = world.account("pond", "mastodon")
    monkeypatch.setattr(directories.Fediverse, "credential", ("token",), raising=False)
    author(site, "mastodon", ADA)
    announce(world, site, one=CREATOR)
    report = run.rehearse(world.open(scratch=True))
    assert whys(report) == [f"author not named: no login to look @{ADA} up with"]
    assert script.calls == []


def test_so_many_are_looked_up_in_one_run_and_no_more(
    world: SmallWorld, site: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("syndicator.credit.lookup.MOST", 2)
    script = world.account("pond", "mastodon")
    heads = {
        f"a{n}": f'<meta name="fediverse:creator" content="@p{n}@example.social"><meta name="author" content="P{n}">'
        for n in range(4)
    }
    announce(world, site, **heads)
    for n in range(4):
        author(site, "mastodon", f"p{n}@example.social")
    world.run()
    assert len(script.called("profile")) == 2
    assert sum("@" in text for text in texts(world).values()) == 2


@pytest.mark.parametrize(
    ("credit", "me"),
    [
        ({"mention": False}, {}),
        ({"never": [f"@{ADA}"]}, {}),
        ({"never": ["ada.blog"]}, {}),
        ({}, {"sites": ["https://ada.blog"]}),
    ],
)
def test_the_owner_s_word_holds(
    world: SmallWorld, site: FeedServer, credit: dict[str, Any], me: dict[str, Any]
) -> None:
    world.account("pond", "mastodon")
    world.credit, world.me = credit, {**world.me, **me}
    author(site, "mastodon", ADA, verified=("https://ada.blog/about",))
    announce(world, site, walk=CREATOR)
    world.run()
    assert texts(world)["walk"] == f"The story of walk\n{site.url('/walk')}"


def test_i_am_not_named_by_whichever_account(world: SmallWorld, site: FeedServer) -> None:
    world.account("pond", "mastodon")
    author(site, "mastodon", "robin@example.social")
    announce(world, site, walk='<meta name="fediverse:creator" content="@robin@example.social">')
    assert whys(world.run()) == ["author not named: @robin@example.social is you"]


def test_i_am_not_named_by_the_one_account_for_the_other(
    world: SmallWorld, site: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def whoami(self: directories.Fediverse) -> Profile:
        return Profile(Actor("project@other.social" if "lake" in self._account else "robin@example.social"))

    monkeypatch.setattr(directories.Fediverse, "whoami", whoami)
    world.account("pond", "mastodon"), world.account("lake", "mastodon")
    author(site, "mastodon", "project@other.social")
    announce(world, site, walk='<meta name="fediverse:creator" content="@project@other.social">')
    assert set(whys(world.run())) == {"author not named: @project@other.social is you"}


def test_who_i_am_is_never_forgotten(world: SmallWorld, site: FeedServer) -> None:
    world.account("pond", "mastodon")
    author(site, "mastodon", ADA)
    author(site, "mastodon", "robin@example.social")
    mine = '<meta name="fediverse:creator" content="@robin@example.social">'
    announce(world, site, one=CREATOR)
    world.run()
    announce(world, site, two=mine)
    world.run(days=3)
    announce(world, site, three=mine)
    assert whys(world.run(days=5)) == ["author not named: @robin@example.social is you"]


def test_until_every_account_told_who_i_am_nobody_is_named(world: SmallWorld, site: FeedServer) -> None:
    world.account("pond", "mastodon")
    lake = world.account("lake", "mastodon", per_day=0)
    lake["whoami"] = [Unreachable("lake", "no answer")] * 9
    author(site, "mastodon", ADA)
    announce(world, site, one=CREATOR)
    assert whys(world.run()) == ["author not named: whose account lake is could not be looked up"]
    lake.steps.clear()
    announce(world, site, two=CREATOR)
    world.run(hours=1)
    assert f"by @{ADA}" in texts(world)["two"]


@pytest.mark.parametrize("account", ["pond", "lake"])
def test_who_blocked_me_on_whichever_account_is_not_named(world: SmallWorld, site: FeedServer, account: str) -> None:
    scripts = {name: world.account(name, "mastodon") for name in ("pond", "lake")}
    author(site, "mastodon", ADA)
    scripts[account]["relations"] = [lambda: directories.BLOCKED["mastodon"].add(f"id of {ADA}")]
    scripts["lake"].steps.setdefault("relations", []).append(directories.BLOCKED["mastodon"].clear)
    announce(world, site, one=CREATOR)
    assert all("blocked the other" in why for why in whys(world.run()))
    world.run(days=1)
    assert [len(each.called("relations")) for each in scripts.values()] == [1, 1], "it is kept like the profile"


def test_a_hostile_site_can_not_choose_whom_i_call(world: SmallWorld, site: FeedServer) -> None:
    world.account("pond", "mastodon")
    victims = [f"victim{n}@server{n}.social" for n in range(4)]
    for victim in victims[:3]:
        author(site, "mastodon", victim)
    live("mastodon", victims[3])
    heads = {f"a{n}": f'<meta name="fediverse:creator" content="@{who}">' for n, who in enumerate(victims)}
    announce(world, site, **heads)
    world.run()
    assert sum("@" in text for text in texts(world).values()) == 1
    assert "@" not in texts(world)["a3"]


def test_who_opts_out_on_one_network_is_named_on_none(world: SmallWorld, site: FeedServer) -> None:
    world.account("pond", "mastodon", per_day=0), world.account("sky", "bluesky")
    author(site, "mastodon", ADA, text="Mathematician. #NoBot")
    author(site, "bluesky", "ada.bsky.social")
    site.routes["/walk"] = page("A walk", head=CREATOR, body=ON_BLUESKY + "word " * 200)
    world.feed("ada", entry(site.url("/walk")))
    report = world.run()
    assert whys(report) == [
        "author not named: the profile of @ada.bsky.social asks bots to leave them alone",
    ]


def test_my_own_articles_and_templates_without_the_field_name_nobody(world: SmallWorld, site: FeedServer) -> None:
    world.account("pond", "mastodon", template="{title}: {author}\n{url}")
    author(site, "mastodon", ADA)
    announce(world, site, walk=CREATOR + '<meta name="author" content="Ada @ada@example.social">')
    report = world.run()
    assert whys(report) == ["author not named: the template of this account has no {credit}"]
    assert ": Ada @\u200bada@example" in texts(world)["walk"]


def test_a_direct_message_would_go_to_the_author(world: SmallWorld, site: FeedServer) -> None:
    world.account("pond", "mastodon", visibility="direct")
    author(site, "mastodon", ADA)
    announce(world, site, walk=CREATOR)
    world.run()
    assert "@" not in texts(world)["walk"]


def test_where_there_is_no_room_nobody_was_named(world: SmallWorld, site: FeedServer) -> None:
    world.account("pond", "mastodon"), world.account("lake", "mastodon")
    world.credit["text"] = "{author}"
    author(site, "mastodon", ADA)
    site.routes["/walk"] = page(head=CREATOR)
    world.feed("ada", entry(site.url("/walk"), title="word " * 99 + "end"))
    report = world.run()
    assert [post.names for post in world.posts()] == [(), ()]
    assert whys(report) == [f"author not named: no room for @{ADA}"] * 2


# --- By hand


def test_a_share_by_hand_names_the_author_by_the_same_rules(world: SmallWorld, site: FeedServer) -> None:
    world.account("pond", "mastodon"), world.account("lake", "mastodon")
    author(site, "mastodon", ADA)
    site.routes["/walk"] = page(head=CREATOR)
    site.routes["/run"] = page("A run", head=CREATOR)
    space = world.open()
    queued = queue_link(space, run.open_accounts(space), site.url("/walk"), say="Look!")
    assert [f"by @{ADA}" in post.draft.text for post in queued.posts] == [False, True]
    assert [bool(post.names) for post in queued.posts] == [False, True]
    assert "is named in another post" in " ".join(queued.posts[0].why)
    space = world.open()
    again = queue_link(space, run.open_accounts(space), site.url("/run"), say="More!")
    assert not any("@" in post.draft.text for post in again.posts)


def test_whom_my_own_words_name_is_not_named_twice(world: SmallWorld, site: FeedServer) -> None:
    world.account("pond", "mastodon")
    author(site, "mastodon", ADA)
    site.routes["/walk"] = page(head=CREATOR)
    space = world.open()
    [post] = queue_link(space, run.open_accounts(space), site.url("/walk"), say=f"Thanks @{ADA}!").posts
    assert post.draft.text == f"Thanks @{ADA}!\n{site.url('/walk')}"
    assert post.names[0] == f"mastodon:{ADA}"
