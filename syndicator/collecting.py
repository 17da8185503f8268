"""The recording stages of a run: what others did on each account, what I did there, who they are, what they wrote."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from syndicator import audience, diary, followers, kin, myself, record, stop, timebox, timelines
from syndicator.accounts import Account
from syndicator.progress import Progress, stepping
from syndicator.report import Report
from syndicator.timebox import Timetable
from syndicator.workspace import Workspace

_log = logging.getLogger(__name__)


def collect_all(
    space: Workspace, accounts: Sequence[Account], report: Report, time: Timetable, progress: Progress | None = None
) -> None:
    """Book what the networks tell of others and of me, once it is known which accounts are mine; look at timelines."""
    report.unread |= {account.name: account.uncollected for account in accounts if account.uncollected}
    with time.until(timebox.COLLECTING):
        if not report.outage.told:
            myself.ask(space, report.still_open(accounts), report.bugs)
        asked = report.still_open(accounts)
        step = stepping(progress, "asking networks what is new", sum(map(_can_be_asked, asked)))
        report.on_accounts(asked, lambda account, part: _collect(space, account, part, step))
    stop.check()
    if not report.outage.told:
        with time.until(timebox.COLLECTING), report.bugs_for_later("timelines"):
            report.errors += timelines.put_out(space, accounts, report.closed)


def get_to_know(space: Workspace, accounts: Sequence[Account], report: Report, time: Timetable) -> None:
    """Find out who is who of those who did something for me, where there is a network to ask."""
    asked = [] if report.outage.told else report.still_open(accounts)
    with time.until(timebox.COLLECTING):
        report.joined += kin.get_to_know(space, asked, report.bugs, online=not report.outage.told)


def _can_be_asked(account: Account) -> bool:
    return record.can_collect(account) or audience.can_ask(account)


def _collect(space: Workspace, account: Account, report: Report, step: Callable[[], None]) -> None:
    if not _can_be_asked(account):
        return
    stop.check()
    if timebox.is_up():
        report.unread[account.name] = record.out_of_time(account)
        return
    _log.debug("asking %s what is new", account.name)
    found = audience.collect_all(space, account)
    _log.debug("%s: %d new", account.name, found.new)
    report.collected[account.name] = found.new
    report.received[account.name] = dict(found.kinds)
    report.errors += found.errors
    if found.unread:
        report.unread[account.name] = found.unread
    diary.note(space, account, report)
    followers.note(space, account, report)
    step()
