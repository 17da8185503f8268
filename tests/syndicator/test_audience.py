"""What notifications never told is found on the posts themselves, booked once, and asked for with restraint."""

import os
import signal
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pieces import NOON
from small_world import Script, SmallWorld, entry

from ledger.settle import settle
from ledger.settlement import State
from ledger.store.base import StoreError
from platforms.base import Actor, Interaction, PostRef
from platforms.errors import AuthFailed, PlatformError, RateLimited, Rejected, Unreachable, Unsupported
from syndicator import networks, stop, timebox
from syndicator.audience import can_ask, collect_all, due_posts
from syndicator.outbox import Outbox
from syndicator.record import Collected

DAY = timedelta(days=1)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    return SmallWorld(tmp_path, monkeypatch)


@pytest.fixture
def pond(world: SmallWorld) -> Script:
    """An account with two posts, which were asked about an hour later."""
    script = world.account()
    world.feed("ada", entry("https://ada.example/1"), entry("https://ada.example/2"))
    world.run()
    assert len(world.shared()) == 2
    assert script.called("reactions") == [], "nobody has had the time to react"
    ask(world, hours=1)
    script.calls.clear()
    return script


def post(world: SmallWorld, number: int = 1) -> str:
    """The address of one of my posts."""
    [found] = [each.ref for each in world.posts() if each.article == f"https://ada.example/{number}"]
    assert found
    return found.url


def act(target: str, kind: str = "like", who: str = "bea", **more: Any) -> Interaction:
    return Interaction(kind, Actor(who, who), target=target, **more)


def ask(world: SmallWorld, **later: float) -> Collected:
    world.clock.move(**later)
    space = world.open()
    return collect_all(space, networks.open_account(space, "pond"))


def test_a_like_that_was_never_told_is_found_and_booked_once(world: SmallWorld, pond: Script) -> None:
    world.happens("pond", act(post(world)), act(post(world), "boost"), told=False)
    found = ask(world, days=1)
    assert (found.kinds, found.errors) == ({"like": 1, "boost": 1}, ())
    assert ask(world, days=1).new == 0
    assert sorted(each.kind for each in world.received()) == ["boost", "like"]
    assert [each.at for each in world.received()] == [None, None], "no time is invented"


@pytest.mark.parametrize(("visibility", "private"), [("public", False), ("unlisted", False), ("private", True)])
def test_who_liked_what_not_everybody_sees_did_it_in_private(
    world: SmallWorld, visibility: str, *, private: bool
) -> None:
    world.account(visibility=visibility)
    world.feed("ada", entry("https://ada.example/1"))
    world.run()
    world.happens("pond", act(post(world)), told=False)
    ask(world, days=1)
    assert [each.private for each in world.received()] == [private]


def test_what_a_notification_told_is_not_new_on_the_post(world: SmallWorld, pond: Script) -> None:
    world.happens("pond", act(post(world), id="n1", at=NOON + DAY / 2))
    world.happens("pond", act(post(world), who="cy"), told=False)
    assert ask(world, days=1).kinds == {"like": 2}
    assert sorted(str(each.identity) for each in world.received()) == ["scripted:bea", "scripted:cy"]


def test_a_notification_that_comes_after_the_post_was_asked_counts_once(world: SmallWorld, pond: Script) -> None:
    pond["interactions"] = [Unreachable("pond", "no notifications today")]
    world.happens("pond", act(post(world)), told=False)
    first = ask(world, days=1)
    assert (first.new, first.errors) == (1, ("pond: no notifications today",))
    world.happens("pond", act(post(world), id="n1", at=NOON + timedelta(hours=1)))
    assert ask(world, days=5).new == 1
    assert [line.state for line in settle(world.received(), world.clock(), world.open().rules).lines] == [
        State.OPEN,
        State.REPEAT,
    ]


def test_my_own_boost_of_my_post_is_no_favour(world: SmallWorld, pond: Script) -> None:
    world.happens("pond", act(post(world), "boost", who="pond"), told=False)
    assert ask(world, days=1).new == 0


def test_a_post_is_asked_once_a_day_for_two_weeks(world: SmallWorld, pond: Script) -> None:
    ask(world)
    assert pond.called("reactions") == [], "both were asked just now"
    ask(world, hours=23)
    assert pond.called("reactions") == []
    ask(world, hours=1)
    assert len(pond.called("reactions")) == 2
    ask(world, days=12)
    assert len(pond.called("reactions")) == 4
    ask(world, days=2)
    assert len(pond.called("reactions")) == 4


def test_a_deleted_post_is_not_asked(world: SmallWorld, pond: Script) -> None:
    space = world.open()
    account = networks.open_account(space, "pond")
    assert account.publishes
    for each in world.posts():
        assert each.ref
        account.publisher.delete(each.ref)
    world.happens("pond", act(post(world)), told=False)
    assert ask(world, days=1) == Collected()


def test_a_post_of_which_only_its_address_is_known_is_not_asked(world: SmallWorld, pond: Script) -> None:
    outbox = Outbox(world.open().state)
    outbox.save(*(msgspec.structs.replace(each, ref=PostRef("", "https://net.example/1")) for each in outbox))
    assert ask(world, hours=30) == Collected()
    assert pond.called("reactions") == []


def test_one_run_asks_twenty_posts_the_new_ones_first() -> None:
    now = datetime(2026, 11, 2)  # noqa: DTZ001
    young = [str(number) for number in range(30)]
    assert due_posts(young, {}, now) == [str(number) for number in range(29, 9, -1)]
    asked = {str(number): now - DAY for number in range(10, 30)}
    assert due_posts(young, asked, now)[:10] == [str(number) for number in range(9, -1, -1)]
    assert due_posts(["1", "2", "3"], {"1": now - DAY, "2": now - 2 * DAY, "3": now - DAY / 2}, now) == ["2", "1"]


