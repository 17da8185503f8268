"""One run, top to bottom: sources → Items → Articles → Judgements → Plan → Drafts → Posts → Outcomes → Entries.

This is the only module that knows which networks exist. The order of a run's effects makes a crash harmless at any
point: favours are booked before a feed counts as read, a post is stored before it is sent, and what was published is
booked again until the ledger has it.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ledger.store.base import StoreError
from platforms.base import Limits, Login, Reporter
from platforms.errors import AuthFailed, PlatformError
from syndicator import articles, collect, offers, publish, secrets
from syndicator.accounts import Account, Holds, channel
from syndicator.articles import Catalogue
from syndicator.choose import Choice, choose
from syndicator.enqueue import enqueue
from syndicator.intake import Intake, download, take_in
from syndicator.outbox import Outbox, Post
from syndicator.plan import Channel
from syndicator.settings import AccountTable, SettingsError
from syndicator.sources.subscriptions import Subscriptions, subscriptions
from syndicator.workspace import Workspace

#: Every network: what the settings call it, and where its adapter is. Loaded when an account uses it.
ADAPTERS = {
    "bluesky": "platforms.bluesky:Bluesky",
    "linkblog": "platforms.linkblog:Linkblog",
    "mastodon": "platforms.mastodon:Mastodon",
    "memory": "platforms.memory:Memory",
    "x": "platforms.x:X",
}

#: Told about slow work: what is being done, how much of it is done, how much there is.
Progress = Callable[[str, int, int], None]


#: So many pages of interactions are read from one account in one run; the next run goes on from there.
_PAGES = 20


@dataclass(slots=True)
class Report:
    """What one run did. `errors` are sentences about sources, accounts and files that did not work."""

    started: datetime
    finished: datetime | None = None
    intake: Intake = field(default_factory=Intake)
    choice: Choice = field(default_factory=Choice)
    awaiting: list[Post] = field(default_factory=list)
    outcomes: list[publish.Outcome] = field(default_factory=list)
    collected: dict[str, int] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def run(space: Workspace, *, dry: bool = False, at: datetime | None = None, progress: Progress | None = None) -> Report:
    """One scheduled run. With `dry` it ends after the plan, made as of `at`; in a scratch workspace nothing is kept."""
    report = Report(started=space.clock())
    accounts = open_accounts(space)
    subscribed, catalogue = read_sources(space, report, progress)
    report.choice = choose(space, _channels(space, accounts), subscribed, catalogue, at or report.started)
    if not dry:
        asks = {account.name for account in accounts if account.table.approve == "ask"}
        report.awaiting = enqueue(Outbox(space.state), report.choice, asks, report.started)
        bugs = [bug for account in accounts if (bug := publish_due(space, account, report))]
        book_shares(space)
        for account in accounts:
            collect_from(space, account, report)
        for bug in bugs:
            raise bug
    report.finished = space.clock()
    return report


def collect_now(space: Workspace, *, progress: Progress | None = None) -> Report:
    """The recording half of a run: links in feeds and notifications, and nothing posted."""
    report = Report(started=space.clock())
    accounts = open_accounts(space)
    read_sources(space, report, progress)
    for account in accounts:
        collect_from(space, account, report)
    report.finished = space.clock()
    return report


def read_sources(space: Workspace, report: Report, progress: Progress | None) -> tuple[Subscriptions, Catalogue]:
    """Read what is due into articles, favours and offers."""
    now = report.started
    subscribed = subscriptions(space.settings, lambda url: download(space.settings, url))
    catalogue = articles.load(space.state)
    report.intake = take_in(space, subscribed, catalogue, now, _counting(progress, "reading sources"))
    report.errors += [*subscribed.problems, *report.intake.errors]
    report.collected["feeds"] = report.intake.links_to_me
    offers.put_out(space, subscribed, catalogue, now)
    return subscribed, catalogue


def publish_due(space: Workspace, account: Account, report: Report) -> Exception | None:
    """Send what is due on one account. A refused login holds the account until its credential changes.

    Returns a bug of its adapter instead of raising it, so that the other accounts and the booking go on first.
    """
    if account.held:
        report.errors.append(f"{account.name}: {account.held}")
        return None
    try:
        for outcome in publish.publish(Outbox(space.state), account.name, account.adapter, space.clock):
            report.outcomes.append(outcome)
            if isinstance(outcome, publish.Failed) and outcome.held:
                Holds(space.state).hold(account.name, str(outcome.held), account.fingerprint)
    except StoreError:
        raise  # without a store nothing can go on
    except Exception as bug:
        bug.add_note(f"while publishing on {account.name}")
        return bug
    return None


def collect_from(space: Workspace, account: Account, report: Report) -> None:
    """Book what an account's network tells of others, page by page; one that charges for reading is left alone."""
    adapter, book = account.adapter, space.book
    if account.held or not isinstance(adapter, Reporter) or adapter.limits.price_usd:
        return
    network, now = account.table.platform, space.clock()
    try:
        for _ in range(_PAGES):
            page = adapter.interactions(book.cursor(account.name))
            with book.transaction():
                new = book.append(collect.reported(network, page.interactions, now))
                book.introduce(collect.names_told(network, page.interactions))
                book.set_cursor(account.name, page.cursor)
            report.collected[account.name] = report.collected.get(account.name, 0) + new
            if not page.more:
                return
    except PlatformError as error:
        report.errors.append(str(error))
        if isinstance(error, AuthFailed):
            Holds(space.state).hold(account.name, str(error), account.fingerprint)


