"""How a run ended: what it did not reach, and whether it was stopped; as a document and as lines. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from syndicator.report import Report


def document(report: Report) -> dict[str, Any]:
    """What is left for the next run, the signal that ended this one early, the run before if it died, and alarms."""
    return {
        "left": report.left,
        "stopped": report.stopped.name if report.stopped else None,
        "died": report.died or None,
        "alarms": report.alarms,
    }


def lines(report: Report) -> Iterator[str]:
    """One line for each thing that cut the run short; none for a run that did all it had to."""
    yield from (f"Left for the next run, for lack of time: {what}." for what in report.left)
    if report.stopped:
        yield f"Stopped by {report.stopped.name}; everything done so far is kept, and the next run goes on."
