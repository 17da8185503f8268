"""`syndicator demo`: its story comes true whenever it is told, what it says is so, and nothing of it is left behind."""

import json
import signal
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from counterparts import forks
from counterparts.desk import Desk
from typer.testing import CliRunner

from platforms import memory_world
from syndicator.cli import demo as command
from syndicator.cli.fitted import cells
from syndicator.cli.main import make
from syndicator.demo import fortnight, tour
from syndicator.demo.story import DAYS
from syndicator.demo.world import POND, World

pexpect = pytest.importorskip("pexpect", reason="there are no terminals of this kind here")

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


# --- The command


#: Ends the process when it asks a network, or another program: one could tell of the user's timers.
ALONE = """
import os, sys
def look(event, what):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}: os._exit(99)
    if event == "subprocess.Popen" and what[0] != sys.executable: os._exit(98)
sys.addaudithook(look)
"""


class Home:
    """All places of a user where something could be left, and a user whose own settings would not do."""

    def __init__(self, folder: Path) -> None:
        for name in ("home", "tmp", "cwd"):
            (folder / name).mkdir()
        self.desk = Desk(folder / "cwd", "this is [no TOML")
        self.tmp = folder / "tmp"
        self._folder = folder
        places = {"HOME": "home", "TMPDIR": "tmp", "XDG_CONFIG_HOME": "home", "XDG_DATA_HOME": "home"}
        self.desk.environment |= {name: str(folder / place) for name, place in places.items()}
        self.desk.environment |= {"SYNDICATOR_CONFIG": "/nowhere/x.toml", "PYTHON_KEYRING_BACKEND": "no.such.Keyring"}
        self.desk.environment |= {"COLUMNS": "80", "PYTHONDONTWRITEBYTECODE": "1"}

    def left(self) -> list[str]:
        """What is there that was not in the beginning."""
        there = {str(path.relative_to(self._folder)) for path in self._folder.rglob("*")}
        return sorted(there - {"home", "tmp", "cwd", "cwd/syndicator.toml"})


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_it_shows_everything_asks_nobody_and_leaves_nothing(home: Home) -> None:
    done = home.desk.run("demo", python=ALONE)
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert [line[2:] for line in lines if line.startswith("$ ")] == [step.command for step in tour.STEPS]
    assert [line for line in lines if cells(line) > 80] == []
    assert lines[-1] == "Nothing of it is left behind."
    assert home.left() == []
    assert home.desk.settings.read_text() == "this is [no TOML"


#: Stops time after the first run of the story, till a signal comes.
HALTED = """
import time
from syndicator import stop
from syndicator.demo.world import World
really = World.wait_until
def wait_until(world, when):
    if when.days:
        print("halted", flush=True)
        while not stop.is_asked(): time.sleep(0.01)
    return really(world, when)
World.wait_until = wait_until
"""


@pytest.mark.parametrize(
    "signals",
    [(signal.SIGINT,), (signal.SIGTERM,), (signal.SIGHUP,), (signal.SIGINT, signal.SIGINT, signal.SIGTERM)],
    ids=lambda sent: "-".join(each.name for each in sent),
)
def test_a_signal_leaves_nothing_either(home: Home, signals: tuple[signal.Signals, ...]) -> None:
    process = home.desk.start("demo", python=HALTED)
    assert process.stdout
    assert any(line == "halted\n" for line in process.stdout)
    assert home.left()
    for each in signals:
        process.send_signal(each)
    _, complaints = process.communicate(timeout=120)
    assert process.returncode == 128 + signals[0]
    assert "Nothing of it is left behind." in complaints
    assert "Traceback" not in complaints
    assert home.left() == []


BROKEN = """
from syndicator.cli import owed
def lines(*_, **__): raise RuntimeError("a bug")
owed.lines = lines
"""


def test_nor_does_a_bug(home: Home) -> None:
    code = f"import sys; sys.argv = ['syndicator', 'demo']\n{BROKEN}\nfrom syndicator.cli.main import start; start()"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=home.desk.folder, env=home.desk.environment, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "RuntimeError: a bug" in done.stderr
    assert home.left() == []


# --- At a terminal


def terminal(home: Home) -> "pexpect.spawn":
    environment = {key: value for key, value in home.desk.environment.items() if key != "NO_COLOR"} | {"TERM": "xterm"}
    return pexpect.spawn(
        str(forks.BIN / "syndicator"), ["demo"], cwd=str(home.desk.folder), env=environment, timeout=120,
        encoding="utf-8", dimensions=(24, 80),
    )  # fmt: skip


def test_a_person_goes_from_step_to_step_and_leaves(home: Home) -> None:
    here = terminal(home)
    here.expect_exact("Enter goes on, q leaves")
    here.sendline()
    here.expect_exact("Enter goes on, q leaves")
    assert "Jo Sato recommends you" in here.before
    assert "syndicator run" not in here.before
    here.sendline()
    here.expect_exact("Enter goes on, q leaves")
    assert "syndicator run" in here.before
    assert "Posted on" in here.before
    here.sendline("q")
    here.expect(pexpect.EOF)
    here.close()
    assert "Nothing of it is left behind." in here.before
    assert (here.exitstatus, home.left()) == (0, [])


@pytest.mark.parametrize(("leave", "code"), [("sendintr", 130), ("sendeof", 0)])
def test_every_other_way_out_cleans_up_too(home: Home, leave: str, code: int) -> None:
    here = terminal(home)
    here.expect_exact("Enter goes on, q leaves")
    assert home.left()
    getattr(here, leave)()
    here.expect(pexpect.EOF)
    here.close()
    assert (here.exitstatus, home.left()) == (code, [])


# --- Kept


def test_a_world_that_is_kept_goes_on_with_the_ordinary_commands(home: Home) -> None:
    done = home.desk.run("demo", "--keep", "world")
    assert done.stdout.splitlines()[-2:] == ["    cd world", "    ledger owe"]
    assert list(home.tmp.iterdir()) == []
    del home.desk.environment["SYNDICATOR_CONFIG"], home.desk.environment["PYTHON_KEYRING_BACKEND"]
    world = home.desk.folder / "world"
    owed = [row["person"] for row in home.desk.json("ledger", "owe", cwd=world)]
    assert "Jo Sato" in owed
    assert "Noor Haddad" not in owed
    before = {post["article"] for post in home.desk.json("queue", cwd=world)}
    report = home.desk.json("run", cwd=world)
    assert report["errors"] == report["failed"] == []
    assert before.isdisjoint(each["article"] for each in report["posted"])


@pytest.mark.parametrize("place", ["full", "file"])
def test_what_is_there_is_not_overwritten(home: Home, place: str) -> None:
    folder = home.desk.folder
    (folder / "full").mkdir()
    (folder / "full" / "mine").touch()
    (folder / "file").touch()
    told = home.desk.run("demo", "--keep", place, expect=2).stderr
    assert told.startswith(f"error: {place} ")
    assert "name " in told
    assert sorted(home.left()) == ["cwd/file", "cwd/full", "cwd/full/mine"]
