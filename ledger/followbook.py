"""Follow edges on any Store: the first walk of a list in one document, and one more for each edge that changed since.

So a list of a hundred thousand is written once, and each later walk writes only what came, went or is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ledger import codec
from ledger.entry import Identity
from ledger.follows import Edge, Side, Span
from ledger.forgotten import Forgotten
from ledger.store.base import Document, Store

#: Collections: the first walks by account and side, the edges that changed since, and when a list was walked.
FIRST, CHANGED, WALKS = "follows", "edges", "walks"


class Follows:
    """The edges of all accounts, in a store that is shared with others. StoreError passes through."""

    def __init__(self, store: Store, forgotten: Forgotten) -> None:
        self._store = store
        self._forgotten = forgotten

    def accounts(self) -> tuple[str, ...]:
        """The accounts of which a list was walked to its end."""
        return tuple(dict.fromkeys(document["account"] for _, document in self._store.scan(FIRST)))

    def edges(self, account: str, side: Side) -> dict[str, Edge] | None:
        """All edges on one side of an account, by the network's ids; None before the first complete walk."""
        first = self._store.get(FIRST, _key(account, side))
        if first is None:
            return None
        edges = {key: Edge(codec.read_identity(who)) for key, who in first["who"].items()}
        for _, document in self._store.scan(CHANGED):
            if (document["account"], document["side"]) == (account, side):
                edges[document["id"]] = read_edge(document)
        return edges

    def begin(self, account: str, side: Side, seen: Mapping[str, Identity]) -> None:
        """Keep the first complete walk."""
        gone = self._forgotten.among(seen.values())
        who = {key: str(each) for key, each in seen.items() if each not in gone}
        self._store.put(FIRST, _key(account, side), {"account": account, "side": side, "who": who})

    def change(self, account: str, side: Side, edges: Mapping[str, Edge]) -> None:
        """Keep what a later walk changed."""
        gone = self._forgotten.among(edge.who for edge in edges.values())
        new = {
            f"{_key(account, side)}/{key}": {"account": account, "side": side, "id": key, **write_edge(edge)}
            for key, edge in edges.items()
            if edge.who not in gone
        }
        if new:
            self._store.put_many(CHANGED, new)

    def tried(self, account: str, side: Side) -> datetime | None:
        """When a walk was begun last."""
        return self._time(account, side, "tried")

    def walked(self, account: str, side: Side) -> datetime | None:
        """When the latest walk that came to its end was begun."""
        return self._time(account, side, "walked")

    def note_try(self, account: str, side: Side, at: datetime) -> None:
        """A walk begins."""
        before = self._store.get(WALKS, _key(account, side)) or {}
        self._store.put(WALKS, _key(account, side), {**before, "tried": codec.write_time(at)})

    def note_walk(self, account: str, side: Side, at: datetime) -> None:
        """The walk that began then came to its end."""
        both = dict.fromkeys(("tried", "walked"), codec.write_time(at))
        self._store.put(WALKS, _key(account, side), both)

    def _time(self, account: str, side: Side, which: str) -> datetime | None:
        document = self._store.get(WALKS, _key(account, side)) or {}
        return codec.read_time(document[which]) if which in document else None


def _key(account: str, side: Side) -> str:
    return f"{account}/{side}"


def write_edge(edge: Edge) -> Document:
    """An edge as a document."""
    times = {name: moment for name in ("since", "missing", "ended") if (moment := getattr(edge, name))}
    document: Document = {"who": str(edge.who), **{name: codec.write_time(each) for name, each in times.items()}}
    if edge.how:
        document["how"] = edge.how
    if edge.earlier:
        document["earlier"] = [
            [codec.write_time(span.start) if span.start else None, codec.write_time(span.end)] for span in edge.earlier
        ]
    return document


def read_edge(document: Mapping[str, Any]) -> Edge:
    """The edge in a document that `write_edge` made."""
    since, missing, ended = (
        codec.read_time(document[name]) if name in document else None for name in ("since", "missing", "ended")
    )
    earlier = tuple(
        Span(codec.read_time(start) if start else None, codec.read_time(end))
        for start, end in document.get("earlier", ())
    )
    return Edge(codec.read_identity(document["who"]), since, missing, ended, document.get("how"), earlier)
