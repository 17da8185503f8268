"""Follow-friday posts: who is praised for what, who is called, that they wait, go out on a Friday, are booked."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import directories
import pytest
from directories import live
from small_world import MINE, SmallWorld

from ledger.entry import Direction, Entry, Identity, Kind
from ledger.people import Person
from platforms.text import facets, fits
from syndicator import byhand, networks, unshare
from syndicator.forget import forget
from syndicator.fridays import fridays
from syndicator.linkcheck import checked
from syndicator.linkcheck.checked import Check
from syndicator.outbox import Outbox, Post, State
from syndicator.thanking import Made, queue
from syndicator.times import next_friday, on_friday

ADA, SITE = Identity("mastodon", "ada@example.social"), Identity("web", "ada.example")
BEA, CY = Identity("x", "bea"), Identity("web", "cy.example")
LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    directories.open_for(monkeypatch)
    made = SmallWorld(tmp_path, monkeypatch)
    made.me["timezone"] = "UTC"
    made.account("pond", "mastodon")
    return made


def does(
    world: SmallWorld, who: Identity, kind: Kind, days: float = 1, note: str = "", *, private: bool = False,
    channel: str = "feed",
) -> None:  # fmt: skip
    at = world.clock() - timedelta(days=days)
    url = f"https://{who.handle.rpartition('@')[2]}/{kind}/{days}"
    entry = Entry(
        Direction.RECEIVED, kind, who, at, at, url, f"{MINE}/{days}", channel, note=note, private=private
    )  # fmt: skip
    world.open().book.append([entry])


def is_ada(world: SmallWorld, **more: object) -> None:
    world.open().book.save_people(Person("a", "Ada Lovelace", (SITE, ADA), **more))
    does(world, SITE, Kind.LINK, 2, "Pruning code")
    does(world, SITE, Kind.LINK, 1, "On @all #trees")
    does(world, ADA, Kind.BOOST, 3)


def drafted(world: SmallWorld, limit: int = 3, *names: str) -> Made:
    space = world.open()
    accounts = networks.accounts_to_share_on(space, names)
    return fridays(space, accounts, world.clock() - timedelta(days=30), limit)


def queued(world: SmallWorld, limit: int = 3) -> list[Post]:
    return queue(world.open(), drafted(world, limit).posts)


def approve(world: SmallWorld) -> None:
    outbox = Outbox(world.open().state)
    outbox.save(*(byhand.approve(post, world.clock()) for post in outbox.in_state(State.AWAITING)))


def test_a_post_says_what_they_did_and_where_to_meet_them_and_calls_nobody_unlooked_up(world: SmallWorld) -> None:
    is_ada(world)
    [post] = queued(world)
    assert post.draft.text == (
        "#FollowFriday Ada Lovelace, who linked to my pages 2 times, lately in “On @\u200ball #\u200btrees” "
        "and boosted my posts.\nhttps://ada.example/"
    )
    assert (post.draft.url, post.draft.language, post.names, post.credit) == ("https://ada.example/", "en", (), "")
    assert (post.favour, post.people, post.state) == ("quote", ("web:ada.example",), State.AWAITING)


@pytest.mark.parametrize("channel", ["hand", "import", "mastodon"])
def test_a_note_that_is_no_title_is_never_told(world: SmallWorld, channel: str) -> None:
    does(world, SITE, Kind.LINK, 1, "she is my ex-boss", channel=channel)
    does(world, SITE, Kind.LINK, 2, "she is my ex-boss", channel=channel)
    [post] = queued(world)
    assert post.draft.text.splitlines()[0] == "#FollowFriday ada.example, who linked to my pages 2 times."


def test_it_waits_for_approval_whatever_the_account_does_and_goes_out_on_a_friday(world: SmallWorld) -> None:
    is_ada(world)
    [post] = queued(world)
    assert world.accounts["pond"].get("approve", "auto") == "auto"
    assert (post.when.weekday(), post.when - world.clock() < timedelta(days=7)) == (4, True)
    world.run(days=1)
    assert (world.shared(), world.given()) == ([], [])
    approve(world)
    world.run(days=1)
    assert world.shared() == []
    world.run(days=2)
    assert len(world.shared()) == 1


def test_where_its_friday_is_full_it_is_on_the_one_after(world: SmallWorld) -> None:
    world.accounts["pond"] |= {"per_day": 2}
    for name in "abcde":
        does(world, Identity("web", f"{name}.example"), Kind.COMMENT)
    when = [post.when for post in queued(world, 5)]
    assert {each.weekday() for each in when} == {4}
    first = min(when).date()
    assert [(each.date() - first).days for each in sorted(when)] == [0, 0, 7, 7, 14]


def test_approved_late_it_goes_out_on_the_next_friday(world: SmallWorld) -> None:
    is_ada(world)
    [post] = queued(world)
    world.clock.move(days=5)
    assert world.clock().weekday() != 4
    approve(world)
    [approved] = world.posts()
    assert approved.when == post.when + timedelta(days=7)


def test_a_time_on_a_friday_stays_on_one_by_the_clock_of_its_owner() -> None:
    zone = ZoneInfo("Pacific/Auckland")
    there = datetime(2026, 9, 25, 9, 30, tzinfo=zone)
    assert on_friday(there, there - timedelta(days=1), zone) == there
    assert on_friday(there, there + timedelta(hours=2), zone) == there + timedelta(hours=2)
    assert on_friday(there, there + timedelta(days=1), zone) == datetime(2026, 10, 2, 9, 30, tzinfo=zone)


def test_out_it_is_booked_once_with_the_weight_of_being_named_and_taken_back_it_is_not(world: SmallWorld) -> None:
    is_ada(world)
    queued(world)
    approve(world)
    world.run(days=4)
    world.run(hours=1)
    [entry] = world.given()
    assert (entry.kind, entry.identity, world.open().rules.weight(entry)) == (Kind.QUOTE, SITE, 6.0)
    assert entry.my_url
    [post] = world.posts()
    space = world.open()
    [gone] = unshare.take_back(space, post.id, lambda name: networks.open_account(space, name).publisher)
    assert gone.error == ""
    assert (world.given(), world.shared()) == ([], [])


def test_nobody_is_praised_twice_within_sixty_days(world: SmallWorld) -> None:
    is_ada(world)
    does(world, CY, Kind.REPLY)
    assert [post.people for post in queued(world, 1)] == [("web:ada.example",)]
    assert [post.people for post in queued(world, 1)] == [("web:cy.example",)]
    assert queued(world) == []
    approve(world)
    world.run(days=4)
    world.clock.move(days=59)
    does(world, SITE, Kind.COMMENT)
    assert queued(world) == []
    world.clock.move(days=2)
    assert [post.people for post in queued(world)] == [("web:ada.example",)]


def test_nor_whom_i_named_myself_or_refused_to_but_whose_post_came_to_nothing(world: SmallWorld) -> None:
    for who in (SITE, CY):
        does(world, who, Kind.COMMENT)
    named = Entry(Direction.GIVEN, Kind.QUOTE, SITE, world.clock(), world.clock())
    world.open().book.append([named])
    [post] = queued(world)
    assert post.people == ("web:cy.example",)
    outbox = Outbox(world.open().state)
    outbox.save(byhand.skip(post, world.clock()))
    assert queued(world) == []
    does(world, BEA, Kind.COMMENT)
    [post] = queued(world)
    world.run(days=14)
    assert [each.state for each in world.posts() if each.id == post.id] == [State.EXPIRED]
    assert [each.people for each in queued(world)] == [("x:bea",)]


def test_the_most_generous_come_first_and_likes_follows_and_what_is_private_are_no_reason(world: SmallWorld) -> None:
    does(world, CY, Kind.REPLY)
    does(world, BEA, Kind.LIKE)
    does(world, BEA, Kind.FOLLOW, 20)
    does(world, ADA, Kind.MENTION, private=True)
    does(world, SITE, Kind.LINK)
    does(world, Identity("web", "old.example"), Kind.LINK, 40)
    assert [post.people for post in drafted(world).posts] == [("web:ada.example",), ("web:cy.example",)]
    assert len(drafted(world, 1).posts) == 1


@pytest.mark.parametrize("about", [{"muted": True}, {"opted_out": True}, {"automatic": True}])
def test_who_is_to_be_left_alone_is_not_praised(world: SmallWorld, about: dict[str, bool]) -> None:
    is_ada(world, **about)
    assert drafted(world) == Made(())


@pytest.mark.parametrize("never", ["ada.example", "@ada@example.social"])
def test_nor_who_is_never_to_be_named(world: SmallWorld, never: str) -> None:
    is_ada(world)
    world.credit["never"] = [never]
    assert drafted(world) == Made(())


def test_nor_whose_profile_asks_for_it_on_whatever_network(world: SmallWorld) -> None:
    is_ada(world)
    live("mastodon", ADA.handle, text="#nobot")
    assert drafted(world) == Made(())


def test_who_may_be_called_is_and_right_before_sending_it_is_asked_again(world: SmallWorld) -> None:
    is_ada(world)
    live("mastodon", ADA.handle)
    [post] = queued(world)
    assert post.draft.text.endswith("and boosted my posts.\n@ada@example.social\nhttps://ada.example/")
    assert (post.names[0], post.credit, post.people) == (str(ADA), "@ada@example.social", (str(ADA),))
    approve(world)
    world.credit["mention"] = False
    world.run(days=4)
    [sent] = world.posts()
    assert sent.state is State.POSTED
    assert "@ada@" not in sent.draft.text
    assert "Ada Lovelace" in sent.draft.text
    assert [entry.identity for entry in world.given()] == [ADA]


@pytest.mark.parametrize("table", [{"visibility": "direct"}, {"template": "{title} {url}"}])
def test_where_no_author_is_called_nobody_is(world: SmallWorld, table: dict[str, str]) -> None:
    is_ada(world)
    live("mastodon", ADA.handle)
    world.accounts["pond"] |= table
    [post] = drafted(world).posts
    assert post.names == ()
    assert "@ada@" not in post.draft.text


def test_a_bot_is_not_called(world: SmallWorld) -> None:
    is_ada(world)
    live("mastodon", ADA.handle, bot=True)
    [post] = drafted(world).posts
    assert post.names == ()


def test_whom_only_their_own_network_knows_is_met_there(world: SmallWorld) -> None:
    world.account("sky", "bluesky")
    does(world, ADA, Kind.REPLY)
    live("mastodon", ADA.handle)
    here, there = drafted(world).posts
    assert (here.draft.text.splitlines()[1:], here.draft.url) == (["@ada@example.social"], None)
    assert (there.draft.url, there.names) == ("https://example.social/@ada", ())
    assert all(each.type != "mention" for each in facets(there.draft.text))


@pytest.mark.parametrize("network", ["brief", "mastodon", "bluesky"])
def test_it_fits_the_network_with_the_link_whole(world: SmallWorld, network: str) -> None:
    world.accounts["pond"]["platform"] = network
    world.open().book.save_people(Person("a", "Ada 👩🏽‍🌾 " * 40, (SITE,)))
    does(world, SITE, Kind.LINK, 1, "A very long title " * 40)
    does(world, SITE, Kind.LINK, 2, "A very long title " * 40)
    [account] = networks.accounts_to_share_on(world.open(), ())
    made = drafted(world)
    for post in made.posts:
        assert fits(post.draft.text, account.limits)
        assert "https://ada.example/" in post.draft.text or post.draft.card
    assert len(made.posts) + len(made.troubles) == 1


def dies(world: SmallWorld, url: str) -> None:
    checked.save(world.open().state, [Check(url=url, at=world.clock(), verdict="dead", reason="it is gone (410)")])


def test_whose_site_is_gone_is_met_elsewhere(world: SmallWorld) -> None:
    is_ada(world)
    dies(world, "https://ada.example/")
    [post] = drafted(world).posts
    assert post.draft.url == "https://example.social/@ada"


def test_a_link_that_dies_while_it_waits_does_not_go_out(world: SmallWorld) -> None:
    is_ada(world)
    [post] = queued(world)
    approve(world)
    dies(world, "https://ada.example/")
    world.run(days=4)
    assert [(each.id, each.state) for each in world.posts()] == [(post.id, State.CANCELLED)]
    assert (world.shared(), world.given()) == ([], [])


def test_forgetting_somebody_leaves_nothing_of_it(world: SmallWorld) -> None:
    world.open().book.save_people(Person("a", "Ada", (SITE,)), Person("c", "Cy", (CY,)))
    does(world, SITE, Kind.LINK)
    queued(world)
    approve(world)
    world.run(days=4)
    does(world, CY, Kind.LINK)
    queued(world)
    for who in ("Ada", "Cy"):
        space = world.open()
        forget(space, space.book.people().find(who))
    said = b"".join(content for name, content in world.files().items() if "pond" not in name)
    assert [word for word in (b"Ada", b"ada.example", b"Cy", b"cy.example") if word in said] == []


def test_friday_is_today_or_the_next_by_my_clock() -> None:
    friday = datetime(2026, 11, 6, 0, 30, tzinfo=UTC)
    assert next_friday(friday, LONDON) == friday
    assert next_friday(friday, ZoneInfo("America/New_York")) == datetime(2026, 11, 6, 5, tzinfo=UTC)
    assert next_friday(friday + timedelta(days=1), LONDON) == datetime(2026, 11, 13, tzinfo=UTC)
