"""The written month, told by the counterparts, collected by the commands: the ledger says what a hand reckoned."""

import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from scenario.stage import Stage
from scenario.worlds import NOW

EXPECTED = tomllib.loads((Path(__file__).parent / "expected.toml").read_text("utf-8"))["person"]
LISTED = [person for person in EXPECTED if person.get("listed", True)]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    stage = Stage(tmp_path_factory.mktemp("month"))
    desk = stage.desk
    desk.run("ledger", "import", "by-hand.csv")
    desk.run("run")
    for person in stage.told["people"]:
        if person.get("shared"):
            desk.run("share", f"https://{person['acts'][0][2]}/latest", "--to", "pond")
        if joined := person.get("joined"):
            desk.run("ledger", "people", "merge", *joined)
    stage.publish()
    desk.run("run", "--refresh"), desk.run("run")  # twenty people are looked up in each
    yield stage
    stage.close()


@pytest.fixture(scope="module")
def owed(stage: Stage) -> dict[str, dict[str, Any]]:
    """Everybody in the list, by each of their handles."""
    rows = stage.desk.json("ledger", "owe", "--all")
    return {who["handle"]: row for row in rows for who in row["identities"]}


@pytest.mark.parametrize("person", LISTED, ids=[person["who"] for person in LISTED])
def test_the_list_says_what_a_hand_reckoned(owed: dict[str, dict[str, Any]], person: dict[str, Any]) -> None:
    row = owed[person["who"]]
    suggestion = row["suggestion"] or {"act": None, "title": ""}
    assert row["open"] == pytest.approx(person["open"], abs=0.003)
    assert row["standing"] == person["standing"]
    assert row["waiting"] == person.get("waiting")
    assert suggestion["act"] == person.get("act"), suggestion
    if "title" in person:
        assert suggestion["title"] == person["title"]
    handles = [f"{who['network']}:{who['handle']}" for who in row["identities"]]
    assert sorted(handles) == sorted(person.get("handles", handles[:1]))


def test_nobody_else_is_in_the_list(owed: dict[str, dict[str, Any]]) -> None:
    people = {row["person"] + row["identities"][0]["handle"] for row in owed.values()}
    assert len(people) == sum(1 + person.get("others", 0) for person in LISTED)
    for person in EXPECTED:
        if not person.get("listed", True):
            assert person["who"] not in owed


def test_what_counts_little_says_so(stage: Stage) -> None:
    for person in EXPECTED:
        if "credibility" in person:
            lines = stage.desk.json("ledger", "why", person["who"])["lines"]
            assert {line["credibility"] for line in lines} == {person["credibility"]}


def test_why_sums_to_what_the_list_shows(stage: Stage, owed: dict[str, dict[str, Any]]) -> None:
    for who in ("gina.example", "cleo@north.example", "bela.example"):
        told = stage.desk.json("ledger", "why", who)
        assert sum(line["counts"] for line in told["lines"]) == pytest.approx(told["balance"])
        assert told["balance"] == pytest.approx(owed[who]["open"], abs=0.001)


def test_at_most_five_are_suggested_a_day_the_highest_ranks_first(stage: Stage) -> None:
    """Ranks by hand: open × 1.25 for whom Ada reads × urgency, 1 + days/14 and at most 2.

    Gina 16.032 × 1.25 × 2 = 40.1; Cleo 10.402 × 2 = 20.8; Uma 9.622 × 1.25 × 1.714 = 20.6; Tara 8.716 × 1.714 = 14.9;
    Alva 7.698 × 1.714 = 13.2. The next has to wait for tomorrow. Cora's row is no return.
    """
    settings = stage.desk.settings.read_text()
    stage.desk.settings.write_text(settings.replace("suggestions_per_day = 20", "suggestions_per_day = 5"))
    rows = stage.desk.json("ledger", "owe", "--all")
    stage.desk.settings.write_text(settings)
    ranks = [row["rank"] for row in rows if row["suggestion"] is None or row["suggestion"]["act"] != "comment"]
    assert ranks == sorted(ranks, reverse=True)
    acts = [
        min(who["handle"] for who in row["identities"])
        for row in rows
        if row["suggestion"] and row["suggestion"]["todo"]
    ]
    assert acts[:-1] == ["gina.example", "cleo@north.example", "uma.example", "tara", "alva.example"]
    assert [row["rank"] for row in rows[:5]] == pytest.approx([40.08, 20.80, 20.62, 14.94, 13.20], abs=0.05)
    assert acts[-1] == "cora.example"


