"""cron: one block in a crontab whose other lines stay, taken by Debian's crontab, run by a shell as cron does it."""

import re
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from counterparts import own_crontab

from syndicator.schedule import cron
from syndicator.schedule.base import Job, ScheduleError
from tests.syndicator.schedule.jobs import AWKWARD, PLAIN, SPACED, every, recorder

OTHERS = 'MAILTO="robin@example.org"\n# backups, 100 %\n0 3 * * * /usr/local/bin/backup "$HOME"\n'
BLOCK = cron.block_text(PLAIN)

needs_crontab = pytest.mark.skipif(bool(own_crontab.why_not()), reason=own_crontab.why_not())


def as_cron_does(line: str) -> str:
    """What cron gives to the shell: a line's command up to a bare %, each escaped one and backslash made plain."""
    command = line.split(maxsplit=5)[5]
    given, escaped = "", False
    for sign in command:
        if escaped:
            given = given[:-1] + sign if sign in "%\\" else given + sign
            escaped = False
            continue
        if sign == "%":
            break
        escaped = sign == "\\"
        given += sign
    return given


@pytest.mark.parametrize("folder", ["blog", SPACED, AWKWARD, "back\\%slash", "two\\\\%", "three\\\\\\b"])
def test_the_shell_is_given_the_very_words(folder, tmp_path):
    program = recorder(tmp_path / folder)
    job = Job(program.with_name("syndicator.toml"), (str(program),))
    line = cron.block_text(job).splitlines()[1]
    done = subprocess.run(
        ["/bin/sh", "-c", as_cron_does(line)], env={"PATH": "/usr/bin:/bin"}, capture_output=True, check=True
    )
    assert (done.stdout, done.stderr) == (b"", b"")
    assert program.with_name("words").read_text().splitlines() == list(job.command)


@pytest.mark.parametrize(
    ("minutes", "pattern"),
    [(5, r"(\d+,){11}\d+ \*"), (30, r"\d+,\d+ \*"), (60, r"\d+ \*"), (180, r"\d+ (\d+,){7}\d+"), (1440, r"\d+ 9")],
)
def test_times_are_written_as_lists_which_every_cron_reads(minutes, pattern):
    assert re.match(rf"{pattern} \* \* \* /", cron.block_text(every(minutes)).splitlines()[1])


@pytest.mark.parametrize("before", ["", OTHERS, OTHERS.rstrip("\n"), "\n\n"])
def test_other_lines_stay(before):
    after = cron.with_block(before, PLAIN.name, BLOCK)
    assert after.startswith(before)
    assert after.endswith(BLOCK)
    assert cron.with_block(after, PLAIN.name, BLOCK) == after
    assert cron.with_block(after, PLAIN.name, "").rstrip("\n") == before.rstrip("\n")


def test_a_block_is_changed_where_it_is():
    crontab = f"{OTHERS}{BLOCK}@reboot /usr/bin/true\n"
    hourly = cron.block_text(every(60))
    assert cron.with_block(crontab, PLAIN.name, hourly) == f"{OTHERS}{hourly}@reboot /usr/bin/true\n"


def test_each_settings_file_has_its_own_block():
    other = Job(PLAIN.settings.with_name("other.toml"), PLAIN.program)
    both = cron.with_block(cron.with_block(OTHERS, PLAIN.name, BLOCK), other.name, cron.block_text(other))
    assert cron.with_block(both, PLAIN.name, "") == OTHERS + cron.block_text(other)


def test_a_block_without_its_end_is_left_to_its_owner():
    with pytest.raises(ScheduleError, match="crontab -e"):
        cron.with_block(BLOCK.rsplit("\n", 2)[0] + "\n" + OTHERS, PLAIN.name, BLOCK)


def test_what_cron_can_not_keep_is_rounded_and_said():
    timer = cron.Cron().timer(every(45))
    assert timer.every == timedelta(minutes=30)
    assert timer.notes == ("cron can't keep 45m: it runs every 30m",)


@needs_crontab
@pytest.mark.parametrize("minutes", [5, 30, 90, 1440])
def test_debians_crontab_finds_nothing_wrong(minutes, tmp_path):
    job = Job(
        tmp_path / AWKWARD / "syndicator.toml", (str(tmp_path / AWKWARD / "syndicator"),), timedelta(minutes=minutes)
    )
    file = tmp_path / "crontab"
    file.write_text(OTHERS + cron.Cron().timer(job).text)
    check = own_crontab.seen_from(tmp_path / "spool", "crontab", "-n", str(file))
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@needs_crontab
def test_a_block_comes_and_goes_by_debians_crontab(tmp_path):
    tool = own_crontab.tool(tmp_path / "bin")
    timers = cron.Cron(crontab=str(tool))
    assert timers.status(PLAIN) is None
    assert [timers.remove(PLAIN), timers.install(PLAIN), timers.install(PLAIN)] == [False, True, False]
    assert timers.remove(PLAIN)
    assert list((tool.parent / "spool" / "crontabs").iterdir()) == [], "a crontab that was only ours goes with us"

    subprocess.run([str(tool), "-"], input=OTHERS, text=True, check=True)
    timers.install(PLAIN)
    assert timers.status(PLAIN).every == timedelta(minutes=30)
    assert timers.install(every(60))
    assert timers.status(PLAIN).every == timedelta(hours=1)
    assert timers.remove(PLAIN)
    assert subprocess.run([str(tool), "-l"], capture_output=True, text=True, check=True).stdout == OTHERS


@pytest.mark.parametrize("told", ["no crontab for robin", "crontab: can't open 'robin': No such file or directory"])
def test_that_there_is_no_crontab_yet_is_understood(told, tmp_path):
    assert cron.Cron(crontab=str(failing(tmp_path, told))).status(PLAIN) is None


@pytest.mark.parametrize("told", ["You (robin) are not allowed to use this program (crontab)", "disk I/O error"])
def test_a_crontab_that_can_not_be_read_is_not_written_over(told, tmp_path):
    tool = failing(tmp_path, told)
    with pytest.raises(ScheduleError, match=re.escape(told)):
        cron.Cron(crontab=str(tool)).install(PLAIN)
    assert tool.with_name("calls").read_text() == "-l\n"


def failing(folder: Path, told: str) -> Path:
    """A crontab that fails with these words, whatever it is asked; it writes down what that was."""
    tool = folder / "crontab"
    tool.write_text(f'#!/bin/sh\necho "$@" >>"{folder}/calls"\necho "{told}" >&2\nexit 1\n')
    tool.chmod(0o755)
    return tool
