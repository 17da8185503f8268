"""Works through the posts of accounts: what was left unfinished, then what is due; the report tells what came of it.

All accounts at once, and the posts of each one after the other. How one post goes is `publish`'s business.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial

from syndicator import publish, stop, timebox
from syndicator.accounts import Account, Holds
from syndicator.outbox import Outbox, State
from syndicator.outcomes import Failed, Outcome, Posted, closes, holds
from syndicator.pace import OUT
from syndicator.pictures.finder import Pictures
from syndicator.progress import Progress, stepping
from syndicator.report import Report
from syndicator.slots import allowed
from syndicator.timebox import Timetable
from syndicator.workspace import Workspace

_log = logging.getLogger(__name__)


def settle(space: Workspace, accounts: Sequence[Account], report: Report, time: Timetable) -> None:
    """Read back what an earlier run left unfinished; of accounts that are no more, nobody can."""
    outbox = Outbox(space.state)
    report.outcomes += publish.abandon(outbox, space.settings.accounts, space.clock())

    def settle_one(account: Account, part: Report) -> None:
        outcomes = publish.settle(outbox, account.name, account.publisher, space.clock, part.bugs)
        drive(space, account, outcomes, part)

    with time.until(timebox.SETTLING):
        report.on_accounts(report.still_open(accounts), settle_one)


def send(
    space: Workspace,
    accounts: Sequence[Account],
    report: Report,
    time: Timetable,
    pictures: Pictures,
    progress: Progress | None = None,
) -> None:
    """Send what is due; what the time does not reach for is left for the next run."""
    outbox, accounts = Outbox(space.state), report.still_open(accounts)
    step = stepping(progress, "posting", sum(_due(outbox, account.name, report.started) for account in accounts))

    def send_one(account: Account, part: Report) -> None:
        may_post = partial(_may_post, space, outbox, account)
        outcomes = publish.publish(
            outbox, account.name, account.publisher, space.clock, pictures.find, part.bugs, may_post
        )
        drive(space, account, outcomes, part, step)
        if timebox.is_up() and account.name not in part.closed:
            part.left += _unsent(outbox, account.name, part.started)

    with time.until(timebox.POSTING):
        report.on_accounts(accounts, send_one)


def _may_post(space: Workspace, outbox: Outbox, account: Account) -> bool:
    """Whether quiet hours, cap and gap allow a post by now; they did when the run began."""
    pacing, zone = account.table.plan(space.settings.plan), space.settings.me.timezone
    taken = [post.happened for post in outbox if post.account == account.name and post.state in OUT]
    return allowed(pacing, zone, taken, space.clock())


def drive(
    space: Workspace,
    account: Account,
    outcomes: Iterable[Outcome],
    report: Report,
    step: Callable[[], None] = lambda: None,
) -> None:
    """Work through one account's outcomes. A refused login or a limit holds the account (see `Holds`) in later runs."""
    for outcome in _in_time(outcomes):
        report.outcomes.append(outcome)
        _note(outcome)
        step()
        if isinstance(outcome, Posted) and outcome.remark:
            report.errors.append(f"{account.name}: {outcome.post.title}: {outcome.remark}")
        if isinstance(outcome, Failed) and closes(outcome):
            report.closed.add(account.name)
            if holds(outcome):
                until = None if outcome.held else outcome.retry_at
                Holds(space.state).hold(account.name, str(outcome.error), account.fingerprint, until)


def _note(outcome: Outcome) -> None:
    """One line of the log."""
    post = outcome.post
    if isinstance(outcome, Posted):
        _log.info("posted on %s: %s (post %s, %s)", post.account, outcome.ref.url, post.id, post.article)
        return
    how = "failed" if isinstance(outcome, Failed) else "unknown"
    again = f"; again at {outcome.retry_at:%Y-%m-%dT%H:%MZ}" if isinstance(outcome, Failed) and outcome.retry_at else ""
    _log.warning("%s on %s: post %s, %s: %s%s", how, post.account, post.id, post.article, outcome.error, again)


def _in_time(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """Begin none after the time is up, or a signal asked to end; the one in hand is noted before."""
    coming = iter(outcomes)
    while not timebox.is_up():
        stop.check()
        if (outcome := next(coming, None)) is None:
            return
        yield outcome


def _unsent(outbox: Outbox, account: str, now: datetime) -> list[str]:
    due = _due(outbox, account, now)
    return [f"{due} due post{'s' * (due != 1)} of {account}"] if due else []


def _due(outbox: Outbox, account: str, now: datetime) -> int:
    return sum(post.account == account and post.due <= now for post in outbox.in_state(State.QUEUED))
