"""A settings file → the job that a timer does: which program, what it leaves for the next run, what it is given."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import urlsplit

from platforms.errors import variable
from syndicator import timebox
from syndicator.networks import adapter_class
from syndicator.paths import path_of
from syndicator.schedule.base import USUAL, Job, ScheduleError
from syndicator.settings import Settings


def named(settings: Path) -> Job:
    """As much of a settings file's job as its timer is found by; the file may be gone, or of no use.

    ScheduleError for a path that no timer can be told.
    """
    path = settings.expanduser().absolute()
    path = path.parent.resolve() / path.name
    if not str(path).isprintable():
        raise ScheduleError(f"{str(path)!r} has characters that no timer can be told: rename it")
    return Job(path)


def job(settings: Settings, every: timedelta = USUAL, package: str = "") -> Job:
    """The job of a settings file. `package` is what another machine shall install; empty: what was installed here."""
    path = named(settings.path).settings
    folders = [
        settings.beside(each) for table in settings.accounts.values() for each in (table.folder, table.file) if each
    ]
    return Job(
        settings=path,
        program=program(),
        every=every,
        limit=timebox.at_most(settings.run.budget, settings.fetch.timeout),
        kept=tuple(folder.absolute() for folder in (settings.data_folder, *folders)),
        variables=tuple(_variables(settings)),
        package=package or installed_from(),
        utc_offset=winter_offset(settings.me.timezone, datetime.now(UTC).year),
    )


def winter_offset(zone: tzinfo, year: int) -> timedelta:
    """How far a zone's clock is ahead while it saves no daylight: the same all the year, as a timer should be."""
    halves = (datetime(year, month, 1, tzinfo=zone).utcoffset() or timedelta() for month in (1, 7))
    return min(halves)


def program(started: str = "") -> tuple[str, ...]:
    """How this very Syndicator is started, from anywhere: its command, else this Python with the module.

    `started` is how it was started now, as `sys.argv` tells; links to it are kept, since updates may change their end.
    """
    path = Path(started or sys.argv[0]).absolute()
    for found in (path, path.with_name(f"{path.name}.exe")):  # pip's launchers on Windows leave their ending out
        if found.stem == "syndicator" and found.is_file() and os.access(found, os.X_OK):
            return (str(found),)
    return (sys.executable, "-P", "-m", "syndicator")  # -P: not what lies in the folder that it is started in


def is_passing(command: tuple[str, ...]) -> bool:
    """Whether the program lies where tools keep things for a while only (`uvx`, `pipx run`, a temporary folder)."""
    path = Path(command[0])
    caches = {"archive-v0", "builds-v0", "environments-v2"}
    return bool(caches & set(path.parts)) or ".cache" in path.parts or path.is_relative_to(tempfile.gettempdir())


def set_here(job: Job, environ: Mapping[str, str] = os.environ) -> list[str]:
    """The variables with credentials that are set where this is started, which a timer will not see."""
    return [name for name in job.variables if environ.get(name)]


def _variables(settings: Settings) -> Iterator[str]:
    for name, table in settings.accounts.items():
        adapter = adapter_class(table.platform, f"{settings.path}: [accounts.{name}]")
        yield from (variable(name, part) for part in getattr(adapter, "credential", ()))


def installed_from() -> str:
    """What pip must be told to install this Syndicator elsewhere: a version, or the address it came from (PEP 610).

    A folder of this machine is a `file:` address.
    """
    try:
        found = distribution("syndicator")
    except PackageNotFoundError:
        return ""
    origin = json.loads(found.read_text("direct_url.json") or "{}")
    url = str(origin.get("url", ""))
    if urlsplit(url).username or urlsplit(url).password:
        return ""  # a credential is nothing to be written down
    if commit := origin.get("vcs_info", {}).get("commit_id"):
        return f"{origin['vcs_info']['vcs']}+{url}@{commit}"
    return url or f"syndicator=={found.version}"


def folder_of(package: str) -> Path | None:
    """The folder of this machine that a `file:` address names; None for anything else."""
    return path_of(package, Path) if urlsplit(package).scheme == "file" else None
