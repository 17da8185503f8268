"""One collection in memory: what came from a file stays the text it was until somebody asks for the document.

Most commands look at a few documents of many, and whoever reads very many makes values of their texts at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

import msgspec

from ledger.store.base import Document, StoreDamaged

encode = msgspec.json.Encoder().encode
decode_document = msgspec.json.Decoder(dict[str, Any]).decode


class Shelf(Mapping[str, Document]):
    """Documents by key, in the order they were first put. One thread at a time may change it."""

    def __init__(self) -> None:
        self._kept: dict[str, Document | bytes] = {}
        self._all_texts = True

    def __getitem__(self, key: str) -> Document:
        return _read(key, self._kept[key])

    def __contains__(self, key: object) -> bool:
        return key in self._kept

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._kept))

    def __len__(self) -> int:
        return len(self._kept)

    def put(self, key: str, new: Document | bytes) -> None:
        """Keep a document, or the JSON of one, in the place of the one before if there is one."""
        self._kept[key] = new
        if type(new) is not bytes:
            self._all_texts = False

    def remove(self, key: str) -> None:
        """Forget a document, if it is there."""
        self._kept.pop(key, None)

    def read_all(self) -> None:
        """Turn texts into documents for good: from now on each is the same object until it is replaced."""
        if any(type(kept) is bytes for kept in self._kept.values()):
            self._kept.update(self.snapshot())
            self._all_texts = False

    def snapshot(self) -> dict[str, Document]:
        """All documents in a dict of its own."""
        return {key: _read(key, kept) for key, kept in dict(self._kept).items()}

    def texts(self) -> dict[str, bytes]:
        """All documents as JSON in a dict of its own; what still is a text is the same object each time."""
        if self._all_texts:
            return cast("dict[str, bytes]", self._kept.copy())
        return {key: kept if type(kept) is bytes else encode(kept) for key, kept in dict(self._kept).items()}


def _read(key: str, kept: Document | bytes) -> Document:
    if type(kept) is not bytes:
        return kept  # type: ignore[return-value]
    try:
        return decode_document(kept)
    except ValueError as error:  # JSON, as the journal made sure, and yet nothing Python has: 1e999
        raise StoreDamaged(
            f"the document {key!r} can't be read ({error}); nothing was changed. "
            "Mend its line by hand, or bring a backup back"
        ) from error
