"""Getting to know people in whole runs: who is looked up and when, who is joined, who is left alone."""

import socket
from datetime import timedelta
from pathlib import Path

import directories
import pytest
from counterparts import feed_server
from counterparts.page_server import page
from directories import live
from msgspec.structs import replace
from pieces import NOON
from small_world import SmallWorld, entry

from ledger.entry import Direction, Entry, Identity, Kind
from ledger.kinship import most_valuable
from ledger.merging import keep_apart
from ledger.people import Person, implicit
from platforms.base import Actor, Interaction
from platforms.errors import Unreachable
from syndicator import kin, networks

ADA = Identity("mastodon", "ada@example.social")
SITE = Identity("web", "ada.example")
SKY = Identity("bluesky", "ada.example")
VERIFIED = {"verified": ("https://ada.example/",), "links": ("https://ada.example/",)}


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    directories.open_for(monkeypatch)
    return SmallWorld(tmp_path, monkeypatch)


def did(world: SmallWorld, who: Identity, kind: str = "boost", *, number: int = 1, days: float = 1) -> None:
    """Somebody did something for me, so many days before noon."""
    at = NOON - timedelta(days=days)
    act = Entry(Direction.RECEIVED, Kind(kind), who, at, at, f"https://act.example/{who.handle}/{number}")
    world.open().book.append([act])


def person(world: SmallWorld, who: Identity) -> Person:
    return world.open().book.people().of(who)


def test_a_proven_site_is_joined_and_its_favours_are_the_persons(world: SmallWorld) -> None:
    world.account("pond", "mastodon")
    did(world, ADA), did(world, SITE, "link")
    live("mastodon", ADA.handle, name="Ada", **VERIFIED)
    report = world.run()
    assert set(person(world, ADA).identities) == {ADA, SITE}
    assert report.joined == ["Ada is mastodon:ada@example.social, web:ada.example (verified)"]
    assert world.run(hours=1).joined == []


def test_without_any_network_names_alone_show_who_is_one(world: SmallWorld) -> None:
    copy = Identity("bluesky", "ada.example.social.ap.brid.gy")
    did(world, ADA), did(world, copy), did(world, SKY), did(world, SITE, "link")
    world.run()
    assert set(person(world, ADA).identities) == {ADA, copy}
    assert set(person(world, SKY).identities) == {SKY, SITE}


def test_those_with_most_open_are_looked_up_first_and_few_in_a_run(
    world: SmallWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kin, "MOST", 2)
    script = world.account("pond", "mastodon")
    people = [Identity("mastodon", f"p{number}@example.social") for number in range(5)]
    for number, who in enumerate(people):
        for times in range(number + 1):
            did(world, who, "link", number=times)
        live("mastodon", who.handle)
    world.run()
    assert script.called("profile") == ["p4@example.social", "p3@example.social"]
    world.run(minutes=30), world.run(minutes=30), world.run(minutes=30)
    assert script.called("profile")[2:] == ["p2@example.social", "p1@example.social", "p0@example.social"]


def test_people_are_looked_up_again_after_two_months_and_a_proof_that_fails_joins_nobody(world: SmallWorld) -> None:
    script = world.account("pond", "mastodon")
    did(world, ADA)
    live("mastodon", ADA.handle, **VERIFIED)
    world.run(), world.run(days=59)
    assert len(script.called("profile")) == 1
    live("mastodon", ADA.handle)
    world.run(days=1, minutes=1)
    assert len(script.called("profile")) == 2
    [bond] = world.open().book.sightings()[ADA].bonds
    assert (bond.other, bond.strength) == (SITE, "strong")
    assert set(person(world, ADA).identities) == {ADA, SITE}, "who was joined stays so until a hand parts them"


