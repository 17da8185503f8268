"""`ledger done` and `skip` on what leads to a profile: each favour is decided on once, and stays decided."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from counterparts.desk import Desk

ADA = "@ada@example.social"
LATER = """
from datetime import datetime, timedelta
from syndicator import workspace
class Later(datetime):
    now = staticmethod(lambda zone: datetime.now(zone) + timedelta(days={}))
workspace.datetime = Later
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    for days in (20, 30, 40):
        at = (datetime.now(UTC) - timedelta(days=days)).isoformat()
        desk.run("ledger", "add", "boost", ADA, "--my-url", f"https://me.example/{days}", "--at", at)
    return desk


def later(desk: Desk, days: int, *words: str) -> str:
    return desk.run(*words, python=LATER.format(days)).stdout


def given(desk: Desk) -> list[str]:
    return [line["kind"] for line in desk.json("ledger", "why", ADA)["lines"] if line["direction"] == "given"]


def test_a_second_boost_of_whatever_is_theirs_is_booked_too(desk: Desk) -> None:
    for days in (0, 4):
        assert "→ boost their best recent post" in later(desk, days, "ledger", "owe")
        assert "booked as given to @ada@example.social: boost" in later(desk, days, "ledger", "done", "1")
    lines = desk.json("ledger", "why", ADA, "--at", (datetime.now(UTC) + timedelta(days=5)).isoformat())["lines"]
    assert [line["kind"] for line in lines if line["direction"] == "given"] == ["boost", "boost"]
    assert [line["state"] for line in lines if line["direction"] == "received"].count("paid") >= 1


def test_what_is_passed_over_is_not_suggested_again_and_the_next_favour_has_its_turn(desk: Desk) -> None:
    reasons = []
    for _ in range(3):
        [debt] = desk.json("ledger", "owe")
        reasons.append(debt["suggestion"]["reason"])
        desk.run("ledger", "skip", "1")
    assert len(set(reasons)) == 3
    [debt] = desk.json("ledger", "owe")
    assert (debt["suggestion"]["act"], given(desk)) == ("wait", [])
    desk.run("ledger", "add", "boost", ADA, "--my-url", "https://me.example/new")
    [debt] = desk.json("ledger", "owe")
    assert debt["suggestion"]["act"] == "boost"


def test_the_list_of_another_time_has_no_numbers_to_act_by(desk: Desk) -> None:
    now = desk.run("ledger", "owe").stdout
    then = desk.run("ledger", "owe", "--at", (datetime.now(UTC) - timedelta(days=1)).isoformat()).stdout
    assert "→ boost their best recent post" in then
    assert ("ledger do 1" in now, "ledger do" in then) == (True, False)


@pytest.mark.parametrize(("verb", "state"), [("forgive", "forgiven"), ("snooze", "snoozed")])
def test_whom_nothing_is_owed_any_more_has_no_number_to_act_by(desk: Desk, verb: str, state: str) -> None:
    desk.run("ledger", "owe")
    desk.run("ledger", verb, "1")
    for act in (("done", "1"), ("skip", "1"), ("do", "1", "--yes")):
        assert f"number 1 is {state} already" in desk.run("ledger", *act, expect=1).stderr
    assert given(desk) == []


def test_a_reader_who_is_passed_over_is_not_to_be_read(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for number in range(5):
        at = (datetime.now(UTC) - timedelta(days=8 * number)).isoformat()
        desk.run("ledger", "add", "like", ADA, "--my-url", f"https://me.example/{number}", "--at", at)
    [debt] = desk.json("ledger", "owe")
    assert debt["suggestion"]["act"] == "read"
    desk.run("ledger", "owe")
    desk.run("ledger", "skip", "1")  # once, for all that they did up to now
    assert "1. @ada@example.social" in desk.run("ledger", "owe").stdout
    assert "nothing to do yet" in desk.run("ledger", "skip", "1", expect=1).stderr


def test_a_reply_given_in_the_app_is_not_to_be_given_again(desk: Desk) -> None:
    where = "https://example.social/@ada/77"
    bo = "@bo@example.social"
    desk.run("ledger", "add", "comment", bo, "--url", where, "--at", "2026-11-01")
    desk.run(
        "ledger", "give", "reply", bo, "--url", "https://example.social/users/ada/statuses/77", "--at", "2026-11-05"
    )
    desk.run("ledger", "add", "link", bo, "--url", "https://bo.example/1", "--at", "2026-11-01")
    rows = {row["person"]: row["suggestion"] for row in desk.json("ledger", "owe")}
    assert rows["bo@example.social"]["act"] == "wait"
