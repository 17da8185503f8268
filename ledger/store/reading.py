"""Reads each document once, for those who look through all of a collection again and again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from ledger.store.base import Document

_T = TypeVar("_T")


class ReadOnce(Generic[_T]):
    """What `read` makes of documents, which must be immutable; kept for as long as a document stays the same object.

    A store gives the same object until the document is replaced, and nobody changes one in place.
    """

    def __init__(self, read: Callable[[Document], _T]) -> None:
        self._read = read
        self._known: dict[str, tuple[Document, _T]] = {}

    def __call__(self, key: str, document: Document) -> _T:
        """What the document says. Raises what `read` raises, each time."""
        known = self._known.get(key)
        if known is None or known[0] is not document:
            known = self._known[key] = document, self._read(document)
        return known[1]
