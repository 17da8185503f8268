"""Everybody's account as a run needs it. What is new is reckoned and kept, so that whoever looks next finds it done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ledger.owe import Debt, owe
from ledger.store.resting import collector_resting
from syndicator.workspace import Workspace


def reckon(space: Workspace, now: datetime, *, limit: int | None = None) -> tuple[Debt, ...]:
    """What `owe` gives as of `now`, in the owner's time zone, without offers. StoreError passes through."""
    book, memory = space.book, space.memory()
    here = now.astimezone(space.settings.me.timezone)
    with collector_resting():
        found = owe(book.people(), book.sheaves(), here, space.rules, acts=book.acts(), limit=limit, memory=memory)
    memory.save()
    return found


def keep_up(space: Workspace, collected: Mapping[str, int]) -> None:
    """Reckon what is new once something was `collected`: its owner waits for `ledger owe`, and nobody for a run."""
    if any(collected.values()):
        reckon(space, space.clock(), limit=0)