def test_half_a_year_later_what_is_open_is_half_and_what_is_paid_stays_paid(stage: Stage) -> None:
    """180 days are the half-life; follows kept by then count, and debts of a quarter point are forgiven."""
    later = (NOW + timedelta(days=180)).isoformat()
    rows = stage.desk.json("ledger", "owe", "--all", "--at", later)
    found = {who["handle"]: row["open"] for row in rows for who in row["identities"]}
    for person in LISTED:
        half = person["open"] / 2
        if half >= 0.5 and person["who"] != "dan@north.example":
            assert found[person["who"]] == pytest.approx(half, abs=0.003), person["who"]


def test_collecting_once_more_changes_nothing(stage: Stage, owed: dict[str, dict[str, Any]]) -> None:
    found = stage.desk.json("ledger", "collect", "--refresh")
    assert not any(found["collected"].values()), found["collected"]
    again = {who["handle"]: row for row in stage.desk.json("ledger", "owe", "--all") for who in row["identities"]}
    assert {who: row["standing"] for who, row in again.items()} == {who: row["standing"] for who, row in owed.items()}


def test_namesakes_are_not_taken_for_one_and_a_burst_is_asked_about(stage: Stage) -> None:
    asked = stage.desk.json("ledger", "people", "review", "--all")
    pairs = [{each["person"] for each in question["people"]} for question in asked if question["what"] == "merge"]
    assert {"Max"} not in pairs
    suspects = [question for question in asked if question["what"] != "merge"]
    assert sorted((each["what"], len(each["people"])) for each in suspects) == [("crowd", 10), ("spam", 1)]


def traces(stage: Stage, *words: str) -> list[str]:
    """The files of the ledger's owner that have one of these words in them; feeds and settings are no such."""
    files = [path for path in (stage.desk.folder / "data").rglob("*") if path.is_file()]
    texts = {str(path): path.read_text("utf-8", "replace").casefold() for path in files}
    return [f"{name}: {word}" for name, text in texts.items() for word in words if word in text]


def test_who_is_forgotten_leaves_no_trace_and_comes_back_through_no_door(stage: Stage) -> None:
    """Lea is told of by Mastodon and by a bridge, Rosa by X, Vera by her site."""
    words = ("lea@south.example", "@lea", '"lea"', "x:rosa", "vera.example")
    assert traces(stage, *words) != []
    for who in ("lea@south.example", "x:rosa", "vera.example"):
        stage.desk.run("ledger", "forget", who, "--yes")
    assert traces(stage, *words) == []
    stage.mentions.add("https://vera.example/again", "like-of")
    stage.x.post("Read this, too @ada", next(key for key, user in stage.x.users.items() if user["username"] == "rosa"))
    stage.desk.run("ledger", "collect", "--refresh"), stage.desk.run("run")
    assert traces(stage, *words) == []
    found = {who["handle"] for row in stage.desk.json("ledger", "owe", "--all") for who in row["identities"]}
    assert found.isdisjoint({"lea@south.example", "rosa", "vera.example"})


def test_a_tag_follower_is_seen_through(stage: Stage) -> None:
    """Tess follows, Ada follows back, and Tess is gone the day after. Each run is a day and an hour after the last.

    A run lies between her follow and Ada's: what one look finds on both sides tells not who was first.
    """
    later(stage, 1)
    stage.follow("tess@north.example")
    later(stage, 2)
    stage.follow_back("tess@north.example")
    later(stage, 3)
    stage.unfollow("tess@north.example")
    later(stage, 4), later(stage, 5)
    found = {each["account"]: each for each in stage.desk.json("ledger", "follows")}["toots"]
    assert [edge["handle"] for edge in found["tag_followers"]] == ["tess@north.example"]
    assert "tess@north.example" in [edge["handle"] for edge in found["only_i_follow"]]


def later(stage: Stage, days: int) -> None:
    """A run as of so many days later."""
    stage.desk.run(
        "run",
        python=f"""
from datetime import datetime, timedelta
from syndicator import workspace
class Later(datetime):
    now = staticmethod(lambda zone: datetime.now(zone) + timedelta(hours={25 * days}))
workspace.datetime = Later
""",
        expect=None,
    )
