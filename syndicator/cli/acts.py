"""`ledger import`: acts that were written down elsewhere."""

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

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="Acts as .csv or .jsonl (JSON Lines).")]


def register(app: App) -> None:
    """Add this group's commands."""
    app.command("import")(import_acts)


def import_acts(ctx: typer.Context, file: FileArgument, as_json: JsonOption = False) -> None:
    """Book the acts of a file; what is booked already stays as it is."""
    from syndicator import doubts

    space = open_workspace(ctx)
    found = _read(space, file)
    new = space.book.append(found.entries)
    doubts.note(space)
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


def _read(space: Workspace, file: Path) -> Acts:
    from syndicator import acts_file

    formats: dict[str, Format] = {".csv": "csv", ".tsv": "csv", ".jsonl": "jsonl"}
    if file.suffix.lower() not in formats:
        fail(f"{file}: acts are read from .csv or .jsonl; rename it if it is one of these", MISUSED)
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        fail(f"{file}: can't be read: {error.strerror or error}; check the path", MISUSED)
    except UnicodeDecodeError:
        fail(f"{file}: is not in UTF-8; save it as that", MISUSED)
    now, zone = space.clock(), space.settings.me.timezone
    return acts_file.read(
        text, formats[file.suffix.lower()], _whom(space), lambda said: read_moment(said, now, zone), now
    )


def _whom(space: Workspace) -> Callable[[str], Identity]:
    """Who is meant by a WHO: the very handle that is written, also of somebody who has many, or one of a person's."""
    from ledger.who import UnknownWho, identity

    people = space.book.people()
    seen = {entry.identity for entry in space.book.entries()}
    known: dict[str, Identity] = {}

    def whom(said: str) -> Identity:
        if said not in known:
            try:
                known[said] = identity(said)
            except UnknownWho:
                known[said] = people.find(said, seen).identities[0]
        return known[said]

    return whom
