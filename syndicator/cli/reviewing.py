"""`ledger people review`: what only its owner can decide, and one answer for many. Loads no network's SDK."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from msgspec.structs import replace

from syndicator.cli.app import MISUSED, App, JsonOption, fail, open_workspace, show, show_json

if TYPE_CHECKING:
    from ledger.people import Person
    from ledger.review import Decision
    from syndicator.workspace import Workspace


def register(people: App) -> None:
    """Add the command to the group."""
    people.command()(review)


def review(
    ctx: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="All there is to decide, not only five.")] = False,
    crowd: Annotated[
        str, typer.Option("--crowd", metavar="WHO", help="Answer for all who came with WHO.", show_default=False)
    ] = "",
    real: Annotated[
        bool | None, typer.Option("--real/--automatic", help="With --crowd: they are people; or programs.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Ask what only you can decide: who may be one person, or no more, and who looks like spam."""
    from ledger.kinship import MOST_QUESTIONS
    from syndicator.cli import questions

    if bool(crowd) != (real is not None):
        fail("--crowd WHO needs --real or --automatic, and these need it", MISUSED)
    space = open_workspace(ctx)
    if crowd:
        _answer(space, crowd, is_person=bool(real))
        return
    asked = _to_decide(space, None if everything else MOST_QUESTIONS)
    if as_json:
        show_json([questions.document(each) for each in asked])
    else:
        show(*questions.lines(asked, space.settings.me.timezone))


def _answer(space: Workspace, who: str, *, is_person: bool) -> None:
    """Note the owner's word on everybody of a crowd."""
    from ledger.crowds import Crowd
    from ledger.people import identity

    member = identity(who)
    found = (each for each in _to_decide(space, None) if isinstance(each, Crowd))
    crowd = next((each for each in found if any(member in person.identities for person in each.people)), None)
    if crowd is None:
        fail(f"nobody came with {who!r}, or it is decided; `ledger people review --all` shows what is not", MISUSED)
    with space.book.transaction():
        people = space.book.people()
        space.book.save_people(*(_said(people.of(each.identities[0]), is_person) for each in crowd.people))
    show(f"{len(crowd.people)} accounts are {'people, by your word' if is_person else 'programs: they hardly count'}")


def _said(person: Person, is_person: bool) -> Person:
    signs = () if is_person else person.spam_signs
    return replace(person, is_person=is_person, automatic=not is_person, spam_signs=signs)


def _to_decide(space: Workspace, limit: int | None) -> tuple[Decision, ...]:
    from ledger.owe import owe
    from ledger.review import review as to_decide
    from syndicator import kin

    book, now = space.book, space.clock().astimezone(space.settings.me.timezone)
    found, offers = kin.circle(space), book.offers()
    debts = owe(found.people, found.entries, now, space.rules, offers, book.acts(), limit=0)
    asked, lapsed = kin.decide(space, found).questions, kin.lapsed_merges(space, found)
    return to_decide(asked, debts, found.known, offers, limit, found.entries, lapsed)
