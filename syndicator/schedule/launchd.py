"""A launch agent of macOS, as launchd.plist(5) describes it; started and stopped by launchctl(1)."""

from __future__ import annotations

import os
import plistlib
import sys
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from syndicator.schedule import intervals, tools
from syndicator.schedule.base import File, Job, Status, Timer, every_in

#: Seconds that a run which is told to end has for the post in hand, less than launchctl is waited for (`tools`). How
#: long it may take else, launchd can't be told.
_TO_END = 45


def _domain() -> str:
    return f"gui/{os.getuid()}" if sys.platform != "win32" else "gui/0"


@dataclass(frozen=True, slots=True)
class Launchd:
    """Launch agents of the user. `library` is their ~/Library, `domain` what launchctl calls their session."""

    name: str = "launchd"
    library: Path = field(default_factory=lambda: Path.home() / "Library")
    domain: str = field(default_factory=_domain)

    def lacking(self) -> str:
        """Only macOS has it."""
        return "" if tools.has("launchctl") else "launchd is not on this machine"

    def timer(self, job: Job) -> Timer:
        """One property list, and how it is loaded."""
        path = self._agent(job)
        load = ("launchctl", "bootstrap", self.domain, str(path))
        return Timer(job.every, (File(path, plist_text(job, self._log(job))),), (load,))

    def install(self, job: Job) -> bool:
        """Write the property list; load it anew only when it changed or is not loaded."""
        timer = self.timer(job)
        changed = tools.write(timer.files)
        loaded = self._is_loaded(job)
        if not changed and loaded:
            return False
        if loaded:
            tools.call("launchctl", "bootout", self._service(job))
        for command in timer.commands:
            tools.call(*command)
        return True

    def status(self, job: Job) -> Status | None:
        """What the property list says, and whether it is loaded; launchd tells no times."""
        path = self._agent(job)
        text = tools.read(path)
        if text is None:
            return None
        every = every_in(text)
        (wanted,) = self.timer(replace(job, every=every or job.every)).files
        return Status(every, self._is_loaded(job), str(path), current=not job.program or text == wanted.text)

    def remove(self, job: Job) -> bool:
        """Unload it; delete the property list and the log."""
        path = self._agent(job)
        if not path.exists():
            return False
        tools.ask("launchctl", "bootout", self._service(job))
        return tools.delete(path, self._log(job))

    def _agent(self, job: Job) -> Path:
        return self.library / "LaunchAgents" / f"{job.name}.plist"

    def _log(self, job: Job) -> Path:
        return self.library / "Logs" / f"{job.name}.log"

    def _service(self, job: Job) -> str:
        return f"{self.domain}/{job.name}"

    def _is_loaded(self, job: Job) -> bool:
        return tools.ask("launchctl", "print", self._service(job)) is not None


def plist_text(job: Job, log: Path) -> str:
    """The agent. What runs complain of goes into `log`, what they print nowhere."""
    agent: dict[str, Any] = {
        "Label": job.name,
        "ProgramArguments": list(job.command),
        **_when(job),
        "RunAtLoad": True,
        "ProcessType": "Background",
        "ExitTimeOut": _TO_END,
        "StandardOutPath": "/dev/null",
        "StandardErrorPath": str(log),
    }
    written = plistlib.dumps(agent, sort_keys=False).decode()
    return written.replace("<plist ", f"<!-- {job.header} -->\n<plist ", 1)


def _when(job: Job) -> dict[str, Any]:
    """By the clock where that can keep the interval: then a run that was slept through is made up for on waking."""
    if not intervals.is_even(job.every):
        return {"StartInterval": job.every // timedelta(seconds=1)}
    times = intervals.times(job.every, job.name)
    hours = [{"Hour": hour} for hour in times.hours] or [{}]
    return {"StartCalendarInterval": [{**hour, "Minute": minute} for hour in hours for minute in times.minutes]}