def book_shares(space: Workspace) -> None:
    """Book every published share as given, and mark it booked after that."""
    outbox = Outbox(space.state)
    shared = collect.shares_given(outbox, space.clock())
    space.book.append(entry for _, entry in shared)
    outbox.save(*(collect.booked(post) for post, _ in shared))


def limits_of(space: Workspace) -> dict[str, Limits]:
    """What each account's network allows."""
    return {account.name: account.adapter.limits for account in open_accounts(space)}


def open_accounts(space: Workspace) -> list[Account]:
    """Every account of the settings with its adapter, not yet logged in."""
    return [open_account(space, name) for name in space.settings.accounts]


def open_account(space: Workspace, name: str) -> Account:
    """One account with its adapter. SettingsError for an account, a network or an option that isn't there."""
    settings = space.settings
    if name not in settings.accounts:
        known = ", ".join(settings.accounts) or "none yet"
        raise SettingsError(f"{settings.path}: no account {name!r}; accounts: {known}")
    table = settings.accounts[name]
    adapter = adapter_class(table.platform, f"{settings.path}: [accounts.{name}]")
    for key in getattr(adapter, "needs", ()):
        if not getattr(table, key):
            raise SettingsError(f"{settings.path}: [accounts.{name}] needs the key `{key}` for {table.platform}")
    if table.template and "{url}" not in table.template and adapter.limits.card != "client":
        raise SettingsError(
            f"{settings.path}: the template of [accounts.{name}] leaves out {{url}}: nobody could follow"
        )
    secret = secrets.secrets_of(name, settings.data_folder)
    fingerprint = secrets.fingerprint(secret)
    sessions = secrets.Sessions(settings.data_folder)
    login = Login(
        account=name,
        options=_options(space, table),
        secrets=secret,
        timeout=settings.fetch.timeout.total_seconds(),
        recall=lambda: sessions.recall(name),
        keep=lambda session: sessions.keep(name, session),
    )
    return Account(name, table, adapter(login), fingerprint, Holds(space.state).reason(name, fingerprint))


def adapter_class(platform: str, where: str) -> type[Any]:
    """The adapter of a network, imported now. `where` names the place in the settings for the error."""
    if platform not in ADAPTERS:
        raise SettingsError(f"{where} has the unknown platform {platform!r}; choose one of: {', '.join(ADAPTERS)}")
    module, _, attribute = ADAPTERS[platform].partition(":")
    found: type[Any] = getattr(importlib.import_module(module), attribute)
    return found


def _options(space: Workspace, table: AccountTable) -> dict[str, Any]:
    """The account's own settings as adapters read them, paths made absolute."""
    me = space.settings.me
    given = {key: getattr(table, key) for key in ("server", "handle", "title", "url") if getattr(table, key)}
    paths = {
        key: str(space.settings.beside(getattr(table, key)).absolute())
        for key in ("folder", "file")
        if getattr(table, key)
    }
    return {"author": me.name, "language": me.language, **given, **paths}


def _channels(space: Workspace, accounts: Sequence[Account]) -> list[Channel]:
    posts, now = list(Outbox(space.state)), space.clock()
    return [channel(account, space.settings, posts, now) for account in accounts]


def _counting(progress: Progress | None, what: str) -> Callable[[int, int], None] | None:
    if progress is None:
        return None
    tell = progress
    return lambda done, total: tell(what, done, total)
