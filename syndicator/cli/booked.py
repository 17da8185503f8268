"""`ledger add` and `give`: what is booked by hand."""

from __future__ import annotations

from typing import Annotated

import typer

from syndicator.cli.app import MISUSED, App, fail, moment_at, open_workspace, show
from syndicator.cli.arguments import KindArgument, WhoArgument

UrlOption = Annotated[
    str, typer.Option("--url", metavar="URL", help="Their page: where they did it, or what I shared.")
]
MyUrlOption = Annotated[
    str, typer.Option("--my-url", metavar="URL", help="My page: what it was done to, or where I did it.")
]
AtOption = Annotated[
    str | None,
    typer.Option(metavar="TIME", help="When it was: 2026-11-03, 2026-11-03T08:00 or 09:00.", show_default="now"),
]
NoteOption = Annotated[str, typer.Option(metavar="TEXT", help="Anything to remember it by.")]


def register(app: App) -> None:
    """Add this group's commands."""
    for command in (add, give):
        app.command()(command)


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


def _book(
    ctx: typer.Context, direction: str, kind: str, who: str, url: str, my_url: str, at: str | None, note: str
) -> None:
    from ledger.entry import Direction, Entry, Kind
    from ledger.people import meant
    from syndicator.cli import owed
    from syndicator.cli.me import Me

    if kind not in set(Kind):
        fail(f"{kind!r} is no kind of favour; kinds: {', '.join(Kind)}", MISUSED)
    space = open_workspace(ctx)
    now = space.clock()
    when = moment_at(space, at) or now
    if when > now:
        fail(f"{at} has not come yet: a favour is booked when it has happened", MISUSED)
    person = space.book.people().find(who, space.book.sheaves().identities())
    Me(space).refuse((meant(person, who), *person.identities))
    if meant(person, who) in space.book.forgotten:
        fail("they were forgotten, and nothing is booked of them; `ledger forget --undo` lets them be met again")
    entry = Entry(
        Direction(direction),
        Kind(kind),
        meant(person, who),
        recorded=now,
        at=when,
        url=url,
        my_url=my_url,
        note=note,
    )
    done = "booked" if space.book.append([entry]) else "already there"
    show(f"{done}: {entry.kind} {direction}, {owed.named(person)}")
