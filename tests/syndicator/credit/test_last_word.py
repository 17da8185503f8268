"""Right before a post is sent: who may not be named by then is not, and the owner's own words stay."""

from collections.abc import Callable
from typing import Any

import directories
import pytest
from counterparts.feed_server import FeedServer
from credited import ADA, CREATOR, announce, author, texts, whys
from directories import live
from small_world import SmallWorld

from ledger.people import Person, identity
from platforms.errors import RateLimited, Rejected, Unreachable
from platforms.memory import LIMITS
from syndicator import byhand, networks, run, unshare
from syndicator.compose import without_credit
from syndicator.outbox import Outbox, Post, State
from syndicator.share import queue_link

Act = Callable[[Post, Any], Post]


def by_hand(world: SmallWorld, act: Act, state: State = State.AWAITING) -> None:
    """Do something by hand to every post in a state."""
    outbox = Outbox(world.open().state)
    outbox.save(*(act(post, world.clock()) for post in world.posts() if post.state is state))


@pytest.fixture
def waiting(world: SmallWorld, site: FeedServer) -> Post:
    """A post that names Ada and waits for approval."""
    world.account("pond", "mastodon", approve="ask")
    author(site, "mastodon", ADA)
    announce(world, site, one=CREATOR)
    world.run()
    [post] = world.posts()
    assert post.credit == f"by @{ADA}"
    assert post.names[0] == f"mastodon:{ADA}"
    return post


def test_what_was_approved_in_time_goes_out_as_it_was_shown(world: SmallWorld, waiting: Post) -> None:
    by_hand(world, byhand.approve)
    world.run(minutes=1)
    [post] = world.posts()
    assert (post.state, post.draft, post.names) == (State.POSTED, waiting.draft, waiting.names)


def opts_out(world: SmallWorld, site: FeedServer) -> None:
    author(site, "mastodon", ADA, text="#nobot")


def is_never_to_be_named(world: SmallWorld, site: FeedServer) -> None:
    world.credit["never"] = [f"@{ADA}"]


def has_a_site_that_is_never_to_be_named(world: SmallWorld, site: FeedServer) -> None:
    world.credit["never"] = [site.url("").removeprefix("http://").rstrip("/")]


def is_off(world: SmallWorld, site: FeedServer) -> None:
    world.credit["mention"] = False


def is_muted(world: SmallWorld, site: FeedServer) -> None:
    world.open().book.save_people(Person("a", "Ada", (identity(f"@{ADA}"),), muted=True))


def blocks_me(world: SmallWorld, site: FeedServer) -> None:
    directories.BLOCKED["mastodon"].add(f"id of {ADA}")


def is_gone(world: SmallWorld, site: FeedServer) -> None:
    del directories.PEOPLE["mastodon"][ADA]


def moves(world: SmallWorld, site: FeedServer) -> None:
    author(site, "mastodon", ADA, moved_to="ada@new.example")


def can_not_be_looked_up(world: SmallWorld, site: FeedServer) -> None:
    world.account("pond", "mastodon", approve="ask")["profile"] = [Unreachable("pond", "no answer")] * 9


@pytest.mark.parametrize(
    ("happens", "days"),
    [
        (is_never_to_be_named, 0),
        (has_a_site_that_is_never_to_be_named, 0),
        (is_off, 0),
        (is_muted, 0),
        (opts_out, 8),
        (blocks_me, 8),
        (is_gone, 8),
        (moves, 8),
        (can_not_be_looked_up, 8),
    ],
)
def test_who_may_not_be_named_any_more_when_a_post_is_approved_is_not(
    world: SmallWorld, site: FeedServer, waiting: Post, happens: Callable[..., None], days: int
) -> None:
    happens(world, site)
    world.clock.move(days=days)
    by_hand(world, byhand.approve)
    world.run(minutes=1)
    [post] = world.posts()
    assert post.state is State.POSTED
    assert post.draft.text == f"The story of one\n{site.url('/one')}"
    assert (post.names, post.credit) == ((), "")
    assert post.why[-1].startswith("author not named: ")
    assert any(change.why == post.why[-1] for change in post.history)
    assert not any(why.startswith("names its author") for why in post.why)


def test_an_edited_text_is_its_owner_s_and_goes_out_as_it_is(world: SmallWorld, waiting: Post) -> None:
    world.credit["never"] = [f"@{ADA}"]
    mine = f"Read @{ADA} on canals!\n{waiting.article}"
    by_hand(world, lambda post, at: byhand.edit(post, mine, LIMITS, at))
    by_hand(world, byhand.approve)
    world.run(minutes=1)
    [post] = world.posts()
    assert (post.draft.text, post.names) == (mine, waiting.names)


