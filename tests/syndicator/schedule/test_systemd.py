"""systemd: units that its own checker accepts and its own user manager runs, whatever the paths are called."""

import itertools
import shutil
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from counterparts import own_systemd

from syndicator.schedule import systemd
from syndicator.schedule.base import Job
from tests.syndicator.schedule.jobs import AWKWARD, PLAIN, SPACED, every, recorder

needs_systemd = pytest.mark.skipif(bool(own_systemd.why_not()), reason=own_systemd.why_not())


def test_the_timer_goes_by_the_clock_and_makes_up_for_what_was_missed():
    text = systemd.timer_text(every(30))
    assert "Persistent=true" in text
    assert "OnCalendar=*-*-* *:" in text
    assert "Description=Syndicator, every 30m (/home/robin/blog/syndicator.toml)" in text


def test_a_run_has_the_time_that_it_may_take_and_may_be_stopped():
    text = systemd.service_text(replace(PLAIN, limit=timedelta(minutes=21, seconds=1)))
    assert "TimeoutStartSec=22min\n" in text
    assert "SuccessExitStatus=130 143\n" in text


@needs_systemd
def test_a_run_that_was_told_to_stop_did_not_fail(tmp_path, monkeypatch):
    program = recorder(tmp_path / "bin")
    program.write_text("#!/bin/sh\nexit 143\n")
    job = Job(tmp_path / "syndicator.toml", (str(program),))
    with own_systemd.started(tmp_path) as environment:
        for key, value in environment.items():
            monkeypatch.setenv(key, value)
        assert systemd.Systemd().install(job)
        subprocess.run(["systemctl", "--user", "start", f"{job.name}.service"], check=True)
        program.write_text("#!/bin/sh\nexit 1\n")
        assert subprocess.run(["systemctl", "--user", "start", f"{job.name}.service"], check=False).returncode


def test_what_the_clock_can_not_keep_is_counted_from_run_to_run():
    text = systemd.timer_text(every(45))
    assert "OnUnitActiveSec=45min" in text
    assert "OnCalendar" not in text


def test_words_are_quoted_for_systemd():
    words = systemd.command_line(("/a b/$x", 'say "hi"', "100%", "$HOME", "c\\d", "ü"))
    assert words == '"/a b/$x" "say \\"hi\\"" "100%%" "$$HOME" "c\\\\d" "ü"'


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze here: install Debian's systemd")
@pytest.mark.parametrize("minutes", [5, 30, 45, 60, 180, 1440])
@pytest.mark.parametrize("folder", ["blog", SPACED, AWKWARD], ids=["plain", "spaced", "awkward"])
def test_systemd_finds_nothing_wrong(minutes, folder, tmp_path):
    program = recorder(tmp_path / folder)
    timer = systemd.Systemd(folder=tmp_path / "units").timer(
        Job(program.with_name("syndicator.toml"), (str(program),), timedelta(minutes=minutes))
    )
    for file in timer.files:
        file.path.parent.mkdir(exist_ok=True)
        file.path.write_text(file.text)
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(file.path) for file in timer.files)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze here: install Debian's systemd")
@pytest.mark.parametrize("minutes", [5, 20, 60, 240, 1440])
def test_systemd_reads_the_calendar_as_it_is_meant(minutes):
    (calendar,) = (
        line.partition("=")[2] for line in systemd.timer_text(every(minutes)).splitlines() if "OnCalendar" in line
    )
    told = subprocess.run(
        ["systemd-analyze", "calendar", "--iterations=3", calendar],
        env={"TZ": "UTC", "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    elapses = [line.split()[-2] for line in told.stdout.splitlines() if "Next elapse" in line or "Iter." in line]
    seconds = [
        sum(int(part) * size for part, size in zip(each.split(":"), (3600, 60, 1), strict=True)) for each in elapses
    ]
    assert {(later - one) % 86400 for one, later in itertools.pairwise(seconds)} == {minutes * 60 % 86400}


@needs_systemd
@pytest.mark.parametrize("folder", [SPACED, AWKWARD], ids=["spaced", "awkward"])
def test_a_real_manager_runs_the_very_words(folder, tmp_path, monkeypatch):
    program = recorder(tmp_path / folder)
    job = Job(program.with_name("syndicator.toml"), (str(program),))
    with own_systemd.started(tmp_path) as environment:
        for key, value in environment.items():
            monkeypatch.setenv(key, value)
        timers = systemd.Systemd()
        assert timers.lacking() == ""
        assert timers.install(job)
        subprocess.run(["systemctl", "--user", "start", f"{job.name}.service"], check=True)
        assert program.with_name("words").read_text().splitlines() == list(job.command)


@needs_systemd
def test_a_timer_comes_and_goes(tmp_path, monkeypatch):
    program = recorder(tmp_path / "bin")
    with own_systemd.started(tmp_path) as environment:
        for key, value in environment.items():
            monkeypatch.setenv(key, value)
        timers = systemd.Systemd()
        job = Job(tmp_path / "syndicator.toml", (str(program),))
        assert timers.status(job) is None
        assert [timers.install(job), timers.install(job)] == [True, False]
        found = timers.status(job)
        assert (found.every, found.active, found.current) == (timedelta(minutes=30), True, True)
        assert found.next.minute % 30 in range(32)

        hourly = Job(job.settings, job.program, timedelta(hours=1))
        assert timers.install(hourly)
        assert timers.status(job).every == timedelta(hours=1)
        assert not timers.status(Job(job.settings, ("/moved/syndicator",))).current
        assert not timers.status(replace(hourly, limit=timedelta(hours=3))).current

        subprocess.run(["systemctl", "--user", "stop", f"{job.name}.timer"], check=True)
        assert timers.status(job).active is False
        assert [timers.install(hourly), timers.status(job).active] == [True, True]

        assert [timers.remove(job), timers.remove(job)] == [True, False]
        assert timers.status(job) is None
        assert list(Path(environment["HOME"]).rglob(f"*{job.name}*")) == []
        listed = ["systemctl", "--user", "list-unit-files", "--all", f"{job.name}*"]
        assert "0 unit files" in subprocess.run(listed, capture_output=True, text=True, check=False).stdout


def test_without_a_manager_that_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    assert "systemd" in systemd.Systemd(folder=tmp_path).lacking()
    assert systemd.Systemd(folder=tmp_path).status(PLAIN) is None
