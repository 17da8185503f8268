"""`ledger`: whom to reciprocate and why. Loads no network's SDK."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from syndicator.cli.app import (
    App,
    JsonOption,
    RefreshOption,
    launch,
    moment_at,
    new_app,
    open_workspace,
    recount,
    show,
    show_json,
    tell,
    width,
)
from syndicator.cli.arguments import WhoArgument

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.memory import Memory
    from ledger.owe import Debt
    from ledger.sheaves import Sheaves
    from syndicator.workspace import Workspace

AsOfOption = Annotated[
    str | None, typer.Option("--at", metavar="TIME", help="As of then: 2026-11-03, 09:00 …", show_default=False)
]
#: What other modules of this package register, in the order of the help.
COMMANDS = {
    "booked": ("add", "give"),
    "returns": ("do", "done", "skip", "snooze", "forgive"),
    "acts": ("import", "export"),
    "people": ("people",),
    "follows": ("follows",),
    "forget": ("forget",),
    "thanks": ("thanks",),
}


def start() -> None:
    """The console command `ledger`."""
    launch(make())


def make() -> App:
    """The `ledger` app."""
    app = new_app("Who did something for you, and how to return it.", top=True)
    for command in (owe, why, collect):
        app.command()(command)
    for group, names in COMMANDS.items():
        app.later(f"syndicator.cli.{group}", names)
    return app


def register(app: App) -> None:
    """Mount this app in another one."""
    app.add_typer(make(), name="ledger")


def owe(
    ctx: typer.Context,
    limit: Annotated[int | None, typer.Option(metavar="N", help="How many people to show.", min=1)] = None,
    at: AsOfOption = None,
    everybody: Annotated[bool, typer.Option("--all", help="Also those who are owed nothing.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show whom to reciprocate, for what, and with which of their posts."""
    from ledger.store.resting import collector_resting
    from syndicator.cli import owed

    space = open_workspace(ctx)
    now = _here(space, moment_at(space, at))
    with collector_resting():
        entries, memory = space.book.sheaves(), space.memory()
        debts = _debts(space, entries, now, memory)
        wanted = [debt for debt in debts if everybody or debt.standing == "owe"]
        wanted += _to_comment(space, entries, debts, now)
    whole = everybody or as_json or limit is not None
    shown = wanted[:limit] if whole else owed.first(wanted)
    if at is None:
        _remember(space, shown)
        memory.save()
    if as_json:
        from syndicator.acting import account_of

        rows = [(debt, account_of(debt, space.book.entry, space.settings.accounts)) for debt in shown]
        show_json([owed.document(number, *row) for number, row in enumerate(rows, 1)])
    else:
        more = len(wanted) - len(shown)
        zone, kept = space.settings.me.timezone, at is None
        show(*owed.lines(shown, zone, known=len(debts), more=more, width=width(), kept=kept))
    _warn(space, entries, now)
    _tell_problems(space)


def why(ctx: typer.Context, person: WhoArgument, at: AsOfOption = None, as_json: JsonOption = False) -> None:
    """Show every entry and the arithmetic that leads to a person's balance."""
    from ledger.owe import explain
    from syndicator.cli import reckoned

    space = open_workspace(ctx)
    entries = space.book.sheaves()
    found = space.book.people().find(person, entries.identities())
    now, book = moment_at(space, at) or space.clock(), space.book
    settlement, ranking = explain(found, entries, now, space.rules, book.acts(), book.offers())
    if as_json:
        show_json(reckoned.settlement_document(found, settlement, ranking))
    else:
        show(*reckoned.settlement_lines(found, settlement, ranking, space.settings.me.timezone, width()))
    _tell_problems(space)


def collect(ctx: typer.Context, refresh: RefreshOption = False, as_json: JsonOption = False) -> None:
    """Collect links and notifications now, without posting anything."""
    from syndicator import stop
    from syndicator.cli import logged, told
    from syndicator.cli.progress import progress
    from syndicator.run import collect_now

    space = open_workspace(ctx, logged=True)
    with stop.listening(), space.lock(), logged.watched("collecting") as reports, progress() as counting:
        report = collect_now(space, refresh=refresh, progress=counting)
        report.errors += space.book.problems
        reports.append(report)
    if as_json:
        show_json({**told.document(report), "errors": report.errors})
    else:
        recount(*told.lines(report))
        for what in report.left:
            tell(f"left for the next time: {what}")
        for error in report.errors:
            tell(f"problem: {error}")
    if report.stopped:
        raise typer.Exit(stop.Stopped(report.stopped).exit_code)
    if report.errors:
        raise typer.Exit(1)


def _tell_problems(space: Workspace) -> None:
    """What of the ledger could not be read."""
    for problem in space.book.problems:
        tell(f"problem: {problem}")


def _warn(space: Workspace, entries: Sheaves, now: datetime) -> None:
    """Say when my own sharing has become an exchange."""
    from ledger import pod

    book = space.book
    for warning in pod.sharing(book.people(), entries, now, space.rules, book.acts()).warnings:
        tell(f"mind: {warning}; {pod.REMEDY}")


def _here(space: Workspace, at: datetime | None) -> datetime:
    return (at or space.clock()).astimezone(space.settings.me.timezone)


def _to_comment(space: Workspace, entries: Sheaves, debts: Sequence[Debt], now: datetime) -> tuple[Debt, ...]:
    from ledger.comments import dealt_with, to_comment

    book = space.book
    return to_comment(book.people(), debts, book.offers(), now, dealt_with(entries.given(), book.acts()))


def _debts(space: Workspace, entries: Sheaves, now: datetime, memory: Memory) -> tuple[Debt, ...]:
    from ledger.owe import owe as reckon

    book = space.book
    return reckon(book.people(), entries, now, space.rules, book.offers(), book.acts(), memory=memory)


def _remember(space: Workspace, shown: Sequence[Debt]) -> None:
    """Keep the numbers just shown for `do N`. A ledger that can't be written can still be read."""
    from ledger.book import Numbered
    from ledger.store.base import StoreError

    rows = [Numbered(debt.person.identities[0], debt.suggestion) for debt in shown]
    try:
        space.book.remember_numbers(rows)
    except StoreError as error:
        tell(f"the numbers could not be kept, so `ledger do` won't know them: {error}")
