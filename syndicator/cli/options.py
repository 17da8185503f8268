"""The options of every command, before or after its name: `--config`, `--quiet`, `--verbose`. And `--version`."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from syndicator.cli import loudness
from syndicator.cli.loudness import Loudness

ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config", metavar="FILE", help="The settings file; which one else: `syndicator --help`.", show_default=False
    ),
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Only what was asked for, and what went wrong.")]
VerboseOption = Annotated[bool, typer.Option("--verbose", "-v", help="Also what is being done, and how long it took.")]

_SHARED: dict[str, tuple[object, Any]] = {
    "config": (None, ConfigOption),
    "quiet": (False, QuietOption),
    "verbose": (False, VerboseOption),
}


def shared(function: Callable[..., Any]) -> Callable[..., Any]:
    """A command that takes the shared options as well; its first parameter is the typer.Context."""

    @functools.wraps(function)
    def sharing(
        ctx: typer.Context,
        *args: Any,
        config: Path | None = None,
        quiet: bool = False,
        verbose: bool = False,
        **named: Any,
    ) -> Any:
        _heed(ctx, config, quiet=quiet, verbose=verbose)
        return function(ctx, *args, **named)

    signature = inspect.signature(function, eval_str=True)
    options = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
        for name, (default, kind) in _SHARED.items()
    ]
    sharing.__signature__ = signature.replace(parameters=[*signature.parameters.values(), *options])  # type: ignore[attr-defined]
    sharing.__annotations__ = {**function.__annotations__, **{name: kind for name, (_, kind) in _SHARED.items()}}
    return sharing


def nothing_else(ctx: typer.Context) -> None:
    """What a group does by itself: heed the shared options."""


def version_too(
    ctx: typer.Context,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Show the version and leave.",
            is_eager=True,
            callback=lambda wanted: _show_version() if wanted else None,
        ),
    ] = False,
) -> None:
    """What the whole program does by itself: heed the shared options, or tell its version."""


def _show_version() -> None:
    from importlib.metadata import version

    typer.echo(f"syndicator {version('syndicator')}")
    raise typer.Exit


def _heed(ctx: typer.Context, config: Path | None, *, quiet: bool, verbose: bool) -> None:
    if config:
        ctx.obj = config
    if quiet and verbose:
        raise typer.BadParameter("--quiet and --verbose contradict each other; leave one out")
    loudness.choose(quiet=quiet, verbose=verbose)
    if verbose or loudness.loudness() is Loudness.VERBOSE:
        from syndicator import logs

        logs.speak()
