"""`ledger`: whom to reciprocate, why, and what to do. Loads no network's SDK unless a share has to be queued."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from syndicator.cli.app import App, JsonOption, fail, new_app, open_workspace, show, show_json, tell

if TYPE_CHECKING:
    from ledger.book import Numbered
    from ledger.owe import Debt
    from syndicator.workspace import Workspace

KindArgument = Annotated[str, typer.Argument(metavar="KIND", help="link, recommend, share, quote, boost, comment, …")]
WhoArgument = Annotated[
    str, typer.Argument(metavar="WHO", help="A handle (@ada@example.social, x:ada), a site (ada.example) or a name.")
]
NumberArgument = Annotated[int, typer.Argument(metavar="N", help="The number that `ledger owe` showed.", min=1)]
UrlOption = Annotated[
    str, typer.Option("--url", metavar="URL", help="Their page: where they did it, or what I shared.")
]
MyUrlOption = Annotated[
    str, typer.Option("--my-url", metavar="URL", help="My page: what it was done to, or where I did it.")
]
AtOption = Annotated[
    datetime | None, typer.Option(metavar="TIME", help="When it was, in your zone [default: now].", show_default=False)
]
AsOfOption = Annotated[datetime | None, typer.Option("--at", metavar="TIME", help="As of then.", show_default=False)]
NoteOption = Annotated[str, typer.Option(metavar="TEXT", help="Anything to remember it by.")]


def start() -> None:
    """The console command `ledger`."""
    make()()


def make() -> App:
    """The `ledger` app."""
    app = new_app("Who did something for you, and how to return it.")
    for command in (owe, why, add, give, do, done, skip, snooze, forgive):
        app.command()(command)
    return app


def owe(
    ctx: typer.Context,
    limit: Annotated[int | None, typer.Option(metavar="N", help="How many people to show.", min=1)] = None,
    at: AsOfOption = None,
    everybody: Annotated[bool, typer.Option("--all", help="Also those who are owed nothing.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show whom to reciprocate, for what, and with which of their posts."""
    from syndicator.cli import owed

    space = open_workspace(ctx)
    debts = _debts(space, _in_zone(space, at))
    shown = [debt for debt in debts if everybody or debt.standing == "owe"][:limit]
    if at is None:
        _remember(space, shown)
    if as_json:
        show_json([owed.document(number, debt) for number, debt in enumerate(shown, 1)])
    else:
        show(*owed.lines(shown, len(debts)))


def why(ctx: typer.Context, person: WhoArgument, at: AsOfOption = None, as_json: JsonOption = False) -> None:
    """Show every entry and the arithmetic that leads to a person's balance."""
    from ledger.owe import explain
    from syndicator.cli import owed

    space = open_workspace(ctx)
    entries = space.book.entries()
    found = space.book.people().find(person, {entry.identity for entry in entries})
    settlement = explain(found, entries, _in_zone(space, at) or space.clock(), space.rules, space.book.acts())
    if as_json:
        show_json(owed.settlement_document(found, settlement))
    else:
        show(*owed.settlement_lines(found, settlement))


def add(
    ctx: typer.Context,
    kind: KindArgument,
    who: WhoArgument,
    url: UrlOption = "",
    my_url: MyUrlOption = "",
    at: AtOption = None,
    note: NoteOption = "",
) -> None:
    """Book something that was done for you."""
    _book(ctx, "received", kind, who, url, my_url, at, note)


def give(
    ctx: typer.Context,
    kind: KindArgument,
    who: WhoArgument,
    url: UrlOption = "",
    my_url: MyUrlOption = "",
    at: AtOption = None,
    note: NoteOption = "",
) -> None:
    """Book something that you did for somebody."""
    _book(ctx, "given", kind, who, url, my_url, at, note)


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
        show(f"{suggestion.act}: {suggestion.title or suggestion.reason}", f"    {suggestion.url}")
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
    show(f"passed over: {row.suggestion.title or row.suggestion.act} for {_name(space, row)}")


def snooze(
    ctx: typer.Context,
    number: NumberArgument,
    days: Annotated[int, typer.Option(metavar="N", help="For so many days.", min=1)] = 14,
) -> None:
    """Say nothing about this person for a while."""
    from dataclasses import replace

    space = open_workspace(ctx)
    person = space.book.people().of(_row(space, number, any_act=True).identity)
    until = space.clock() + timedelta(days=days)
    space.book.save_people(replace(person, snoozed_until=until))
    show(f"{person.name}: nothing more until {until.astimezone(space.settings.me.timezone):%d %b %Y}")


def forgive(ctx: typer.Context, number: NumberArgument) -> None:
    """Consider everything up to now returned; what comes later counts again."""
    from ledger.suggest import Act

    space = open_workspace(ctx)
    row = _row(space, number, any_act=True)
    space.book.record(Act(row.identity, "forgive", space.clock()))
    show(f"forgiven: {_name(space, row)}")


def _debts(space: Workspace, at: datetime | None) -> tuple[Debt, ...]:
    from ledger.owe import owe as reckon

    book = space.book
    return reckon(book.people(), book.entries(), at or space.clock(), space.rules, book.offers(), book.acts())


def _remember(space: Workspace, shown: Sequence[Debt]) -> None:
    """Keep the numbers just shown for `do N`. A ledger that can't be written can still be read."""
    from ledger.book import Numbered
    from ledger.store.base import StoreError

    rows = [Numbered(debt.person.identities[0], debt.suggestion) for debt in shown]
    try:
        space.book.remember_numbers(rows)
    except StoreError as error:
        tell(f"the numbers could not be kept, so `ledger do` won't know them: {error}")


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
    from syndicator.cli import render, shapes
    from syndicator.run import open_account
    from syndicator.share import queue_link

    suggestion = row.suggestion
    assert suggestion is not None
    accounts = [open_account(space, name) for name in to or space.settings.accounts]
    queued = queue_link(space, accounts, suggestion.url, in_return_for=suggestion.returns)
    for reason in queued.reasons:
        tell(f"not queued: {reason}")
    if not queued.posts:
        fail("nothing was queued" if accounts else "there is no account to share to; add one to the settings")
    space.book.record(Act(row.identity, "share", space.clock(), suggestion.url, "queued"))
    show(f"In return to {_name(space, row)}, the next runs will share:")
    show(*render.queue([shapes.post(post) for post in queued.posts], space.settings.me.timezone))


def _book(
    ctx: typer.Context, direction: str, kind: str, who: str, url: str, my_url: str, at: datetime | None, note: str
) -> None:
    from ledger.entry import Direction, Entry, Kind

    if kind not in set(Kind):
        fail(f"{kind!r} is no kind of favour; kinds: {', '.join(Kind)}", 2)
    space = open_workspace(ctx)
    now = space.clock()
    person = space.book.people().find(who, {entry.identity for entry in space.book.entries()})
    entry = Entry(
        Direction(direction),
        Kind(kind),
        person.identities[0],
        recorded=now,
        at=_in_zone(space, at) or now,
        url=url,
        my_url=my_url,
        note=note,
    )
    if space.book.append([entry]):
        show(f"booked: {entry.kind} {direction}, {person.name}")
    else:
        show(f"already there: {entry.kind} {direction}, {person.name}")


def _name(space: Workspace, row: Numbered) -> str:
    return space.book.people().of(row.identity).name


def _in_zone(space: Workspace, at: datetime | None) -> datetime | None:
    """A time from the command line: in the owner's zone unless it says otherwise."""
    if at is None:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=space.settings.me.timezone)).astimezone(UTC)
