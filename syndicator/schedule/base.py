"""The seam of schedules: what is to be run again and again, what a timer for it is made of, and how it fares."""

from __future__ import annotations

import hashlib
import re
import shlex
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from syndicator.times import Span, span_text

#: What a timer runs between, unless it is told otherwise.
USUAL = timedelta(minutes=30)
#: How long a run may take when nobody says it.
_LIMIT = timedelta(hours=1)

_EVERY = re.compile(r"Written by `syndicator schedule install`, every (\w+);")


class ScheduleError(Exception):
    """A timer can't be made, looked at or taken away; the message is one sentence with the remedy."""


@dataclass(frozen=True, slots=True)
class Job:
    """The runs of one settings file.

    `program` starts Syndicator (none: the job is known as far as its timer is found by), `every` is the time from run
    to run, `limit` the longest that a run may take: one that takes longer hangs, and may be ended. The rest is for runs
    on another machine than this: `kept` are the paths that a run must find again as the last one left them, the data
    folder first; `variables` those of the environment that hold credentials, `package` what to install, as pip takes
    it; `utc_offset` is the owner's in winter.
    """

    settings: Path
    program: tuple[str, ...] = ()
    every: timedelta = USUAL
    limit: timedelta = _LIMIT
    kept: tuple[Path, ...] = ()
    variables: tuple[str, ...] = ()
    package: str = ""
    utc_offset: timedelta = timedelta()

    @property
    def name(self) -> str:
        """What the timer is called: the same for this file for ever, and another for any other file."""
        return name_of(self.settings.parent.name, str(self.settings))

    @property
    def command(self) -> tuple[str, ...]:
        """What the timer starts, word by word."""
        return (*self.program, "--config", str(self.settings), "run")

    @property
    def limit_minutes(self) -> int:
        """The limit in whole minutes, not less than it is."""
        return -(-self.limit // timedelta(minutes=1))

    @property
    def header(self) -> str:
        """The line that tells a reader, and `every_in`, what a file is."""
        return (
            f"Written by `syndicator schedule install`, every {span_text(self.every)};"
            " `syndicator schedule remove` takes it out."
        )


def name_of(word: str, whole: str) -> str:
    """A name made of a readable word and what tells `whole` from all else; letters, digits and - only."""
    readable = re.sub(r"[^a-z0-9]+", "-", word.lower()).strip("-")[:24].strip("-")
    mark = hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return "-".join(part for part in ("syndicator", readable.removeprefix("syndicator").strip("-"), mark) if part)


def every_in(text: str) -> timedelta | None:
    """The interval that a file with a `header` was written for; None when it has no such line."""
    found = _EVERY.search(text)
    try:
        return Span.parse(found[1]) if found else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class File:
    """A file that belongs to a timer as a whole."""

    path: Path
    text: str


@dataclass(frozen=True, slots=True)
class Timer:
    """What a backend makes of a job, before anything is done: whole files, or the `text` that goes in at `place`.

    `every` is the interval that it really has. `commands` start it once that is written; `notes` are for its owner.
    """

    every: timedelta
    files: tuple[File, ...] = ()
    commands: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()
    text: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """How an installed timer fares.

    `active` is whether it will start runs, None where only another machine knows; `last` and `next` are when it did and
    will, None where nobody says. `current` is False when `install` would write something else than what is there.
    `package` is what is installed where it runs, if that is another machine.
    """

    every: timedelta | None
    active: bool | None
    place: str
    last: datetime | None = None
    next: datetime | None = None
    current: bool = True
    notes: tuple[str, ...] = field(default=())
    package: str = ""

    def anew(self, backend: str) -> str:
        """The command that installs this timer of a kind once more, and no other one and no other interval."""
        words = ["syndicator", "schedule", "install", "--backend", backend]
        words += ["--every", span_text(self.every)] if self.every else []
        words += ["--package", self.package] if self.package else []
        return shlex.join(words)


class Backend(Protocol):
    """One kind of timer. Every method but `lacking` may raise ScheduleError."""

    @property
    def name(self) -> str:
        """What `--backend` calls it."""

    def lacking(self) -> str:
        """Why timers of this kind can't be had on this machine; "" when they can."""

    def timer(self, job: Job) -> Timer:
        """What `install` would write and do. Reads at most where things are; changes nothing."""

    def install(self, job: Job) -> bool:
        """Write and start the timer; tells whether that changed anything."""

    def status(self, job: Job) -> Status | None:
        """How the timer of the job's settings fares; None when there is none. The job's interval is of no matter."""

    def remove(self, job: Job) -> bool:
        """Stop the timer and leave nothing of it; tells whether there was one. Only the job's settings matter."""
