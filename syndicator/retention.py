"""Drops from the ledger what is older than its owner wants it kept, as far as nothing hangs on it any more. Effects."""

from __future__ import annotations

from ledger.entry import Entry
from ledger.owe import explain
from ledger.retention import outdated
from syndicator.times import span_text
from syndicator.workspace import Workspace


def drop(space: Workspace) -> list[str]:
    """Drop old acts; gives a sentence when there were any."""
    book, now, kept = space.book, space.clock(), space.settings.ledger.retention
    before, entries, people = now - kept, book.entries(), book.people()
    old = {people.of(entry.identity).id for entry in entries if entry.when < before}
    if not old:
        return []
    by_person: dict[str, list[Entry]] = {}
    for entry in entries:
        if (person := people.of(entry.identity)).id in old:
            by_person.setdefault(person.id, []).append(entry)
    acts, gone = book.acts(), list[Entry]()
    for own in by_person.values():
        settlement, _ = explain(people.of(own[0].identity), own, now, space.rules, acts, {})
        gone += outdated(settlement, before, space.rules)
    if not gone:
        return []
    book.retract(entry.key for entry in gone)
    return [f"{len(gone)} act{'s' * (len(gone) != 1)} of over {span_text(kept)} ago no longer kept in the ledger"]
