"""One run, top to bottom: sources → Items → Articles → Judgements → Plan → Drafts → Posts → Outcomes → Entries.

The order of a run's effects makes a crash harmless at any point: favours are booked before a feed counts as read, a
post is stored before it is sent, and what was published is booked again until the ledger has it. Which networks exist
is for `networks` to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal

from syndicator import (
    blogroll_page,
    collecting,
    debts,
    doors,
    doubts,
    history,
    offers,
    recommended,
    record,
    retention,
    sending,
    server_limits,
    stop,
    telling,
    timebox,
    watch,
)
from syndicator.accounts import Account, channel
from syndicator.ahead import CHECKING, look_ahead
from syndicator.articles import Catalogue
from syndicator.credit import last_word
from syndicator.enqueue import enqueue
from syndicator.fetch_options import fetch_options
from syndicator.history import Ended
from syndicator.linkcheck import last_look
from syndicator.networks import open_account, open_accounts, publishing
from syndicator.outbox import Outbox, Post, State
from syndicator.pace import Facts, keep_pace
from syndicator.pictures.finder import Pictures
from syndicator.progress import Progress, counting
from syndicator.reading import read_sources
from syndicator.report import Report
from syndicator.sources.subscriptions import Subscriptions
from syndicator.sources.turns import Turns
from syndicator.timebox import Timetable
from syndicator.workspace import Workspace

_DAY = timedelta(days=1)
#: How far ahead today's state says anything about a plan.
_REACH = timedelta(days=31)


def run(space: Workspace, *, refresh: bool = False, progress: Progress | None = None) -> Report:
    """One scheduled run. With `refresh`, every source is asked, whether it is due or not."""
    report = Report(started=space.clock())
    accounts = open_accounts(space)  # with settings that can't be used nothing begins, and nothing is noted
    how: Literal["well", "stopped", "broken"] = "broken"
    try:
        _work(space, accounts, report, refresh, progress)
        how = "broken" if report.bugs else "well"
    except stop.Stopped as stopped:
        report.stopped, how = stopped.signal, "stopped"
        record.book_shares(space)
    finally:
        history.note(space.state, Ended(report.started, space.clock(), how))
    report.unknown = Outbox(space.state).doubtful()
    return report.ended(space.clock())


def _work(
    space: Workspace, opened: Sequence[Account], report: Report, refresh: bool, progress: Progress | None
) -> None:
    """The stages of a run, each within its part of the time."""
    time = Timetable(space.settings.run.budget.total_seconds())
    accounts = ready(opened, report)
    with time.until(timebox.READING):
        subscribed, catalogue = read_sources(space, report, progress, refresh=refresh)
        offers.put_out(space, subscribed, catalogue, report.started)
    with time.until(timebox.SETTLING):
        accounts = as_servers_allow(space, accounts, report)
    posting, turns = publishing(accounts), Turns()
    sending.settle(space, posting, report, time)
    keep_on_time(space, posting, report, subscribed, catalogue)
    with time.until(timebox.LOOKING):
        report.choice = look_ahead(
            space,
            posting,
            subscribed,
            catalogue,
            report.started,
            progress,
            turns,
            report.outage,
            report.bugs,
            news=report.intake.ok > 0,
        )
    asking = {account.name for account in posting if account.table.approve == "ask"}
    report.awaiting = enqueue(Outbox(space.state), report.choice, asking, report.started)
    out = record.known_out(space)
    report.errors += [record.not_again(post) for post in out]
    report.awaiting = [post for post in report.awaiting if post.id not in {each.id for each in out}]
    open_ones = {account.name for account in posting} - report.closed
    with time.until(timebox.CHECKING):
        report.held_back = last_look.hold_back(
            space, catalogue, open_ones, counting(progress, CHECKING), turns, report.outage
        )
        last_word.take_out(space, posting, open_ones, report.bugs)
    sending.send(space, posting, report, time, Pictures(fetch_options(space.settings), turns), progress)
    report.errors += blogroll_page.put_out(space, subscribed)
    recommended.book(space, subscribed)
    record.book_shares(space)
    record.not_returned(space, Outbox(space.state).in_state(State.REJECTED, State.EXPIRED, State.CANCELLED))
    collecting.collect_all(space, accounts, report, time, progress)
    doors.collect(space, subscribed, catalogue, report, time, progress)
    doubts.note(space)
    collecting.get_to_know(space, accounts, report, time)
    report.alarms = watch.told_now(space, accounts, subscribed)
    report.alarms += retention.drop(space)
    debts.keep_up(space, report.collected)
    with report.bugs_for_later("the digest"):
        report.alarms += telling.send(space, report.alarms)


def rehearse(
    space: Workspace, *, at: datetime | None = None, refresh: bool = False, progress: Progress | None = None
) -> Report:
    """A run up to its plan, made as of `at`. In a scratch workspace it leaves no trace; no network is written to.

    A time to come that is at most a month away is reached from now on: the plan has what the runs until then will post,
    as far as is known today, and the day from then on.
    """
    report = Report(started=space.clock())
    accounts = open_accounts(space)
    ready(accounts, report)
    oldest = timedelta() if refresh else space.settings.fetch.least_interval
    subscribed, catalogue = read_sources(space, report, progress, oldest=oldest, refresh=refresh)
    posting = publishing(as_servers_allow(space, accounts, report))
    keep_on_time(space, posting, report, subscribed, catalogue)
    when = at or report.started
    on_the_way = when - report.started if timedelta() < when - report.started <= _REACH else timedelta()
    report.choice = look_ahead(
        space,
        posting,
        subscribed,
        catalogue,
        when - on_the_way,
        progress,
        outage=report.outage,
        bugs=report.bugs,
        horizon=on_the_way + _DAY,
    )
    return report.ended(space.clock())


def ready(accounts: Sequence[Account], report: Report) -> list[Account]:
    """The accounts that can be worked with; the report tells why others can't."""
    report.errors += [f"{account.name}: {account.missing}" for account in accounts if account.missing]
    report.errors += [account.held for account in accounts if account.held]
    report.closed |= {account.name for account in accounts if account.held}
    return [account for account in accounts if not account.missing]


