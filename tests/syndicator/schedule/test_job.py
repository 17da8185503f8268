"""Jobs: names that tell settings files apart for ever, and the program that is started."""

import json
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from counterparts.desk import SETTINGS, Desk

from syndicator import settings
from syndicator.schedule import job as jobs
from syndicator.schedule.base import Job, ScheduleError


def test_each_settings_file_has_its_name(tmp_path):
    one, other = Job(tmp_path / "blog" / "syndicator.toml"), Job(tmp_path / "blog" / "second.toml")
    assert one.name != other.name
    assert one.name.startswith("syndicator-blog-")
    assert Job(Path("/Ünï çøde/日本/syndicator.toml")).name.isascii()
    assert Job(Path("/home/ada/syndicator/syndicator.toml")).name.count("syndicator") == 1


def test_the_name_does_not_depend_on_how_the_file_is_reached(tmp_path, monkeypatch):
    (tmp_path / "blog").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "blog")
    whole = jobs.named(tmp_path / "blog" / "syndicator.toml").name
    monkeypatch.chdir(tmp_path / "blog")
    for way in ("syndicator.toml", "../blog/./syndicator.toml", str(tmp_path / "link" / "syndicator.toml")):
        assert jobs.named(Path(way)).name == whole


def test_a_path_that_would_break_lines_is_refused(tmp_path):
    with pytest.raises(ScheduleError, match="rename it"):
        jobs.named(tmp_path / "two\nlines" / "syndicator.toml")


def test_the_command_is_kept_as_it_was_started(tmp_path):
    program = tmp_path / "real" / "syndicator"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    link = tmp_path / "syndicator"
    link.symlink_to(program)
    assert jobs.program(str(link)) == (str(link),)


@pytest.mark.parametrize("started", ["/a/syndicator/__main__.py", "-c", "/usr/bin/pytest", "/nowhere/syndicator"])
def test_else_this_python_is_started_with_the_module(started, tmp_path):
    words = jobs.program(started)
    assert words == (sys.executable, "-P", "-m", "syndicator")
    (tmp_path / "syndicator.py").write_text("raise SystemExit('the wrong one')")
    done = subprocess.run([*words, "--version"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("syndicator ")


def test_what_is_kept_between_runs_and_what_they_need(tmp_path):
    desk = Desk(tmp_path)
    desk.add_account("links", "linkblog", {"folder": "public"}, {})
    desk.add_account("x-ada", "x", {"server": "https://api.x.com"}, {})
    job = jobs.job(settings.load(desk.settings))
    assert job.kept == (tmp_path / "data", tmp_path / "public")
    assert job.variables[0] == "SYNDICATOR_X_ADA_API_KEY"
    assert jobs.set_here(job, {"SYNDICATOR_X_ADA_API_KEY": "k", "SYNDICATOR_OTHER_TOKEN": "t"}) == [job.variables[0]]


def test_how_long_a_run_may_take_follows_the_settings(tmp_path):
    desk = Desk(tmp_path)
    assert jobs.job(settings.load(desk.settings)).limit == timedelta(minutes=22)
    desk.add('[run]\nbudget = "1h"\n[fetch]\ntimeout = "10s"\n')
    assert jobs.job(settings.load(desk.settings)).limit == timedelta(minutes=67)


@pytest.mark.parametrize(
    ("zone", "hours"),
    [("Europe/London", 0), ("Europe/Dublin", 0), ("America/New_York", -5), ("Australia/Sydney", 10), ("Asia/Tokyo", 9)],
)
def test_the_hours_of_a_timer_are_the_same_in_summer_and_in_winter(zone, hours):
    assert jobs.winter_offset(ZoneInfo(zone), 2026) == timedelta(hours=hours)


def test_a_timer_for_another_machine_does_not_change_with_the_clocks(tmp_path, monkeypatch):
    found = set()
    for month in (1, 7):

        class Then(datetime):
            @classmethod
            def now(cls, tz=None, month=month):
                return datetime(2026, month, 15, 12, tzinfo=tz)

        monkeypatch.setattr(jobs, "datetime", Then)
        desk = Desk(tmp_path, SETTINGS.replace("[me]", '[me]\ntimezone = "Europe/Berlin"'))
        found.add(jobs.job(settings.load(desk.settings)).utc_offset)
    assert found == {timedelta(hours=1)}


@pytest.mark.parametrize(
    ("origin", "told"),
    [
        (None, r"syndicator==[\d.]+"),
        ({"url": "file:///home/ada/syndicator", "dir_info": {}}, "file:///home/ada/syndicator"),
        ({"url": "https://forge.example/a.git", "vcs_info": {"vcs": "git", "commit_id": "1f"}}, r"git\+https.*git@1f"),
        ({"url": "https://forge.example/a.whl", "archive_info": {}}, "https://forge.example/a.whl"),
        ({"url": "https://ada:pw@forge.example/a.git", "vcs_info": {"vcs": "git", "commit_id": "1f"}}, "$"),
    ],
)
def test_where_it_was_installed_from(origin, told, tmp_path, monkeypatch):
    """As PEP 610 has installers write it down."""
    info = tmp_path / "syndicator-1.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: syndicator\nVersion: 1.2\n")
    if origin:
        (info / "direct_url.json").write_text(json.dumps(origin))
    monkeypatch.syspath_prepend(str(tmp_path))
    import re

    assert re.match(told, jobs.installed_from())


@pytest.mark.parametrize(
    ("program", "passing"),
    [
        ("/home/ada/.cache/uv/archive-v0/x/bin/syndicator", True),
        ("/home/ada/.local/pipx/.cache/a/bin/syndicator", True),
        ("/home/ada/.local/bin/syndicator", False),
    ],
)
def test_a_program_that_will_be_cleared_away_is_noticed(program, passing):
    assert jobs.is_passing((program,)) is passing
