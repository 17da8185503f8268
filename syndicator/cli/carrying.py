"""Carries out a suggestion with a person: shows the exact act, takes their words, asks, does it; or leads to a page."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from syndicator.cli.app import MISUSED, fail, show, tell, width

if TYPE_CHECKING:
    from ledger.book import Numbered
    from syndicator.accounts import Account
    from syndicator.doing import Deed
    from syndicator.workspace import Workspace

#: In an editor, what stands below this line is not sent.
_SCISSORS = "# ------ what stands below this line is not sent ------"


def account_for(space: Workspace, row: Numbered, accounts: Sequence[Account]) -> Account | None:
    """The account that does it; asks a person where that can't be told."""
    from syndicator import doing

    try:
        return doing.account_of(space, row, accounts)
    except doing.WhichAccount as several:
        if not sys.stdin.isatty():
            raise
        import click

        name = typer.prompt("With which account?", type=click.Choice(several.names), err=True)
        return next(account for account in accounts if account.name == name)


def carry_out(space: Workspace, row: Numbered, number: int, deed: Deed, *, yes: bool) -> None:
    """Show the exact act and what it answers, take the person's words for a reply, ask, do it, book it."""
    from syndicator import doing
    from syndicator.cli import logged
    from syndicator.cli.owed import named
    from syndicator.cli.progress import working

    suggestion, who = row.suggestion, named(space.book.people().of(row.identity))
    assert suggestion is not None
    show(f"{deed.act} with {deed.account.name}, for {who} ({suggestion.reason}):")
    show(*([f"    “{suggestion.title}”"] if suggestion.title else []), *said(space, row), f"    {deed.target}")
    if deed.act == "reply" and not deed.text:
        deed = doing.worded(space, row, deed, _own_words(number, doing.said(space, row)))
        if not deed.text:
            tell("nothing was done: a reply needs words")
            return
    show(*(f"    > {line}" for line in deed.text.splitlines()))
    if not yes:
        if not sys.stdin.isatty():
            fail(f"nothing was done: nobody is there to ask; with --yes it is done (ledger do {number} --yes)", MISUSED)
        if not typer.confirm("Do it?", err=True):
            tell("nothing was done")
            return
    with working(f"{deed.act} with {deed.account.name}"):
        entry = doing.carry_out(space, row, number, deed)
    logged.deed(deed.act, deed.account.name, deed.target)
    show(f"done, and booked as given to {who}: {entry.kind}")


def lead_to(
    space: Workspace, row: Numbered, number: int, account: Account | None, more: Sequence[str], text: str, *, only: bool
) -> None:
    """Say what is to be done where, and open that page for a person; `only` prints its address."""
    from syndicator import doing
    from syndicator.cli.browse import open_page

    suggestion = row.suggestion
    assert suggestion is not None
    where = doing.web_intent(space, row, account, text)
    show(f"{suggestion.todo} ({suggestion.reason})", *said(space, row), f"    {where}", *more)
    show(*([f"    {words}"] if (words := text or suggestion.text) else []))
    if account and (trouble := account.missing or account.held):
        tell(f"{account.name} can't do it: {trouble}")
    if not only and open_page(where):
        tell("that page was opened in your browser")
    tell(f"do it there, then: ledger done {number}")


def said(space: Workspace, row: Numbered) -> list[str]:
    """What is answered, as lines that fit the terminal."""
    from syndicator import doing
    from syndicator.cli.fitted import fitted

    words = doing.said(space, row)
    return list(fitted(f"    they wrote: “{words}”", width(), "    ")) if words else []


def _own_words(number: int, answered: str) -> str:
    """What the person says: one line, or as much as they write in their editor."""
    if not sys.stdin.isatty():
        fail(f'nothing was done: say with what words: ledger do {number} --text "…"', MISUSED)
    edits = bool(os.environ.get("VISUAL") or os.environ.get("EDITOR"))
    prompt = "Your words (Enter for your editor)" if edits else "Your words"
    words = str(typer.prompt(prompt, default="", show_default=False, err=True)).strip()
    if words or not edits:
        return words
    import click

    written = click.edit(f"\n\n{_SCISSORS}\n# they wrote: {answered}\n", extension=".txt")
    return (written or "").partition(_SCISSORS)[0].strip()
