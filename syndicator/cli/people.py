"""`ledger people`: who is who, which handles are one person's, and what they are to you. Loads no network's SDK."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec.structs import replace

from syndicator.cli import completing, reviewing
from syndicator.cli.app import MISUSED, App, JsonOption, fail, new_app, open_workspace, show, show_json
from syndicator.cli.arguments import ROLES, WhoArgument

if TYPE_CHECKING:
    from ledger.owe import Debt
    from ledger.people import Person
    from syndicator.kin import Circle
    from syndicator.workspace import Workspace

#: So many people are listed unless all are asked for.
_A_SCREEN = 20


def register(app: App) -> None:
    """Add the group and its commands."""
    people = new_app("Who is who: the people behind the handles, and what they are to you.")
    people.command("list")(list_people)
    for command in (show_person, merge, split, tag):
        people.command("show" if command is show_person else None)(command)
    reviewing.register(people)
    app.add_typer(people, name="people")


def list_people(
    ctx: typer.Context,
    role: Annotated[
        str, typer.Option(metavar="ROLE", autocompletion=completing.one_of(*ROLES), help="Only those with this role.")
    ] = "",
    everybody: Annotated[bool, typer.Option("--all", help="All, however many.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List people by role, those with most open first."""
    from syndicator.cli import persons

    space = open_workspace(ctx)
    _check_role(*([role] if role else []))
    found = _circle(space)
    rows = persons.rows(found.people, map(found.people.of, found.seen), _debts(space, found))
    rows = [each for each in rows if not role or role in each.person.roles]
    if as_json:
        show_json([persons.row_document(each) for each in rows])
    else:
        shown = rows if everybody else rows[:_A_SCREEN]
        show(*persons.table_lines(shown, more=len(rows) - len(shown)))


def show_person(ctx: typer.Context, who: WhoArgument, as_json: JsonOption = False) -> None:
    """Show a person's handles and how they are known to be theirs, notes, balance and last acts."""
    from syndicator.cli import persons

    space = open_workspace(ctx)
    found = _circle(space)
    person = found.people.find(who, found.seen)
    [row] = persons.rows([person], (), _debts(space, found))
    document = persons.document(row, found.bonds, found.sightings, found.entries)
    if as_json:
        show_json(document)
    else:
        show(*persons.lines(document, space.settings.me.timezone))


def merge(
    ctx: typer.Context,
    who: WhoArgument,
    others: Annotated[
        list[str], typer.Argument(metavar="OTHER…", autocompletion=completing.people, help="Who is the same person.")
    ],
) -> None:
    """Make one person of several; the first one's name stays."""
    from ledger.lapsed import by_word
    from ledger.merging import merged
    from syndicator.cli.me import Me
    from syndicator.cli.owed import named

    space = open_workspace(ctx)
    me = Me(space)
    with space.book.transaction():
        found = {person.id: person for person in (_find(space, each) for each in (who, *others))}
        me.refuse(own for person in found.values() for own in person.identities)
        whole = merged(found.values())
        doubted = by_word(whole, space.book.sightings().values())
        if len(found) == 1 and not doubted:
            fail(f"that is one person already: {named(whole)}")
        space.book.save_sightings(doubted)
        space.book.save_people(whole, instead_of=found.values())
    show(
        f"one person now: {named(whole)}",
        f"    to undo it: ledger people split {shlex.quote(str(whole.identities[0]))}",
    )


def split(
    ctx: typer.Context,
    who: WhoArgument,
    other: Annotated[
        str,
        typer.Argument(
            metavar="OTHER",
            autocompletion=completing.people,
            help="The handle or site that is somebody else's.",
            show_default=False,
        ),
    ] = "",
) -> None:
    """Undo a merge exactly: the latest, or the one OTHER came by. They stay two from then on, also by proof."""
    from ledger.merging import keep_apart
    from ledger.merging import split as part
    from ledger.people import UnknownWho, identity
    from syndicator.cli.owed import named

    space = open_workspace(ctx)
    with space.book.transaction():
        person = _find(space, who)
        another = _find(space, other) if other else person
        try:
            if another.id != person.id:
                two = keep_apart(person, another)
            else:
                two = part(person, identity(other) if other else None)
        except UnknownWho:
            fail(f"{other!r} is a name of the same person; name the handle that is somebody else's", MISUSED)
        except ValueError as error:
            fail(str(error))
        space.book.save_people(*two, instead_of=[person])
    show("two people, who stay two:", *(f"    {named(each)}" for each in two))


