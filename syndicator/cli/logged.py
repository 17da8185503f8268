"""What the log says of a whole run: when it began, what came of it, what it complains of, how it ended.

What is posted is logged as it happens, by `sending`, so that also a run that dies has told of it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from syndicator.outbox import Post
    from syndicator.report import Report

_log = logging.getLogger("syndicator.run")
_hand = logging.getLogger("syndicator.hand")


def by_hand(did: str, *posts: Post) -> None:
    """Log what a person did to posts, a line for each."""
    for post in posts:
        _hand.info("%s on %s: post %s, %s", did, post.account, post.id, post.article)


def deed(did: str, account: str, target: str) -> None:
    """Log what was done on a network for a person who asked for it."""
    _hand.info("%s with %s: %s", did, account, target)


@contextmanager
def watched(what: str) -> Iterator[list[Report]]:
    """Log that something began and how it ended; it puts its report into the list."""
    from importlib.metadata import version

    _log.info("%s began, syndicator %s", what, version("syndicator"))
    reports: list[Report] = []
    try:
        yield reports
    except BaseException as error:
        _log.error("%s broke off: %s", what, type(error).__name__)
        raise
    for report in reports:
        _tell(report)
        how = f"stopped by {report.stopped.name}" if report.stopped else "ended"
        seconds = (report.finished - report.started).total_seconds() if report.finished else 0.0
        _log.info("%s %s after %.1f s", what, how, seconds)


def _tell(report: Report) -> None:
    intake = report.intake
    _log.info("sources: %d read, %d unchanged, %d failed", intake.ok, intake.unchanged, intake.failed)
    for roll in report.blogrolls:
        change = roll.change
        counts = {"added": len(change.added), "gone": len(change.gone), "moved": len(change.moved)}
        if any(counts.values()):
            _log.info("blogroll %s: %s", roll.origin, _counts(counts))
    if new := _counts(report.collected):
        _log.info("new: %s", new)
    for post in report.awaiting:
        _log.info("waits for approval on %s: post %s, %s", post.account, post.id, post.article)
    for post in (*report.retimed, *report.held_back):
        _log.info("put off on %s, now %s: post %s, %s", post.account, post.state, post.id, post.article)
    if report.died:
        _log.warning("the run before died: %s", report.died)
    for what in report.left:
        _log.info("left for the next run: %s", what)
    for complaint in (*report.errors, *report.alarms):
        _log.warning("%s", complaint)


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items() if count)
