"""`ledger`: whom to reciprocate and why, and what is booked by hand. Loads no network's SDK."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from syndicator.cli import returns
from syndicator.cli.app import App, JsonOption, fail, new_app, open_workspace, show, show_json, tell

if TYPE_CHECKING:
    from ledger.owe import Debt
    from syndicator.workspace import Workspace

KindArgument = Annotated[str, typer.Argument(metavar="KIND", help="link, recommend, share, quote, boost, comment, …")]
WhoArgument = Annotated[
    str, typer.Argument(metavar="WHO", help="A handle (@ada@example.social, x:ada), a site (ada.example) or a name.")
]
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
    for command in (owe, why, add, give, collect):
        app.command()(command)
    returns.register(app)
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


def collect(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """Collect links and notifications now, without posting anything."""
    from syndicator.cli.progress import progress
    from syndicator.run import collect_now

    space = open_workspace(ctx)
    with space.lock(), progress() as counting:
        report = collect_now(space, progress=counting)
    if as_json:
        show_json({"collected": report.collected, "errors": report.errors})
    else:
        show(*(f"{source}: {count} new" for source, count in report.collected.items()))
        for error in report.errors:
            tell(f"problem: {error}")
    if report.errors:
        raise typer.Exit(1)


def _debts(space: Workspace, at: datetime | None) -> tuple[Debt, ...]:
    from ledger.owe import owe as reckon

    book = space.book
    now = (at or space.clock()).astimezone(space.settings.me.timezone)
    return reckon(book.people(), book.entries(), now, space.rules, book.offers(), book.acts())


def _remember(space: Workspace, shown: Sequence[Debt]) -> None:
    """Keep the numbers just shown for `do N`. A ledger that can't be written can still be read."""
    from ledger.book import Numbered
    from ledger.store.base import StoreError

    rows = [Numbered(debt.person.identities[0], debt.suggestion) for debt in shown]
    try:
        space.book.remember_numbers(rows)
    except StoreError as error:
        tell(f"the numbers could not be kept, so `ledger do` won't know them: {error}")


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


def _in_zone(space: Workspace, at: datetime | None) -> datetime | None:
    """A time from the command line: in the owner's zone unless it says otherwise."""
    if at is None:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=space.settings.me.timezone)).astimezone(UTC)
