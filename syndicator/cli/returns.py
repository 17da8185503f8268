"""`ledger do`, `done`, `skip`, `snooze`, `forgive`: what becomes of a suggestion."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from syndicator.cli import completing
from syndicator.cli.app import MISUSED, App, fail, open_workspace, show, tell

if TYPE_CHECKING:
    from ledger.book import Numbered
    from ledger.people import Person
    from syndicator.accounts import Account
    from syndicator.workspace import Workspace

_SHOWN = "The number that `ledger owe` showed."
NumberArgument = Annotated[int, typer.Argument(metavar="N", autocompletion=completing.suggestions, help=_SHOWN, min=1)]
TodoArgument = Annotated[int, typer.Argument(metavar="N", autocompletion=completing.doable, help=_SHOWN, min=1)]


def register(app: App) -> None:
    """Add this group's commands."""
    for command in (do, done, skip, snooze, forgive):
        app.command()(command)


def do(
    ctx: typer.Context,
    number: TodoArgument,
    to: Annotated[
        list[str] | None,
        typer.Option(
            "--to",
            "--account",
            metavar="ACCOUNT",
            autocompletion=completing.accounts,
            help="With this account; for a share, may be repeated.",
        ),
    ] = None,
    text: Annotated[str, typer.Option(metavar="TEXT", help="Your own words, for a thank-you or an answer.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking; it is shown all the same.")] = False,
    only_print: Annotated[
        bool, typer.Option("--print", help="Only print the page to do it at, and open none.")
    ] = False,
) -> None:
    """Carry out a suggestion: queue the share, or show the exact act, ask, and do it; else open where to do it."""
    from syndicator import doing
    from syndicator.cli.carrying import account_for, carry_out, lead_to
    from syndicator.networks import open_account, open_accounts

    space = open_workspace(ctx, logged=True)
    row = _waiting_row(space, number)
    suggestion = row.suggestion
    assert suggestion is not None
    if suggestion.act == "share":
        _queue_share(space, row, number, to)
        return
    accounts = [open_account(space, name) for name in to] if to else open_accounts(space)
    account = account_for(space, row, accounts)
    if to and account is None:
        tell(f"{', '.join(to)} can't do that: it is left to you")
    deed = None if only_print else doing.deed(space, row, account, text)
    if deed:
        carry_out(space, row, number, deed, yes=yes)
    else:
        lead_to(space, row, number, account, _more_to_know(space, row, accounts), text, only=only_print)


def done(ctx: typer.Context, number: TodoArgument) -> None:
    """Book a suggestion as done by you."""
    from syndicator import doing

    space = open_workspace(ctx)
    row = _waiting_row(space, number)
    entry = doing.book(space, row, number)
    show(f"booked as given to {_name(space, row)}: {entry.kind}")


def skip(ctx: typer.Context, number: TodoArgument) -> None:
    """Pass over this suggestion; what comes next for this person is suggested at once."""
    from ledger.suggest import Act

    space = open_workspace(ctx)
    row = _waiting_row(space, number)
    assert row.suggestion is not None
    with space.book.transaction():
        space.book.record(Act(row.identity, row.suggestion.act, space.clock(), row.suggestion.decides, "skipped"))
        space.book.settle_number(number, row, "passed over")
    show(f"passed over for {_name(space, row)}: {row.suggestion.todo}")


def snooze(
    ctx: typer.Context,
    number: NumberArgument,
    days: Annotated[int, typer.Option(metavar="N", help="For so many days.", min=1)] = 14,
) -> None:
    """Say nothing about this person for a while."""
    from msgspec.structs import replace

    from syndicator.cli.owed import named

    space = open_workspace(ctx)
    person = space.book.people().of(_row(space, number).identity)
    until = space.clock() + timedelta(days=days)
    with space.book.transaction():
        space.book.save_people(replace(person, snoozed_until=until))
        _settle_all(space, person, "snoozed")
    show(f"{named(person)}: nothing more until {until.astimezone(space.settings.me.timezone):%d %b %Y}")


