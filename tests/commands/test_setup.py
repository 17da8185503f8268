"""The first hour: `init` asks what it must, or says how not to be asked; a bad data folder is told in a sentence."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from counterparts.desk import BIN, Desk

from syndicator import settings


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path, "")
    desk.settings.unlink()
    desk.environment["TZ"] = "Europe/London"
    return desk


def init(desk: Desk, *words: str, answers: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BIN / "syndicator", "init", *words],
        cwd=desk.folder, env=desk.environment, input=answers, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_without_anybody_to_answer_the_way_out_is_named(desk: Desk) -> None:
    done = init(desk)
    assert done.returncode == 2
    [told] = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert "--yes" in told
    assert "--blog" in told
    assert "Aborted" not in done.stderr
    assert not desk.settings.exists()


def test_settings_that_are_there_are_noticed_before_anything_is_asked(desk: Desk) -> None:
    desk.settings.write_text("# mine\n")
    done = init(desk)
    assert (done.returncode, desk.settings.read_text()) == (0, "# mine\n")
    assert "left as it is" in done.stdout
    assert "?" not in done.stderr
    assert "Your" not in done.stderr


def test_the_zone_is_asked_again_until_it_is_one(desk: Desk) -> None:
    done = init(desk, answers="\nMars/Olympus\nAsia/Tokyo\n")
    assert done.returncode == 0, done.stderr
    assert "[Europe/London]" in done.stderr
    assert "'Mars/Olympus' is not a time zone" in done.stderr
    assert settings.load(desk.settings).me.timezone.key == "Asia/Tokyo"
    assert done.stdout.strip() == "wrote syndicator.toml"


def test_yes_takes_the_systems_zone(desk: Desk) -> None:
    assert init(desk, "--yes").returncode == 0
    assert settings.load(desk.settings).me.timezone.key == "Europe/London"


def test_a_person_may_leave(desk: Desk) -> None:
    """At a terminal, the end of input is a person's wish and no lack of an option."""
    here, there = pty.openpty()
    process = subprocess.Popen(
        [BIN / "syndicator", "init"], cwd=desk.folder, env=desk.environment, stdin=there, stderr=subprocess.PIPE
    )
    os.write(here, b"\x04")
    _, told = process.communicate(timeout=60)
    assert process.returncode == 1
    assert b"--yes" not in told


# --- The data folder


@pytest.mark.parametrize("place", ["data", "data/run.lock", "data/run.owner"])
def test_a_data_folder_that_can_not_be_is_one_sentence(desk: Desk, place: str) -> None:
    desk.settings.write_text("")
    where = desk.folder / place
    where.parent.mkdir(exist_ok=True)
    if place == "data":
        where.write_text("a file, not a folder")
    else:
        where.mkdir()
    for command in (["run"], ["ledger", "collect"]):
        told = desk.run(*command, expect=1).stderr
        assert told.startswith("error: ")
        assert str(where) in told
        assert "check that the path is right" in told
    if place != "data":
        where.rmdir()
        desk.run("run")


READ_ONLY = """
import os
really = os.open
def refuse(path, flags, *rest, **named):
    if str(path).endswith("run.lock"):
        raise PermissionError(13, "Permission denied", str(path))
    return really(path, flags, *rest, **named)
os.open = refuse
"""


@pytest.mark.skipif(sys.platform == "win32", reason="locks are taken in another way there")
def test_a_folder_that_may_not_be_written_says_so(desk: Desk) -> None:
    desk.settings.write_text("")
    told = desk.run("run", python=READ_ONLY, expect=1).stderr
    assert told.startswith(f"error: {desk.folder / 'data' / 'run.lock'} could not be written: Permission denied")
    assert "writable for this user" in told
