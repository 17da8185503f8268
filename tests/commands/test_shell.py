"""What the commands have in common: how much they say, in which characters and colours, and how they end in a pipe."""

import json
import subprocess
from pathlib import Path

import pytest
from counterparts.desk import BIN, Desk, item, rss

POND = '[accounts.pond]\nplatform = "memory"\nfile = "pond.jsonl"\n'


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.add(POND)
    desk.feed(rss(item(1, title="Pruning “余白” — and 🌱", link="https://ada.example/1")))
    return desk


@pytest.mark.parametrize("words", [("--quiet", "run"), ("run", "--quiet"), ("run", "-q")])
def test_a_quiet_run_says_nothing_when_all_is_well(desk: Desk, words: tuple[str, ...]) -> None:
    done = desk.run(*words)
    assert (done.stdout, done.stderr) == ("", "")


def test_a_quiet_run_says_what_went_wrong(desk: Desk) -> None:
    (desk.folder / "ada.xml").unlink()
    done = desk.run("run", "--quiet", expect=1)
    assert done.stdout == ""
    assert done.stderr.startswith("Problem: ")
    assert "ada.xml" in done.stderr


def test_what_was_asked_for_is_never_left_out(desk: Desk) -> None:
    assert desk.run("sources", "--quiet").stdout == desk.run("sources").stdout != ""
    assert json.loads(desk.run("--quiet", "run", "--json").stdout)["errors"] == []


def test_the_environment_may_say_how_much_is_said(desk: Desk) -> None:
    desk.environment["SYNDICATOR_TALK"] = "quiet"
    assert desk.run("run").stdout == ""
    desk.environment["SYNDICATOR_TALK"] = "nonsense"
    assert "Sources:" in desk.run("run").stdout


def test_quiet_and_verbose_at_once_are_refused(desk: Desk) -> None:
    done = desk.run("run", "-q", "-v", expect=2)
    assert "leave one out" in done.stderr


@pytest.mark.parametrize("program", ["syndicator", "ledger"])
def test_both_programs_tell_the_version(desk: Desk, program: str) -> None:
    words = ("ledger", "--version") if program == "ledger" else ("--version",)
    name, _, number = desk.run(*words).stdout.strip().partition(" ")
    assert name == "syndicator"
    assert number[0].isdigit()


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_an_output_without_all_characters_shows_what_it_can(desk: Desk, encoding: str) -> None:
    desk.run("run", "-q")
    desk.environment |= {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    done = subprocess.run(
        [BIN / "syndicator", "queue", "--all"],
        cwd=desk.folder, env=desk.environment, capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"Pruning" in done.stdout
    assert b"??" in done.stdout or encoding == "ascii"  # which typer takes for a wrong setting, and writes UTF-8
    document = subprocess.run(
        [BIN / "syndicator", "queue", "--json"],
        cwd=desk.folder, env=desk.environment, capture_output=True, timeout=120, check=True,
    )  # fmt: skip
    assert "余白” — and 🌱" in json.loads(document.stdout.decode(encoding))[0]["text"]


def test_nothing_is_said_when_the_reader_of_a_pipe_has_left(desk: Desk) -> None:
    desk.feed(rss(*(item(n, link=f"https://ada.example/{n}") for n in range(400))))
    desk.run("run", "-q")
    line = f"{BIN / 'syndicator'} queue --all --json | head -1; {BIN / 'syndicator'} queue --all | head -1"
    done = subprocess.run(
        ["bash", "-c", line], cwd=desk.folder, env=desk.environment, capture_output=True, timeout=120, check=True
    )
    assert done.stderr == b""
    assert len(done.stdout.splitlines()) == 2


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [
        ({"NO_COLOR": "1"}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({}, False),
    ],
)
def test_colour_is_as_the_environment_says(desk: Desk, environment: dict[str, str], coloured: bool) -> None:
    del desk.environment["NO_COLOR"]
    desk.environment |= environment
    done = desk.run("queue", "skip", "nothing", expect=2)
    assert ("\x1b[31m" in done.stderr) == coloured
    assert "no post 'nothing'" in done.stderr