def forgive(ctx: typer.Context, number: NumberArgument) -> None:
    """Consider everything up to now returned; what comes later counts again."""
    from ledger.suggest import Act

    space = open_workspace(ctx)
    row, now = _row(space, number), space.clock()
    person = space.book.people().of(row.identity)
    with space.book.transaction():
        space.book.record(*(Act(who, "forgive", now) for who in person.identities))
        _settle_all(space, person, "forgiven")
    show(f"forgiven: {_name(space, row)}")


def _settle_all(space: Workspace, person: Person, how: str) -> None:
    """Note that no number of somebody's in the list last shown is to be acted by any more."""
    for number, row in enumerate(space.book.numbers(), 1):
        if row.identity in person.identities and not row.settled:
            space.book.settle_number(number, row, how)


def _row(space: Workspace, number: int) -> Numbered:
    """Row N of the list last shown."""
    rows = space.book.numbers()
    if number > len(rows):
        fail(f"there is no number {number} in the list last shown; run `ledger owe` first", MISUSED)
    return rows[number - 1]


def _waiting_row(space: Workspace, number: int) -> Numbered:
    """Suggestion N of the list last shown, if there is something to do and it was not dealt with since."""
    row = _row(space, number)
    if row.settled:
        fail(f"number {number} is {row.settled} already; `ledger owe` shows what there is now")
    if row.suggestion is None or row.suggestion.act == "wait":
        fail(f"number {number} has nothing to do yet: {row.suggestion.reason if row.suggestion else 'no suggestion'}")
    person = space.book.people().of(row.identity)
    if person.opted_out or person.muted:
        fail(f"{_name(space, row)} wants to be left alone since; `ledger owe` shows what there is now")
    if person.snoozed_until and person.snoozed_until > space.clock():
        fail(f"{_name(space, row)} is snoozed since; `ledger owe` shows what there is now")
    return row


def _more_to_know(space: Workspace, row: Numbered, accounts: Sequence[Account]) -> list[str]:
    """What to know before reading or recommending somebody."""
    suggestion = row.suggestion
    assert suggestion is not None
    if suggestion.act == "recommend" and suggestion.on == "web":
        return [
            f"    syndicator add {suggestion.url}",
            "    and tag it `recommended`, in the OPML or the settings: a published blogroll then counts by itself",
        ]
    if suggestion.act == "read":
        from syndicator.card import card

        person, now = space.book.people().of(row.identity), space.clock()
        cards = (card(who, person, accounts, now) for who in person.identities)
        return [f"    {line}" for line in next(filter(None, cards), [])]
    return []


def _queue_share(space: Workspace, row: Numbered, number: int, to: list[str] | None) -> None:
    from ledger.suggest import Act
    from syndicator.cli import logged, shapes, shown
    from syndicator.cli.progress import working
    from syndicator.networks import accounts_to_share_on
    from syndicator.share import queue_link

    suggestion = row.suggestion
    assert suggestion is not None
    accounts = accounts_to_share_on(space, to or ())
    with working("looking at the page"):
        queued = queue_link(space, accounts, suggestion.url, in_return_for=suggestion.returns)
    logged.by_hand("shared in return", *queued.posts)
    for reason in queued.reasons:
        tell(f"not queued: {reason}")
    if queued.doubt:
        tell(f"could not see whether its page is there, so look yourself: {queued.doubt}")
    for note in queued.notes:
        tell(f"queued, but it can't go out yet: {note}")
    if not queued.posts:
        fail("nothing was queued" if accounts else "there is no account to share to; add one to the settings")
    with space.book.transaction():
        space.book.record(Act(row.identity, "share", space.clock(), suggestion.url, "queued"))
        space.book.settle_number(number, row, "queued")
    show(f"In return to {_name(space, row)}, the next runs will share:")
    show(*shown.posts([shapes.post(post) for post in queued.posts], space.settings.me.timezone))


def _name(space: Workspace, row: Numbered) -> str:
    from syndicator.cli.owed import named

    return named(space.book.people().of(row.identity))
