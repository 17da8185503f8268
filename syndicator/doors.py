"""What is read of others on the web besides feeds and networks: comments, recommendations, pages. Effects: all."""

from __future__ import annotations

from collections.abc import Iterator

from syndicator import recommendations, teasers, timebox
from syndicator.articles import Catalogue
from syndicator.comments import collect as comments
from syndicator.progress import Progress, stepping
from syndicator.record import Collected
from syndicator.report import Report
from syndicator.sources.subscriptions import Subscriptions
from syndicator.sources.turns import Turns
from syndicator.timebox import Timetable
from syndicator.workspace import Workspace

#: How many doors there are.
_DOORS = 3


def collect(
    space: Workspace,
    subscribed: Subscriptions,
    catalogue: Catalogue,
    report: Report,
    time: Timetable,
    progress: Progress | None = None,
    *,
    refresh: bool = False,
) -> None:
    """Book what each door tells, and tell in the report what was new; nobody is asked where there is no network."""
    if report.outage.told:
        return
    step = stepping(progress, "reading comments and pages about me", _DOORS)
    with time.until(timebox.COLLECTING):
        for name, found in _doors(space, subscribed, catalogue, refresh=refresh):
            if found.new:
                report.collected[name] = found.new
                report.received[name] = dict(found.kinds)
            report.errors += found.errors
            step()


def _doors(
    space: Workspace, subscribed: Subscriptions, catalogue: Catalogue, *, refresh: bool
) -> Iterator[tuple[str, Collected]]:
    turns = Turns()
    yield "comments", comments.collect(space, subscribed.feeds, turns, refresh=refresh)
    yield "recommendations", recommendations.collect(space, subscribed.feeds, turns)
    yield "teasers", teasers.collect(space, catalogue, turns)
