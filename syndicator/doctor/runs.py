"""Runs: the last one, the lock of one that is on or died, and the timer that starts them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from syndicator import alarms
from syndicator.doctor.finding import Finding, error, fault, mind, ok
from syndicator.history import Ended
from syndicator.schedule.backends import every_kind
from syndicator.schedule.base import ScheduleError, Status
from syndicator.schedule.job import job, named
from syndicator.settings import Settings, SettingsError
from syndicator.times import span_text
from syndicator.workspace import Owner

_SLACK = timedelta(minutes=5)


def last(runs: Sequence[Ended], now: datetime, every: timedelta | None = None) -> Iterator[Finding]:
    """When the last run ended and how, and whether there are as many as there used to be, or the timer starts. Pure."""
    if not runs:
        yield mind("runs", "there was no run yet", "see what would be posted: syndicator plan; then: syndicator run")
        return
    newest = max(runs, key=lambda run: run.finished)
    if newest.finished - now > _SLACK:
        ahead = span_text(newest.finished - now)
        yield mind(
            "clock",
            f"a run is noted that ends in {ahead}: this machine's clock was wrong then, or is now",
            "see that the clock is right; what that run left passes by itself",
        )
    late = list(alarms.missed_runs(runs, now, every))
    for alarm in late:
        yield error("runs", alarm.text, "see whether the timer and this machine were on: syndicator schedule status")
    latest = runs[-1]
    ago = f"{span_text(max(now - latest.finished, timedelta()))} ago"
    if latest.how == "broken":
        yield fault("runs", f"the last run broke off, {ago}", "see what it said: syndicator run")
    elif not late:
        yield ok("runs", f"the last run ended {ago}" + ("" if latest.how == "well" else ", stopped by a signal"))


def lock(owner: Owner | None, limit: timedelta, now: datetime) -> Iterator[Finding]:
    """Who holds the lock of runs, or left it; `limit` is the longest that a run may take. Pure."""
    if owner is None:
        return
    if not owner.alive:
        yield mind("runs", f"a run died ({owner.who})", "the next run settles what it had begun: syndicator run")
    elif owner.since and now - owner.since > limit:
        took = span_text(now - owner.since)
        yield fault(
            "runs",
            f"a run is on for {took} ({owner.who}), and may take {span_text(limit)}",
            "end that process; the next run settles what it had begun",
        )
    else:
        yield ok("runs", f"a run is on ({owner.who})")


def timer(settings: Settings) -> Iterator[Finding]:
    """Whether something starts runs, as it would be installed now."""
    try:
        wanted = job(settings)
    except SettingsError:  # an account can't be used, which is told with the accounts
        wanted = named(settings.path)
    found: list[tuple[str, Status]] = []
    for kind in every_kind():
        try:
            if status := kind.status(wanted):
                found.append((kind.name, status))
        except ScheduleError as problem:  # one kind that can't be asked does not hide the others
            yield error("schedule", f"{kind.name}: {problem}", "see syndicator schedule status")
    if not found:
        remedy = "syndicator schedule install, unless something else starts `syndicator run`"
        yield mind("schedule", "no timer is installed", remedy)
    for name, status in found:
        yield from judged(name, status)
    if len(found) > 1:
        names = " and ".join(name for name, _ in found)
        yield mind("schedule", f"{names} both start runs", "syndicator schedule remove --backend NAME takes one away")


def judged(name: str, status: Status) -> Iterator[Finding]:
    """How one timer fares. Pure."""
    how = f"every {span_text(status.every)}" if status.every else "at times of its own"
    if status.active is False:
        yield fault("schedule", f"{name} has a timer that is stopped ({status.place})", status.anew(name))
    elif not status.current:
        yield mind("schedule", f"{name} has a timer that is not what would be written now", status.anew(name))
    else:
        yield ok("schedule", f"{name} starts a run {how}")
