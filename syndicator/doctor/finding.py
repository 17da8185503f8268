"""What an examination finds: one sentence, how bad it is, and what to do. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

Area = Literal[
    "settings", "credentials", "state", "runs", "schedule", "clock", "sources", "links", "posts", "ledger", "accounts"
]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `level` is "ok", "mind" (it works, and somebody should know) or "fault".

    `text` names the subject; `remedy` is what a person can do, empty only where all is well.
    """

    area: Area
    level: Literal["ok", "mind", "fault"]
    text: str
    remedy: str = ""


def ok(area: Area, text: str) -> Finding:
    """All is well."""
    return Finding(area, "ok", text)


def mind(area: Area, text: str, remedy: str) -> Finding:
    """It works, and somebody should know."""
    return Finding(area, "mind", text, remedy)


def fault(area: Area, text: str, remedy: str) -> Finding:
    """It does not work, or waits for a person."""
    return Finding(area, "fault", text, remedy)


def error(area: Area, sentence: object, remedy: str) -> Finding:
    """A fault from the sentence of an error, which names its own remedy behind a semicolon; else this `remedy`."""
    text, _, told = str(sentence).partition("; ")
    return fault(area, text, told or remedy)


#: A list of one kind of trouble is cut after so many.
_MOST = 10


def several(findings: Iterable[Finding], more: str) -> Iterator[Finding]:
    """The first of many findings of one kind, and one that counts the rest; `more` is what shows them all."""
    found = list(findings)
    yield from found[:_MOST]
    if rest := found[_MOST:]:
        worst: Literal["mind", "fault"] = "fault" if any(each.level == "fault" for each in rest) else "mind"
        yield Finding(rest[0].area, worst, f"and {len(rest)} more like these", more)
