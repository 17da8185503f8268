"""launchd: property lists with the keys of launchd.plist(5). There is no launchctl here: a small fake stands for it."""

import plistlib
from datetime import timedelta

import pytest

from syndicator.schedule import launchd, tools
from syndicator.schedule.base import Job
from tests.syndicator.schedule.jobs import AWKWARD, PLAIN, every

#: What launchctl(1) does to agents, as far as it matters: it remembers which are loaded, and fails for others.
LAUNCHCTL = """#!/bin/sh
set -e
loaded="$(dirname "$0")/loaded"
mkdir -p "$loaded"
case "$1" in
  bootstrap) name=$(basename "$3" .plist); [ ! -e "$loaded/$name" ]; cp "$3" "$loaded/$name" ;;
  bootout) rm "$loaded/${2##*/}" ;;
  print) cat "$loaded/${2##*/}" ;;
esac
"""


@pytest.mark.parametrize("folder", ["blog", AWKWARD], ids=["plain", "awkward"])
def test_the_agent_starts_the_very_words(folder, tmp_path):
    job = Job(tmp_path / folder / "syndicator.toml", (str(tmp_path / folder / "syndicator"),))
    agent = plistlib.loads(launchd.plist_text(job, tmp_path / "log").encode())
    assert agent["ProgramArguments"] == list(job.command)
    assert agent["Label"] == job.name
    assert agent["RunAtLoad"] is True
    assert 20 < agent["ExitTimeOut"] < tools.PATIENCE


@pytest.mark.parametrize(("minutes", "entries"), [(5, 12), (30, 2), (60, 1), (180, 8), (1440, 1)])
def test_what_the_clock_keeps_is_made_up_for_after_sleep(minutes, entries):
    agent = plistlib.loads(launchd.plist_text(every(minutes), PLAIN.settings).encode())
    assert len(agent["StartCalendarInterval"]) == entries
    assert "StartInterval" not in agent


def test_what_the_clock_can_not_keep_is_counted_in_seconds():
    agent = plistlib.loads(launchd.plist_text(every(45), PLAIN.settings).encode())
    assert agent["StartInterval"] == 45 * 60
    assert "StartCalendarInterval" not in agent


def test_an_agent_comes_and_goes(tmp_path, monkeypatch):
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "launchctl").write_text(LAUNCHCTL)
    (tools / "launchctl").chmod(0o755)
    monkeypatch.setenv("PATH", str(tools), prepend=":")
    timers = launchd.Launchd(library=tmp_path / "Library", domain="gui/501")
    assert timers.lacking() == ""
    assert timers.status(PLAIN) is None
    assert [timers.install(PLAIN), timers.install(PLAIN)] == [True, False]
    found = timers.status(PLAIN)
    assert (found.every, found.active, found.current) == (timedelta(minutes=30), True, True)
    assert timers.install(every(45))
    assert b"<integer>2700</integer>" in (tools / "loaded" / PLAIN.name).read_bytes(), "what is loaded is the new one"

    log = tmp_path / "Library" / "Logs" / f"{PLAIN.name}.log"
    log.parent.mkdir()
    log.write_text("complaints")
    assert [timers.remove(PLAIN), timers.remove(PLAIN)] == [True, False]
    assert [path for path in (tmp_path / "Library").rglob("*") if path.is_file()] == []
    assert list((tools / "loaded").iterdir()) == []
