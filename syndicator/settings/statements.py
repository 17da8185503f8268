"""TOML as its statements, each with its place in the text: what an editor needs to leave everything else alone. Pure.

Only text that `tomllib` can read is given to this: no value is understood here, only where statements begin and end.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})'  # up to two quotes may stand right before the closing ones
    r"|'''.*?'''(?:'{0,2})"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*"
    r"|[\[\]{}\n]"
    r"|[^\"'\#\[\]{}\n]+",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A header or a key with its value, from `start` up to `end` in the text, the end of its last line included.

    `path` is what the header names; empty for a key. With `many` the header is one of an array: [[sources]].
    """

    start: int
    end: int
    path: tuple[str, ...] = ()
    many: bool = False


def statements(text: str) -> Iterator[Statement]:
    """Every header and every key of a TOML text, in order; comments and empty lines lie between them."""
    start, depth, empty = 0, 0, True
    for token in _TOKEN.finditer(text):
        sign = token[0]
        depth += (sign in "[{") - (sign in "]}")
        empty = empty and (sign.isspace() or sign.startswith("#"))
        if sign == "\n" and not depth:
            if not empty:
                yield _statement(text, start, token.end())
            start, empty = token.end(), True
    if not empty:
        yield _statement(text, start, len(text))


def _statement(text: str, start: int, end: int) -> Statement:
    line = text[start:end]
    if not line.lstrip().startswith("["):
        return Statement(start, end)
    below: Any = tomllib.loads(line)
    path = []
    while isinstance(below, dict) and below:
        ((name, below),) = below.items()
        path.append(name)
    return Statement(start, end, tuple(path), isinstance(below, list))


@dataclass(frozen=True, slots=True)
class Block:
    """A header and its keys; `end` is that of the last of them, so that comments after it belong to nobody."""

    path: tuple[str, ...]
    many: bool
    start: int
    end: int


def blocks(text: str) -> list[Block]:
    """Every header with its keys, in order. Keys before the first header are in none."""
    found: list[Block] = []
    for each in statements(text):
        if each.path:
            found.append(Block(each.path, each.many, each.start, each.end))
        elif found:
            last = found[-1]
            found[-1] = Block(last.path, last.many, last.start, each.end)
    return found
