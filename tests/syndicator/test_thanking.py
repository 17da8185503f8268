"""A thank-you as posts: everybody once, cut to what the network takes, calling nobody, and booked when it is out."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pieces import NOON
from small_world import MINE, SmallWorld

from ledger.entry import Direction, Entry, Identity, Kind
from ledger.people import Person
from ledger.thanks import Group, Thanked
from platforms import text
from platforms.bluesky import Bluesky
from platforms.errors import Unreachable
from platforms.mastodon import LIMITS as MASTODON
from platforms.x import X
from syndicator import byhand, gratitude, networks, unshare
from syndicator.credit.mentions import mentioned
from syndicator.outbox import Outbox, Post, State
from syndicator.thanking import Made, queue, thank_yous

LIMITS = {"mastodon": MASTODON, "bluesky": Bluesky.limits, "x": X.limits}


def who(name: str) -> Identity:
    return Identity("mastodon", f"{name}@example.social")


def act(kind: Kind, identity: Identity, days: float = 1, *, private: bool = False) -> Entry:
    at = NOON - timedelta(days=days)
    return Entry(Direction.RECEIVED, kind, identity, at, at, "", f"{MINE}/{days}", "mastodon", private=private)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    world = SmallWorld(tmp_path, monkeypatch)
    world.account()
    world.open().book.save_people(Person("a", "Ada", (who("ada"),)))
    kinds = [(Kind.LINK, "ada"), (Kind.BOOST, "ada"), (Kind.BOOST, "bob"), (Kind.LIKE, "cy"), (Kind.FOLLOW, "dee")]
    world.open().book.append([act(kind, who(name)) for kind, name in kinds])
    world.open().book.append([act(Kind.REPLY, who("eve"), private=True)])
    return world


def made(world: SmallWorld, since: timedelta | None = None) -> Made:
    space, now = world.open(), world.clock()
    accounts = networks.accounts_to_share_on(space, ())
    return thank_yous(space, accounts, now - since if since else None, now - timedelta(days=30))


def queued(world: SmallWorld) -> list[Post]:
    return queue(world.open(), made(world).posts)


def test_everybody_is_thanked_once_for_what_tells_most_and_likes_follows_and_private_acts_are_left_out(
    world: SmallWorld,
) -> None:
    [post] = queued(world)
    assert post.draft.text == (
        "Thank you!\nYou linked to my pages: Ada\nYou boosted my posts: bob@example.\u200bsocial"
    )
    assert (post.state, post.favour, post.draft.url) == (State.AWAITING, "thank", None)
    assert post.people == ("mastodon:ada@example.social", "mastodon:bob@example.social")


def test_it_waits_goes_out_and_is_booked_to_each_whom_it_names(world: SmallWorld) -> None:
    [post] = queued(world)
    world.run(hours=1)
    assert world.shared() == []
    outbox = Outbox(world.open().state)
    outbox.save(byhand.approve(post, world.clock()))
    world.run(hours=1)
    world.run(hours=1)
    assert world.shared() == [post.draft.text]
    assert [(entry.kind, entry.identity) for entry in world.given()] == [
        (Kind.THANK, who("ada")),
        (Kind.THANK, who("bob")),
    ]
    assert {world.open().rules.weight(entry) for entry in world.given()} == {1.0}


def test_asked_for_again_it_thanks_for_what_came_since(world: SmallWorld) -> None:
    queued(world)
    world.clock.move(days=1)
    assert made(world) == Made(())
    later = Entry(Direction.RECEIVED, Kind.BOOST, who("bob"), world.clock(), world.clock(), my_url=f"{MINE}/new")
    world.open().book.append([later])
    [post] = queued(world)
    assert "Ada" not in post.draft.text
    assert "bob" in post.draft.text
    assert "Ada" in made(world, timedelta(days=9)).posts[0].draft.text, "unless it is said since when"


def test_one_that_its_owner_refused_leaves_them_unthanked(world: SmallWorld) -> None:
    [post] = queued(world)
    Outbox(world.open().state).save(byhand.skip(post, world.clock()))
    world.clock.move(days=1)
    assert [each.draft.text for each in queued(world)] == [post.draft.text]


def test_one_that_got_no_answer_is_asked_for_tried_again_and_there_once(world: SmallWorld) -> None:
    [post] = queued(world)
    Outbox(world.open().state).save(byhand.approve(post, world.clock()))
    script = world.account()
    script["publish"] = [Unreachable("pond", "no answer")]
    world.run(hours=1)
    assert world.shared() == []
    world.run(hours=1)
    assert script.called("find")
    assert len(world.shared()) == 1
    assert len(world.given()) == 2


names = st.one_of(
    st.text(min_size=1, max_size=120),
    st.sampled_from(
        ["@all@pond.example", "https://evil.example", "#tag", "山田太郎", "عبد الله", "👩🏽‍🌾" * 30, "RT @x"]
    ),
)


@given(st.lists(names, min_size=1, max_size=60), st.sampled_from(sorted(LIMITS)))
def test_each_post_fits_calls_nobody_links_nowhere_and_all_are_in_one(called: list[str], network: str) -> None:
    people = [Person(str(n), name, (Identity("x", f"p{n}"),)) for n, name in enumerate(called)]
    done = [Thanked(each, 1, "", act(Kind.BOOST, each.identities[0])) for each in people]
    half = len(done) // 2
    groups = [
        Group(Kind.LINK, tuple(done[:half])),
        Group(Kind.BOOST, tuple(done[half:])),
        Group(Kind.LIKE, tuple(done)),
    ]
    limits = LIMITS[network]
    parts = list(gratitude.thank_you(groups, lambda said: text.fits(said, limits)))
    assert [who for part in parts for who in part.people] == [each.identities[0] for each in people]
    for part in parts:
        assert part.text.startswith("Thank you!\nYou ")
        assert text.fits(part.text, limits)
        assert mentioned(part.text, network) == ()
        assert text.facets(part.text) == ()
        assert not list(text.x_urls(part.text))
        assert len(part.text.splitlines()) <= 3


def test_taken_back_nobody_was_thanked(world: SmallWorld) -> None:
    [post] = queued(world)
    Outbox(world.open().state).save(byhand.approve(post, world.clock()))
    world.run(hours=1)
    assert len(world.given()) == 2
    space = world.open()
    unshare.take_back(space, post.id, lambda name: networks.open_account(space, name).publisher)
    assert (world.given(), world.shared()) == ([], [])


def test_one_that_the_ledger_knows_to_be_out_is_not_sent_again(world: SmallWorld) -> None:
    [post] = queued(world)
    outbox = Outbox(world.open().state)
    outbox.save(byhand.approve(post, world.clock()))
    world.run(hours=1)
    outbox = Outbox(world.open().state)
    outbox.save(post)  # as in an older copy of the state
    world.run(hours=1)
    assert len(world.shared()) == 1
    [now] = world.posts()
    assert (now.state, now.booked) == (State.POSTED, True)
