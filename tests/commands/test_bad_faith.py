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
    told = desk.run("ledger", "people", "review").stdout
    assert "win_0x on X looks like spam: came with many look-alikes within an hour" in told
    desk.run("ledger", "people", "tag", "x:win_0x", "--real")
    assert [debt["person"] for debt in desk.json("ledger", "owe")] == ["win_0x"]


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