def test_a_network_that_breaks_off_loses_nothing(world: SmallWorld, pond: Script) -> None:
    world.happens("pond", act(post(world, 1)), act(post(world, 2)), told=False)
    pond["reactions"] = [Unreachable("pond", "no answer")] * 2
    found = ask(world, days=1)
    assert (found.new, found.errors) == (0, ("pond: no answer",))
    assert ask(world, days=1).new == 2
    assert len(pond.called("reactions")) == 4


@pytest.mark.parametrize("error", [Unreachable("pond", "500"), Rejected("pond", "no")])
def test_a_post_that_always_fails_keeps_none_of_the_others_from_their_turn(
    world: SmallWorld, pond: Script, error: PlatformError
) -> None:
    world.happens("pond", act(post(world, 1)), act(post(world, 2)), told=False)
    pond["reactions"] = [error]
    found = ask(world, days=1)
    assert (found.new, found.errors) == (1, (str(error),))
    assert ask(world, hours=1) == Collected(), "it had its turn for the day"


def test_a_silent_network_is_asked_for_two_posts_and_the_others_keep_their_turn(
    world: SmallWorld, pond: Script
) -> None:
    world.feed("ada", *(entry(f"https://ada.example/{n}") for n in range(1, 6)))
    world.run(days=1)
    pond.calls.clear()
    pond["reactions"] = [Unreachable("pond", "no answer")] * 9
    assert ask(world, hours=1).errors == ("pond: no answer",)
    assert len(pond.called("reactions")) == 2
    pond["reactions"] = []
    ask(world)
    assert len(pond.called("reactions")) == 3


@pytest.mark.parametrize("full", ["entries", "cursors"])
def test_reactions_and_the_note_that_their_post_was_asked_count_together(
    world: SmallWorld, pond: Script, full: str
) -> None:
    world.happens("pond", act(post(world)), told=False)
    world.clock.move(days=1)
    space = world.with_full_disk(full)
    with pytest.raises(StoreError):
        collect_all(space, networks.open_account(space, "pond"))
    assert world.received() == []
    assert ask(world).new == 1


def test_a_post_that_is_refused_does_not_stop_the_others(world: SmallWorld, pond: Script) -> None:
    world.happens("pond", act(post(world, 1)), act(post(world, 2)), told=False)
    pond["reactions"] = [Rejected("pond", "not for you")]
    found = ask(world, days=1)
    assert (found.new, found.errors) == (1, ("pond: not for you",))
    assert ask(world) == Collected()


def test_a_server_that_cannot_tell_is_left_alone_for_a_day_without_a_word(world: SmallWorld, pond: Script) -> None:
    pond["reactions"] = [Unsupported("pond", "no such page")]
    assert ask(world, days=1) == Collected()
    assert ask(world, hours=1) == Collected()
    assert len(pond.called("reactions")) == 1


@pytest.mark.parametrize("error", [AuthFailed("pond", "no scope"), RateLimited("pond", "slow down")])
def test_a_refusal_holds_the_asking_alone(world: SmallWorld, pond: Script, error: Exception) -> None:
    pond["reactions"] = [error]
    world.happens("pond", act(post(world), id="n1", at=NOON))
    assert ask(world, days=1).new == 1
    world.happens("pond", act(post(world), who="cy", id="n2", at=NOON))
    again = ask(world)
    assert (again.new, again.errors) == (1, (str(error),))
    assert len(pond.called("reactions")) == 1
    assert networks.open_account(world.open(), "pond").held == ""


@pytest.mark.parametrize(
    ("platform", "options", "asked"),
    [("scripted", {}, True), ("scripted", {"collect": False}, False), ("charging", {}, False)],
)
def test_only_a_free_network_is_asked_and_only_if_its_owner_wants(
    world: SmallWorld, platform: str, options: dict[str, Any], asked: bool
) -> None:
    world.account(platform=platform, **options)
    assert can_ask(networks.open_account(world.open(), "pond")) is asked


# --- Breaking off in the midst of one post


def crowd(world: SmallWorld) -> Script:
    """A post that many liked, and a network that tells of them one by one."""
    script = world.account("pond", "paged")
    world.feed("ada", entry("https://ada.example/1"))
    world.run()
    world.happens("pond", *(act(post(world), who=f"p{number}") for number in range(9)), told=False)
    return script


def test_a_signal_is_heeded_between_the_reactions_to_one_post_and_what_was_read_is_booked(world: SmallWorld) -> None:
    script = crowd(world)
    script["page"] = [None, lambda: os.kill(os.getpid(), signal.SIGTERM)]
    with stop.listening(), pytest.raises(stop.Stopped):
        ask(world, hours=2)
    assert script.called("page") == ["p0", "p1"]
    assert [str(each.identity) for each in world.received()] == ["paged:p0", "paged:p1"]
    assert ask(world).new == 7, "the post is asked again at once"


def test_the_time_is_heeded_between_the_reactions_to_one_post(
    world: SmallWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    script, now = crowd(world), [0.0]
    monkeypatch.setattr(timebox, "monotonic", lambda: now[0])
    script["page"] = [None, None, lambda: now.append(now.pop() + 60)]
    with timebox.within(30):
        found = ask(world, hours=2)
    assert script.called("page") == ["p0", "p1", "p2"]
    assert (found.new, found.errors) == (3, ())
    assert found.unread.startswith("pond: the time of the run was up")
    assert ask(world, hours=1).new == 0, "it had its turn"
    assert ask(world, days=1).new == 6
