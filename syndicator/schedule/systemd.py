"""A timer of the user's own systemd: a service that does one run, and a timer that starts it.

The keys are those of systemd.timer(5), systemd.service(5) and systemd.exec(5); what stands under `X-` systemd ignores.
Hardening is limited to what a user's own manager can do without namespaces.
"""

from __future__ import annotations

import getpass
import json
import os
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from syndicator.schedule import intervals, tools
from syndicator.schedule.base import File, Job, ScheduleError, Status, Timer, every_in
from syndicator.times import span_text

_SYSTEMCTL = ("systemctl", "--user")

_SERVICE = """\
# {header}
[Unit]
Description=One run of Syndicator ({settings})

[Service]
Type=oneshot
ExecStart={command}
# A run ends by itself before this.
TimeoutStartSec={limit}min
# SIGTERM ends a run after the post in hand, with one of these codes.
TimeoutStopSec=5min
SuccessExitStatus=130 143
Nice=10
NoNewPrivileges=true
LockPersonality=true
RestrictRealtime=true
RestrictSUIDSGID=true
SystemCallArchitectures=native
"""

_TIMER = """\
# {header}
[Unit]
Description=Syndicator, every {every} ({settings})

[Timer]
{when}
RandomizedDelaySec=60
FixedRandomDelay=true

[Install]
WantedBy=timers.target
"""


def _units() -> Path:
    config = os.environ.get("XDG_CONFIG_HOME", "")
    return (Path(config) if Path(config).is_absolute() else Path.home() / ".config") / "systemd" / "user"


@dataclass(frozen=True, slots=True)
class Systemd:
    """Timers of systemd's user manager. `folder` is where its units are."""

    name: str = "systemd"
    folder: Path = field(default_factory=_units)

    def lacking(self) -> str:
        """A user manager must be there and answer."""
        if not tools.has("systemctl"):
            return "systemd is not on this machine"
        if tools.ask(*_SYSTEMCTL, "show", "--property=Version") is None:
            return "no systemd of yours is running: log in as yourself (not by su or sudo)"
        return ""

    def timer(self, job: Job) -> Timer:
        """Two units, and how they are started."""
        texts = {"service": service_text(job), "timer": timer_text(job)}
        files = tuple(File(self.folder / f"{job.name}.{kind}", text) for kind, text in texts.items())
        commands = ((*_SYSTEMCTL, "daemon-reload"), (*_SYSTEMCTL, "enable", "--now", f"{job.name}.timer"))
        return Timer(job.every, files, commands, _lingering())

    def install(self, job: Job) -> bool:
        """Write the units; the timer starts anew only when it changed or was stopped."""
        timer = self.timer(job)
        was_on = self._is_on(job)
        if not tools.write(timer.files) and was_on:
            return False
        for command in timer.commands:
            tools.call(*command)
        if was_on:
            tools.call(*_SYSTEMCTL, "restart", f"{job.name}.timer")
        return True

    def status(self, job: Job) -> Status | None:
        """What the units say, and systemd of the timer."""
        path = self.folder / f"{job.name}.timer"
        text = tools.read(path)
        if text is None:
            return None
        every = every_in(text)
        wanted = self.timer(replace(job, every=every or job.every))
        last, following = _runs(job)
        return Status(
            every=every,
            active=self._is_on(job),
            place=str(path),
            last=last,
            next=following,
            current=not job.program or all(tools.read(file.path) == file.text for file in wanted.files),
            notes=wanted.notes,
        )

    def remove(self, job: Job) -> bool:
        """Stop the timer, forget when it ran last, delete both units."""
        paths = [self.folder / f"{job.name}.{kind}" for kind in ("timer", "service")]
        if not any(path.exists() for path in paths):
            return False
        tools.ask(*_SYSTEMCTL, "disable", "--now", paths[0].name)
        tools.ask(*_SYSTEMCTL, "clean", "--what=state", paths[0].name)  # the stamp of Persistent=
        tools.ask(*_SYSTEMCTL, "reset-failed", paths[1].name)
        tools.delete(*paths, self.folder / "timers.target.wants" / paths[0].name)
        tools.ask(*_SYSTEMCTL, "daemon-reload")
        return True

    def _is_on(self, job: Job) -> bool:
        unit = f"{job.name}.timer"
        is_on = [tools.ask(*_SYSTEMCTL, question, unit) for question in ("is-active", "is-enabled")]
        return None not in is_on


def service_text(job: Job) -> str:
    """The unit of one run."""
    settings, command = _plain(str(job.settings)), command_line(job.command)
    return _SERVICE.format(header=job.header, settings=settings, command=command, limit=job.limit_minutes)


def timer_text(job: Job) -> str:
    """The unit of the timer: by the clock, where the clock can keep the interval; else from run to run."""
    if intervals.is_even(job.every):
        # What was missed while the machine was off is made up for once.
        when = f"OnCalendar={_calendar(job)}\nPersistent=true"
    else:
        when = f"OnActiveSec=1min\nOnUnitActiveSec={job.every // timedelta(minutes=1)}min"
    return _TIMER.format(header=job.header, every=span_text(job.every), settings=_plain(str(job.settings)), when=when)


def _calendar(job: Job) -> str:
    """The interval as systemd.time(7) writes it."""
    times = intervals.times(job.every, job.name)
    hours = ",".join(f"{hour:02}" for hour in times.hours) or "*"
    return f"*-*-* {hours}:{','.join(f'{minute:02}' for minute in times.minutes)}:00"


def command_line(words: tuple[str, ...]) -> str:
    """Words as ExecStart= takes them: quoted, specifiers and variables made plain.

    Variables are not looked for in the first word, where a dollar stands for itself. Nor may that have quotes or
    backslashes: a program of such a name is started by env(1).
    """
    if any(sign in words[0] for sign in "\\\"'"):
        words = ("/usr/bin/env", *words)
    program, *rest = (_plain(word).replace("\\", "\\\\").replace('"', '\\"') for word in words)
    return " ".join(f'"{word}"' for word in (program, *(each.replace("$", "$$") for each in rest)))


def _plain(text: str) -> str:
    return text.replace("%", "%%")


def _runs(job: Job) -> tuple[datetime | None, datetime | None]:
    """When the timer started the last run, and when it will start the next."""
    told = tools.ask(*_SYSTEMCTL, "list-timers", "--all", "--output=json", f"{job.name}.timer")
    try:
        row = json.loads(told or "[]")[0]
        return _moment(row["last"]), _moment(row["next"])
    except (ValueError, LookupError, TypeError):
        return None, None


def _moment(microseconds: int | None) -> datetime | None:
    return datetime.fromtimestamp(microseconds // 1_000_000, UTC) if microseconds else None


def _lingering() -> tuple[str, ...]:
    """Without it, a user's timers stop when the user logs out."""
    try:
        lingers = (Path("/var/lib/systemd/linger") / getpass.getuser()).exists()
    except (OSError, KeyError, ScheduleError):
        return ()
    if lingers:
        return ()
    return ("it runs only while you are logged in; `loginctl enable-linger` lets it run always",)