def as_servers_allow(space: Workspace, accounts: Sequence[Account], report: Report) -> list[Account]:
    """The accounts, with what their servers allow: those not asked for long are asked, if there is a network."""
    changed: list[str] = []

    def ask(account: Account, _: Report) -> None:
        stop.check()
        if not timebox.is_up() and server_limits.ask(space, account):
            changed.append(account.name)

    report.on_accounts([] if report.outage.told else server_limits.due(space, accounts), ask)
    return [open_account(space, account.name) for account in accounts] if changed else list(accounts)


def keep_on_time(
    space: Workspace, accounts: Sequence[Account], report: Report, subscribed: Subscriptions, catalogue: Catalogue
) -> None:
    """Give what missed its time another one, or let it go, before anything is planned around it; the report tells."""
    outbox, zone, now = Outbox(space.state), space.settings.me.timezone, report.started
    with space.state.transaction():
        posts = list(outbox)
        facts = _facts(space, posts, subscribed, catalogue)
        channels = (channel(account, space.settings, posts, now) for account in accounts if not account.held)
        report.retimed += keep_pace(posts, channels, zone, now, facts)
        outbox.save(*report.retimed)


def _facts(space: Workspace, posts: Iterable[Post], subscribed: Subscriptions, catalogue: Catalogue) -> Facts:
    """What keeping on time is measured by."""
    waiting = [post for post in posts if post.state in (State.AWAITING, State.QUEUED)]
    sources = [*subscribed.feeds, *(file.source for file in subscribed.notes)]
    return Facts(
        interval=history.usual_interval(history.load(space.state)) or Facts().interval,
        rations={source.url: source.per_day for source in sources if source.per_day is not None},
        dated={post.article: known.dated for post in waiting if (known := catalogue.get(post.article))},
    )


def collect_now(space: Workspace, *, refresh: bool = False, progress: Progress | None = None) -> Report:
    """The recording half of a run: links in feeds and notifications, and nothing posted."""
    report = Report(started=space.clock())
    time = Timetable(space.settings.run.budget.total_seconds())
    try:
        accounts = ready(open_accounts(space), report)
        with time.until(timebox.READING):
            subscribed, catalogue = read_sources(space, report, progress, refresh=refresh)
            offers.put_out(space, subscribed, catalogue, report.started)
        collecting.collect_all(space, accounts, report, time, progress)
        doors.collect(space, subscribed, catalogue, report, time, progress, refresh=refresh)
        doubts.note(space)
        collecting.get_to_know(space, accounts, report, time)
        debts.keep_up(space, report.collected)
    except stop.Stopped as stopped:
        report.stopped = stopped.signal
    return report.ended(space.clock())
