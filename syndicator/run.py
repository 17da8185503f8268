"""One run, top to bottom: sources → Items → Articles → Judgements → Plan → Drafts → Posts → Outcomes → Entries.

The order of a run's effects makes a crash harmless at any point: favours are booked before a feed counts as read, a
post is stored before it is sent, and what was published is booked again until the ledger has it. Which networks exist
is for `networks` to say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from syndicator import articles, audience, blogroll_page, myself, offers, publish, record, server_limits
from syndicator.accounts import Account, Holds, channel
from syndicator.ahead import CHECKING, Progress, counting, look_ahead
from syndicator.articles import Catalogue
from syndicator.credit import last_word
from syndicator.enqueue import enqueue
from syndicator.fetch_options import fetch_options
from syndicator.follow import follow
from syndicator.intake import take_in
from syndicator.linkcheck import last_look
from syndicator.networks import open_account, open_accounts, publishing
from syndicator.outbox import Outbox, State
from syndicator.pace import keep_pace
from syndicator.pictures.finder import Pictures
from syndicator.report import Report
from syndicator.sources.subscriptions import Subscriptions
from syndicator.sources.turns import Turns
from syndicator.workspace import Workspace

_DAY = timedelta(days=1)
#: How far ahead today's state says anything about a plan.
_REACH = timedelta(days=31)


def run(space: Workspace, *, refresh: bool = False, progress: Progress | None = None) -> Report:
    """One scheduled run. With `refresh`, every source is asked, whether it is due or not."""
    report = Report(started=space.clock())
    accounts = ready(open_accounts(space), report)
    outbox = Outbox(space.state)
    subscribed, catalogue = read_sources(space, report, progress, refresh=refresh)
    accounts = as_servers_allow(space, accounts, report)
    posting = publishing(accounts)
    for account in posting:
        drive(space, account, publish.settle(outbox, account.name, account.publisher, space.clock), report)
    keep_on_time(space, posting, report)
    turns = Turns()
    report.choice = look_ahead(
        space, posting, subscribed, catalogue, report.started, progress, turns, report.outage, report.bugs
    )
    report.awaiting = enqueue(outbox, report.choice, _asking(posting), report.started)
    sending = {account.name for account in posting} - report.closed
    report.held_back = last_look.hold_back(
        space, catalogue, sending, counting(progress, CHECKING), turns, report.outage
    )
    last_word.take_out(space, posting, sending, report.bugs)
    pictures = Pictures(fetch_options(space.settings), turns)
    for account in posting:
        if account.name not in report.closed:
            sent = publish.publish(outbox, account.name, account.publisher, space.clock, pictures.find)
            drive(space, account, sent, report)
    report.errors += blogroll_page.put_out(space, subscribed)
    record.book_shares(space)
    _collect_all(space, accounts, report)
    return report.ended(space.clock())


def rehearse(
    space: Workspace, *, at: datetime | None = None, refresh: bool = False, progress: Progress | None = None
) -> Report:
    """A run up to its plan, made as of `at`. In a scratch workspace it leaves no trace; no network is written to.

    A time to come that is more than a day and at most a month away is reached from now on: the plan has what the runs
    until then will post, as far as is known today, and the day from then on.
    """
    report = Report(started=space.clock())
    accounts = open_accounts(space)
    ready(accounts, report)
    oldest = timedelta() if refresh else space.settings.fetch.least_interval
    subscribed, catalogue = read_sources(space, report, progress, oldest=oldest, refresh=refresh)
    posting = publishing(as_servers_allow(space, accounts, report))
    keep_on_time(space, posting, report)
    when = at or report.started
    on_the_way = when - report.started if _DAY < when - report.started <= _REACH else timedelta()
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
    changed = False
    for account in [] if report.outage.told else server_limits.due(space, accounts):
        with report.bugs_for_later(account.name):
            changed |= server_limits.ask(space, account)
    return [open_account(space, account.name) for account in accounts] if changed else list(accounts)


def _collect_all(space: Workspace, accounts: Sequence[Account], report: Report) -> None:
    """Book what the networks tell of others, once it is known which of those are accounts of mine."""
    if not report.outage.told:
        myself.ask(space, [account for account in accounts if account.name not in report.closed], report.bugs)
    for account in accounts:
        _collect(space, account, report)


def _collect(space: Workspace, account: Account, report: Report) -> None:
    if account.uncollected:
        report.unread[account.name] = account.uncollected
    if account.name in report.closed or not (record.can_collect(account) or audience.can_ask(account)):
        return
    with report.bugs_for_later(account.name):
        found = audience.collect_all(space, account)
        report.collected[account.name] = found.new
        report.received[account.name] = dict(found.kinds)
        report.errors += found.errors
        if found.unread:
            report.unread[account.name] = found.unread


def keep_on_time(space: Workspace, accounts: Sequence[Account], report: Report) -> None:
    """Give what missed its time another one, or let it go, before anything is planned around it; the report tells."""
    outbox, zone, now = Outbox(space.state), space.settings.me.timezone, report.started
    with space.state.transaction():
        posts = list(outbox)
        channels = (channel(account, space.settings, posts, now) for account in accounts if not account.held)
        report.retimed += keep_pace(posts, channels, zone, now)
        outbox.save(*report.retimed)


def collect_now(space: Workspace, *, refresh: bool = False, progress: Progress | None = None) -> Report:
    """The recording half of a run: links in feeds and notifications, and nothing posted."""
    report = Report(started=space.clock())
    accounts = ready(open_accounts(space), report)
    read_sources(space, report, progress, refresh=refresh)
    _collect_all(space, accounts, report)
    return report.ended(space.clock())


def read_sources(
    space: Workspace,
    report: Report,
    progress: Progress | None,
    *,
    oldest: timedelta = timedelta(),
    refresh: bool = False,
) -> tuple[Subscriptions, Catalogue]:
    """Follow the blogrolls, unless their copies are younger than `oldest`; read what is due, or all to `refresh`."""
    now = report.started
    catalogue = articles.load(space.state)
    subscribed = follow(space, catalogue, now, counting(progress, "reading blogrolls"), oldest=oldest, refresh=refresh)
    report.blogrolls = subscribed.blogrolls
    telling = counting(progress, "reading sources")
    report.intake = take_in(space, subscribed, catalogue, now, telling, refresh=refresh, outage=report.outage)
    report.errors += [*subscribed.problems, *report.intake.errors]
    report.errors += _orphans(space)
    report.collected["feeds"] = report.intake.links_to_me
    offers.put_out(space, subscribed, catalogue, now)
    return subscribed, catalogue


def drive(space: Workspace, account: Account, outcomes: Iterable[publish.Outcome], report: Report) -> None:
    """Work through one account's outcomes. A refused login or a limit holds the account (see `Holds`) in later runs."""
    if account.held:
        return
    with report.bugs_for_later(account.name):
        for outcome in outcomes:
            report.outcomes.append(outcome)
            if isinstance(outcome, publish.Failed) and publish.closes(outcome):
                report.closed.add(account.name)
                if publish.holds(outcome):
                    until = None if outcome.held else outcome.retry_at
                    Holds(space.state).hold(account.name, str(outcome.error), account.fingerprint, until)


def _asking(accounts: Sequence[Account]) -> set[str]:
    return {account.name for account in accounts if account.table.approve == "ask"}


def _orphans(space: Workspace) -> list[str]:
    """Posts that wait for an account the settings no longer have."""
    waiting = Outbox(space.state).in_state(State.AWAITING, State.QUEUED, State.SENDING)
    lost = Counter(post.account for post in waiting if post.account not in space.settings.accounts)
    return [
        f"{name}: {count} posts wait for this account, which the settings no longer have;"
        " put it back, or take them out with `syndicator queue skip`"
        for name, count in lost.items()
    ]
