"""The list of suggestions last shown, by which `N` means what its reader saw: values, and as documents. Pure."""

from __future__ import annotations

import msgspec

from ledger import codec
from ledger.entry import Identity
from ledger.store.base import Document
from ledger.suggestion import Suggestion


class Numbered(msgspec.Struct, frozen=True):
    """One row of the list last shown: number N is the N-th of them. `identity` is one of the person's.

    `settled` says what became of the row since it was shown ("done", "queued", …); empty while it waits.
    """

    identity: Identity
    suggestion: Suggestion | None = None
    settled: str = ""


def read_row(row: Document) -> Numbered:
    """The row in a document that `write_row` made."""
    suggestion = codec.read_suggestion(row["suggestion"]) if row["suggestion"] else None
    return Numbered(codec.read_identity(row["identity"]), suggestion, row.get("settled", ""))


def write_row(row: Numbered) -> Document:
    """A row as a document."""
    suggestion = codec.write_suggestion(row.suggestion) if row.suggestion else None
    settled = {"settled": row.settled} if row.settled else {}
    return {"identity": str(row.identity), "suggestion": suggestion, **settled}
