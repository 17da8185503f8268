"""What every command shares: the settings file, the errors' one way out, and how results are printed.

Results go to stdout, talk to stderr. Exit codes: 0 all went well, 1 something failed and the rest was done, 2 wrong use
or settings, 130 and 143 stopped by Ctrl-C and SIGTERM. No other package prints or exits.
"""

from __future__ import annotations

import functools
import os
import re
import shutil
import sys
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime, time, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from syndicator.cli import completing, process, terminal
from syndicator.cli.codes import FAILED as FAILED
from syndicator.cli.codes import MISUSED as MISUSED
from syndicator.cli.codes import exit_code
from syndicator.cli.deferred import DeferredApp
from syndicator.cli.loudness import Loudness, loudness
from syndicator.cli.options import nothing_else, shared, version_too
from syndicator.paths import config_folder, path_of
from syndicator.stop import Stopped

if TYPE_CHECKING:
    from syndicator.settings import Settings
    from syndicator.workspace import Workspace

_STOPPED = "stopped; everything done so far is kept"

#: The clock that the commands go by, where it is another than this machine's.
clock: ContextVar[Callable[[], datetime] | None] = ContextVar("clock", default=None)

#: Years that can be reckoned with, half-lives before and plans after them included.
_EARLIEST_YEAR, _LATEST_YEAR = 1970, 3000

JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
RefreshOption = Annotated[bool, typer.Option("--refresh", help="Ask every source now, due or not, retired ones too.")]


