"""A plan as text that convinces a careful person: each post as it will appear, what was passed over and why. Pure."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from syndicator.cli.fitted import fitted
from syndicator.cli.shown import as_read, card, length, price
from syndicator.times import moment

Document = dict[str, Any]

#: How many of the passed-over articles are named under each reason.
_NAMED = 3

#: A note is called by its first words, up to so many characters.
_FEW_WORDS = 60

#: Reasons that differ in a site, a number or an age only are told together.
_FAMILIES = (
    (re.compile(r"too old: .*"), "too old (max_age)"),
    (re.compile(r"\S+ (was shared within \S+ \(author_gap\))"), r"its author \1"),
    (re.compile(r"(?:score \S+ is )(below min_score .*)"), r"its score is \1"),
    (re.compile(r"comment first: .*"), "comment first: it waits in `ledger owe` for a comment of yours"),
    (re.compile(r"\$\S+ would pass what is left of the monthly budget .*"), "it would pass the monthly budget"),
)


def lines(document: Document, zone: ZoneInfo, *, everything: bool, width: int) -> Iterator[str]:
    """Each post exactly as it will appear, then what was passed over; with `everything` each of those, all reasons."""
    planned, skipped = document["planned"], document["skipped"]
    yield from fitted(_summary(planned, skipped, zone), width, "    ")
    for each in planned:
        yield ""
        where = f"{each['account']} ({each['platform']})"
        yield f"{moment(each['when'], zone)}  {where}  {length(each)}{price(each)}"
        yield from as_read(each, width)
        yield from card(each["card"], width, whole=everything)
        yield from _why(each, width, everything=everything)
    if skipped:
        yield ""
    yield from _passed_over(skipped, width, everything=everything)
    for remark in document["remarks"]:
        yield from fitted(f"Remark: {remark}.", width, "    ")


def advice(document: Document, *, has_sources: bool) -> str:
    """What a plan of nothing leads to, where that is not plain from it; else ""."""
    if document["planned"]:
        return ""
    if not has_sources:
        return "there are no sources yet: `syndicator add URL` takes one, `syndicator import FILE|URL` a blogroll"
    if document["skipped"] and all(each["reason"].endswith("(baseline)") for each in document["skipped"]):
        return "only what is published from now on is shared; `first_run = 3` under [plan] offers the newest too"
    return ""


def _summary(planned: Sequence[Document], skipped: Sequence[Document], zone: ZoneInfo) -> str:
    """How much there is of what, and on which clock."""
    if not planned:
        return "Nothing to post." + (f" {_passed(skipped)}." if skipped else "")
    cost = sum(each["price_usd"] or 0 for each in planned)
    parts = [f"{len(planned)} post{'s' * (len(planned) != 1)}", *([f"${cost:.3f} in all"] if cost else [])]
    parts += [_passed(skipped)] if skipped else []
    return f"{', '.join(parts)}. Times are those of {zone.key}."


def _passed(skipped: Sequence[Document]) -> str:
    count = len({each["article"] for each in skipped})
    return f"{count} article{'s' * (count != 1)} passed over"


def _why(planned: Document, width: int, *, everything: bool) -> Iterator[str]:
    """In one line: its score, if it was ever judged, and what decided; what holds besides where all is asked for."""
    first, *rest = planned["why"] or [""]
    score = f"score {planned['score']:.2f}" if planned["score"] else ""
    yield from fitted(f"    why: {', '.join(filter(None, (score, first)))}", width, " " * 9)
    for reason in rest:
        if everything or not reason.startswith("mix:"):
            yield from fitted(f"         {reason}", width, " " * 9)


def _passed_over(skipped: Sequence[Document], width: int, *, everything: bool) -> Iterator[str]:
    """Grouped by reason, the commonest first; an article that only some accounts passed over for it names them."""
    accounts = {each["account"] for each in skipped}
    groups: dict[str, dict[str, set[str]]] = {}
    for each in skipped:
        article = f"“{_beginning(each['note'])}”" if each["note"] else each["article"]
        groups.setdefault(family(each["reason"]), {}).setdefault(article, set()).add(each["account"])
    if groups:
        yield "Passed over:"
    for reason, articles in sorted(groups.items(), key=lambda item: -len(item[1])):
        yield from fitted(f"{len(articles):6}  {reason}", width, " " * 8)
        named = list(articles.items())
        for article, found in named if everything else named[:_NAMED]:
            yield f"          {article}" + ("" if found == accounts else f"  ({', '.join(sorted(found))})")
        if not everything and len(named) > _NAMED:
            yield f"          and {len(named) - _NAMED} more (--all lists them)"


def family(reason: str) -> str:
    """What a reason has in common with others like it."""
    for pattern, common in _FAMILIES:
        if match := pattern.fullmatch(reason):
            return match.expand(common)
    return reason


def _beginning(text: str) -> str:
    """The first words of a text, on one line."""
    return textwrap.shorten(text, _FEW_WORDS, placeholder=" …")
