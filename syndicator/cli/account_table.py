"""The accounts as a table, and texts that name an account. Pure: documents in, lines out."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from typing import Any

Document = dict[str, Any]


def lines(documents: Sequence[Document]) -> Iterator[str]:
    """Accounts in a table that fits 80 columns, and below it what is too long for a cell."""
    if not documents:
        yield "No accounts yet; write one into the settings, for example [accounts.links]."
        return
    checked = any("check" in each for each in documents)
    heads = ("account", "network", *(("logged in as",) if checked else ()), "limit", "posted", "waiting", "state")
    rows = [
        (
            each["account"],
            each["platform"],
            *((each["check"]["as"] or "",) if checked else ()),
            _limit(each),
            str(each["posted"]) if each["publishes"] else "",
            str(each["waiting"]) if each["publishes"] else "",
            _state(each),
        )
        for each in documents
    ]
    yield from table(heads, rows)
    # Whole and on lines of their own: a remedy may be an address to copy.
    for each in documents:
        yield from (on_account(each["account"], reason) for reason in _reasons(each))
    for each in documents:
        if each["price_usd"]:
            yield from (on_account(each["account"], told) for told in _money(each))


def _money(account: Document) -> Iterator[str]:
    """What the account's network charges, and what that came to."""
    yield (
        f"${account['price_usd']:.3f} a post, ${account['price_with_url_usd']:.2f} with a link; to read, "
        f"${account['price_read_usd']:.3f} a post and ${account['price_user_usd']:.3f} its author"
    )
    if account["uncollected"]:
        yield account["uncollected"]
    budget = "" if account["budget_usd"] is None else f" of ${account['budget_usd']:.2f}"
    waiting = f"; ${account['reserved_usd']:.3f} for what waits" if account["reserved_usd"] else ""
    yield (
        f"${account['spent_usd']:.3f}{budget} spent this month: ${account['spent_posts_usd']:.3f} on posts, "
        f"${account['spent_reads_usd']:.3f} on reading{waiting}"
    )


def _reasons(account: Document) -> Iterator[str]:
    """What keeps an account from working, or could not be proven, each once."""
    check = account.get("check", {})
    told = (account["held"], *account["unread"], account["missing"], check.get("error"), check.get("doubt"))
    yield from dict.fromkeys(reason for reason in told if reason)


def _limit(account: Document) -> str:
    """How long a post may be."""
    return str(account["limit"] or "none") if account["publishes"] else ""


def _state(account: Document) -> str:
    """How an account fares, in a word or two."""
    if account["missing"]:
        return "no credential"
    if failing := account.get("check", {}).get("state"):
        return str(failing)
    if account["held"]:
        return "held"
    if account["unread"]:
        return "not read"
    return f"{account['unknown']} unknown" if account["unknown"] else "ok"


def on_account(name: str, text: str) -> str:
    """A text about an account, which it names once: networks' errors start with the account already."""
    return text if text.startswith(f"{name}:") else f"{name}: {text}"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A table as wide as the terminal allows, 80 columns where there is none; long cells wrap."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(
        width=max(shutil.get_terminal_size((80, 24)).columns, 60), color_system=None, force_terminal=False
    )
    drawn = Table(*heads, box=None, pad_edge=False, show_edge=False)
    for row in rows:
        drawn.add_row(*(Text(cell) for cell in row))
    with console.capture() as capture:
        console.print(drawn)
    yield from (line.rstrip() for line in capture.get().splitlines())
