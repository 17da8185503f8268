"""Copies of a journal in `backups/` beside it, one for each day on which it changed: what to go back to.

A journal only grows, so today's copy is kept up by appending what is new, and an older one is never touched again. For
the same reason a journal that is no more than the beginning of one of its copies has lost its end, which by itself
looks like any other journal. A copy that is no beginning of the journal, as after an edit, is put aside under the next
number (`-1`, `-2` …), not replaced. Copies are made of what could be read; the file itself is not checked here.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from itertools import count
from pathlib import Path

from ledger.store import durable
from ledger.store.base import StoreDamaged

#: Of so many days there are copies. Days without a change don't count, and neither does the clock.
KEPT = 7
_FOLDER = "backups"
_PIECE = 1_000_000
_MARK = 64


def copies(journal: Path, today: date) -> list[Path]:
    """The copies that there are, the newest first; what a wrong clock dated in the future counts as the oldest."""
    named = re.compile(re.escape(journal.name) + r"\.(\d{4}-\d\d-\d\d)(?:-(\d{1,9}))?")
    found: list[tuple[bool, str, float, Path]] = []
    with suppress(OSError), os.scandir(journal.parent / _FOLDER) as entries:
        matches = ((named.fullmatch(entry.name), Path(entry.path)) for entry in entries)
        found += [
            (match[1] <= today.isoformat(), match[1], float(match[2] or "inf"), path)
            for match, path in matches
            if match
        ]
    return [path for *_, path in sorted(found, reverse=True)]


def keep(journal: Path, length: int, today: date) -> None:
    """See to it that there is a copy of the journal's first `length` bytes, and of no more days than are kept.

    Nobody may write the journal meanwhile. Raises OSError; then every copy is as good as it was.
    """
    copy = journal.parent / _FOLDER / f"{journal.name}.{today.isoformat()}"
    known = _length(copy, journal)
    if known is not None:
        if known < length:
            durable.append(copy, known, b"".join(_pieces(journal, known, length)))
        return
    newest = next(iter(copies(journal, today)), None)
    if newest and _length(newest, journal) == length:
        return
    durable.make_folder(copy.parent)
    new = copy.with_name(f"{journal.name}.new")
    durable.write_file(new, _pieces(journal, 0, length))
    if copy.exists() and not _is_compacted(copy, journal):
        copy.rename(_free(copy))
    new.replace(copy)
    for old in copies(journal, today)[KEPT:]:
        old.unlink()
    durable.sync_folder(copy.parent)


def remove(journal: Path) -> None:
    """Remove every copy of a journal. Raises OSError."""
    for copy in (*copies(journal, date.max), journal.parent / _FOLDER / f"{journal.name}.new"):
        copy.unlink(missing_ok=True)


def check_absence(journal: Path, today: date) -> None:
    """Raise StoreDamaged if there are copies of a journal that is not there: it was lost, and is no new beginning."""
    if copies(journal, today) or _compacted(journal).exists():
        raise StoreDamaged(
            f"{journal} is gone, though there are copies of it. {way_back(journal, today)}; "
            f"to begin anew, move the copies away: {journal.parent / _FOLDER / journal.name}.*, {_compacted(journal)}"
        )


def check_end(journal: Path, length: int, today: date) -> None:
    """Raise StoreDamaged if a copy begins with the journal's first `length` bytes, which are all, and goes on.

    A journal that was edited or compacted since is another one than its copies.
    """
    for copy in copies(journal, today):
        with suppress(OSError):
            longer = copy.stat().st_size - length
            if longer > 0 and _same(journal, copy, length):
                raise StoreDamaged(
                    f"{journal} has lost its end: a copy of it has {longer} bytes more; nothing was changed. "
                    f"{way_back(journal, today)}; if you shortened it yourself, remove {copy}"
                )


def way_back(journal: Path, today: date) -> str:
    """What to type to have the newest copy again, in sentences, the last without its full stop."""
    compacted = _compacted(journal)
    older = [compacted] if compacted.exists() else []
    if newest := next(iter([*copies(journal, today), *older]), None):
        import shlex

        copy = "copy" if os.name == "nt" else "cp"
        type_this = f"{copy} {shlex.quote(str(newest))} {shlex.quote(str(journal))}"
        return f"A backup forgets what came after it. To bring the newest backup back: {type_this}"
    return "There is no backup of it yet"


def _compacted(journal: Path) -> Path:
    """The file as it was before its history was last dropped."""
    return journal.with_name(f"{journal.name}.bak")


def _is_compacted(copy: Path, journal: Path) -> bool:
    """Whether the journal is what a copy was, without its history."""
    try:
        with copy.open("rb") as one, _compacted(journal).open("rb") as other:
            return one.readline() == other.readline()
    except OSError:
        return False


def _free(copy: Path) -> Path:
    return next(path for number in count(1) if not (path := copy.with_name(f"{copy.name}-{number}")).exists())


def _length(copy: Path, journal: Path) -> int | None:
    """How long a copy is; None if there is none, or it is of another file or of what the file was before an edit."""
    try:
        with copy.open("rb") as one, journal.open("rb") as other:
            size = os.fstat(one.fileno()).st_size
            same_file = one.readline() == other.readline()
            for file in (one, other):
                file.seek(max(0, size - _MARK))
            return size if size and same_file and one.read() == other.read(min(size, _MARK)) else None
    except OSError:
        return None


def _same(one: Path, other: Path, length: int) -> bool:
    pairs = zip(_pieces(one, 0, length), _pieces(other, 0, length), strict=True)
    return all(left == right for left, right in pairs)


def _pieces(path: Path, start: int, end: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        for at in range(start, end, _PIECE):
            yield file.read(min(_PIECE, end - at))
