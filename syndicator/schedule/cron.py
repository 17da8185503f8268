"""A line in the user's crontab, between two marks of its own; every other line stays as it is.

See crontab(5). What a run prints is dropped; what it complains of goes where cron mails things.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, replace

from syndicator.schedule import intervals, tools
from syndicator.schedule.base import Job, ScheduleError, Status, Timer, every_in

#: How crontabs say that there is nothing yet: most of them, and BusyBox's.
_NONE_YET = re.compile(r"no crontab for|crontab: can't open '[^']*': No such file")


@dataclass(frozen=True, slots=True)
class Cron:
    """Lines of the user's crontab. `crontab` is the tool that reads and writes it."""

    name: str = "cron"
    crontab: str = "crontab"

    def lacking(self) -> str:
        """The tool must be there."""
        return "" if tools.has(self.crontab) else "cron is not on this machine"

    def timer(self, job: Job) -> Timer:
        """The block."""
        every = intervals.evened(job.every)
        block = block_text(replace(job, every=every))
        return Timer(every, (), notes=intervals.rounding(job.every, "cron"), text=block, place="your crontab")

    def install(self, job: Job) -> bool:
        """Put the block in, in the place of the one before."""
        before = self._read()
        after = with_block(before, job.name, self.timer(job).text)
        if after == before:
            return False
        tools.call(self.crontab, "-", given=after)
        return True

    def status(self, job: Job) -> Status | None:
        """What the crontab says; cron itself tells nothing of its runs."""
        block = find_block(self._read(), job.name)
        if block is None:
            return None
        every = every_in(block)
        wanted = self.timer(replace(job, every=every or job.every)).text
        return Status(every, active=True, place="your crontab", current=not job.program or block == wanted)

    def remove(self, job: Job) -> bool:
        """Take the block out; a crontab that has nothing else goes too."""
        before = self._read()
        after = with_block(before, job.name, "")
        if after == before:
            return False
        if after.strip():
            tools.call(self.crontab, "-", given=after)
        else:
            tools.call(self.crontab, "-r")
        return True

    def _read(self) -> str:
        """The crontab. That there is none is told in words alone, and with the same exit code as any failure."""
        if self.lacking():
            return ""
        try:
            return tools.call(self.crontab, "-l")
        except ScheduleError as error:
            if _NONE_YET.search(str(error)):
                return ""
            raise


def block_text(job: Job) -> str:
    """The lines of one job; its interval must be even."""
    times = intervals.times(job.every, job.name)
    minutes, hours = (",".join(map(str, some)) or "*" for some in (times.minutes, times.hours))
    line = f"{minutes} {hours} * * * {command_line(job.command)} >/dev/null"
    return f"{_mark('>>>', job.name)} {job.header}\n{line}\n{_mark('<<<', job.name)}\n"


def command_line(words: tuple[str, ...]) -> str:
    """Words as cron gives them to the shell; a bare % would end the line.

    Cron takes a backslash away before a % and before another one. All of them stand in single quotes here, so each is
    kept from its neighbour by an end of those quotes and a new start.
    """
    return shlex.join(words).replace("\\", "\\''").replace("%", r"\%")


def find_block(crontab: str, name: str) -> str | None:
    """The block of this name; None when there is none. ScheduleError for one that has lost its end."""
    begun = re.search(rf"^{re.escape(_mark('>>>', name))}(?: .*)?$", crontab, re.MULTILINE)
    if not begun:
        return None
    ended = re.compile(rf"^{re.escape(_mark('<<<', name))}$\n?", re.MULTILINE).search(crontab, begun.end())
    if not ended:
        raise ScheduleError(
            f"your crontab has the line {_mark('>>>', name)!r} and not {_mark('<<<', name)!r};"
            " put that in after the line that starts Syndicator (`crontab -e`)"
        )
    return crontab[begun.start() : ended.end()]


def with_block(crontab: str, name: str, block: str) -> str:
    """The crontab with `block` in the place of the one of this name, or at its end; an empty one is taken out."""
    there = find_block(crontab, name)
    if there is not None:
        return crontab.replace(there, block, 1)
    if not block:
        return crontab
    return f"{crontab}{'' if not crontab or crontab.endswith(chr(10)) else chr(10)}{block}"


def _mark(sign: str, name: str) -> str:
    return f"# {sign} {name}"
