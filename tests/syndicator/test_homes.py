"""What accounts and sites say of themselves at home, as proof in whole runs: answered moves, rel=me, no hosts."""

import json
from datetime import timedelta
from pathlib import Path

import directories
import pytest
from counterparts import feed_server
from counterparts.page_server import page
from directories import live
from msgspec.structs import replace
from pieces import NOON
from small_world import SmallWorld

from ledger.entry import Direction, Entry, Identity, Kind
from ledger.people import Person, implicit
from platforms.abilities import Profile
from platforms.base import Actor
from syndicator import kin

ADA = Identity("mastodon", "ada@example.social")
SITE = Identity("web", "ada.example")
VERIFIED = {"verified": ("https://ada.example/",), "links": ("https://ada.example/",)}


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    directories.open_for(monkeypatch)
    return SmallWorld(tmp_path, monkeypatch)


def did(world: SmallWorld, who: Identity, kind: str = "boost") -> None:
    """Somebody did something for me the day before."""
    at = NOON - timedelta(days=1)
    world.open().book.append([Entry(Direction.RECEIVED, Kind(kind), who, at, at, f"https://act.example/{who.handle}")])


def person(world: SmallWorld, who: Identity) -> Person:
    return world.open().book.people().of(who)


NEW = Identity("mastodon", "ada@new.example")


def moves(world: SmallWorld, page: str = "", **there: object) -> None:
    """Ada's account says that it is at another server now; `there` is what the account there says, at its `page`."""
    world.account("pond", "mastodon")
    did(world, ADA)
    directories.PEOPLE["mastodon"][ADA.handle] = Profile(Actor(ADA.handle), moved_to=NEW.handle)
    directories.PEOPLE["mastodon"][NEW.handle] = Profile(Actor(NEW.handle, "id", page), **there)
    world.run(), world.run(hours=1), world.run(hours=1)


@pytest.mark.parametrize(
    ("said", "one"),
    [
        (["https://example.social/users/ada"], True),
        ("https://example.social/@ada", True),
        (["https://elsewhere.example/users/ada", 7, {}], False),
        ([], False),
        (None, False),
    ],
)
def test_an_account_that_moved_is_one_with_where_it_is_now_if_that_names_it_too(
    world: SmallWorld, said: object, one: bool
) -> None:
    """Its own server tells to other servers which names it had (alsoKnownAs); whoever claims a move proves nothing."""
    world.fetch["allow_private"] = ["127.0.0.1"]
    with feed_server.running() as site:
        told = json.dumps({"type": "Person", "alsoKnownAs": said}).encode()
        site.routes["/@ada"] = feed_server.body(told, Content_Type="application/activity+json")
        moves(world, site.url("/@ada"))
        world.run(hours=1), world.run(days=8), world.run(days=1)
        asked = site.asked("/@ada")
    assert set(person(world, ADA).identities) == ({ADA, NEW} if one else {ADA})
    assert len(asked) == 1, "once a month is enough"
    assert "activity+json" in asked[0]["Accept"]


def test_a_link_back_from_where_it_moved_to_is_as_good(world: SmallWorld) -> None:
    moves(world, links=("https://example.social/@ada",))
    assert set(person(world, ADA).identities) == {ADA, NEW}


def test_a_famous_account_is_not_taken_over_by_moving_there(world: SmallWorld) -> None:
    did(world, SITE, "link")
    moves(world, **VERIFIED)
    assert person(world, ADA).identities == (ADA,)
    [asked] = kin.decide(world.open(), kin.circle(world.open())).questions
    assert asked.veto == "both have an account on mastodon"


def test_a_page_on_a_host_of_many_claims_no_host(world: SmallWorld) -> None:
    """What Mastodon verified is a page; the rest of the university is others'."""
    world.account("pond", "mastodon")
    orcid = "https://orcid.org/0000-0002-1825-0097"
    uni = Identity("web", "uni.example")
    did(world, ADA), did(world, uni, "link"), did(world, Identity("web", "en.wikipedia.org"), "link")
    pages = ("https://uni.example/people/ada", "https://en.wikipedia.org/wiki/User:Ada", orcid)
    live("mastodon", ADA.handle, name="Ada", verified=pages, links=pages)
    world.fetch["check_links"] = False
    world.run()
    assert set(person(world, ADA).identities) == {ADA, Identity("web", orcid.removeprefix("https://"))}


def home_of_ada(world: SmallWorld, site: feed_server.FeedServer, head: str) -> Identity:
    """A front page with this head, to which Ada's account on Bluesky links; no article of hers is known."""
    world.fetch["allow_private"] = ["127.0.0.1"]
    world.account("sky", "bluesky")
    who = Identity("bluesky", "ada.bsky.social")
    did(world, who)
    site.routes["/"] = page("Ada", head=head)
    live("bluesky", who.handle, links=(site.url("/"),))
    return Identity("web", site.url("").removeprefix("http://").rstrip("/"))


def test_the_front_page_that_names_an_account_which_links_to_it_is_proof(world: SmallWorld) -> None:
    with feed_server.running() as site:
        here = home_of_ada(world, site, '<link rel="me" href="https://bsky.app/profile/ada.bsky.social">')
        world.run(), world.run(hours=1), world.run(days=20)
        assert len(site.asked("/")) == 1, "once a month is enough"
        world.run(days=11)
        assert len(site.asked("/")) == 2
    assert set(person(world, here).identities) == {here, Identity("bluesky", "ada.bsky.social")}


@pytest.mark.parametrize("why", ["private", "elsewhere", "opted out", "forgotten"])
def test_no_home_is_asked_that_must_not_be(world: SmallWorld, why: str) -> None:
    with feed_server.running() as site:
        me = '<link rel="me" href="https://bsky.app/profile/ada.bsky.social">'
        here = home_of_ada(world, site, me)
        if why == "private":
            world.fetch["allow_private"] = []
        elif why == "opted out":
            world.open().book.save_people(replace(implicit(here), opted_out=True))
        elif why == "forgotten":
            world.open().book.forgotten.add([here])
        else:
            site.routes["/there"], site.routes["/"] = (
                page("Ada", head=me),
                feed_server.status(302, Location="http://localhost:1/"),
            )
        world.run(), world.run(hours=1)
        asked = site.asked("/")
    assert person(world, here).identities == (here,)
    assert len(asked) == (1 if why == "elsewhere" else 0)
