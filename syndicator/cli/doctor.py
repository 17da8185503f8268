"""`syndicator doctor`: what is wrong, and what to do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from syndicator.cli.app import FAILED, App, JsonOption, settings_path, show, show_json

if TYPE_CHECKING:
    from syndicator.doctor.finding import Finding


def register(app: App) -> None:
    """Add the command."""
    app.command()(doctor)


def doctor(
    ctx: typer.Context,
    offline: Annotated[bool, typer.Option("--offline", help="Ask no network and no server.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Look at everything that a run needs; each finding with its remedy. Exit code 1 if something does not work."""
    from datetime import UTC, datetime

    from syndicator.cli.progress import working
    from syndicator.doctor.examine import examine

    with working("looking at everything"):
        found = list(examine(settings_path(ctx), offline=offline))
    well = not any(each.level == "fault" for each in found)
    if as_json:
        findings = [
            {"area": each.area, "level": each.level, "text": each.text, "remedy": each.remedy or None} for each in found
        ]
        show_json({"at": datetime.now(UTC), "ok": well, "offline": offline, "findings": findings})
    else:
        show(*lines(found))
    if not well:
        raise typer.Exit(FAILED)


def lines(found: Sequence[Finding]) -> Iterator[str]:
    """A line for each finding, its remedy below it, and a count at the end. Pure."""
    for each in found:
        yield f"{each.level:<6} {each.area}: {each.text}"
        if each.remedy:
            yield f"       → {each.remedy}"
    counts = Counter(each.level for each in found)
    faults, minded = counts["fault"], counts["mind"]
    if faults or minded:
        yield f"{faults} {'fault' if faults == 1 else 'faults'}, {minded} to mind"
    else:
        yield "all is well"
