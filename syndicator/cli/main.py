"""The `syndicator` app: every group of commands, and the ledger mounted beside them."""

from __future__ import annotations

from typing import Annotated

import typer

from syndicator.cli import doctor, judging, ledger, logins, posts, queue, schedule, setup, sources
from syndicator.cli.app import App, ConfigOption, new_app

_HELP = """Share good links on every network, and know whom you owe.

The settings file is --config, else $SYNDICATOR_CONFIG, else ./syndicator.toml, else the one in your config folder.
`syndicator init` writes one.
"""


def start() -> None:
    """The console command `syndicator`."""
    make()()


def make() -> App:
    """The `syndicator` app."""
    app = new_app(_HELP)
    app.callback()(_choose)
    for group in (setup, logins, sources, posts, judging, queue, schedule, doctor):
        group.register(app)
    app.add_typer(ledger.make(), name="ledger")
    return app


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"syndicator {version('syndicator')}")
        raise typer.Exit


def _choose(
    ctx: typer.Context,
    config: ConfigOption = None,
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and leave.", is_eager=True, callback=_show_version)
    ] = False,
) -> None:
    if config:
        ctx.obj = config
