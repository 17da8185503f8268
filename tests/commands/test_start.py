"""Starting is quick because little is loaded: what `ledger owe` needs, and the commands that are asked for."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from ledger.book import Book
from ledger.entry import Direction, Entry, Identity, Kind
from ledger.store.tiny import TinyStore
from syndicator.cli import ledger, main
from syndicator.cli.app import new_app

SETTINGS = '[me]\nname = "Robin"\nsites = ["https://robin.example"]\ntimezone = "Europe/London"\n'

#: All of ours that a list of debts needs. Whoever adds to it makes the most frequent command slower: bench/startup.py.
LOADED = {
    "ledger": """addresses book codec comments documents doings entry forgotten memory numbered owe people pod quick
        rank remainder shared_hosts sighted
        rules sameact settle settlement sheaves steps suggest suggestion upgrades weigh who
        store store.backups store.base store.durable store.journal store.layers store.lines store.reading store.remnants
        store.resting store.scratch store.shelf store.tiny store.turns store.upgrades""",
    "syndicator": """paths stop times upgrades workspace judging judging.weights
        cli cli.app cli.arguments cli.codes cli.completing cli.deferred cli.fitted cli.ledger
        cli.loudness cli.options cli.owed cli.process
        cli.terminal settings settings.account settings.pacing settings.problem settings.read settings.running
        settings.table settings.tables""",
}
OURS = {f"{package}.{name}" for package, names in LOADED.items() for name in names.split()}
LIBRARIES = {"annotated_doc", "msgspec", "shellingham", "tinydb", "typer", "typing_extensions", "zoneinfo"}
#: Parts of Python that take long to load, or whose use does (a dataclass is compiled at each start), and that nothing
#: here needs.
HEAVY = {
    "asyncio", "dataclasses", "email", "http", "multiprocessing", "shlex", "socket", "sqlite3", "ssl", "statistics",
    "xml",
}  # fmt: skip
TELL = """
import atexit, json, sys
atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr))
from syndicator.cli.ledger import start
sys.argv = ["ledger", "--config", sys.argv[1], "owe"]
start()
"""


def debts(folder: Path) -> Path:
    """Settings, and a ledger in which somebody is owed something."""
    settings = folder / "syndicator.toml"
    settings.write_text(SETTINGS, "utf-8")
    who, now = Identity("mastodon", "ada@example.social"), datetime.now(UTC)
    favours = [
        Entry(Direction.RECEIVED, kind, who, now, now - timedelta(days=9), f"https://example.social/{kind}")
        for kind in (Kind.BOOST, Kind.SHARE)
    ]
    Book(TinyStore(folder / "data" / "ledger.jsonl")).append(favours)
    return settings


def test_owe_loads_what_it_needs_and_nothing_else(tmp_path):
    settings = debts(tmp_path)
    words = [sys.executable, "-c", TELL, str(settings)]
    for _ in range(2):  # the first time the numbers that it shows are stored
        done = subprocess.run(words, capture_output=True, text=True, check=True, env={**os.environ, "COLUMNS": "80"})
    assert "ledger do 1" in done.stdout
    loaded = set(json.loads(done.stderr.splitlines()[-1]))
    assert {name for name in loaded if name.startswith(("ledger.", "syndicator.", "platforms."))} - OURS == set()
    assert {name.partition(".")[0] for name in loaded} & HEAVY == set()
    packages = {name.partition(".")[0] for name in loaded if not name.startswith("_")}
    assert packages - set(sys.stdlib_module_names) - {"ledger", "syndicator"} <= LIBRARIES


@pytest.mark.parametrize("module", [main, ledger])
def test_each_group_registers_what_it_is_said_to(module):
    for group, names in module.COMMANDS.items():
        app = new_app("A group alone.")
        import_module(f"syndicator.cli.{group}").register(app)
        assert tuple(typer.main.get_command(app).commands) == names, group


def test_a_command_is_made_when_it_is_asked_for_and_no_other():
    made = []

    class Telling(type(new_app(""))):
        def wrap(self, function):
            made.append(function.__name__)
            return super().wrap(function)

    app = Telling(help="Two commands.", no_args_is_help=True)
    app.callback()(lambda: None)

    @app.command()
    def one(ctx: typer.Context) -> None:
        """Say one."""
        typer.echo("one")

    @app.command("two")
    def second(ctx: typer.Context) -> None:
        """Say two."""
        typer.echo("two")

    runner = CliRunner()
    assert runner.invoke(app, ["two"]).stdout == "two\n"
    assert made == ["second"]
    answer = runner.invoke(app, ["twp"])
    assert answer.exit_code == 2
    assert "Did you mean 'two'" in answer.output
    assert made == ["second"]
    shown = runner.invoke(app, ["--help"]).stdout
    assert shown.index("Say one.") < shown.index("Say two.")


@pytest.mark.parametrize(
    ("words", "offered"),
    [("ledger ", "owe"), ("ledger people ", "merge"), ("ledger owe --", "--limit")],
)
def test_the_shell_completes_commands_and_options(words, offered):
    asked = {"_LEDGER_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split(" ")) - 1)}
    program = "import sys; from syndicator.cli.ledger import start; sys.argv[0] = 'ledger'; start()"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, env={**os.environ, **asked}
    )
    assert offered in done.stdout.split()
