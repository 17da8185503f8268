"""One person's settled account as text and JSON: the arithmetic of each entry, the balance, the rank. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

from ledger.entry import Direction
from ledger.people import Person
from ledger.rank import Ranking
from ledger.settlement import Line, Settlement
from syndicator.cli.fitted import cells, fitted
from syndicator.cli.owed import day, introduced

#: Before the rest of a line that is too long.
_INDENT = "      "


def settlement_document(person: Person, settlement: Settlement, ranking: Ranking) -> dict[str, Any]:
    """`why --json`: every line of the arithmetic; `counts` sum to `balance`, the factors of `rank` multiply to it."""
    return {
        "person": person.name,
        "identities": [str(who) for who in person.identities],
        "balance": settlement.balance,
        "rank": {
            "value": ranking.value,
            "open": ranking.open,
            "affinity": ranking.affinity,
            "urgency": ranking.urgency,
            "availability": ranking.available,
        },
        "lines": [_line_document(line) for line in settlement.lines],
    }


def settlement_lines(
    person: Person, settlement: Settlement, ranking: Ranking, zone: tzinfo, width: int = 80
) -> Iterator[str]:
    """The arithmetic, line by line; the last column sums to the balance. Then the rank, factor by factor.

    Lines have at most `width` columns; an address stays whole.
    """
    yield from introduced(person, width)
    if not settlement.lines:
        yield "nothing is booked"
    for line in settlement.lines:
        yield from _line(line, zone, width)
    yield f"balance {settlement.balance:+.3f}"
    if ranking.open:
        yield from _rank(ranking, width)


def _line(line: Line, zone: tzinfo, width: int) -> Iterator[str]:
    entry = line.entry
    when = day(entry.when, zone)
    head = f"{when}  {entry.direction:8}  {entry.kind:9}  {line.state:8}  counts {line.counts:+8.3f}"
    factors = f"{line.weight:g} × {line.decay:.3f} (age)"
    for factor, name in (
        (entry.trust, "channel"),
        (line.credibility, "credibility"),
        (line.diminishing, "repeated"),
    ):
        factors += f" × {factor:.3g} ({name})" if factor != 1 else ""
    factors += f" = {line.value:.3f}, of which {line.left:.3f} is left"
    if cells(head) + 2 + cells(factors) <= width:
        yield f"{head}  {factors}"
    else:
        yield from fitted(head, width, _INDENT)
        yield from fitted(f"    {factors}", width, _INDENT)
    for payment in line.payments:
        other = payment.given if entry.direction is Direction.RECEIVED else payment.received
        verb = "returned by" if entry.direction is Direction.RECEIVED else "returns"
        yield from fitted(f"    {payment.value:.3f} {verb} the {other.kind} of {day(other.when, zone)}", width, _INDENT)
    if line.same_as:
        same = f"the same act as the {line.same_as.kind} learnt through {line.same_as.channel}"
        yield from fitted(f"    {same}", width, _INDENT)
    yield from (f"    {url}" for url in (entry.url, entry.my_url) if url)


def _rank(ranking: Ranking, width: int) -> Iterator[str]:
    """The product that orders the list, and what affinity is made of where it is not 1."""
    factors = f"{ranking.open:.3f} open × {ranking.affinity:.3g} affinity × {ranking.urgency:.3f} urgency"
    yield from fitted(f"rank {ranking.value:.3f} = {factors} × {ranking.available} availability", width, "    ")
    made_of = [
        *([f"{ranking.nearness:g} (read or tagged)"] if ranking.nearness != 1 else []),
        *([f"{ranking.topics:.3g} (topics in common)"] if ranking.topics != 1 else []),
    ]
    if made_of:
        yield from fitted(f"    affinity: {' × '.join(made_of)}, kept between 0.5 and 1.5", width, _INDENT)


def _line_document(line: Line) -> dict[str, Any]:
    entry = line.entry
    return {
        "key": entry.key,
        "direction": entry.direction,
        "kind": entry.kind,
        "identity": str(entry.identity),
        "at": entry.at,
        "recorded": entry.recorded,
        "url": entry.url or None,
        "my_url": entry.my_url or None,
        "channel": entry.channel,
        "state": line.state,
        "weight": line.weight,
        "trust": entry.trust,
        "credibility": line.credibility,
        "diminishing": line.diminishing,
        "decay": line.decay,
        "value": line.value,
        "left": line.left,
        "counts": line.counts,
    }
