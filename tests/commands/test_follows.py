"""`ledger follows` as its owner runs it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from counterparts.desk import Desk

from ledger.book import Book
from ledger.entry import Identity
from ledger.follows import Edge, Span
from ledger.followview import overview
from ledger.store.tiny import TinyStore
from syndicator.cli.fitted import cells
from syndicator.cli.follows import lines

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


def who(name: str) -> Identity:
    return Identity("mastodon", f"{name}@pond.example")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    store = TinyStore(desk.folder / "data" / "ledger.jsonl")
    follows = Book(store).follows
    follows.begin("pond", "followers", {name: who(name) for name in ("ada", "bob", "tag", "churn")})
    follows.begin("pond", "following", {name: who(name) for name in ("ada", "bob")})
    follows.change("pond", "following", {"tag": Edge(who("tag"), since=NOW - 5 * DAY)})
    follows.change(
        "pond",
        "followers",
        {
            "bob": Edge(who("bob"), ended=NOW - 2 * DAY, how="moved"),
            "tag": Edge(who("tag"), ended=NOW - 3 * DAY, how="unfollowed"),
            "churn": Edge(
                who("churn"), NOW - 9 * DAY, None, NOW - 40 * DAY, "unfollowed", (Span(NOW - 70 * DAY, NOW - 60 * DAY),)
            ),
            "cem": Edge(who("cem"), since=NOW - DAY),
            "long": Edge(who("x" * 60), since=NOW - DAY),
        },
    )
    follows.note_walk("pond", "followers", NOW)
    store.close()
    return desk


def names(edges: list[dict]) -> list[str]:
    return [edge["handle"].partition("@")[0] for edge in edges]


def test_everything_is_told_and_nothing_is_changed(desk: Desk) -> None:
    ledger = desk.folder / "data" / "ledger.jsonl"
    before = ledger.read_bytes()
    [found] = desk.json("ledger", "follows")
    assert (found["account"], found["followers"], found["following"]) == ("pond", 3, 3)
    assert names(found["new"]) == ["cem", "x" * 60]
    assert [(edge["handle"].partition("@")[0], edge["how"]) for edge in found["lost"]] == [
        ("bob", "moved"),
        ("tag", "unfollowed"),
    ]
    assert names(found["only_i_follow"]) == ["bob", "tag"]
    assert names(found["only_they_follow"]) == ["cem", "x" * 60]
    assert (names(found["tag_followers"]), names(found["churners"])) == (["tag"], ["churn"])
    assert found["new"][0]["url"] == "https://pond.example/@cem"
    lines = desk.run("ledger", "follows").stdout.splitlines()
    assert lines[0].startswith("pond: 3 followers, 3 following, as of ")
    assert lines[1] == "    within ten percent of each other (a sign of health, not a target)"
    assert [line for line in lines if "@bob@" in line and "moved" in line]
    assert [line for line in lines if len(line) > 80 and "x" * 60 not in line] == []
    assert ledger.read_bytes() == before


def test_an_account_and_a_time_can_be_chosen(desk: Desk) -> None:
    since = (NOW - timedelta(hours=60)).isoformat()
    [found] = desk.json("ledger", "follows", "--account", "pond", "--since", since)
    assert names(found["lost"]) == ["bob"]
    assert "no account 'bay'" in desk.run("ledger", "follows", "--account", "bay", expect=2).stderr


def test_where_nothing_was_walked_it_says_so(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    assert desk.json("ledger", "follows") == []
    assert "once a day" in desk.run("ledger", "follows").stdout


def test_there_is_no_command_that_follows_or_unfollows(desk: Desk) -> None:
    said = desk.run("ledger", "--help").stdout
    assert "unfollow" not in said
    assert [line.split()[1] for line in said.splitlines() if " follows " in line] == ["follows"]


WEEK = datetime(2026, 11, 2, 12, tzinfo=UTC)
SEVEN = {
    "plain": Edge(who("ada"), since=WEEK),
    "wide": Edge(who("ゆきだるま"), since=WEEK),
    "accents": Edge(Identity("bluesky", "müller.example"), since=WEEK),
    "arabic": Edge(who("سلمى"), since=WEEK),
    "nowhere": Edge(Identity("memory", "hana"), since=WEEK),
    "long": Edge(who("x" * 60), since=WEEK),
    "lost": Edge(who("bob"), ended=WEEK, how="suspended"),
}


def told(width: int, limit: int | None = None) -> list[str]:
    return list(
        lines(overview("pond", SEVEN, {"ada": Edge(who("ada"))}, WEEK - DAY, WEEK), WEEK - DAY, UTC, limit, width)
    )


def column(line: str, part: str) -> int:
    return cells(line[: line.index(part)])


@pytest.mark.parametrize("width", [40, 60, 80, 132])
def test_whatever_can_be_broken_fits_the_terminal_in_any_script(width: int) -> None:
    too_long = [line for line in told(width) if cells(line) > width]
    assert [line for line in too_long if len(line.split()) > 1] == []
    assert all("xxx" in line or width < 60 for line in too_long)


def test_columns_stand_below_each_other_in_any_script() -> None:
    rows = [line for line in told(132) if "02 Nov 2026" in line and line.startswith("    ") and "xxx" not in line][:5]
    assert [column(line, "02 Nov") for line in rows if "suspended" not in line] == [31] * 5
    assert {column(line, "https://") for line in rows if "https://" in line} == {44}


def test_width_is_used_where_there_is_some_and_little_asks_for_more_lines() -> None:
    assert len(told(132)) < len(told(80)) < len(told(40))
    at_80 = told(80)
    row = next(number for number, line in enumerate(at_80) if "xxx" in line)
    assert at_80[row + 1 : row + 3] == ["        02 Nov 2026", f"        https://pond.example/@{'x' * 60}"]
    assert "    4 more (--all names them)" in told(80, limit=2)


def test_the_command_takes_the_width_of_its_terminal(desk: Desk) -> None:
    desk.environment["COLUMNS"] = "200"
    wide = desk.run("ledger", "follows").stdout.splitlines()
    assert any("x" * 60 in line and "https://" in line for line in wide)
    desk.environment["COLUMNS"] = "50"
    narrow = desk.run("ledger", "follows").stdout.splitlines()
    assert [line for line in narrow if len(line) > 50 and "x" * 60 not in line] == []
    assert len(narrow) > len(wide)
