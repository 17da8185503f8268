"""Reads each document once, for those who look through all of a collection again and again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

_D = TypeVar("_D")
_T = TypeVar("_T")


class ReadOnce(Generic[_D, _T]):
    """What `read` makes of documents, which must be immutable; kept for as long as a document stays the same object.

    A store's `scan`, and its `texts`, give the same object until it is replaced, and nobody changes one in place.
    """

    def __init__(self, read: Callable[[_D], _T]) -> None:
        self._read = read
        self._known: dict[str, tuple[_D, _T]] = {}

    def __call__(self, key: str, document: _D) -> _T:
        """What the document says. Raises what `read` raises, each time."""
        known = self._known.get(key)
        if known is None or known[0] is not document:
            known = self._known[key] = document, self._read(document)
        return known[1]
