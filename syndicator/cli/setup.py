"""Commands of the first hour: init."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from syndicator.cli.app import MISUSED, App, fail, mention, show, tell

if TYPE_CHECKING:
    from collections.abc import Callable

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

    from syndicator.starter import SETTINGS, write_sample, write_starter

    settings = folder / SETTINGS
    if settings.exists():
        written = []
    elif sample:
        written = write_sample(folder, datetime.now(UTC))
    else:
        written = write_starter(folder, _answers(blog, ask=not yes))
    show(*(f"wrote {path}" for path in written))
    if not written:
        show(f"{settings} is there already and was left as it is")
    command = f"syndicator --config {settings} plan"
    mention(f"next: {command}" if sample else f"next: edit {settings}, then `syndicator plan`")


def _answers(blog: str, *, ask: bool) -> Answers:
    """What the starter needs to know; asked for, unless it was given or nothing may be asked."""
    from syndicator.sources.address import typed
    from syndicator.starter import Answers, system_zone

    zone = system_zone()
    blog = blog or (_ask("Your blog's address (leave empty to fill it in later)") if ask else "")
    found = _feed_of(blog) if blog else None
    title, feed, language = (found.title, found.url, found.language or "") if found else ("", "", "")
    if ask:
        if blog and not feed:
            feed = _ask("The address of its feed (leave empty to fill it in later)")
        title = _ask("Your name", title) if blog else title
        zone = _ask("Your time zone, for quiet hours and slots", zone or "UTC", check=_zone)
    return Answers(name=title, site=typed(blog) or blog, feed=feed, timezone=zone, language=language)


def _ask(question: str, default: str = "", check: Callable[[str], str] = str.strip) -> str:
    """One answer, on stderr like all talk; asked again while `check` raises BadParameter."""
    try:
        answer: str = typer.prompt(question, default, value_proc=check, err=True)
    except typer.Abort:
        if sys.stdin.isatty():
            raise  # whoever sits there wanted out
        tell("")
        fail("nobody is here to answer; `syndicator init --yes` asks nothing, and --blog URL names your blog", MISUSED)
    return answer


def _zone(answer: str) -> str:
    from syndicator.starter import is_zone

    if not is_zone(answer.strip()):
        raise typer.BadParameter(f"{answer!r} is not a time zone; write for example Europe/London")
    return answer.strip()


def _feed_of(blog: str) -> Feed | None:
    from syndicator.fetch_options import fetch_options
    from syndicator.settings import Settings
    from syndicator.sources.base import SourceError
    from syndicator.sources.find import find

    try:
        return find(blog, fetch_options(Settings())).feed
    except SourceError as error:
        tell(f"no feed found: {error}")
        return None