class App(DeferredApp):
    """A Typer app whose commands turn our errors into a sentence and an exit code, and all take the shared options.

    The first parameter of each is the typer.Context.
    """

    def wrap(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Add both."""
        return shared(_guarded(function))


def launch(app: App) -> None:
    """Run a console command."""
    process.collect_seldom()
    terminal.prepare()
    if "COMP_WORDS" in os.environ:
        completing.prepare(os.environ)
    app()


def new_app(help_text: str, default: Callable[..., Any] | None = None, *, top: bool = False) -> App:
    """An app that takes the shared options before its commands too; one at the `top` tells its version.

    `default` is what it does when no command is named.
    """
    app = App(help=help_text, no_args_is_help=default is None, pretty_exceptions_enable=False)
    if default is None:
        app.callback()(shared(version_too if top else nothing_else))
    else:
        app.callback(invoke_without_command=True)(shared(_alone(_guarded(default))))
    return app


def _alone(function: Callable[..., Any]) -> Callable[..., Any]:
    """Run a group's default only when no command of the group was named."""

    @functools.wraps(function)
    def alone(ctx: typer.Context, *args: Any, **named: Any) -> Any:
        return None if ctx.invoked_subcommand else function(ctx, *args, **named)

    return alone


def settings_path(ctx: typer.Context) -> Path:
    """`--config`, else `$SYNDICATOR_CONFIG`, else `./syndicator.toml`, else the one in the user's config folder."""
    if isinstance(ctx.obj, Path):
        return path_of(str(ctx.obj), Path)
    if named := os.environ.get("SYNDICATOR_CONFIG"):
        return path_of(named, Path)
    here = Path("syndicator.toml")
    if here.exists():
        return here
    personal = config_folder(sys.platform, os.environ, path_of("~", Path)) / "syndicator.toml"
    return personal if personal.exists() else here


def load_settings(ctx: typer.Context) -> Settings:
    """The settings that this command works by."""
    from syndicator.settings import load

    return load(settings_path(ctx))


def open_workspace(ctx: typer.Context, *, scratch: bool = False, logged: bool = False) -> Workspace:
    """The settings and what they name; `logged` for what acts on networks, so that the log tells of it."""
    from syndicator.workspace import Workspace

    settings = load_settings(ctx)
    if logged and not scratch:
        from syndicator import logs

        logs.write_to(settings.log_file)
    if told := clock.get():
        return Workspace(settings, clock=told, scratch=scratch)
    return Workspace(settings, scratch=scratch)


def moment_at(space: Workspace, text: str | None) -> datetime | None:
    """The time that an `--at` names, in UTC; None when it was left out."""
    if text is None:
        return None
    try:
        return read_moment(text, space.clock(), space.settings.me.timezone)
    except ValueError as error:
        fail(str(error), MISUSED)


def read_moment(text: str, now: datetime, zone: tzinfo) -> datetime:
    """A time as people write it, in UTC: ISO 8601, a date alone for its midnight, a time of day alone for today's.

    A time without a zone is meant in `zone`. ValueError says in a sentence what a time looks like.
    """
    try:
        if re.match(r"\d\d:", text):
            hour = time.fromisoformat(text)
            found = datetime.combine(now.astimezone(hour.tzinfo or zone).date(), hour)
        else:
            found = datetime.fromisoformat(text)
        found = (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        found = None
    if found is None or not _EARLIEST_YEAR <= found.year <= _LATEST_YEAR:
        raise ValueError(
            f"{text!r} is no time; write for example 2026-11-03, 2026-11-03T08:00, 2026-11-03T08:00Z or 09:00 (today)"
        )
    return found


def web_address(url: str) -> str:
    """The address, if it is one that can be asked (http, https or a file's); anything else is wrong use."""
    from syndicator import urls

    if not (urls.is_web(url) or url.startswith("file:")):
        fail(f"{url!r} is not a web address; write it in full, with https://", MISUSED)
    return url


def show_json(document: Any) -> None:
    """One JSON document on stdout; times are UTC ISO-8601. What the output can't show is escaped, and nothing lost."""
    import msgspec

    encoded = msgspec.json.format(msgspec.json.encode(document), indent=2).decode()
    if not terminal.shows_everything():
        import json

        encoded = json.dumps(json.loads(encoded), indent=2)
    typer.echo(encoded)


def show(*lines: str) -> None:
    """Lines of a result, on stdout."""
    for line in lines:
        typer.echo(printable(line))


def recount(*lines: str) -> None:
    """What a command did that was asked to do something, on stdout; `--quiet` leaves it out."""
    if loudness() > Loudness.QUIET:
        show(*lines)


def mention(*lines: str) -> None:
    """Talk that nobody has to heed, on stderr; `--quiet` leaves it out."""
    if loudness() > Loudness.QUIET:
        tell(*lines)


def tell(*lines: str) -> None:
    """What must be heeded, on stderr."""
    for line in lines:
        typer.echo(printable(line), err=True)


def width() -> int:
    """The columns that lines may have: of the terminal, or as $COLUMNS says; 80 where there is none."""
    return max(shutil.get_terminal_size((80, 24)).columns, 40)


def fail(line: str, code: int = FAILED) -> NoReturn:
    """Say what is wrong and leave."""
    coloured = terminal.is_coloured(os.environ, terminal=sys.stderr.isatty())
    typer.secho(f"error: {printable(line)}", err=True, fg="red" if coloured else None, color=coloured)
    raise typer.Exit(code)


def printable(line: str) -> str:
    """A line without what could steer a terminal; the joiners that scripts, emoji and defused names need stay."""
    return "".join(char for char in line if char.isprintable() or char in "\n\u200b\u200c\u200d")


def _guarded(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def guarded(*args: Any, **named: Any) -> Any:
        try:
            return function(*args, **named)
        except (typer.Exit, typer.Abort):
            raise
        except Exception as error:  # the one handler: ours become sentences, bugs go on
            code = exit_code(error)
            _log(error, is_bug=code is None)
            if code is None:
                raise
            fail(str(error), code)
        except KeyboardInterrupt:
            fail(_STOPPED, 130)
        except Stopped as stopped:
            fail(_STOPPED, stopped.exit_code)

    return guarded


def _log(error: Exception, *, is_bug: bool) -> None:
    """Have the log tell of it, where there is one."""
    if logs := sys.modules.get("syndicator.logs"):
        logs.broke_off(error, is_bug=is_bug)
