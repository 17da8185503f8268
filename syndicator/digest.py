"""The digest: a short word on what was posted, what waits and who is owed. Pure: values in, a text out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from ledger.owe import Debt
from platforms.base import Limits
from platforms.text import length, neutral
from syndicator.outbox import Post
from syndicator.times import span_text

_NAMED = 5  # of each thing, so many are named and the rest is counted


@dataclass(frozen=True, slots=True)
class News:
    """What there is to tell of a time. `awaiting` and `unknown` wait for a person, `queued` for their time."""

    span: timedelta
    posted: Sequence[Post] = ()
    awaiting: Sequence[Post] = ()
    unknown: Sequence[Post] = ()
    queued: int = 0
    owed: Sequence[Debt] = ()
    alarms: Sequence[str] = ()


def compose(news: News, limits: Limits) -> str:
    """The digest, as many of its lines as the channel has room for, the most urgent first."""
    waiting = len(news.awaiting) + len(news.unknown)
    head = f"In {span_text(news.span)}: {len(news.posted)} posted, {waiting} waiting for you, {len(news.owed)} owed."
    text, more = head, False
    for line in _lines(news):
        longer = f"{text}\n{line}"
        if limits.length and length(f"{longer}\n…", limits.count) > limits.length:
            more = True
            break
        text = longer
    return f"{text}\n…" if more else text


def _lines(news: News) -> Iterator[str]:
    yield from _section("Look", news.alarms)
    yield from _section("May have arrived", (_named(post) for post in news.unknown))
    yield from _section("Yours to approve", (_named(post) for post in news.awaiting))
    yield from _section("Owed", (neutral(debt.person.name) for debt in news.owed))
    yield from _section("Posted", (_named(post) for post in news.posted))
    if news.queued:
        yield f"{news.queued} more in the queue."


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    everything = list(lines)
    if everything:
        yield f"{title}:"
    yield from (f"- {line}" for line in everything[:_NAMED])
    if len(everything) > _NAMED:
        yield f"- and {len(everything) - _NAMED} more"


def _named(post: Post) -> str:
    return f"{post.account}: {neutral(post.title)}"