@pytest.mark.parametrize("platform", ["x", "memory"])
def test_nobody_is_looked_up_where_that_costs_money_or_can_not_be_done(
    world: SmallWorld, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = world.account("there", platform)
    monkeypatch.setitem(networks.ADAPTERS, "x", "small_world:Charging")
    did(world, Identity(platform, "ada"))
    world.run()
    assert script.called("profile") == []


def test_one_who_can_not_be_looked_up_keeps_nobody_else_from_it(world: SmallWorld) -> None:
    script = world.account("pond", "mastodon")
    did(world, ADA, "link")
    bob = Identity("mastodon", "bob@example.social")
    did(world, bob)
    live("mastodon", bob.handle), live("mastodon", ADA.handle)
    script["profile"] = [Unreachable("pond", "nobody listens there")]
    world.run(), world.run(hours=1)
    assert script.called("profile") == [ADA.handle, bob.handle]
    world.run(days=1)
    assert script.called("profile") == [ADA.handle, bob.handle, ADA.handle]


def test_who_opted_out_is_muted_never_named_and_never_looked_up_again(world: SmallWorld) -> None:
    script = world.account("pond", "mastodon")
    did(world, ADA)
    live("mastodon", ADA.handle, text="I write. #nobot")
    world.run()
    assert person(world, ADA).opted_out
    live("mastodon", ADA.handle)
    world.run(days=61), world.run(days=61)
    assert script.called("profile") == [ADA.handle]
    assert person(world, ADA).opted_out


def test_who_opted_out_is_not_looked_up_to_be_credited_either(world: SmallWorld) -> None:
    world.fetch["allow_private"] = ["127.0.0.1"]
    script = world.account("pond", "mastodon")
    world.open().book.save_people(replace(implicit(ADA), opted_out=True))
    with feed_server.running() as site:
        head = f'<meta name="fediverse:creator" content="@{ADA.handle}">'
        site.routes["/walk"] = page("A walk", head=head)
        world.feed("ada", entry(site.url("/walk"), title="A walk"))
        live("mastodon", ADA.handle, name="Ada", links=(site.url("/"),))
        world.run()
    assert [f"@{ADA.handle}" in post.draft.text for post in world.posts()] == [False]
    assert script.called("profile") == []


def test_a_bot_is_automatic_and_never_joined_to_a_humans_site(world: SmallWorld) -> None:
    world.account("pond", "mastodon")
    did(world, ADA), did(world, SITE, "link")
    live("mastodon", ADA.handle, bot=True, **VERIFIED)
    world.run()
    assert person(world, ADA).automatic
    assert not person(world, SITE).automatic
    [asked] = kin.decide(world.open(), kin.circle(world.open())).questions
    assert asked.veto == "one of them is automatic, and the other is not"


SPAM = {"created": NOON - timedelta(days=20), "posts": 0, "following": 2001, "followers": 400, "marks": ("spam",)}


def test_each_sign_of_spam_halves_what_is_believed_and_goes_with_its_cause(world: SmallWorld) -> None:
    world.account("pond", "mastodon")
    did(world, ADA)
    live("mastodon", ADA.handle, **SPAM)
    world.run()
    assert person(world, ADA).spam_signs == (
        "account under 30 days old",
        "no posts",
        "follows over 2,000, more than 5 for each follower",
        "labelled as spam",
    )
    assert person(world, ADA).credibility == 1 / 16
    live("mastodon", ADA.handle, **{**SPAM, "marks": (), "posts": 3, "followers": 401})
    did(world, ADA, number=2, days=-11)
    world.run(days=61)
    assert person(world, ADA).spam_signs == ()


def test_the_owners_word_overrules_what_profiles_say(world: SmallWorld) -> None:
    world.account("pond", "mastodon")
    world.open().book.save_people(replace(implicit(ADA), is_person=True))
    live("mastodon", ADA.handle, bot=True, **SPAM)
    world.run()
    assert (person(world, ADA).automatic, person(world, ADA).credibility) == (False, 1.0)


def test_a_page_that_names_its_owner_who_names_it_back_is_proof(world: SmallWorld) -> None:
    """Bluesky verifies no links: the site's rel=me and the profile's link prove it together."""
    world.fetch["allow_private"] = ["127.0.0.1"]
    world.account("sky", "bluesky")
    who = Identity("bluesky", "ada.bsky.social")
    did(world, who)
    with feed_server.running() as site:
        me = '<link rel="me" href="https://bsky.app/profile/ada.bsky.social">'
        site.routes["/walk"] = page("A walk", head=me)
        world.feed("ada", entry(site.url("/walk"), title="A walk"))
        live("bluesky", who.handle, links=(site.url("/"),))
        report = world.run()
        here = Identity("web", site.url("").removeprefix("http://").rstrip("/"))
    assert set(person(world, who).identities) == {who, here}
    assert "rel-me" in report.joined[0]


def test_what_was_split_by_hand_stays_apart_and_what_is_weak_is_asked(world: SmallWorld) -> None:
    world.account("pond", "mastodon")
    did(world, ADA), did(world, SITE, "link")
    world.open().book.save_people(*keep_apart(implicit(ADA), implicit(SITE)))
    live("mastodon", ADA.handle, **VERIFIED)
    bob, site = Identity("mastodon", "bob@example.social"), Identity("web", "bob.example")
    did(world, bob), did(world, site, "link")
    live("mastodon", bob.handle, links=("https://bob.example",))
    assert world.run().joined == []
    found = kin.decide(world.open(), kin.circle(world.open()))
    worth = dict.fromkeys((ADA, SITE, bob, site), 1.0)
    assert [{each.one.name, each.other.name} for each in most_valuable(found.questions, worth)] == [
        {bob.handle, "bob.example"}
    ]


def test_a_comments_address_or_a_common_name_suggests_nothing(world: SmallWorld) -> None:
    world.account("pond", "mastodon")
    did(world, SITE, "comment")
    world.happens("pond", Interaction("boost", Actor("ada@example.social", name="ada.example"), id="1"))
    live("mastodon", ADA.handle, name="ada.example")
    world.run()
    found = kin.decide(world.open(), kin.circle(world.open()))
    assert (found.joins, found.questions) == ((), ())


def test_nobody_is_looked_up_when_there_is_no_network(world: SmallWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    script = world.account("pond", "mastodon")
    did(world, ADA)

    def resolve(*_: object, **__: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    world.sources += [{"kind": "curated", "feed": f"http://blog-{n}.example/feed"} for n in range(4)]
    assert world.run().errors[0].startswith("no network")
    assert script.called("profile") == []
