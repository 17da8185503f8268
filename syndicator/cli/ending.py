"""How a run ended: what it did not reach, whether it was stopped, what is to come; as a document and as lines. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from syndicator.cli.owed import named
from syndicator.times import moment

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from ledger.people import Person
    from syndicator.outbox import Post
    from syndicator.report import Report


def document(report: Report) -> dict[str, Any]:
    """What is left for the next run, the signal that ended this one early, the run before if it died, and alarms."""
    return {
        "left": report.left,
        "stopped": report.stopped.name if report.stopped else None,
        "died": report.died or None,
        "alarms": report.alarms,
    }


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is to come after a run: queued posts, how many wait for approval, who is owed, when the next run is."""

    queued: Sequence[Post] = ()
    awaiting: int = 0
    owed: Sequence[Person] = ()
    next_run: datetime | None = None


def outlook(after: Outlook, zone: ZoneInfo) -> Iterator[str]:
    """One line for each thing: what waits, who is owed, when the next run is."""
    if after.queued:
        first = min(after.queued, key=lambda post: post.due)
        yield f"Queued: {_posts(len(after.queued))}, the next on {first.account} from {moment(first.due, zone)}."
    if after.awaiting:
        yield f"Yours to approve: {_posts(after.awaiting)}; `syndicator queue` shows them."
    if after.owed:
        more = f" and {len(after.owed) - 1} more" if len(after.owed) > 1 else ""
        yield f"Owed: {named(after.owed[0])}{more}; `ledger owe` says what to return."
    if after.next_run:
        yield f"Next run: {moment(after.next_run, zone)}."
    else:
        yield "Next run: when you start it; `syndicator schedule install` does that for you."


def _posts(count: int) -> str:
    return f"{count} post{'s' * (count != 1)}"


def lines(report: Report) -> Iterator[str]:
    """One line for each thing that cut the run short; none for a run that did all it had to."""
    yield from (f"Left for the next run, for lack of time: {what}." for what in report.left)
    if report.stopped:
        yield f"Stopped by {report.stopped.name}; everything done so far is kept, and the next run goes on."
