"""What a run complains of, for stderr: timers keep or mail that, and drop all else that a run prints. Lines; pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from syndicator.times import moment

if TYPE_CHECKING:
    from syndicator.report import Report


def lines(report: Report, zone: ZoneInfo) -> Iterator[str]:
    """What went wrong in this run and what should be known of it; what was told before and still stands is not here."""
    for outcome in of_kind(report, "Failed"):
        again = f"; next try {moment(outcome.retry_at, zone)}" if outcome.retry_at and not outcome.held else ""
        yield f"Failed on {outcome.post.account}: {outcome.post.title}"
        yield f"    {outcome.error}{again}"
    for outcome in of_kind(report, "Unknown"):
        yield from unknown(outcome.post)
    yield from _given_up(report)
    if report.died:
        yield f"The run before ({report.died}) died; what it had begun is settled."
    yield from (f"Mind: {alarm}." for alarm in report.alarms)
    yield from problems(report)


def problems(report: Report) -> Iterator[str]:
    """Sources, accounts and files that did not work."""
    yield from (f"Problem: {error}" for error in report.errors)


def unknown(post: Any) -> Iterator[str]:
    """A post of which nobody knows whether it arrived, and how to say it."""
    yield f"Unknown on {post.account}: {post.title}"
    yield f"    {post.error}"
    yield "    look whether it is there, then:"
    yield f"    syndicator queue settle {post.id} --posted URL   (or --not-posted)"


def of_kind(report: Report, kind: str) -> list[Any]:
    """The outcomes of one kind, by the name of its class."""
    return [outcome for outcome in report.outcomes if type(outcome).__name__ == kind]


def _given_up(report: Report) -> Iterator[str]:
    """What does not go out by itself any more, and how to send it all the same."""
    for post in report.retimed:
        if post.state != "queued":
            yield f"Missed its time on {post.account}, now {post.state}: {post.title}"
            yield f"    to send it after all: syndicator queue retry {post.id}"
    for post in report.held_back:
        if post.state != "queued":
            yield f"Not posted on {post.account}, now {post.state}: {post.title}"
            yield f"    {post.error}"
            yield f"    to send it all the same: syndicator queue retry {post.id}"
