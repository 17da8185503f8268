"""How far a stream that is told newest first has been read: pages back to what an earlier visit knew. Pure.

The order is by a time that others may have set a little late, so the last hour before what is known is looked at again,
and what was told of it is remembered. A visit that could not reach what is known (its pages repeat, or stay empty)
leaves the mark where it is: the next visit reads the same stretch again, and nothing is lost.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

#: Seconds before the newest item that the next visit looks at again.
OVERLAP = 3600
#: How many items within that time are remembered, and how many older ones, so that a visit begun again tells few twice.
_NEAR, _FAR = 1000, 200
#: So many pages that were empty or could not be had, and the visit is over.
_PATIENCE = 3
#: So many pages back a page is known again.
_HEADS = 20


@dataclass(frozen=True, slots=True)
class Told:
    """One item: what tells it apart, and its time in epoch seconds."""

    key: str
    at: float


@dataclass(frozen=True, slots=True)
class Stream:
    """How far it was read.

    What is older than `floor` was told on earlier visits; `seen` maps marks of what was told since, and a little
    before, to its time. A visit that is under way has got to `place`, its newest item is of `newest`; `heads` are marks
    of what its pages began with, `stumbles` counts pages that led nowhere.
    """

    floor: float = 0.0
    seen: dict[str, float] = field(default_factory=dict)
    place: str | None = None
    newest: float = 0.0
    heads: tuple[str, ...] = ()
    stumbles: int = 0


def advance(stream: Stream, items: Sequence[Told], following: str | None) -> tuple[list[int], Stream, bool]:
    """Take in a page. Gives which of its items are news, the stream after it, and whether its visit goes on."""
    fresh: list[int] = []
    seen = dict(stream.seen)
    for number, item in enumerate(items):
        if item.at >= stream.floor and mark(item.key) not in seen:
            fresh.append(number)
            seen[mark(item.key)] = item.at
    newest = max([stream.newest, *(item.at for item in items)])
    heads = tuple(mark(item.key) for item in items[:1])
    stumbles = stream.stumbles + (not items)
    if not following or _reaches_known(stream, items) or (following == stream.place and not items):
        floor = max(stream.floor, newest - OVERLAP)
        return fresh, Stream(floor, _near(seen, floor)), False
    repeats = following == stream.place or any(head in stream.heads for head in heads)
    if repeats or stumbles >= _PATIENCE:
        return fresh, Stream(stream.floor, _few(seen, newest)), False
    heads = (*stream.heads, *heads)[-_HEADS:]
    return fresh, Stream(stream.floor, _few(seen, newest), following, newest, heads, stumbles), True


def begun_again(stream: Stream) -> Stream | None:
    """The stream for a visit that starts over, since its place can't be had any more; None if it did so too often."""
    stumbles = stream.stumbles + 1
    return replace(stream, place=None, heads=(), stumbles=stumbles) if stumbles < _PATIENCE else None


def given_up(stream: Stream) -> Stream:
    """The stream for a visit that is over before it reached what is known."""
    return Stream(stream.floor, stream.seen)


def mark(key: str) -> str:
    """A short mark of an item."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _reaches_known(stream: Stream, items: Sequence[Told]) -> bool:
    """Whether a page leads back to what an earlier visit told, and is not just one of this visit again."""
    earlier = stream.floor + OVERLAP
    last = items[-1] if items else None
    ends_known = last is not None and last.at <= earlier and mark(last.key) in stream.seen
    return ends_known or any(item.at < stream.floor for item in items)


def _near(seen: dict[str, float], floor: float) -> dict[str, float]:
    """Those since `floor`, the newest of them if there are very many."""
    near = sorted((each for each in seen.items() if each[1] >= floor), key=lambda each: -each[1])
    return dict(near[:_NEAR])


def _few(seen: dict[str, float], newest: float) -> dict[str, float]:
    """Those near the newest, and the last told of the others."""
    far = [each for each in seen.items() if each[1] < newest - OVERLAP]
    return _near(seen, newest - OVERLAP) | dict(far[-_FAR:])
