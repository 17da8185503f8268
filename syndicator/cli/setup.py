"""Commands of the first hour: init."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from syndicator.cli.app import App, show, tell

if TYPE_CHECKING:
    from syndicator.sources.base import Feed
    from syndicator.starter import Answers


def register(app: App) -> None:
    """Add this group's commands."""
    app.command()(init)


def init(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="[FOLDER]", help="Where to.")] = Path(),
    blog: Annotated[str, typer.Option(metavar="URL", help="Your blog; its feed is looked for.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Take the defaults and ask nothing.")] = False,
    sample: Annotated[bool, typer.Option("--sample", help="Write a small sample world to try things on.")] = False,
) -> None:
    """Write a commented starter settings file. Never overwrites anything."""
    from datetime import UTC, datetime

    from syndicator.starter import write_sample, write_starter

    written = write_sample(folder, datetime.now(UTC)) if sample else write_starter(folder, _answers(blog, ask=not yes))
    show(*(f"wrote {path}" for path in written))
    settings = folder / "syndicator.toml"
    if not written:
        show(f"{settings} is there already and was left as it is")
    tell(f"next: syndicator --config {settings} plan" if sample else f"next: edit {settings}, then `syndicator plan`")


def _answers(blog: str, *, ask: bool) -> Answers:
    """What the starter needs to know; asked for, unless it was given or nothing may be asked."""
    from syndicator.starter import Answers

    blog = blog or (typer.prompt("Your blog's address (leave empty to fill it in later)", "") if ask else "")
    if not blog:
        return Answers()
    found = _feed_of(blog)
    name = typer.prompt("Your name", found.title if found else "") if ask else (found.title if found else "")
    if not found and ask:
        feed = typer.prompt("The address of its feed (leave empty to fill it in later)", "")
        return Answers(name=name, site=blog, feed=feed)
    return Answers(
        name=name, site=blog, feed=found.url if found else "", language=(found.language if found else "") or ""
    )


def _feed_of(blog: str) -> Feed | None:
    from syndicator.intake import fetch_options
    from syndicator.settings import Settings
    from syndicator.sources.base import SourceError
    from syndicator.sources.find import find

    try:
        return find(blog, fetch_options(Settings())).feed
    except SourceError as error:
        tell(f"no feed found: {error}")
        return None
