"""The machine's own tools that keep timers, and the files they read: the only effects of schedules."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from syndicator.files import replace_file
from syndicator.schedule.base import File, ScheduleError

#: Seconds that a tool has.
PATIENCE = 60.0


def has(tool: str) -> bool:
    """Whether a tool is there."""
    return shutil.which(tool) is not None


def ask(*command: str) -> str | None:
    """What a tool prints; None when it fails or isn't there."""
    try:
        return call(*command)
    except ScheduleError:
        return None


def call(*command: str, given: str | None = None) -> str:
    """Run a tool and give what it prints. ScheduleError with its own words when it fails."""
    try:
        done = subprocess.run(  # noqa: S603  no shell, words of ours
            command,
            input=None if given is None else given.encode("utf-8", "surrogateescape"),
            stdin=subprocess.DEVNULL if given is None else None,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except FileNotFoundError:
        raise ScheduleError(f"{command[0]} is not on this machine") from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ScheduleError(f"{command[0]} can't be used: {error}") from error
    if done.returncode:
        told = " ".join(done.stderr.decode("utf-8", "replace").split())[:500]
        raise ScheduleError(f"`{' '.join(command)}` failed: {told or f'exit code {done.returncode}'}")
    return done.stdout.decode("utf-8", "surrogateescape")


def write(files: Iterable[File]) -> bool:
    """Write those of the files that are not there like this; tells whether any was written."""
    changed = [file for file in files if read(file.path) != file.text]
    for file in changed:
        try:
            replace_file(file.path, file.text.encode("utf-8"))
        except OSError as error:
            raise ScheduleError(f"{file.path}: can't be written: {error}") from error
    return bool(changed)


def read(path: Path) -> str | None:
    """A file's text; None when there is none."""
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ScheduleError(f"{path}: can't be read: {error}") from error


def delete(*paths: Path) -> bool:
    """Delete files; tells whether any was there."""
    there = [path for path in paths if path.exists() or path.is_symlink()]
    for path in there:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise ScheduleError(f"{path}: can't be deleted: {error}") from error
    return bool(there)
