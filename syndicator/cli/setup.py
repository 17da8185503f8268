"""Commands of the first hour: init."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from syndicator.cli.app import FAILED, MISUSED, App, fail, mention, show, tell, width

if TYPE_CHECKING:
    from syndicator.cli.asking import Questions


def register(app: App) -> None:
    """Add this group's commands."""
    app.command()(init)


def init(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="[FOLDER]", help="Where to.")] = Path(),
    blog: Annotated[str, typer.Option(metavar="URL", help="Your blog; its feed is looked for.")] = "",
    name: Annotated[str, typer.Option(metavar="NAME", help="Your name; else your blog's.")] = "",
    opml: Annotated[str, typer.Option(metavar="FILE|URL", help="A blogroll to take over.")] = "",
    every: Annotated[str, typer.Option(metavar="SPAN", help="Install a timer that runs so often, e.g. 30m.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Take the defaults and ask nothing.")] = False,
    sample: Annotated[bool, typer.Option("--sample", help="Write a small sample world to try things on.")] = False,
) -> None:
    """Set everything up: your blog, others' blogs, accounts with their logins, a timer. Writes commented settings.

    Each question can be skipped with Enter. Where there are settings already it changes nothing, and says what is
    there and what is missing.
    """
    from syndicator.cli.asking import Questions, is_interrupt
    from syndicator.starter import SETTINGS, check_folder

    path = ctx.obj if isinstance(ctx.obj, Path) and folder == Path() else folder / SETTINGS
    given = {"--blog": blog, "--name": name, "--opml": opml, "--every": every, "--sample": sample}
    if path.exists() or path.is_symlink():
        show(f"{path} is there already and was left as it is")
        if unheeded := [option for option, value in given.items() if value]:
            tell(f"{', '.join(unheeded)}: not heeded, since there are settings; change them in {path}")
        _stand(path)
        return
    check_folder(path.parent)
    if sample and (others := [option for option, value in given.items() if value and option != "--sample"]):
        fail(f"--sample brings a world of its own; leave out {', '.join(others)}", MISUSED)
    if sample:
        _write_sample(path)
        return
    questions = Questions("`syndicator init --yes` asks nothing, and --blog URL names your blog", asks=not yes)
    _check(blog, every)
    try:
        went_well = _set_up(ctx, path, questions, blog=blog, name=name, opml=opml, every=every)
    except (typer.Abort, KeyboardInterrupt) as left:
        stands = f"{path} stands; `syndicator init` tells what is missing" if path.exists() else "nothing was written"
        tell("", f"stopped: {stands}")
        raise typer.Exit(130 if is_interrupt(left) else FAILED) from None
    _stand(path)
    if not went_well:
        raise typer.Exit(FAILED)


def _set_up(
    ctx: typer.Context, path: Path, questions: Questions, *, blog: str, name: str, opml: str, every: str
) -> bool:
    """Ask, write, and go on from what is written; tells whether all that was given could be done."""
    from syndicator.cli.newcomer import ask_reading, ask_who
    from syndicator.settings import load
    from syndicator.sources import subscribe
    from syndicator.starter import write_starter

    if questions.asks:
        mention("A few questions. Enter takes what stands in brackets, or leaves it for later.")
    who = ask_who(questions, blog, name)
    questions.settle()
    reading = ask_reading(questions, path.parent, who, opml)
    show(*(f"wrote {each}" for each in write_starter(path, replace(who, blogroll=reading.blogroll))))
    if reading.copied:
        added = len(subscribe.take_over(load(path), reading.copied, ()).added)
        show(f"{added} feeds written to {path.parent / reading.blogroll}")
    if questions.asks:
        _accounts(path, questions)
    timed = _timer(ctx, path, questions, every)
    return timed and not reading.failed


def _accounts(path: Path, questions: Questions) -> None:
    """As many accounts as somebody wants; what goes wrong with one is told, and the next may be added."""
    from ledger.store.base import StoreError
    from platforms.errors import PlatformError
    from syndicator.cli import enlisting
    from syndicator.enlist import offer_of
    from syndicator.settings import SettingsError, load

    tell("Where shall links go, besides the linkblog that is in the settings?", *enlisting.networks())
    question = "Add an account? Its network, by name or number (Enter: go on)"
    while chosen := questions.text(question, check=lambda text: offer_of(text).platform if text.strip() else ""):
        try:
            enlisting.ask_account(load(path), questions, offer_of(chosen))
        except (SettingsError, PlatformError, StoreError) as error:
            tell(f"error: {error}")


def _timer(ctx: typer.Context, path: Path, questions: Questions, every: str) -> bool:
    """Offer a timer, shown in full before; with `every` it is installed unasked. Tells whether that went well."""
    from syndicator.cli import schedule
    from syndicator.schedule.backends import best
    from syndicator.schedule.base import ScheduleError

    ctx.obj = path
    if not every and questions.asks:
        try:
            best()
        except ScheduleError as error:  # nobody has asked for one
            mention(f"no timer for now: {error}")
            return True
    try:
        if not every and questions.asks:
            tell("A timer starts runs by themselves. This is what it would be:")
            schedule.install(ctx, only_show=True)
            if questions.yes("Install it?", default=False):
                every = schedule.USUAL
        if every:
            schedule.install(ctx, every)
    except ScheduleError as error:
        tell(f"error: {error}")
    except typer.Exit:  # it has said why
        pass
    else:
        return True
    return False


def _check(blog: str, every: str) -> None:
    """Options that can't be meant are wrong use, before anything is asked or written."""
    from syndicator.cli.newcomer import address
    from syndicator.schedule import intervals

    try:
        address(blog)
        if every:
            intervals.read(every)
    except ValueError as error:
        fail(str(error), MISUSED)


def _stand(path: Path) -> None:
    """What is there now, and what to do next."""
    from syndicator.cli.standing import command, lines, standing
    from syndicator.settings import load

    show("", *lines(standing(load(path)), width()))
    mention("", f"next: {command(path, 'plan')}")


def _write_sample(path: Path) -> None:
    from datetime import UTC, datetime

    from syndicator.starter import write_sample

    show(*(f"wrote {each}" for each in write_sample(path.parent, datetime.now(UTC))))
    mention(f"next: syndicator --config {path} plan")
