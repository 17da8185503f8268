"""`syndicator demo`: its story comes true whenever it is told, and what it says is so."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from platforms import memory_world
from syndicator.cli import demo as command
from syndicator.cli.main import make
from syndicator.demo import fortnight, tour
from syndicator.demo.story import DAYS
from syndicator.demo.world import POND, World

TODAY = datetime(2026, 11, 22, 3, tzinfo=UTC)


@dataclass(frozen=True)
class Played:
    """The fortnight that is over: its world, what was told of it, and the addresses of what was posted."""

    world: World
    days: list[fortnight.Day]
    posts: list[str]


def play(folder: Path, today: datetime) -> Played:
    world = World(folder, today)
    days = list(fortnight.play(world))
    return Played(world, days, [post["id"] for post in memory_world.world(POND, str(world.pond)).posts()])


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    return play(tmp_path_factory.mktemp("world"), TODAY)


@pytest.fixture(scope="module")
def steps(played: Played) -> dict[str, dict[str, object]]:
    """What each step prints, and what stands behind it right after, as JSON, by the time of the step."""
    world, found = played.world, {}
    with command._commands_at(world):
        for step in tour.STEPS:
            world.wait_until(step.at)
            found[f"{world.clock():%H:%M}"] = {
                "command": step.command,
                "printed": told(world, *step.words),
                **{word: json.loads(told(world, "ledger", word, "--json")) for word in ("owe", "follows")},
                "noor": json.loads(told(world, "ledger", "why", "pica.example", "--json")),
                **{word: json.loads(told(world, word, "--json")) for word in ("plan", "queue")},
            }
    return found


def told(world: World, *words: str) -> str:
    done = CliRunner().invoke(make(), ["--config", str(world.settings), *words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


# --- The story


def test_it_is_the_same_story_on_any_day(played: Played, tmp_path: Path) -> None:
    """Also at the end of a day, of a February, in another season; to the ids of the posts."""
    again = play(tmp_path, datetime(2028, 3, 1, 23, 59, tzinfo=UTC))
    assert again.days == played.days
    assert again.posts == played.posts


def test_every_day_of_it_is_told_and_nothing_goes_wrong(played: Played) -> None:
    assert [day.number for day in played.days] == list(range(DAYS + 1))
    assert not [line for day in played.days for line in day.told if line.startswith("Problem")]


def test_the_first_run_shares_nothing_that_was_there_before(played: Played) -> None:
    """Nor does a later one: that is what the tour says of Noor's article."""
    told = "\n".join(line for day in played.days for line in day.told)
    old = [article.title for article in played.world.story.articles if article.at.days < 1]
    assert len(old) == 6
    assert not [title for title in old if title in told]


def test_all_of_it_lies_in_the_past(played: Played) -> None:
    """Else who goes on with a world that was kept would live before what happened in it."""
    end = TODAY.replace(hour=0, minute=0)
    assert played.world.time_of(max(step.at for step in tour.STEPS)) < end


def test_all_that_people_can_do_happens(played: Played) -> None:
    done = {act.does for act in played.world.story.acts}
    assert {"share", "boost", "reply", "recommend", "follow", "unfollow", "like"} <= done
    assert any("ledger add comment" in step.command for step in tour.STEPS)


# --- What is said of it is so


def test_the_morning_run_posts_one_link_to_both_accounts(steps: dict[str, dict[str, object]]) -> None:
    posted = [line for line in steps["08:05"]["printed"].splitlines() if line.startswith("Posted on")]
    assert [line.partition(":")[2] for line in posted] == [" How to send fewer and better newsletters"] * 2
    assert {line.split()[2] for line in (each.rstrip(":") for each in posted)} == {f"{POND}:", "links:"}


def test_the_plan_waits_for_the_gap_between_two_links_to_one_author(steps: dict[str, dict[str, object]]) -> None:
    """It is the 21st, and there is a time to post at 13:00."""
    planned = steps["08:10"]["plan"]["planned"]
    assert {(each["article"], each["when"]) for each in planned} == {
        ("https://ada.example/library-workshop", "2026-11-22T08:00:00Z")
    }
    assert {each["account"] for each in planned} == {POND, "links"}


def test_who_was_generous_is_owed_and_who_only_liked_is_not(steps: dict[str, dict[str, object]]) -> None:
    owed = {row["person"]: row for row in steps["08:15"]["owe"]}
    first = steps["08:15"]["owe"][0]
    assert (first["person"], first["received"], first["given"]) == ("Noor Haddad", {"share": 1}, {})
    assert (first["suggestion"]["act"], first["suggestion"]["url"]) == ("share", "https://pica.example/specimens")
    assert {"Jo Sato", "Inês Prado", "Mara Lind", "moss.example"} <= owed.keys()
    assert owed.keys().isdisjoint({"Pat Amari", "Teodor Brandt", "Juniper Vance", "Kit Vogel"})
    assert owed["Mara Lind"]["suggestion"]["act"] == "boost"
    assert owed["Inês Prado"]["suggestion"]["act"] == "answer"
    assert owed["Jo Sato"]["suggestion"]["act"] == "thank"


def test_the_favour_waits_in_the_queue_and_is_paid_by_the_next_run(steps: dict[str, dict[str, object]]) -> None:
    waiting = [post for post in steps["08:30"]["queue"] if post["state"] == "queued"]
    assert [post["article"] for post in waiting] == ["https://pica.example/specimens"] * 2
    before, after = steps["08:30"]["noor"], steps["13:05"]["noor"]
    assert before["balance"] > 6.9
    assert after["balance"] <= 0
    assert {post["state"] for post in steps["13:05"]["queue"]} == {"posted"}
    assert "Noor Haddad" not in {row["person"] for row in steps["13:15"]["owe"]}
    assert len(steps["13:15"]["owe"]) == len(steps["08:15"]["owe"]) - 1


def test_who_left_again_is_found(steps: dict[str, dict[str, object]]) -> None:
    [pond] = steps["13:20"]["follows"]
    assert [each["handle"] for each in pond["lost"]] == ["kit"]
    assert [each["handle"] for each in pond["tag_followers"]] == ["kit"]
    assert [each["handle"] for each in pond["only_i_follow"]] == ["kit"]
    assert [each["handle"] for each in pond["new"]] == ["mara"]
