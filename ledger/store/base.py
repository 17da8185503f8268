"""The storage contract: named collections of JSON documents, one writer at a time across processes.

An implementation decides how the bytes lie on disk. Callers see plain dicts keyed by strings, and transactions that
are either wholly there after a crash or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

Document = dict[str, Any]


class StoreError(Exception):
    """The store can't be read or written. The message names the file and the remedy."""


class StoreBusy(StoreError):
    """Another process held the writer's lock for longer than the patience given."""


class StoreDamaged(StoreError):
    """What is on disk is not what this program wrote; nothing was changed."""


class Store(Protocol):
    """Named collections of documents.

    Every write is durable when the call returns; inside `transaction()` all writes become durable together at its end,
    or none of them if it is left by an exception. Reads see everything that any process has committed. Documents
    returned are the caller's to keep but not to change: put a new one instead.
    """

    def get(self, collection: str, key: str) -> Document | None:
        """One document, or None."""

    def put(self, collection: str, key: str, document: Mapping[str, Any]) -> None:
        """Insert or replace one document."""

    def put_many(self, collection: str, documents: Mapping[str, Mapping[str, Any]]) -> None:
        """Insert or replace many documents in one transaction."""

    def delete(self, collection: str, keys: Iterable[str]) -> None:
        """Remove documents; keys that are not there are ignored."""

    def scan(self, collection: str) -> Iterator[tuple[str, Document]]:
        """All documents with their keys, in the order they were first put."""

    def texts(self, collection: str) -> Iterator[tuple[str, bytes]]:
        """What `scan` gives, each document as UTF-8 JSON: for making values of very many without a dict for each."""

    def count(self, collection: str) -> int:
        """How many documents there are."""

    def transaction(self) -> AbstractContextManager[None]:
        """Group writes; holds the writer's lock, and may be nested (the outermost one commits)."""

    def back_up(self) -> None:
        """Keep a copy of all that is committed, to go back to should the original be damaged."""

    def drop_history(self) -> None:
        """Leave nothing on disk of what was replaced or removed: no history, no copies."""

    def close(self) -> None:
        """Release files; the store is not used afterwards."""
