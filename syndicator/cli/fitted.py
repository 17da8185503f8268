"""Lines that fit a terminal, in any script. Pure: text in, lines out; loads nothing heavy."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator


def cells(text: str) -> int:
    """The columns of a terminal that a text takes."""
    if text.isascii():
        return len(text)
    return sum(_cells(mark) for mark in text)


def fitted(text: str, width: int, indent: str) -> Iterator[str]:
    """A text broken at its spaces into lines of at most `width` columns, the others indented.

    A word that is too long by itself (an address, a script without spaces) stays whole: a terminal breaks it.
    """
    if cells(text) <= width:
        yield text
        return
    margin = text[: len(text) - len(text.lstrip())]
    yield from _filled(text.split(), " ", width, margin, indent)


def exact(text: str, width: int, margin: str, indent: str) -> Iterator[str]:
    """A line broken into lines of at most `width` columns, with nothing left out: also where it has no space."""
    room = max(width - cells(margin), 1)
    words = (part for word in re.findall(r"\S+\s*|\s+", text) or [""] for part in _cut(word, room))
    line, used = margin, 0
    for word in words:
        if used and used + cells(word.rstrip()) > room:
            yield line.rstrip()
            line, used = indent, 0
        line, used = line + word, used + cells(word)
    yield line


def _cut(word: str, room: int) -> Iterator[str]:
    """A word in parts that fit; an address stays whole, so that a terminal can open it."""
    if "://" in word or cells(word.rstrip()) <= room:
        yield word
        return
    part, used = "", 0
    for mark in word:
        if part and used + _cells(mark) > room:
            yield part
            part, used = "", 0
        part, used = part + mark, used + _cells(mark)
    yield part


def listed(parts: Iterable[str], width: int, indent: str) -> Iterator[str]:
    """Parts with commas between them, on as many indented lines as they need."""
    *first, last = parts
    yield from _filled([*(f"{part}," for part in first), last], " ", width, indent, indent)


def _filled(words: Iterable[str], gap: str, width: int, margin: str, indent: str) -> Iterator[str]:
    line, used, begun = margin, cells(margin), False
    for word in words:
        size = cells(word)
        if begun and used + len(gap) + size > width:
            yield line
            line, used, begun = indent, cells(indent), False
        line += gap + word if begun else word
        used += len(gap) + size if begun else size
        begun = True
    yield line


def _cells(mark: str) -> int:
    if unicodedata.category(mark) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(mark) in "WF" else 1
