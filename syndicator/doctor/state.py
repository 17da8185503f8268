"""The data folder: whether it can be written, what it holds can be read, and copies of it are kept."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import ledger.upgrades
import syndicator.upgrades
from ledger.store import backups
from ledger.store.base import StoreError
from ledger.store.durable import trouble
from ledger.store.tiny import TinyStore
from ledger.store.upgrades import Upgrade
from syndicator.doctor.finding import Finding, error, fault, mind, ok

JOURNALS: Mapping[str, Sequence[Upgrade]] = {
    "state.jsonl": syndicator.upgrades.UPGRADES,
    "ledger.jsonl": ledger.upgrades.UPGRADES,
}

#: Bytes free on the disk below which a run may fail soon, and below which somebody should know.
_NEEDED, _COMFORTABLE = 50_000_000, 500_000_000


def examine(folder: Path, today: date, log: Path | None = None) -> Iterator[Finding]:
    """Look at the folder and all that must be readable in it. Leaves nothing behind."""
    if not folder.exists():
        yield mind("state", f"{folder}: not there yet", "it is made by the first `syndicator run`")
        return
    yield _writable(folder)
    yield room(folder, shutil.disk_usage(folder).free)
    for name, upgrades in JOURNALS.items():
        yield from _journal(folder / name, upgrades, today)
    if log:
        yield from _log(log)
    for torn in sorted(folder.glob("*.torn-*")):
        yield mind("state", f"{torn}: what a crash left half-written; it never counted", "look at it, and remove it")


def _writable(folder: Path) -> Finding:
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"\0" * 4096)
    except OSError as problem:
        return error("state", trouble(folder, problem, "written"), "make it writable for this user")
    return ok("state", f"{folder} can be written")


def _log(path: Path) -> Iterator[Finding]:
    """Whether runs can say what they did. Nothing is written, and no file is made."""
    try:
        size = path.stat().st_size
        with path.open("ab"):
            pass
    except FileNotFoundError:
        return
    except OSError as problem:
        remedy = 'make it writable for this user, or turn the log off: [run] log = ""'
        yield mind("state", f"{path}: the log can't be written ({problem.strerror or problem})", remedy)
        return
    yield ok("state", f"{path} says what each run did ({size / 1000:,.0f} kB)")


def room(folder: Path, free: int) -> Finding:
    """What so many bytes free on the disk of a folder mean. Pure."""
    text = f"{free / 1_000_000:,.0f} MB free on the disk of {folder}"
    if free >= _COMFORTABLE:
        return ok("state", text)
    return (mind if free >= _NEEDED else fault)("state", f"only {text}", "free some space on that disk")


def _journal(path: Path, upgrades: Sequence[Upgrade], today: date) -> Iterator[Finding]:
    copies = backups.copies(path, today)
    try:
        TinyStore(path, scratch=True, upgrades=upgrades).count("")
    except StoreError as problem:
        yield error("state", problem, backups.way_back(path, today))
        return
    if not path.exists():
        return
    if copies:
        yield ok(
            "state",
            f"{path} can be read; copies: {len(copies)}, the newest of {copies[0].name.removeprefix(path.name)[1:11]}",
        )
    else:
        remedy = "the next `syndicator run` that comes to its end makes one"
        yield mind("state", f"{path} can be read, and has no copy yet", remedy)