@pytest.mark.parametrize("state", ["posted", "planned for the same minute"])
def test_of_late_approvals_one_names_her(world: SmallWorld, site: FeedServer, waiting: Post, state: str) -> None:
    announce(world, site, two=CREATOR)
    world.run(days=8)
    assert all(f"@{ADA}" in text for text in texts(world).values())
    if state == "posted":
        outbox = Outbox(world.open().state)
        outbox.save(byhand.approve(outbox.get(waiting.id), world.clock()))
        world.run(minutes=1)
    by_hand(world, byhand.approve)
    world.run(minutes=1)
    assert {post.state for post in world.posts()} == {State.POSTED}
    assert sum(f"@{ADA}" in text for text in texts(world).values()) == 1


def test_what_was_skipped_and_brought_back_does_not_name_her_again(
    world: SmallWorld, site: FeedServer, waiting: Post
) -> None:
    by_hand(world, byhand.skip)
    world.accounts["pond"]["approve"] = "auto"
    announce(world, site, two=CREATOR)
    world.run(hours=1)
    by_hand(world, byhand.retry, State.CANCELLED)
    world.run(minutes=1)
    assert [name for name, text in texts(world).items() if f"@{ADA}" in text] == ["two"]
    assert {post.state for post in world.posts()} == {State.POSTED}


def test_what_was_taken_back_has_called_her_all_the_same(world: SmallWorld, site: FeedServer) -> None:
    world.account("pond", "mastodon")
    author(site, "mastodon", ADA)
    announce(world, site, one=CREATOR)
    world.run()
    [post] = world.posts()
    space = world.open()
    unshare.take_back(space, post.id, lambda name: networks.open_account(space, name).publisher)
    announce(world, site, two=CREATOR)
    assert "is named in another post within 7d" in whys(run.rehearse(world.open(scratch=True)))[0]
    world.run(hours=1)
    assert f"@{ADA}" not in texts(world)["two"]


def test_what_was_tried_is_tried_again_as_it_was(world: SmallWorld, site: FeedServer) -> None:
    script = world.account("pond", "mastodon")
    script["publish"] = [Unreachable("pond", "no answer")]
    author(site, "mastodon", ADA)
    announce(world, site, one=CREATOR)
    world.run()
    world.credit["never"] = [f"@{ADA}"]
    world.run(days=1)
    [post] = world.posts()
    assert post.state is State.POSTED
    assert f"@{ADA}" in post.draft.text


@pytest.mark.parametrize("error", [RateLimited("pond", "slowly"), Rejected("pond", "no")])
def test_what_was_surely_not_sent_and_comes_back_loses_her_name(
    world: SmallWorld, site: FeedServer, error: Exception
) -> None:
    script = world.account("pond", "mastodon")
    script["publish"] = [error] * 9
    author(site, "mastodon", ADA)
    announce(world, site, one=CREATOR)
    world.run()
    script.steps.clear()
    world.credit["never"] = [f"@{ADA}"]
    by_hand(world, byhand.retry, State.REJECTED)
    world.run(days=1)
    [post] = world.posts()
    assert post.state is State.POSTED
    assert "@" not in post.request.payload["text"]


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("A walk\nby @ada\nhttps://ada.blog", "A walk\nhttps://ada.blog"),
        ("A walk by @ada: https://ada.blog", "A walk : https://ada.blog"),
        ("A walk\n\nby @ada\n\nhttps://ada.blog", "A walk\n\nhttps://ada.blog"),
        ("by @ada", ""),
    ],
)
def test_a_text_without_its_credit(said: str, left: str) -> None:
    assert without_credit(said, "by @ada") == left


# --- The owner's own words


@pytest.mark.parametrize("head", [CREATOR, ""])
def test_whom_my_own_words_call_is_named_and_not_again(world: SmallWorld, site: FeedServer, head: str) -> None:
    world.account("pond", "mastodon")
    author(site, "mastodon", ADA), live("mastodon", "bob@example.social")
    announce(world, site, one=CREATOR, two=head, three=CREATOR)

    def share(name: str, say: str) -> Post:
        space = world.open()
        [post] = queue_link(space, run.open_accounts(space), site.url(f"/{name}"), say=say).posts
        return post

    first = share("one", f"Thanks @{ADA} and @bob@example.social!")
    assert first.names[0] == f"mastodon:{ADA}"
    assert "mastodon:bob@example.social" in first.names
    second = share("two", f"More by @{ADA}!")
    assert second.names == (f"mastodon:{ADA}",)
    assert not any("not named" in why for why in second.why)
    assert any("named in another post" in why for why in share("three", "Look!").why)


def test_an_edited_text_says_whom_it_names(waiting: Post, world: SmallWorld) -> None:
    def edited(text: str) -> tuple[str, ...]:
        return byhand.edit(waiting, text, LIMITS, world.clock()).names

    assert edited("A walk") == ()
    assert edited("Hi @bob@example.social") == ("mastodon:bob@example.social",)
    assert edited(f"Hi @{ADA} and @bob@example.social") == (*waiting.names, "mastodon:bob@example.social")
