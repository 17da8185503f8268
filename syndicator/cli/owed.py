"""Debts as text and JSON. Pure: values in, lines or documents out; loads nothing heavy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from ledger.entry import Identity, Kind
from ledger.owe import Debt
from ledger.people import Person
from ledger.who import profile_url
from syndicator.cli.fitted import cells, fitted, listed

_INDENT = "     "
#: So many people are listed at once, unless more than these have something to do.
_A_SCREEN = 10

_NETWORKS = {"x": "X", "bluesky": "Bluesky"}

_RECEIVED = {
    Kind.LINK: "linked to you",
    Kind.RECOMMEND: "recommended you",
    Kind.SUBMIT: "submitted your page",
    Kind.SHARE: "shared your link",
    Kind.QUOTE: "quoted you",
    Kind.BOOST: "boosted you",
    Kind.COMMENT: "commented",
    Kind.REPLY: "replied",
    Kind.MENTION: "mentioned you",
    Kind.BOOKMARK: "bookmarked you",
    Kind.LIKE: "liked your posts",
    Kind.FOLLOW: "follows you",
    Kind.THANK: "thanked you",
}


def document(number: int, debt: Debt, account: str = "") -> dict[str, Any]:
    """One person of `owe --json`; `account` is the one that would carry the suggestion out."""
    suggestion = debt.suggestion
    return {
        "n": number,
        "person": debt.person.name,
        "identities": [
            {"network": who.network, "handle": who.handle, "url": profile_url(who) or None}
            for who in debt.person.identities
        ],
        "received": _counts(debt.received),
        "given": _counts(debt.given),
        "open": round(debt.open, 4),
        "since": debt.since,
        "standing": debt.standing,
        "waiting": debt.waiting or None,
        "rank": round(debt.rank, 4),
        "suggestion": {
            "act": suggestion.act,
            "on": suggestion.on,
            "account": account or None,
            "title": suggestion.title,
            "url": suggestion.url,
            "text": suggestion.text,
            "reason": suggestion.reason,
            "todo": suggestion.todo,
        }
        if suggestion
        else None,
    }


def first(debts: Sequence[Debt]) -> list[Debt]:
    """As many as fit a screen, in their order: all with something to do now, then those who wait."""
    waiting = [debt for debt in debts if not _is_to_do(debt)]
    left_out = waiting[max(_A_SCREEN - (len(debts) - len(waiting)), 0) :]
    out = {debt.person.id for debt in left_out}
    return [debt for debt in debts if debt.person.id not in out]


def named(person: Person) -> str:
    """A person with all their handles, `Ada (ada.example, @ada@example.social)`; the handles alone without a name."""
    handles = ", ".join(map(handle, person.identities))
    return handles if person.name == person.identities[0].handle else f"{person.name} ({handles})"


def handle(who: Identity) -> str:
    """A handle as its network writes it; one that doesn't tell the network names it."""
    match who.network:
        case "web":
            return who.handle
        case "mastodon":
            return f"@{who.handle}"
    return f"{who.handle} on {_NETWORKS.get(who.network, who.network)}"


def _is_to_do(debt: Debt) -> bool:
    return debt.suggestion is not None and debt.suggestion.act != "wait"


def lines(
    debts: Sequence[Debt], zone: tzinfo, *, known: int, more: int, width: int = 80, kept: bool = True
) -> Iterator[str]:
    """The list for people: who, what for, and what to do; `more` were left out of it, of `known` in the ledger.

    `width` are the columns of the terminal; only an address goes beyond them. `kept` says whether the numbers are those
    that `ledger do` goes by.
    """
    if not debts:
        everybody = f" (of {known} people in the ledger)" if known else ""
        yield f"You owe nobody anything{everybody}."
    for number, debt in enumerate(debts, 1):
        yield from _head(debt, number, width)
        since = f", since {day(debt.since, zone)}" if debt.since else ""
        if debt.received or debt.given:
            yield from fitted(f"     {_told(debt.received)}{since}; {_given(debt.given)}", width, _INDENT)
        yield from _suggested(debt, width)
        if kept and _is_to_do(debt):
            yield f"       ledger do {number}"
    if more:
        yield f"{more} more (--all lists them)"


def _head(debt: Debt, number: int, width: int) -> Iterator[str]:
    """Who it is and what is open, on one line; where that is too long the handles and the rest stand below the name."""
    opened = f"{debt.open:z.1f} open" if debt.received or debt.given else ""
    yield from introduced(debt.person, width, ", ".join(filter(None, (opened, debt.waiting))), f"{number:3}. ")


def introduced(person: Person, width: int, rest: str = "", lead: str = "") -> Iterator[str]:
    """Somebody with all their handles and what there is to say, on one line if they fit; else below the name."""
    whole = f"{lead}{named(person)}" + (f"  {rest}" if rest else "")
    if cells(whole) <= width:
        yield whole
        return
    first, *others = ([person.name] if person.has_name else []) + [handle(who) for who in person.identities]
    yield f"{lead}{first}"
    if others:
        yield from listed(others, width, _INDENT)
    if rest:
        yield f"{_INDENT}{rest}"


def _suggested(debt: Debt, width: int) -> Iterator[str]:
    suggestion = debt.suggestion
    if suggestion is None:
        return
    if suggestion.act == "wait":
        yield from fitted(f"{_INDENT}{suggestion.reason}", width, _INDENT)
        return
    todo, reason = f"{_INDENT}→ {suggestion.todo}", f"({suggestion.reason})"
    if cells(todo) + 1 + cells(reason) <= width:
        yield f"{todo} {reason}"
    else:
        yield from fitted(todo, width, f"{_INDENT}  ")
        yield from fitted(f"{_INDENT}  {reason}", width, f"{_INDENT}  ")
    yield f"       {suggestion.url}"


def day(when: datetime, zone: tzinfo) -> str:
    """A day as it is shown to its owner."""
    return f"{when.astimezone(zone):%d %b %Y}"


def _told(received: Mapping[Kind, int]) -> str:
    return ", ".join(f"{_RECEIVED[kind]}{_times(count)}" for kind, count in received.items() if count) or "did nothing"


def _given(given: Mapping[Kind, int]) -> str:
    done = ", ".join(f"{kind}{_times(count)}" for kind, count in given.items() if count)
    return f"you gave: {done}" if done else "you gave nothing yet"


def _times(count: int) -> str:
    return f" {count}×" if count > 1 else ""


def _counts(kinds: Mapping[Kind, int]) -> dict[str, int]:
    return {kind.value: count for kind, count in kinds.items() if count}
