"""The `syndicator` app: every group of commands, and the ledger mounted beside them."""

from __future__ import annotations

from syndicator.cli import doctor, judging, ledger, logins, posts, queue, schedule, setup, sources
from syndicator.cli.app import App, launch, new_app

_HELP = """Share good links on every network, and know whom you owe.

The settings file is --config, else $SYNDICATOR_CONFIG, else ./syndicator.toml, else the one in your config folder.
`syndicator init` writes one.
"""


def start() -> None:
    """The console command `syndicator`."""
    launch(make())


def make() -> App:
    """The `syndicator` app."""
    app = new_app(_HELP, top=True)
    for group in (setup, logins, sources, posts, judging, queue, schedule, doctor):
        group.register(app)
    app.add_typer(ledger.make(), name="ledger")
    return app
