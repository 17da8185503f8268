"""The `syndicator` app: every group of commands, and the ledger mounted beside them."""

from __future__ import annotations

from syndicator.cli.app import App, launch, new_app

#: The commands that each module of this package registers, in the order of the help.
COMMANDS = {
    "setup": ("init",),
    "demo": ("demo",),
    "logins": ("login", "accounts"),
    "sources": ("import", "export", "sources", "add", "remove", "preview"),
    "posts": ("plan", "run", "share", "unshare"),
    "judging": ("why", "judge"),
    "queue": ("queue",),
    "schedule": ("schedule",),
    "doctor": ("doctor",),
    "ledger": ("ledger",),
}

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
    for group, names in COMMANDS.items():
        app.later(f"syndicator.cli.{group}", names)
    return app
