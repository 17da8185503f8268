"""`ledger do`, `done`, `skip`, `snooze`, `forgive`: what becomes of a suggestion."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from syndicator.cli.app import App, fail, open_workspace, show, tell

if TYPE_CHECKING:
    from ledger.book import Numbered
    from syndicator.workspace import Workspace

NumberArgument = Annotated[int, typer.Argument(metavar="N", help="The number that `ledger owe` showed.", min=1)]


def register(app: App) -> None:
    """Add this group's commands."""
    for command in (do, done, skip, snooze, forgive):
        app.command()(command)


def do(
    ctx: typer.Context,
    number: NumberArgument,
    to: Annotated[list[str] | None, typer.Option(metavar="ACCOUNT", help="Share only there; may be repeated.")] = None,
) -> None:
    """Carry out a suggestion: a share goes into the queue; for anything else the link to do it at is shown."""
    space = open_workspace(ctx)
    row = _row(space, number)
    suggestion = row.suggestion
    assert suggestion is not None
    if suggestion.act == "share":
        _queue_share(space, row, to)
    else:
        show(f"{suggestion.todo} ({suggestion.reason})", f"    {suggestion.url}")
        show(*([f"    {suggestion.text}"] if suggestion.text else []))
        tell(f"do it there, then: ledger done {number}")


def done(ctx: typer.Context, number: NumberArgument) -> None:
    """Book a suggestion as done by you."""
    from ledger.entry import Direction, Entry, Kind
    from ledger.suggest import Act

    space = open_workspace(ctx)
    row = _row(space, number)
    suggestion, now = row.suggestion, space.clock()
    assert suggestion is not None
    kinds = {"share": Kind.SHARE, "boost": Kind.BOOST, "thank": Kind.THANK, "answer": Kind.REPLY, "read": Kind.LIKE}
    kinds["comment"] = Kind.COMMENT
    entry = Entry(
        Direction.GIVEN,
        kinds[suggestion.act],
        row.identity,
        recorded=now,
        at=now,
        url=suggestion.url,
        in_return_for=suggestion.returns,
    )
    with space.book.transaction():
        space.book.append([entry])
        space.book.record(Act(row.identity, suggestion.act, now, suggestion.url))
    show(f"booked as given to {_name(space, row)}: {entry.kind}")


def skip(ctx: typer.Context, number: NumberArgument) -> None:
    """Pass over this suggestion; another one comes after the usual pause."""
    from ledger.suggest import Act

    space = open_workspace(ctx)
    row = _row(space, number)
    assert row.suggestion is not None
    space.book.record(Act(row.identity, row.suggestion.act, space.clock(), row.suggestion.url, "skipped"))
    show(f"passed over for {_name(space, row)}: {row.suggestion.todo}")


def snooze(
    ctx: typer.Context,
    number: NumberArgument,
    days: Annotated[int, typer.Option(metavar="N", help="For so many days.", min=1)] = 14,
) -> None:
    """Say nothing about this person for a while."""
    from dataclasses import replace

    from syndicator.cli.owed import named

    space = open_workspace(ctx)
    person = space.book.people().of(_row(space, number, any_act=True).identity)
    until = space.clock() + timedelta(days=days)
    space.book.save_people(replace(person, snoozed_until=until))
    show(f"{named(person)}: nothing more until {until.astimezone(space.settings.me.timezone):%d %b %Y}")


def forgive(ctx: typer.Context, number: NumberArgument) -> None:
    """Consider everything up to now returned; what comes later counts again."""
    from ledger.suggest import Act

    space = open_workspace(ctx)
    row = _row(space, number, any_act=True)
    space.book.record(Act(row.identity, "forgive", space.clock()))
    show(f"forgiven: {_name(space, row)}")


def _row(space: Workspace, number: int, *, any_act: bool = False) -> Numbered:
    """Suggestion N of the list last shown."""
    rows = space.book.numbers()
    if number > len(rows):
        fail(f"there is no number {number} in the list last shown; run `ledger owe` first", 2)
    row = rows[number - 1]
    if not any_act and (row.suggestion is None or row.suggestion.act == "wait"):
        fail(f"number {number} has nothing to do yet: {row.suggestion.reason if row.suggestion else 'no suggestion'}")
    return row


def _queue_share(space: Workspace, row: Numbered, to: list[str] | None) -> None:
    from ledger.suggest import Act
    from syndicator.cli import shapes, shown
    from syndicator.networks import accounts_to_share_on
    from syndicator.share import queue_link

    suggestion = row.suggestion
    assert suggestion is not None
    accounts = accounts_to_share_on(space, to or ())
    queued = queue_link(space, accounts, suggestion.url, in_return_for=suggestion.returns)
    for reason in queued.reasons:
        tell(f"not queued: {reason}")
    if queued.doubt:
        tell(f"could not see whether its page is there, so look yourself: {queued.doubt}")
    for note in queued.notes:
        tell(f"queued, but it can't go out yet: {note}")
    if not queued.posts:
        fail("nothing was queued" if accounts else "there is no account to share to; add one to the settings")
    space.book.record(Act(row.identity, "share", space.clock(), suggestion.url, "queued"))
    show(f"In return to {_name(space, row)}, the next runs will share:")
    show(*shown.posts([shapes.post(post) for post in queued.posts], space.settings.me.timezone))


def _name(space: Workspace, row: Numbered) -> str:
    from syndicator.cli.owed import named

    return named(space.book.people().of(row.identity))
