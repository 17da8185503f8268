"""Known secrets in files that are read, copied or published: which files those are, and what stands in them.

A secret is looked for as it is, and as JSON and addresses write it. No result has one in it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from syndicator.logs import older_files
from syndicator.schedule import tools
from syndicator.settings import Settings

#: What may hold secrets, in the data folder.
PRIVATE = ("secrets.toml", "sessions.json")

#: Shorter values would be found everywhere.
_SHORTEST = 8
#: So much of a file is in memory at once (bytes), and so many files of one kind are looked at.
_PIECE, _MOST = 1 << 20, 5000
#: What a session has of secrets: long words, as tokens are; names and addresses are shorter.
_TOKEN = re.compile(r"[A-Za-z0-9_.=-]{60,}")

Needles = Mapping[str, tuple[bytes, ...]]


def needles(held: Mapping[str, Mapping[str, str]], sessions: Mapping[str, str]) -> Needles:
    """What to look for, by what it is: "the token of sky". `held` are credentials by account and part."""
    wanted = {
        f"the {part} of {name}": [value]
        for name, parts in held.items()
        for part, value in parts.items()
        if len(value) >= _SHORTEST
    }
    wanted |= {f"the session of {name}": _TOKEN.findall(session) for name, session in sessions.items()}
    return {what: tuple({form for value in values for form in _forms(value)}) for what, values in wanted.items()}


def found_in(path: Path, wanted: Needles) -> list[str]:
    """Which of them stand in a file; none in one that can't be read."""
    left = {what: forms for what, forms in wanted.items() if forms}
    longest = max((len(form) for forms in left.values() for form in forms), default=0)
    found: list[str] = []
    try:
        with path.open("rb") as file:
            tail = b""
            while left and (piece := file.read(_PIECE)):
                seen = tail + piece
                found += [what for what, forms in left.items() if any(form in seen for form in forms)]
                left = {what: forms for what, forms in left.items() if what not in found}
                tail = seen[-longest:]
    except OSError:
        return found
    return found


def searched(settings: Settings) -> list[Path]:
    """Every file that is read, copied or published, in order: settings, state, logs, linkblogs, what git keeps."""
    home, data = settings.home, settings.data_folder
    log = settings.log_file
    accounts = settings.accounts.values()
    named = [
        settings.beside(each) for table in settings.sources for each in (table.opml, table.file) if "://" not in each
    ]
    named += [settings.beside(table.file) for table in accounts if table.file]
    published = [_few(settings.beside(table.folder).glob("*")) for table in accounts if table.folder]
    every = [
        settings.path,
        *_few(data.rglob("*")),
        *([log, *older_files(log)] if log else []),
        *_few(home.glob("*.log*")),
        *named,
        *(path for paths in published for path in paths),
        *tracked(home)[:_MOST],
    ]
    passed_on = (path for path in dict.fromkeys(every) if path.is_file() and not _is_private(path, data))
    return list(passed_on)


def tracked(folder: Path) -> list[Path]:
    """The files of a folder that git keeps; none where it is no work tree, or there is no git."""
    told = tools.ask("git", "-C", str(folder), "ls-files", "-z") if _in_git(folder) else None
    return [folder / name for name in (told or "").split("\0") if name]


def would_be_tracked(path: Path) -> bool:
    """Whether the next `git add` takes this file up: it lies in a work tree, and nothing tells git to ignore it."""
    return _in_git(path.parent) and not tools.ask("git", "-C", str(path.parent), "check-ignore", str(path.absolute()))


def _in_git(folder: Path) -> bool:
    inside = any((each / ".git").exists() for each in (folder.absolute(), *folder.absolute().parents))
    return inside and tools.ask("git", "-C", str(folder), "rev-parse", "--is-inside-work-tree") == "true\n"


def _is_private(path: Path, data: Path) -> bool:
    return path.parent.absolute() == data.absolute() and path.name in PRIVATE


def _few(paths: Iterable[Path]) -> Iterator[Path]:
    return (path for _, path in zip(range(_MOST), paths, strict=False))


def _forms(value: str) -> set[bytes]:
    return {value.encode(), json.dumps(value)[1:-1].encode(), quote(value, safe="").encode()}
