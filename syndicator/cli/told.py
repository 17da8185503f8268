"""What others did, as a run or `ledger collect` tells of it: as a document and as lines. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from syndicator.report import Report


def document(report: Report) -> dict[str, Any]:
    """How many acts were new by account, how many of each kind, what I did, and which accounts are not read and why."""
    told = {"collected": report.collected, "received": report.received, "unread": report.unread}
    return told | {"given": {account: kinds for account, kinds in report.given.items() if kinds}}


def lines(report: Report) -> Iterator[str]:
    """One line for each place that was read or could have been."""
    for place, count in report.collected.items():
        kinds = _kinds(report.received.get(place, {}))
        yield f"{place}: {count} new" + (f" ({kinds})" if kinds else "")
    yield from _mine(report)
    for account, reason in report.unread.items():
        yield reason if _is_sentence(account, reason) else f"{account}: not read ({reason} in the settings)"
    yield from _one_person(report)


def news(report: Report) -> Iterator[str]:
    """One line for each account where others did something, or where the money for reading is spent."""
    yield from (f"New on {account}: {_kinds(kinds)}." for account, kinds in report.received.items() if kinds)
    yield from _mine(report)
    yield from (f"Remark: {reason}" for account, reason in report.unread.items() if _is_sentence(account, reason))
    yield from _one_person(report)


def _one_person(report: Report) -> Iterator[str]:
    return (f"One person: {told}." for told in report.joined)


def _mine(report: Report) -> Iterator[str]:
    """One line for each account where something was found that I did for others."""
    yield from (f"Found on {account} by you: {_kinds(kinds)}." for account, kinds in report.given.items() if kinds)


def _is_sentence(account: str, reason: str) -> bool:
    """Whether a reason is an error's, which names the account already, and not a setting."""
    return reason.startswith(f"{account}:")


def _kinds(counts: Mapping[str, int]) -> str:
    """Such as `2 likes, 1 reply`, the most first."""
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return ", ".join(f"{count} {kind if count == 1 else _several(kind)}" for kind, count in ordered)


def _several(kind: str) -> str:
    return "replies" if kind == "reply" else f"{kind}s"
