"""What the planner learns of an account: its own pacing, what is left of its budget, what was posted, what holds it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from pieces import NOON, article, post

from ledger.store.tiny import memory_store
from platforms.base import Login
from platforms.memory import LIMITS, Memory
from syndicator.accounts import Account, Holds, channel, part_of, past
from syndicator.articles import Catalogue
from syndicator.meter import MonthlyMeter, Spent
from syndicator.outbox import Change, State
from syndicator.settings import AccountTable, Plan, Settings


def account(held: str = "", **changes: object) -> Account:
    return Account("demo", AccountTable(platform="memory", **changes), Memory(Login("demo")), "f1", held)


def test_a_hold_lasts_until_the_credential_changes_or_it_is_released() -> None:
    holds = Holds(memory_store())
    assert holds.reason("demo", "f1", NOON) == ""
    holds.hold("demo", "token expired", "f1")
    assert holds.reason("demo", "f1", NOON) == "token expired"
    assert holds.reason("demo", "f2", NOON) == ""
    assert holds.reason("other", "f1", NOON) == ""
    holds.release("demo")
    assert holds.reason("demo", "f1", NOON) == ""
    holds.release("demo")


def test_the_parts_of_an_account_are_held_by_themselves_and_released_with_it() -> None:
    holds = Holds(memory_store())
    for name, part, until in (
        ("demo", "reading", None),
        ("demo", "reactions", NOON + timedelta(hours=1)),
        ("demo2", "reading", None),
    ):
        holds.hold(part_of(name, part), f"no {part}", "f1", until)
    assert holds.reason("demo", "f1", NOON) == ""
    assert sorted(holds.unread("demo", "f1", NOON)) == ["no reactions", "no reading"]
    assert holds.unread("demo", "f1", NOON + timedelta(hours=1)) == ("no reading",)
    assert holds.unread("demo", "f2", NOON) == ()
    holds.release("demo", limits=False)
    assert holds.unread("demo", "f1", NOON) == ("no reactions",)
    holds.release("demo")
    assert holds.unread("demo", "f1", NOON) == ()
    assert holds.unread("demo2", "f1", NOON) == ("no reading",), "another account is not meant"


def test_a_limit_holds_until_the_time_the_network_named_or_a_new_credential() -> None:
    holds = Holds(memory_store())
    holds.hold("demo", "slow down", "f1", NOON + timedelta(hours=3))
    assert holds.reason("demo", "f1", NOON + timedelta(hours=2)) == "slow down"
    assert holds.reason("demo", "f1", NOON + timedelta(hours=3)) == ""
    assert holds.reason("demo", "f2", NOON) == ""


def test_a_channel_has_the_pacing_of_its_account() -> None:
    found = channel(account(per_day=2, held="token expired"), Settings(plan=Plan(min_score=0.5)), [], NOON)
    assert (found.name, found.platform, found.limits) == ("demo", "memory", LIMITS)
    assert found.pacing == Plan(per_day=2, min_score=0.5)
    assert (found.budget_usd, found.held) == (None, "token expired")


def test_what_was_spent_this_month_and_what_waits_is_taken_off_the_budget() -> None:
    store = memory_store()
    meter = MonthlyMeter(store, "demo", 1.0, lambda: NOON)
    meter.reserve("posts", 0.2, "call 1")
    meter.reserve("reads", 0.015, "call 2")
    posts = [post(price_usd=0.2, state=State.QUEUED), post("https://ada.example/b", price_usd=0.2, state=State.POSTED)]
    found = replace(account(monthly_budget_usd=1.0), meter=meter)
    assert channel(found, Settings(), posts, NOON).budget_usd == pytest.approx(0.585)
    assert found.spent(NOON) == Spent(posts=0.2, reads=0.015)


def test_a_network_that_charges_nothing_costs_nothing() -> None:
    assert account().spent(NOON) == Spent()


def test_the_past_knows_what_is_settled_and_what_takes_up_time() -> None:
    posts = [post(f"https://ada.example/{state}", state=state) for state in State]
    found = past(posts, Catalogue())
    assert [each.article for each in found] == [each.article for each in posts]
    live = {each.article.rpartition("/")[2] for each in found if each.live}
    assert live == {"awaiting", "queued", "sending", "posted", "unknown"}


def test_a_post_counts_for_the_article_that_its_address_is_known_as_now() -> None:
    merged = article("https://ada.example/new", aliases=("https://ada.example/old",))
    (found,) = past([post("https://ada.example/old")], Catalogue([merged]))
    assert found.article == "https://ada.example/new"


def test_a_note_and_an_unknown_article_count_for_themselves() -> None:
    found = past([post("note:1", kind="notes"), post("https://gone.example/a")], Catalogue([article()]))
    assert [each.article for each in found] == ["note:1", "https://gone.example/a"]


def test_a_post_took_place_when_it_was_posted() -> None:
    later = NOON + timedelta(hours=3)
    (found,) = past([post(state=State.POSTED, history=(Change(later, State.POSTED, "published"),))], Catalogue())
    assert found.when == later
