"""What X costs, as its owner sees it: before it is spent, after, and when there is no more of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from counterparts.desk import Desk, item, rss
from counterparts.fake_x import SECRETS, FakeX


@pytest.fixture
def api() -> Iterator[FakeX]:
    api = FakeX()
    yield api
    api.close()


@pytest.fixture
def desk(tmp_path: Path, api: FakeX) -> Desk:
    desk = Desk(tmp_path)
    desk.add_account("x", "x", {"server": api.url}, SECRETS)
    desk.feed(rss(item(1)))
    return desk


def account(desk: Desk, *options: str) -> dict:
    [found] = desk.json("accounts", *options)
    return found


def test_the_price_is_told_before_and_what_was_spent_after(desk: Desk, api: FakeX) -> None:
    desk.add("monthly_budget_usd = 1.0\n")
    api.mention("hello")
    assert "x (x)" in (shown := desk.run("plan").stdout)
    assert "characters, $0.200" in shown
    assert api.calls == []
    desk.run("run")
    found = account(desk)
    assert found["spent_usd"] == pytest.approx(api.bill)
    assert (found["spent_posts_usd"], found["spent_reads_usd"]) == (0.2, 0.011)
    assert (found["budget_usd"], found["reserved_usd"]) == (1.0, 0)
    told = desk.run("accounts").stdout
    assert "x: $0.211 of $1.00 spent this month: $0.200 on posts, $0.011 on reading\n" in told


def test_what_waits_shows_its_price_and_is_reserved(desk: Desk) -> None:
    desk.add('monthly_budget_usd = 1.0\napprove = "ask"\n')
    desk.run("run")
    assert "  x  67/280 characters, $0.200\n" in desk.run("queue").stdout
    [post] = desk.json("queue")
    assert post["price_usd"] == 0.2
    assert account(desk)["reserved_usd"] == 0.2
    assert "; $0.200 for what waits" in desk.run("accounts").stdout


def test_a_check_is_paid_for_and_remembered(desk: Desk, api: FakeX) -> None:
    found = account(desk, "--check")
    assert (found["check"]["as"], found["check"]["ok"], found["check"]["error"]) == ("ada", True, None)
    assert found["spent_reads_usd"] == account(desk)["spent_reads_usd"] == pytest.approx(api.bill) == 0.01


def test_without_money_nothing_is_called_and_that_is_no_failure(desk: Desk, api: FakeX) -> None:
    desk.add("monthly_budget_usd = 0.1\n")
    api.mention("hello")
    ran = desk.run("run")
    assert api.calls == []
    assert "Remark: x: reading on could cost $0.220, and $0.100 of this month's $0.10 is left" in ran.stdout
    assert "monthly budget" in desk.run("plan").stdout
    assert desk.json("run")["unread"]["x"].startswith("x: reading on could cost")


def test_who_does_not_want_to_pay_for_reading_does_not(desk: Desk, api: FakeX) -> None:
    desk.add("collect = false\n")
    desk.run("run")
    assert api.calls == ["POST /2/tweets"]


def test_without_a_budget_mentions_are_not_read_and_every_command_says_so(desk: Desk, api: FakeX) -> None:
    api.mention("hello")
    notice = "x: reading costs money there: set its monthly_budget_usd, or collect = true or false"
    assert f"Remark: {notice}" in desk.run("run").stdout
    assert api.items_read == 0
    assert notice in desk.run("ledger", "collect").stdout
    assert f"{notice}\n" in desk.run("accounts").stdout
    assert account(desk)["uncollected"] == notice
