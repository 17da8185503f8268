"""A workflow of GitHub Actions: runs on GitHub's machines, whose state a branch of the repository keeps.

The workflow's text is `github.yml` beside this file; why it is what it is: docs/schedule.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

from syndicator.schedule import intervals, tools
from syndicator.schedule.base import File, Job, ScheduleError, Status, Timer, every_in, name_of
from syndicator.schedule.job import folder_of

#: What of the data folder is not for a branch: credentials, copies of what is on it, and what belongs to one machine.
_LEFT_OUT = (
    *("secrets.toml", "secrets.lock", "keyring.json", "sessions.json", "backups", "run.lock", "run.owner"),
    *("syndicator.log", "syndicator.log.lock", *(f"syndicator.{number}.log" for number in range(1, 5))),
)

#: Minutes that are for installing, and for fetching and saving the state; and those that GitHub gives to all of it:
#: https://docs.github.com/actions/reference/limits
_AROUND, _MOST = 25, 360


@dataclass(frozen=True, slots=True)
class Github:
    """Workflows in the repository of the settings file."""

    name: str = "github"

    def lacking(self) -> str:
        """It needs nothing of this machine."""
        return ""

    def timer(self, job: Job) -> Timer:
        """The workflow's file. ScheduleError when the settings are in no repository, or their state would leave it."""
        root = _root(job.settings)
        every = intervals.evened(job.every)
        text = workflow_text(replace(job, every=every), root)
        where = "a public repository shows your state, ledger included, to everybody: let it be a private one"
        secrets = f"set these secrets in the repository's settings: {', '.join(job.variables)}"
        notes = (
            *intervals.rounding(job.every, "GitHub"),
            "commit and push it; it runs once it is on the default branch",
            *([secrets] if job.variables else []),
            where,
        )
        return Timer(every, (File(_workflow(job, root), text),), notes=notes)

    def install(self, job: Job) -> bool:
        """Write the workflow; committing and pushing it is the owner's."""
        return tools.write(self.timer(job).files)

    def status(self, job: Job) -> Status | None:
        """What the workflow's file says. Whether GitHub runs it, its own page tells."""
        root = _root_or_none(job.settings)
        path = _workflow(job, root) if root else None
        text = tools.read(path) if path else None
        if root is None or text is None:
            return None
        every = every_in(text)
        package = _package_in(text)
        wanted = replace(job, every=every or job.every, package=package or job.package)
        current = not job.program or text == workflow_text(wanted, root)
        return Status(every, active=None, place=str(path), current=current, package=package)

    def remove(self, job: Job) -> bool:
        """Delete the workflow's file. The branch with the state is the owner's to delete."""
        root = _root_or_none(job.settings)
        return root is not None and tools.delete(_workflow(job, root))


def workflow_text(job: Job, root: Path) -> str:
    """The workflow; the job's interval must be even."""
    name = _name(job, root)
    times = intervals.times(job.every, name, job.utc_offset)
    minutes, hours = (",".join(map(str, some)) or "*" for some in (times.minutes, times.hours))
    kept = [_inside(path, root, "must be found again by the next run") for path in job.kept]
    if over := next((path for path in job.kept if path in job.settings.parents), None):
        raise ScheduleError(f"{over} is kept between runs, and so must not hold the settings: choose another folder")
    if job.limit_minutes + _AROUND > _MOST:
        raise ScheduleError(f"GitHub ends what takes more than {_MOST // 60} hours: let `[run] budget` be less")
    values = {
        "HEADER": job.header,
        "CRON": _yaml(f"{minutes} {hours} * * *"),
        "NAME": name,
        "SETTINGS": _yaml(_inside(job.settings, root, "is the settings file")),
        "PACKAGE": _yaml(_package(job, root)),
        "KEPT": _yaml("\n".join(_topmost(kept))),
        "LEFT_OUT": _yaml("\n".join(f"{kept[0]}/{each}" for each in _LEFT_OUT)),
        "RUN_MINUTES": str(job.limit_minutes),
        "JOB_MINUTES": str(job.limit_minutes + _AROUND),
        "SECRETS": "".join(f"\n          {each}: ${{{{ secrets.{each} }}}}" for each in job.variables),
    }
    text = files("syndicator.schedule").joinpath("github.yml").read_text("utf-8")
    return re.sub("@([A-Z_]+)@", lambda found: values[found[1]], text)


def _yaml(text: str) -> str:
    """A text in YAML's double quotes, in which GitHub looks for nothing to fill in."""
    if "${{" in text:
        raise ScheduleError(f"{text!r} can't be written into a workflow: GitHub fills in what begins with ${{{{")
    return json.dumps(text, ensure_ascii=False)


def _package(job: Job, root: Path) -> str:
    """What pip shall install there. ScheduleError when that is on this machine alone."""
    folder = folder_of(job.package)
    if folder is None and job.package:
        return job.package
    if folder and folder.resolve().is_relative_to(root):
        return f"./{folder.resolve().relative_to(root).as_posix()}"
    raise ScheduleError(
        "GitHub can't install Syndicator from where it was installed here;"
        " say what pip shall install there: --package, with a version or an address"
    )


def _package_in(text: str) -> str:
    """What a workflow installs."""
    found = re.search(r'(?m)^ *PACKAGE: (".*")$', text)
    try:
        return str(json.loads(found[1])) if found else ""
    except ValueError:
        return ""


def _topmost(paths: Iterable[str]) -> list[str]:
    """The paths without those that lie below another."""
    unique = dict.fromkeys(paths)
    return [path for path in unique if not any(path.startswith(f"{other}/") for other in unique)]


def _inside(path: Path, root: Path, why: str) -> str:
    """A path as the repository knows it."""
    resolved = path.parent.resolve() / path.name
    if resolved == root or not resolved.is_relative_to(root):
        raise ScheduleError(f"{path} {why}, so it must lie in a folder below {root}; change it in the settings")
    return resolved.relative_to(root).as_posix()


def _workflow(job: Job, root: Path) -> Path:
    return root / ".github" / "workflows" / f"{_name(job, root)}.yml"


def _name(job: Job, root: Path) -> str:
    """The workflow's name: the same in every clone, since the branch that keeps the state is called by it."""
    where = _inside(job.settings, root, "is the settings file")
    return "syndicator" if where == "syndicator.toml" else name_of(Path(where).parent.name, where)


def _root(settings: Path) -> Path:
    root = _root_or_none(settings)
    if root is None:
        raise ScheduleError(
            f"{settings} is in no git repository, and GitHub runs what is in one; make it with `git init`"
        )
    return root


def _root_or_none(settings: Path) -> Path | None:
    """The top of the repository that has the settings."""
    return next((folder for folder in settings.resolve().parents if (folder / ".git").exists()), None)
