"""Files beside a journal, with what would be gone otherwise: torn tails, and what it was before it was rewritten.

Nobody reads them but their owner. Every function raises OSError.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path

from ledger.store import durable


def keep_torn(journal: Path, offset: int) -> None:
    """Copy what follows `offset` into a file of its own, `NAME.torn-TIME`."""
    with journal.open("rb") as file:
        file.seek(offset)
        torn = file.read()
    for name in _free(journal, f"torn-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"):
        with suppress(FileExistsError):
            durable.write_file(name, [torn], new=True)
            break
    durable.sync_folder(journal.parent)


def keep_compacted(journal: Path) -> None:
    """Give the file as it is a second name, `NAME.bak`, instead of the one that has it."""
    backup = beside(journal, "bak")
    backup.unlink(missing_ok=True)
    _link(journal, backup)


def keep_version(journal: Path, version: int) -> Path:
    """See to it that the file as it is has a second name, `NAME.version-…`; give that name."""
    for name in _free(journal, f"version-{version}"):
        try:
            if name.samefile(journal):
                return name
        except FileNotFoundError:
            _link(journal, name)
            return name
    raise AssertionError("numbers do not end")


def remove(journal: Path) -> None:
    """Remove all of them, for good."""
    numbered = (journal.parent.glob(f"{journal.name}.{kind}-*") for kind in ("torn", "version"))
    for old in (beside(journal, "bak"), *chain.from_iterable(numbered)):
        old.unlink(missing_ok=True)
    if journal.parent.exists():
        durable.sync_folder(journal.parent)


def beside(journal: Path, suffix: str) -> Path:
    """The name of a file beside a journal."""
    return journal.with_name(f"{journal.name}.{suffix}")


def _free(journal: Path, suffix: str) -> Iterator[Path]:
    return (beside(journal, suffix if number == 1 else f"{suffix}-{number}") for number in count(1))


def _link(journal: Path, name: Path) -> None:
    try:
        name.hardlink_to(journal)
    except OSError:  # a file system without hard links
        durable.write_file(name, [journal.read_bytes()])
