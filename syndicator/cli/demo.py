"""`syndicator demo`: a world of its own for some minutes, to see what the commands do before there are any accounts."""

from __future__ import annotations

import os
import shlex
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from syndicator.cli.app import FAILED, MISUSED, App, clock, fail, show, tell
from syndicator.cli.terminal import is_coloured

if TYPE_CHECKING:
    from syndicator.demo.fortnight import Day
    from syndicator.demo.tour import Step
    from syndicator.demo.world import World

_WIDTH = 78


class _Enough(Exception):
    """The person leaves."""


def register(app: App) -> None:
    """Add the command."""
    app.command()(demo)


def demo(
    ctx: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", help="Go straight through, without a pause.")] = False,
    keep: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Leave the world there, to go on playing with it.", show_default=False),
    ] = None,
) -> None:
    """Show what this does in a small world of its own: no account, no network. Leaves nothing behind."""
    from syndicator import stop
    from syndicator.demo import apart

    pausing = not yes and sys.stdin.isatty() and sys.stdout.isatty()
    try:
        with apart.folder(keep) as folder:
            _play(folder, pausing=pausing)
    except apart.NoPlace as error:
        fail(str(error), MISUSED)
    except _Enough:
        tell("")
    except stop.Stopped as stopped:
        tell("", _what_stays(keep))
        raise typer.Exit(stopped.exit_code) from None
    _say(_what_stays(keep))
    if keep:
        show("All commands can be tried there:", f"    cd {shlex.quote(str(keep))}", "    ledger owe")


def _what_stays(keep: Path | None) -> str:
    return f"The world stays in {keep}." if keep else "Nothing of it is left behind."


def _play(folder: Path, *, pausing: bool) -> None:
    """The fortnight and the tour, in an empty folder."""
    from datetime import UTC, datetime

    from syndicator.demo import fortnight, tour
    from syndicator.demo.world import World

    world = World(folder, datetime.now(UTC))
    _say(tour.WELCOME)
    _pause(pausing)
    show("")
    for day in fortnight.play(world):
        _tell_day(day)
    with _commands_at(world):
        for step in tour.STEPS:
            _pause(pausing)
            _take(step, world)
    _say(tour.FAREWELL)


def _tell_day(day: Day) -> None:
    head = f"Day {day.number:2}  "
    for told in day.told:
        show(*textwrap.wrap(told, _WIDTH, initial_indent=head, subsequent_indent=" " * 10))
        head = " " * 8


def _take(step: Step, world: World) -> None:
    """Say what comes, type the command, show what it prints, say what is to be seen there."""
    from syndicator import stop
    from syndicator.cli.main import make

    world.wait_until(step.at)
    _say(f"[Day {step.at.days}, {world.clock():%a %d %b, %H:%M}] {step.says}")
    show("")
    typer.secho(f"$ {step.command}", bold=is_coloured(os.environ, terminal=sys.stdout.isatty()))
    code = make()(["--config", str(world.settings), *step.words], standalone_mode=False)
    stop.check()
    if code:
        fail(f"`{step.command}` ended with {code}, which it should not; please report it", FAILED)
    if step.see:
        _say(step.see)


@contextmanager
def _commands_at(world: World) -> Iterator[None]:
    """Have all commands go by the clock of the world."""
    before = clock.set(world.clock)
    try:
        yield
    finally:
        clock.reset(before)


def _say(text: str) -> None:
    """Paragraphs, each after an empty line."""
    for paragraph in text.strip().split("\n\n"):
        show("", *textwrap.wrap(paragraph, _WIDTH))


def _pause(pausing: bool) -> None:
    """Wait for Enter; `q` and the end of input leave."""
    from syndicator import stop

    if not pausing:
        return
    typer.echo("\n(Enter goes on, q leaves) ", nl=False, err=True)
    with stop.waiting():
        answer = sys.stdin.readline()
    if not answer or answer.strip().lower() in {"q", "quit"}:
        raise _Enough
