"""Reads acts that were written down elsewhere, as CSV or JSON Lines: what others did for me, and I for them. Pure.

One act is one row under a header, or one object on a line of its own, with the columns of `COLUMNS`; names of columns
in any case and order, others are not looked at. A row that can't be read costs only itself.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ledger import codec
from ledger.entry import Direction, Entry, Identity, Kind
from ledger.people import AmbiguousName, NoSuchPerson
from ledger.who import shown
from syndicator import urls

COLUMNS = ("kind", "who", "url", "my_url", "at", "note", "direction")
_NEEDED = ("kind", "who")
_SEPARATORS = ",;\t"
_LONGEST = 2000  # characters of an address

Format = Literal["csv", "jsonl"]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line (counted from 1), in a sentence with its remedy."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Acts:
    """The acts of a file in its order, and a problem for each line that could not be read."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...] = ()


class _Bad(ValueError):
    """A row that can't be read, and why."""


def read(
    text: str, written: Format, whom: Callable[[str], Identity], when: Callable[[str], datetime], now: datetime
) -> Acts:
    """Read a file's text. `whom` tells who is meant by a WHO, or raises as `People.find` does; `when` which time is.

    The same file gives the same entries (by their keys) whenever it is read, so reading it again books nothing twice.
    """
    entries: list[Entry] = []
    problems: list[Problem] = []
    rows = _csv_rows if written == "csv" else _json_rows
    for line, row in rows(text.removeprefix("\ufeff")):
        if isinstance(row, _Bad):
            problems.append(Problem(line, str(row)))
            continue
        try:
            entries.append(_entry(row, whom, when, now))
        except (ValueError, NoSuchPerson, AmbiguousName) as error:
            problems.append(Problem(line, str(error)))
    return Acts(tuple(entries), tuple(problems))


def _csv_rows(text: str) -> Iterator[tuple[int, Mapping[str, str] | _Bad]]:
    head = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=head.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    names: list[str] | None = None
    while True:
        line = rows.line_num + 1
        try:
            row = next(rows, None)
        except csv.Error as error:
            yield line, _Bad(f"is no CSV ({error}); close every quote, and keep a field below 131,072 characters")
            continue
        if row is None:
            return
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if names is None:
            names = [_name(cell) for cell in cells]
            if lacking := [name for name in _NEEDED if name not in names]:
                yield line, _Bad(f"names no column {' and '.join(lacking)}; begin with: {','.join(COLUMNS)}")
                return
            continue
        yield line, dict(zip(names, cells, strict=False))


def _json_rows(text: str) -> Iterator[tuple[int, Mapping[str, str] | _Bad]]:
    for line, said in enumerate(text.split("\n"), 1):
        if not said.strip():
            continue
        try:
            found = json.loads(said)
        except (ValueError, RecursionError):
            yield line, _Bad("is no JSON; write one object on each line")
            continue
        if not isinstance(found, dict):
            yield line, _Bad('is no object; write for example {"kind": "link", "who": "ada.example"}')
        elif wrong := [key for key, value in found.items() if _name(key) in COLUMNS and not _is_text(value)]:
            yield line, _Bad(f"has a {shown(wrong[0])} that is no text; put it in quotes")
        else:
            yield line, {_name(key): value.strip() for key, value in found.items() if isinstance(value, str)}


def _is_text(value: object) -> bool:
    return value is None or isinstance(value, str)


def _name(column: str) -> str:
    return re.sub(r"[\s-]+", "_", column.strip().lower())


def _entry(
    row: Mapping[str, str], whom: Callable[[str], Identity], when: Callable[[str], datetime], now: datetime
) -> Entry:
    """One act. ValueError says what is wrong with it, and what to write instead."""
    kind, direction = row.get("kind", "").lower(), row.get("direction", "").lower() or Direction.RECEIVED.value
    if kind not in set(Kind):
        raise _Bad(f"{shown(kind)!r} is no kind of favour; kinds: {', '.join(Kind)}")
    if direction not in set(Direction):
        raise _Bad(f"{shown(direction)!r} is no direction; write received (or nothing) or given")
    if not (who := row.get("who", "")):
        raise _Bad("says not who did it; write a handle or a site under `who`")
    url, mine, at = _address(row, "url"), _address(row, "my_url"), _time(row.get("at", ""), when, now)
    if not (url or mine or at):
        raise _Bad("has neither an address nor a time, so it can't be told from another; write `at`, `url` or `my_url`")
    entry = Entry(
        direction=Direction(direction),
        kind=Kind(kind),
        identity=whom(who),
        recorded=now,
        at=at,
        url=url,
        my_url=mine,
        channel="import",
        note=" ".join(row.get("note", "").split()),
    )
    codec.check_entry(codec.write_entry(entry))
    return entry


def _address(row: Mapping[str, str], column: str) -> str:
    url = row.get(column, "")
    if url and (not urls.is_web(url) or not url.isprintable() or len(url) > _LONGEST):
        raise _Bad(f"{shown(url)!r} under `{column}` is no web address; write it in full, with https://")
    return url


def _time(text: str, when: Callable[[str], datetime], now: datetime) -> datetime | None:
    """A time that means the same tomorrow."""
    if not text:
        return None
    if re.match(r"\d\d?:", text):
        raise _Bad(f"{shown(text)!r} has no date; write for example 2026-11-03 or 2026-11-03T08:00")
    at = when(text)
    if at > now:
        raise _Bad(f"{shown(text)} has not come yet: a favour is booked when it has happened")
    return at
