"""A source that asks for a comment first: its articles wait in `ledger owe` for one, and not for ever."""

from pathlib import Path

import pytest
from counterparts.desk import Desk, item, rss

ONE, TWO = "https://ada.example/pruning/1", "https://ada.example/pruning/2"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Two articles wait for a comment; one source asks for none."""
    desk = Desk(tmp_path)
    desk.settings.write_text(
        desk.settings.read_text().replace('feed = "ada.xml"', 'feed = "ada.xml"\ncomment_first = true')
    )
    desk.add_account("links", "linkblog", {"folder": "public"}, {})
    desk.feed(rss(item(1), item(2, title="What a hedge knows", days=2)))
    return desk


def posted(desk: Desk) -> list[str]:
    return sorted(each["article"] for each in desk.json("run")["posted"])


def test_articles_wait_in_owe_and_are_shared_when_commented_on(desk: Desk) -> None:
    assert posted(desk) == []
    rows = desk.json("ledger", "owe")
    assert {(row["suggestion"]["act"], row["suggestion"]["url"]) for row in rows} == {
        ("comment", ONE),
        ("comment", TWO),
    }
    assert {row["person"] for row in rows} == {"ada.example"}
    shown = " ".join(desk.run("ledger", "owe").stdout.split())
    assert "→ comment on “What a hedge knows”, then it is shared (its source asks for that first; shared with" in shown
    assert "did nothing" not in shown
    number = next(n for n, row in enumerate(rows, 1) if row["suggestion"]["url"] == TWO)
    assert TWO in desk.run("ledger", "do", str(number)).stdout
    assert "booked as given to" in desk.run("ledger", "done", str(number)).stdout
    assert posted(desk) == [TWO]
    [row] = desk.json("ledger", "owe")
    assert row["suggestion"]["url"] == ONE
    assert desk.json("ledger", "why", "ada.example")["lines"][0]["kind"] in {"comment", "share"}


def test_plan_and_why_say_until_when_it_waits(desk: Desk) -> None:
    desk.run("run")
    [reason] = {each["reason"] for each in desk.json("plan")["skipped"]}
    assert reason.startswith("comment first: it waits in `ledger owe` until 20")
    assert desk.json("why", ONE)["judgement"]["rejected"] == reason


def test_what_was_passed_over_or_shared_by_hand_is_suggested_no_more(desk: Desk) -> None:
    desk.run("run")
    desk.run("ledger", "owe")
    desk.run("ledger", "skip", "1")
    [row] = desk.json("ledger", "owe")
    desk.run("share", row["suggestion"]["url"])
    assert posted(desk) == [row["suggestion"]["url"]], "passing over the comment does not share it earlier"
    assert desk.json("ledger", "owe") == []


def test_after_its_time_it_is_shared_without_a_comment(desk: Desk) -> None:
    desk.settings.write_text(
        desk.settings.read_text().replace("comment_first = true", 'comment_first = true\ncomment_wait = "0m"')
    )
    assert posted(desk) == [ONE, TWO]
    assert desk.json("ledger", "owe") == []
