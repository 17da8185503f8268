"""Bad faith as its owner meets it: crowds and auto-sharers among others, and the pod that I could become myself."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from counterparts.desk import Desk, item, rss

NOW = datetime.now(UTC)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def book(desk: Desk, *rows: str) -> None:
    (desk.folder / "acts.csv").write_text("\n".join(["direction,kind,who,url,my_url,at", *rows]))
    desk.run("ledger", "import", "acts.csv")


def days_ago(days: float) -> str:
    return (NOW - timedelta(days=days)).isoformat()


def test_a_crowd_of_look_alikes_is_believed_half_and_asked_about(desk: Desk) -> None:
    book(desk, *(f"received,boost,x:win_{n}x,,https://x.com/me/status/1,{days_ago(2 + n / 1000)}" for n in range(12)))
    assert desk.json("ledger", "owe") == [], "half a boost is below the threshold"
    [asked] = desk.json("ledger", "people", "review")
    assert (asked["what"], len(asked["people"])) == ("crowd", 12)
    assert asked["reasons"][1:] == ["came with many look-alikes within an hour"]
    desk.run("ledger", "people", "tag", "x:win_0x", "--real")
    assert [debt["person"] for debt in desk.json("ledger", "owe")] == ["win_0x"]


@pytest.mark.parametrize(("answer", "owed"), [("--real", 12), ("--automatic", 0)])
def test_a_crowd_is_answered_once(desk: Desk, answer: str, owed: int) -> None:
    book(desk, *(f"received,boost,x:win_{n}x,,https://x.com/me/status/1,{days_ago(2 + n / 1000)}" for n in range(12)))
    book(desk, f"received,boost,x:late_1x,,https://x.com/me/status/2,{days_ago(1)}")
    lines = desk.run("ledger", "people", "review").stdout.splitlines()
    assert len(lines) == 4, "one thing to decide"
    assert lines[0].startswith("  1. 12 accounts of x came within 16 min, each with a boost on ")
    assert lines[1] == "     win_11x on X, win_10x on X, win_9x on X and 9 more"
    assert lines[3].split()[:6] == ["ledger", "people", "review", "--crowd", "x:win_11x", "--automatic"]
    assert "--crowd WHO needs" in desk.run("ledger", "people", "review", "--crowd", "x:win_1x", expect=2).stderr
    desk.run("ledger", "people", "review", "--crowd", "x:win_11x", answer)
    assert desk.json("ledger", "people", "review") == []
    assert len([each for each in desk.json("ledger", "owe") if each["person"].startswith("win")]) == owed
    again = desk.run("ledger", "people", "review", "--crowd", "x:win_11x", answer, expect=2)
    assert "nobody came with 'x:win_11x'" in again.stderr


def test_who_shares_all_i_write_within_minutes_is_automatic_after_collecting(desk: Desk) -> None:
    """My own feed says when my articles came out; a person may share them as well, later."""
    desk.add('[[sources]]\nkind = "own"\nfeed = "mine.xml"\n')
    links = [f"https://robin.example/{n}" for n in range(4)]
    desk.feed(rss(*(item(n, link=link, guid=link, days=n + 1) for n, link in enumerate(links))), "mine.xml")
    desk.feed(rss())
    book(
        desk,
        *(
            f"received,share,x:{who},https://x.com/{who}/status/{n},{link},{days_ago(n + 1 - after)}"
            for who, after in (("echo", 0.005), ("ada", 0.5))
            for n, link in enumerate(links)
        ),
    )
    assert {debt["person"] for debt in desk.json("ledger", "owe")} == {"ada", "echo"}
    desk.run("ledger", "collect")
    assert {debt["person"] for debt in desk.json("ledger", "owe")} == {"ada"}
    shown = desk.run("ledger", "people", "show", "x:echo").stdout
    assert "automatic: their acts count a tenth" in shown
    assert "shares your posts within minutes" in shown
    assert desk.json("ledger", "why", "x:echo")["lines"][0]["credibility"] == 0.1


def test_a_pod_of_my_own_is_told_under_the_list_and_by_the_doctor(desk: Desk) -> None:
    rows = []
    for n in range(5):
        rows.append(f"received,link,p{n}.example,https://p{n}.example/m,https://robin.example/,{days_ago(9)}")
        rows.append(f"given,share,p{n}.example,https://p{n}.example/a,,{days_ago(9 - 0.01)}")
    book(desk, *rows)
    done = desk.run("ledger", "owe")
    warnings = [
        "5 of your 5 shares in the last 30 days returned a favour",
        "half of your 5 returns in the last 30 days came within an hour",
    ]
    remedy = "share what you think best, also of people who did nothing for you, and let returns wait"
    assert [f"mind: {warning}; {remedy}" for warning in warnings] == done.stderr.splitlines()
    found = desk.json("doctor", "--offline", expect=None)
    told = [each["text"] for each in found["findings"] if each["area"] == "ledger"]
    assert told[:2] == warnings
