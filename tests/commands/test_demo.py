"""`syndicator demo` as it is called: it asks nobody, waits for a person, and leaves nothing behind but what is kept."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from counterparts import forks
from counterparts.desk import Desk

from syndicator.cli.fitted import cells
from syndicator.demo import tour

pexpect = pytest.importorskip("pexpect", reason="there are no terminals of this kind here")


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
