"""Collections in memory, and changes laid over them that are not yet part of them.

An open transaction is a layer of changes over the stored documents: reading looks through the layers from the top, so
a transaction sees its own writes, and leaving it by an exception is dropping its layer. Pure: no file, no clock.
"""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, Mapping, MutableMapping, Sequence
from contextlib import AbstractContextManager, nullcontext

import msgspec

from ledger.store.base import Document
from ledger.store.shelf import Shelf, decode_document
from ledger.store.shelf import encode as encode

#: New documents by key; None means removed.
Layer = dict[str, Document | None]
#: Layers by collection: one transaction, and one line of the journal.
Changes = dict[str, Layer]

decode = msgspec.json.Decoder(Changes).decode


class Tables:
    """Collections in memory alone: a journal without its file. For tests and for trying things out."""

    def __init__(self) -> None:
        self.tables: dict[str, Shelf] = {}

    def refresh(self) -> None:
        """Take in what others committed since the last call."""

    def writing(self) -> AbstractContextManager[None]:
        """Keep other writers out, having taken in what they committed."""
        return nullcontext()

    def commit(self, changes: Changes) -> None:
        """Make one transaction durable, then visible; only inside `writing()`. Keeps the documents given."""
        self.apply(changes)

    def compact(self) -> None:
        """Forget history; only inside `writing()`."""

    def back_up(self) -> None:
        """Keep a copy to go back to; only inside `writing()`."""

    def drop_history(self) -> None:
        """Leave nothing of what is no longer there; only inside `writing()`."""

    def apply(self, changes: Changes) -> None:
        """Change the collections in memory: a document that is there keeps its place, a new one goes to the end."""
        for name, layer in changes.items():
            shelf = self.shelf(name)
            for key, document in layer.items():
                if document is None:
                    shelf.remove(key)
                else:
                    shelf.put(key, document)

    def shelf(self, name: str) -> Shelf:
        """A collection, which need not be there yet."""
        found = self.tables.get(name)
        if found is None:
            found = self.tables[name] = Shelf()
        return found


class Overlay(Mapping[str, Document]):
    """A read-only view of one collection, in the order of `base` and then in the order documents were first put."""

    def __init__(self, base: Shelf | Overlay, layers: Sequence[Layer] = ()) -> None:
        self._base = base
        self._layers = layers

    def __getitem__(self, key: str) -> Document:
        for layer in reversed(self._layers):
            if key in layer:
                if (document := layer[key]) is None:
                    raise KeyError(key)
                return document
        return self._base[key]

    def __contains__(self, key: object) -> bool:
        for layer in reversed(self._layers):
            if key in layer:
                return layer[key] is not None
        return key in self._base

    def __iter__(self) -> Iterator[str]:
        return iter(self.snapshot())

    def __len__(self) -> int:
        return len(self.snapshot()) if self._layers else len(self._base)

    def items(self) -> ItemsView[str, Document]:
        """All documents as they are now: writing while they are read through changes nothing here."""
        return self.snapshot().items()

    def snapshot(self) -> dict[str, Document]:
        """A dict of its own over the same documents: pointers are copied, documents are not."""
        stored = self._base.snapshot()
        if not self._layers:
            return stored
        merged: Layer = dict(stored)
        for layer in self._layers:
            merged.update(layer)
        return {key: document for key, document in merged.items() if document is not None}

    def texts(self) -> dict[str, bytes]:
        """What `snapshot` gives as JSON; texts that were read from a file are given as they are."""
        if not self._layers:
            return self._base.texts()
        return {key: encode(document) for key, document in self.snapshot().items()}


class Draft(Overlay, MutableMapping[str, Document]):
    """A view that may be written to; nothing below it changes until someone takes its `changes`.

    Documents read from it may be changed in place, as TinyDB's update does: each is a copy.
    """

    def __init__(self, below: Overlay) -> None:
        self._below = below
        self._top: Layer = {}
        super().__init__(below, [self._top])

    def __getitem__(self, key: str) -> Document:
        document = super().__getitem__(key)
        if key not in self._top:
            document = self._top[key] = decode_document(encode(document))
        return document

    def __setitem__(self, key: str, document: Document) -> None:
        self._top[key] = document

    def __delitem__(self, key: str) -> None:
        if key not in self:
            raise KeyError(key)
        self._top[key] = None

    def clear(self) -> None:
        """Remove every document (the inherited way looks for the first one again and again)."""
        self._top.update(dict.fromkeys(self))

    def changes(self) -> Layer:
        """What differs from below, compared as the bytes that would be stored: True is not 1, and 1 is not 1.0."""
        return {key: document for key, document in self._top.items() if self._differs(key, document)}

    def _differs(self, key: str, document: Document | None) -> bool:
        before = self._below.get(key)
        if document is None or before is None:
            return document is not before
        return encode(document) != encode(before)
