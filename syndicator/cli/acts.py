"""`ledger import` and `export`: acts that were written down elsewhere, and whole ledgers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from syndicator.cli.app import MISUSED, App, JsonOption, fail, open_workspace, read_moment, show, show_json, tell

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.entry import Identity
    from syndicator.acts_file import Acts, Format
    from syndicator.workspace import Workspace

_FORMATS: dict[str, Format] = {".csv": "csv", ".tsv": "csv", ".jsonl": "jsonl"}
FileArgument = Annotated[
    Path, typer.Argument(metavar="FILE", help="Acts as .csv or .jsonl (JSON Lines), or an exported ledger.")
]


def register(app: App) -> None:
    """Add this group's commands."""
    app.command("import")(import_acts)
    app.command("export")(export)


def import_acts(ctx: typer.Context, file: FileArgument, as_json: JsonOption = False) -> None:
    """Book the acts of a file, or merge a ledger that was exported; what is there already stays as it is."""
    from ledger.transfer import is_ledger
    from syndicator import debts, doubts

    space = open_workspace(ctx)
    text = _text(file)
    if is_ledger(text):
        _merge(space, file, text, as_json=as_json)
        debts.reckon(space, space.clock(), limit=0)
        return
    found = _read(space, file, text)
    new = space.book.append(found.entries)
    doubts.note(space)
    debts.reckon(space, space.clock(), limit=0)
    known = len(found.entries) - new
    if as_json:
        problems = [{"line": each.line, "message": each.message} for each in found.problems]
        show_json({"added": new, "unchanged": known, "problems": problems})
    else:
        show(f"{new} booked, {known} already there")
        for each in found.problems:
            tell(f"{file.name}, line {each.line}: {each.message}")
    if found.problems:
        raise typer.Exit(1)


def export(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it; - for the terminal.")],
) -> None:
    """Write the whole ledger as JSON Lines: acts, people, what I did, follows. `ledger import` reads it elsewhere."""
    from ledger.store.durable import write_file
    from ledger.transfer import lines_of, write

    space = open_workspace(ctx)
    lines = list(write(space.book.store))
    if str(file) == "-":
        typer.echo("\n".join(lines))
        return
    try:
        write_file(file, lines_of(lines), new=True)
    except FileExistsError:
        fail(f"{file} is there already; choose another name, or remove it", MISUSED)
    except OSError as error:
        fail(f"{file}: can't be written: {error.strerror or error}; check the path", MISUSED)
    show(f"{len(lines) - 1} documents written to {file}")


def _merge(space: Workspace, file: Path, text: str, *, as_json: bool) -> None:
    """Take in a ledger that was exported."""
    from ledger.transfer import read
    from syndicator.cli.me import Me

    done = read(space.book, text, Me(space).is_me)
    if as_json:
        problems = [{"line": each.line, "message": each.message} for each in done.problems]
        counts = {"added": done.added, "updated": done.updated, "unchanged": done.unchanged}
        show_json({**counts, "problems": problems})
    else:
        show(f"{done.added} new, {done.updated} changed, {done.unchanged} already there")
        for each in done.problems:
            tell(f"{file.name}, line {each.line}: {each.message}")
    if done.problems:
        raise typer.Exit(1)


def _text(file: Path) -> str:
    if file.suffix.lower() not in _FORMATS and file.exists():
        fail(f"{file}: acts are read from .csv or .jsonl; rename it if it is one of these", MISUSED)
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        fail(f"{file}: can't be read: {error.strerror or error}; check the path", MISUSED)
    except UnicodeDecodeError:
        fail(f"{file}: is not in UTF-8; save it as that", MISUSED)


def _read(space: Workspace, file: Path, text: str) -> Acts:
    from syndicator import acts_file

    now, zone = space.clock(), space.settings.me.timezone
    written = _FORMATS[file.suffix.lower()]
    return acts_file.read(text, written, _whom(space), lambda said: read_moment(said, now, zone), now)


def _whom(space: Workspace) -> Callable[[str], Identity]:
    """Who is meant by a WHO: the very handle that is written, also of somebody who has many, or one of a person's."""
    from ledger.who import UnknownWho, identity
    from syndicator.cli.me import Me

    me, people = Me(space), space.book.people()
    seen = {entry.identity for entry in space.book.entries()}
    known: dict[str, Identity] = {}

    def whom(said: str) -> Identity:
        if said not in known:
            try:
                known[said] = identity(said)
            except UnknownWho:
                known[said] = people.find(said, seen).identities[0]
            if mine := me.told([known[said]]):
                raise ValueError(mine)
        return known[said]

    return whom
