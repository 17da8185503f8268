"""Sets everything up on a machine that has only Python 3.11, and does one job.

    python3 bootstrap.py sample    set up, then run the sample world: feeds in, a linkblog out, and who is owed
    python3 bootstrap.py test      set up with the development tools, then run the tests
    python3 bootstrap.py setup     set up only

What is installed is exactly what uv.lock says, into `.venv`; uv itself is fetched into `.cache/uv` the first time. The
sample works in the folder `sample`, which may be deleted at any time.
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
BIN = "Scripts" if os.name == "nt" else "bin"
UV_VERSION = "0.9"


def main(words: list[str]) -> int:
    """Do the job named on the command line; return its exit code."""
    if sys.version_info < (3, 11):
        print(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}", file=sys.stderr)
        return 2
    job, *rest = words or ["help"]
    if job == "sample":
        set_up("--no-dev")
        return run_sample()
    if job == "test":
        set_up()
        return call("pytest", "-q", *rest)
    if job == "setup":
        set_up()
        return 0
    print(__doc__)
    return 0 if job in {"help", "--help", "-h"} else 2


def set_up(*options: str) -> None:
    """Make `.venv` what uv.lock says. Does next to nothing when it is so already."""
    tools = HERE / ".cache" / "uv"
    uv = tools / BIN / "uv"
    if not (uv.exists() or uv.with_suffix(".exe").exists()):
        tell("fetching uv, once")
        venv.create(tools, with_pip=True, clear=True)
        run([tools / BIN / "python", "-m", "pip", "install", "--quiet", f"uv>={UV_VERSION}"])
    tell("installing what uv.lock says into .venv")
    run([uv, "sync", "--locked", "--inexact", "--quiet", "--python", sys.executable, *options])


def run_sample() -> int:
    """The main job on the sample world, without account or network."""
    settings = str(HERE / "sample" / "syndicator.toml")
    steps = (
        ("writing the sample world", "syndicator", "init", str(HERE / "sample"), "--sample"),
        ("one run: feeds in, posts out", "syndicator", "--config", settings, "run"),
        ("who is owed", "ledger", "--config", settings, "owe"),
    )
    worst = 0
    for what, *command in steps:
        tell(what)
        worst = max(worst, call(*command))
    tell(f"look at {HERE / 'sample' / 'public' / 'index.html'}, and run this again: nothing is posted twice")
    return worst


def call(program: str, *arguments: str) -> int:
    """Run a program of `.venv` and return its exit code."""
    return subprocess.run([str(HERE / ".venv" / BIN / program), *arguments], cwd=HERE, check=False).returncode


def run(command: list[object]) -> None:
    """Run a step of the set-up; leave with a sentence when it fails."""
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "VIRTUAL_ENV": ""}
    done = subprocess.run([str(part) for part in command], cwd=HERE, env=environment, check=False)
    if done.returncode:
        sys.exit(f"bootstrap: this step failed: {' '.join(map(str, command))}")


def tell(what: str) -> None:
    """Say what is being done, on stderr."""
    print(f"== {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
