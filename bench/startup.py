"""How long the commands take to start, beside Python doing nothing and a bare typer program.

    python bench/startup.py [--times 20] [--entries 1000]

Each is a whole process, from its start to its end. The bare program has one command that prints one number, written as
typer's own first page writes it, with the same Python and the same typer. `ledger owe` reckons a ledger of a thousand
entries of 200 people; its first call, which stores what it shows and has reckoned, is not counted. All take turns;
printed are the fastest and the median of each in milliseconds, and their ratio to the bare program's. Nothing is
judged.

Python keeps compiled modules as for any installed program, in a folder of this benchmark's own: a setting such as
PYTHONDONTWRITEBYTECODE would have every module compiled again at every start, typer's too.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[1]))

from owe import SETTINGS, make

from ledger.book import Book
from ledger.store.tiny import TinyStore

PEOPLE = 200
BARE = """
import typer

app = typer.Typer()


@app.command()
def main(number: int = 1) -> None:
    print(number)


app()
"""
START = "from syndicator.cli.{} import start; import sys; sys.argv[0] = '{}'; start()"


def commands(folder: Path) -> dict[str, tuple[list[str], dict[str, str]]]:
    """What is run, with the environment that it needs besides."""
    (folder / "bare.py").write_text(BARE)
    config = {"SYNDICATOR_CONFIG": str(folder / "syndicator.toml")}
    ledger, syndicator = (["-c", START.format(*names)] for names in (("ledger", "ledger"), ("main", "syndicator")))
    asked = {"_SYNDICATOR_COMPLETE": "complete_bash", "COMP_WORDS": "syndicator ", "COMP_CWORD": "1"}
    owed = {"_LEDGER_COMPLETE": "complete_bash", "COMP_WORDS": "ledger owe --", "COMP_CWORD": "2"}
    return {
        "python -c pass": (["-c", "pass"], {}),
        "bare typer": ([str(folder / "bare.py")], {}),
        "bare typer --help": ([str(folder / "bare.py"), "--help"], {}),
        "ledger owe": ([*ledger, "owe"], config),
        "syndicator --version": ([*syndicator, "--version"], config),
        "syndicator --help": ([*syndicator, "--help"], config),
        "complete: syndicator ": (syndicator, config | asked),
        "complete: ledger owe --": (ledger, config | owed),
    }


def timed(words: list[str], environment: dict[str, str]) -> float:
    """Milliseconds of one process."""
    start = perf_counter()
    done = subprocess.run([sys.executable, *words], env=environment, capture_output=True, text=True, check=False)
    spent = (perf_counter() - start) * 1000
    assert done.returncode == 0, (words, done.stdout, done.stderr)
    return spent


def prepare(folder: Path, entries: int) -> dict[str, str]:
    """Write settings and a ledger; give the environment that all processes share."""
    (folder / "syndicator.toml").write_text(f'data = "."\n{SETTINGS}')
    Book(TinyStore(folder / "ledger.jsonl")).append(make(entries, PEOPLE))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "_", "COMP_"))}
    root = str(Path(__file__).parents[1])
    return kept | {"PYTHONPYCACHEPREFIX": str(folder / "compiled"), "PYTHONPATH": root}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--entries", type=int, default=1000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shared = prepare(folder, options.entries)
        runs = {what: (words, shared | own) for what, (words, own) in commands(folder).items()}
        for run in runs.values():
            timed(*run)
        spent: dict[str, list[float]] = {what: [] for what in runs}
        for _ in range(options.times):
            for what, run in runs.items():
                spent[what].append(timed(*run))
    low, middle = ({what: pick(each) for what, each in spent.items()} for pick in (min, statistics.median))
    print(f"{'':26}{'fastest':>8}{'ratio':>7}   {'median':>8}{'ratio':>7}")
    for what in runs:
        ratios = [each[what] / each["bare typer"] for each in (low, middle)]
        print(f"{what:26}{low[what]:>8.0f}{ratios[0]:>7.2f}   {middle[what]:>8.0f}{ratios[1]:>7.2f}")


if __name__ == "__main__":
    main()
