"""Debian's crontab, with a folder of the test's own in the place of the machine's crontabs."""

import os
import shlex
import shutil
from pathlib import Path

SPOOL = "/var/spool/cron"


def why_not() -> str:
    """Why it can't be had on this machine; "" when it can."""
    if not (shutil.which("crontab") and shutil.which("unshare") and Path(SPOOL).exists()):
        return "no crontab on this machine: install Debian's cron"
    return "" if os.getuid() == 0 else "crontabs of the test's own need root, for a view of the files of its own"


def seen_from(spool: Path, *command: str) -> list[str]:
    """The command, for which the crontabs lie in `spool`."""
    (spool / "crontabs").mkdir(parents=True, exist_ok=True)
    look = f'mount --bind "$0" {SPOOL} && exec "$@"'
    return ["unshare", "--mount", "--propagation", "private", "sh", "-c", look, str(spool), *command]


def tool(folder: Path) -> Path:
    """A `crontab` in `folder` that sees only the crontabs below it; where that can't be, one that finds none."""
    folder.mkdir(exist_ok=True)
    program = folder / "crontab"
    own = shlex.join(seen_from(folder / "spool", shutil.which("crontab") or ""))
    does = 'echo "no crontab for robin" >&2; exit 1' if why_not() else f'exec {own} "$@"'
    program.write_text(f"#!/bin/sh\n{does}\n")
    program.chmod(0o755)
    return program