def tag(
    ctx: typer.Context,
    who: WhoArgument,
    roles: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ROLE…",
            autocompletion=completing.one_of(*ROLES),
            help="fan, prospect, collaborator, mentor, influencer, friend, press.",
            show_default=False,
        ),
    ] = None,
    remove: Annotated[list[str] | None, typer.Option(metavar="ROLE", help="Take a role away; may be repeated.")] = None,
    note: Annotated[str | None, typer.Option(metavar="TEXT", help="Anything to remember; '' for nothing.")] = None,
    cadence: Annotated[
        str | None, typer.Option(metavar="T", help="How often to be in touch: 'every 30 days'; '' for the usual.")
    ] = None,
    name: Annotated[
        str | None, typer.Option(metavar="NAME", help="What to call them, also in public thanks; '' for their handle.")
    ] = None,
    real: Annotated[
        bool | None, typer.Option("--real/--automatic", help="A person, whatever looks like spam; or none.")
    ] = None,
    mute: Annotated[
        bool | None, typer.Option("--mute/--unmute", help="Suggest nothing for them; or do so again.")
    ] = None,
) -> None:
    """Say what somebody is to you: roles, a note, how often to be in touch, a name, a person or a program."""
    from syndicator.cli import persons

    given = tuple(roles or ())
    _check_role(*given, *(remove or ()))
    if not given and not remove and all(each is None for each in (note, cadence, name, real, mute)):
        fail("say what to change: roles, --remove, --note, --cadence, --name, --real, --automatic or --mute", MISUSED)
    days = _days(cadence)
    space = open_workspace(ctx)
    with space.book.transaction():
        before = _find(space, who)
        kept = tuple(role for role in before.roles if role not in (remove or ()))
        after = replace(
            before,
            roles=tuple(dict.fromkeys((*kept, *given))),
            note=before.note if note is None else note,
            cadence_days=before.cadence_days if cadence is None else days,
            name=before.name if name is None else name or before.identities[0].handle,
            muted=before.muted if mute is None else mute,
        )
        if real is not None:
            signs = () if real else before.spam_signs
            after = replace(after, is_person=real, automatic=not real, spam_signs=signs)
        space.book.save_people(after)
    show(*persons.head(after, space.settings.me.timezone))


def _circle(space: Workspace) -> Circle:
    from syndicator.kin import circle

    return circle(space)


def _find(space: Workspace, who: str) -> Person:
    """The person meant; who was forgotten is refused, since nothing would be kept of them."""
    found = space.book.people().find(who, {entry.identity for entry in space.book.entries()})
    if space.book.forgotten.among(found.identities):
        fail(f"{who}: they were forgotten, and nothing is kept of them; `ledger forget --undo` lets them be met again")
    return found


def _debts(space: Workspace, found: Circle) -> Sequence[Debt]:
    from ledger.owe import owe

    book, now = space.book, space.clock().astimezone(space.settings.me.timezone)
    return owe(found.people, found.entries, now, space.rules, book.offers(), book.acts(), limit=0)


def _check_role(*roles: str) -> None:
    from ledger.people import ROLES

    for role in roles:
        if role not in ROLES:
            fail(f"{role!r} is no role; roles: {', '.join(ROLES)}", MISUSED)


def _days(cadence: str | None) -> float | None:
    from syndicator.times import days_between

    try:
        return days_between(cadence) if cadence else None
    except ValueError as error:
        fail(str(error), MISUSED)
