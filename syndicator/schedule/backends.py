"""The kinds of timers there are, and which of them this machine has."""

from __future__ import annotations

import importlib

from syndicator.schedule.base import Backend, ScheduleError

#: Every kind, by the name that `--backend` takes; the first that a machine has is its best.
BACKENDS = {
    "launchd": "syndicator.schedule.launchd:Launchd",
    "windows": "syndicator.schedule.windows:Windows",
    "systemd": "syndicator.schedule.systemd:Systemd",
    "cron": "syndicator.schedule.cron:Cron",
    "github": "syndicator.schedule.github:Github",
}
#: The kind that is at home on another machine, and so is nobody's default.
_ELSEWHERE = "github"


def backend(name: str) -> Backend:
    """The kind of this name, whether this machine has it or not. ScheduleError names those there are."""
    if name not in BACKENDS:
        raise ScheduleError(f"no backend {name!r}; choose one of: {', '.join(BACKENDS)}")
    module, _, attribute = BACKENDS[name].partition(":")
    found: Backend = getattr(importlib.import_module(module), attribute)()
    return found


def every_kind() -> list[Backend]:
    """All of them. On a machine that lacks one, there is no timer of it either."""
    return [backend(name) for name in BACKENDS]


def best() -> Backend:
    """What this machine does best. ScheduleError when it has nothing of the sort."""
    found = next((each for each in every_kind() if each.name != _ELSEWHERE and not each.lacking()), None)
    if found is None:
        reasons = {name: backend(name).lacking() for name in BACKENDS if name in ("systemd", "cron")}
        raise ScheduleError(
            f"no timer found: {'; '.join(reasons.values())}."
            " Install cron, or see `--backend github`, which runs on GitHub's machines"
        )
    return found
