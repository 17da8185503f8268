"""A run on a network that charges: what is sent and read fits the budget, and what does not fit waits for new money."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace
from pieces import NOON
from small_world import SmallWorld, entry

from platforms.base import Actor, Interaction, Limits
from platforms.errors import OverBudget, Unreachable
from syndicator import byhand, networks
from syndicator.meter import Spent
from syndicator.outbox import Outbox, Post, State

DECEMBER = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    return SmallWorld(tmp_path, monkeypatch)


def likes(count: int) -> list[Interaction]:
    return [Interaction("like", Actor(f"p{n}"), id=str(n), at=NOON) for n in range(count)]


def spent(world: SmallWorld) -> Spent:
    return networks.open_account(world.open(), "pond").spent(world.clock())


def spend(world: SmallWorld, usd: float) -> None:
    meter = networks.open_account(world.open(), "pond").meter
    assert meter
    meter.reserve("posts", usd, "something else")


def only_post(world: SmallWorld) -> Post:
    [found] = world.posts()
    return found


def test_a_free_network_has_no_meter(world: SmallWorld) -> None:
    world.account()
    assert networks.open_account(world.open(), "pond").meter is None


def test_posts_and_reads_are_counted_apart(world: SmallWorld) -> None:
    world.account(platform="charging", collect=True)
    world.feed("ada", entry("https://ada.example/1"))
    world.happens("pond", *likes(1))
    report = world.run()
    assert report.collected["pond"] == 1
    assert spent(world) == Spent(posts=0.2, reads=0.01)


def test_reading_stops_where_the_money_ends_and_goes_on_in_the_next_month(world: SmallWorld) -> None:
    """Three pages, and money for two."""
    script = world.account(platform="charging", monthly_budget_usd=0.02)
    world.happens("pond", *likes(90))
    report = world.run()
    assert report.collected["pond"] == 80
    assert report.errors == []
    assert report.unread["pond"].startswith("pond: reading on could cost $0.010, and $0.000 of this month's $0.02 is")
    assert world.run(hours=1).collected["pond"] == 0
    world.clock.now = DECEMBER
    assert world.run().collected["pond"] == 10
    assert script.called("interactions") == [None, "40", "80"]
    assert len(world.received()) == 90


def test_a_post_waits_for_new_money_when_something_else_took_what_there_was(world: SmallWorld) -> None:
    world.plan["max_age"] = "60d"
    world.account(platform="charging", monthly_budget_usd=0.2, approve="ask")
    world.feed("ada", entry("https://ada.example/1"))
    world.run()
    space = world.open()
    Outbox(space.state).save(byhand.approve(only_post(world), world.clock()))
    spend(world, 0.01)
    world.run()
    waiting = only_post(world)
    assert (waiting.state, waiting.attempts, waiting.retry_at) == (State.QUEUED, 0, DECEMBER)
    assert "monthly_budget_usd" in waiting.error
    assert world.shared() == []
    world.clock.now = DECEMBER
    world.run()
    assert world.shared() == ["https://ada.example/1"]
    assert spent(world).posts == 0.2


def test_reading_leaves_a_post_that_waits_its_money(world: SmallWorld) -> None:
    script = world.account(platform="charging", monthly_budget_usd=0.2, approve="ask")
    world.feed("ada", entry("https://ada.example/1"))
    world.happens("pond", *likes(5))
    world.run()
    report = world.run(hours=1)
    assert report.unread["pond"].startswith(
        "pond: reading on could cost $0.010, and $0.000 of this month's $0.20 is left beside the $0.20 for posts that"
    )
    assert script.called("interactions") == []
    Outbox(world.open().state).save(byhand.approve(only_post(world), world.clock()))
    world.run(minutes=1)
    assert world.shared() == ["https://ada.example/1"]


@pytest.mark.parametrize(
    ("options", "read", "why"),
    [
        ({}, 0, "pond: reading costs money there: set its monthly_budget_usd, or collect = true or false"),
        ({"monthly_budget_usd": 1.0}, 1, None),
        ({"collect": True}, 1, None),
        ({"monthly_budget_usd": 1.0, "collect": False}, 0, "collect = false"),
    ],
)
def test_nothing_is_spent_on_reading_unasked(
    world: SmallWorld, options: dict[str, object], read: int, why: str | None
) -> None:
    script = world.account(platform="charging", **options)
    world.happens("pond", *likes(1))
    report = world.run()
    assert len(script.called("interactions")) == read
    assert report.unread.get("pond") == why


def deferred(world: SmallWorld, count: int = 1) -> None:
    """Posts that were approved, and wait for money that something else took."""
    world.account(platform="charging", monthly_budget_usd=0.2 * count, approve="ask", collect=False)
    world.feed("ada", *(entry(f"https://ada.example/{number}") for number in range(count)))
    world.run()
    outbox = Outbox(world.open().state)
    outbox.save(*(byhand.approve(each, world.clock()) for each in list(outbox)))
    spend(world, 0.01 + 0.2 * (count - 1))
    world.run()
    assert [(each.state, each.retry_at) for each in world.posts()] == [(State.QUEUED, DECEMBER)] * count


def test_a_raised_budget_sends_what_waited_for_it(world: SmallWorld) -> None:
    deferred(world)
    assert world.run(hours=1).outcomes == [], "it is not tried in vain"
    world.accounts["pond"]["monthly_budget_usd"] = 5.0
    world.run(hours=1)
    assert world.shared() == ["https://ada.example/0"]
    assert only_post(world).error == ""


def test_a_budget_raised_a_little_sends_as_much_as_it_pays(world: SmallWorld) -> None:
    deferred(world, 3)
    world.accounts["pond"]["monthly_budget_usd"] = 0.85
    world.run(hours=1)
    assert len(world.shared()) == 2
    assert [each.retry_at for each in world.posts() if each.state is State.QUEUED] == [DECEMBER]


@pytest.mark.parametrize("catch_up", ["expire", "skip"])
def test_what_waited_for_money_is_late_from_when_there_is_some(world: SmallWorld, catch_up: str) -> None:
    """The machine was off for the first days of the month."""
    world.plan |= {"catch_up": catch_up, "max_age": "60d"}
    deferred(world)
    world.clock.now = datetime(2026, 12, 3, 9, tzinfo=UTC)
    world.run()
    assert world.shared() == ["https://ada.example/0"]


def test_what_waited_for_money_until_it_was_no_news_expires(world: SmallWorld) -> None:
    world.plan["max_age"] = "10d"
    deferred(world)
    world.clock.now = datetime(2026, 12, 3, 9, tzinfo=UTC)
    world.run()
    assert world.shared() == []
    assert (only_post(world).state, only_post(world).history[-1].why) == (State.EXPIRED, "older than 10d (max_age)")


def test_a_new_month_that_is_spent_already_keeps_it_waiting(world: SmallWorld) -> None:
    deferred(world)
    world.clock.now = datetime(2026, 12, 3, 9, tzinfo=UTC)
    spend(world, 0.2)
    world.run()
    assert (only_post(world).state, only_post(world).retry_at) == (State.QUEUED, datetime(2027, 1, 1, tzinfo=UTC))


def test_what_waited_for_money_keeps_quiet_hours_and_leaves_others_their_money(world: SmallWorld) -> None:
    """Its month has come, at night; what waits for approval needs all of the new money."""
    deferred(world)
    world.accounts["pond"]["monthly_budget_usd"] = 0.4
    world.plan |= {"quiet": "22:00-07:30", "max_age": "90d", "catch_up": "trickle"}
    world.clock.now = DECEMBER
    world.run(hours=2)
    [waiting] = [each for each in world.posts() if each.state is State.QUEUED]
    assert world.shared() == []
    assert (waiting.unpaid, waiting.due >= DECEMBER.replace(hour=7, minute=30)) == (False, True)
    other = replace(waiting, id="other", article="https://ada.example/other", state=State.AWAITING, price_usd=0.4)
    Outbox(world.open().state).save(replace(waiting, unpaid=True, when=NOON, retry_at=DECEMBER), other)
    world.run(hours=9)
    assert world.shared() == []
    assert next(each for each in world.posts() if each.id == waiting.id).due == datetime(2027, 1, 1, tzinfo=UTC)


def test_a_cheaper_post_still_goes_out_where_a_dear_one_does_not_fit(world: SmallWorld) -> None:
    world.account(platform="charging", monthly_budget_usd=0.215)
    world.feed("ada", entry("https://ada.example/1"))
    world.notes("A note without a link")
    space = world.open()
    world.run()
    assert len(world.shared()) == 2
    assert spent(world).posts == 0.215
    assert space


def test_a_post_that_may_be_out_says_why_nobody_looks(world: SmallWorld) -> None:
    script = world.account(platform="charging")
    world.feed("ada", entry("https://ada.example/1"))
    broke = OverBudget("pond", "reading on could cost $0.010, and $0.000 is left", retry_at=DECEMBER)
    script["publish"] = [Unreachable("pond", "no answer")]
    script["find"] = [broke, broke]
    world.run()
    world.run(hours=1)
    stuck = only_post(world)
    assert (stuck.state, stuck.error) == (State.SENDING, str(broke))
    world.run(hours=1)
    assert only_post(world).state is State.POSTED
    assert only_post(world).error == ""


def test_a_link_put_in_by_hand_changes_the_price_and_what_is_left(world: SmallWorld) -> None:
    world.account(platform="charging", monthly_budget_usd=0.215, approve="ask")
    world.notes("A note without a link")
    world.run()
    note = only_post(world)
    assert note.price_usd == 0.015
    limits: Limits = networks.open_account(world.open(), "pond").limits
    edited = byhand.edit(note, "A note on w3.org", limits, world.clock())
    Outbox(world.open().state).save(edited)
    world.feed("ada", entry("https://ada.example/1"))
    choice = world.run().choice
    assert [each.article.url for each in choice.plan.planned] == []
    assert any("budget" in each.reason for each in choice.plan.skipped)


def test_what_waits_over_the_end_of_a_month_is_paid_by_the_next(world: SmallWorld) -> None:
    world.clock.now = datetime(2026, 11, 30, 23, 50, tzinfo=UTC)
    world.account(platform="charging", monthly_budget_usd=0.2, approve="ask", catch_up="trickle")
    world.feed("ada", entry("https://ada.example/1"))
    spend(world, 0.0)
    world.plan["max_age"] = "90d"
    world.run()
    Outbox(world.open().state).save(byhand.approve(only_post(world), world.clock()))
    world.clock.now = DECEMBER
    world.feed("bob", entry("https://bob.example/2"))
    choice = world.run().choice
    assert choice.plan.planned == (), "the money of December is reserved for what waited"
    assert world.shared() == ["https://ada.example/1"]
    assert spent(world).posts == 0.2
    world.clock.now = NOON
    assert spent(world).posts == 0


def test_a_rehearsal_counts_what_was_spent_and_spends_nothing(world: SmallWorld) -> None:
    world.account(platform="charging", monthly_budget_usd=0.3)
    spend(world, 0.2)
    account = networks.open_account(world.open(scratch=True), "pond")
    assert account.spent(NOON).total == 0.2
    assert account.meter
    with pytest.raises(OverBudget):
        account.meter.reserve("reads", 0.01, "call 2")
