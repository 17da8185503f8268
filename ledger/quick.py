"""Entries straight from their JSON, for a hundred thousand of them; what is odd about one is left to `codec` to say."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from ledger import codec
from ledger.entry import Direction, Entry, Kind

_Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class _Written(msgspec.Struct, frozen=True, gc=False):
    """The fields of `Entry` as they are written."""

    direction: Direction
    kind: Kind
    identity: str
    recorded: _Moment
    at: _Moment | None = None
    url: str = ""
    my_url: str = ""
    channel: str = "hand"
    native_id: str = ""
    trust: float = 1.0
    note: str = ""
    in_return_for: str = ""
    substantial: bool = False
    secondhand: bool = False


_decode = msgspec.json.Decoder(_Written).decode


def read_entry(text: bytes) -> Entry:
    """The entry in a document that `codec.write_entry` made. Raises what `codec.read_entry` raises."""
    try:
        told = _decode(text)
    except msgspec.ValidationError:
        return codec.read_entry(msgspec.json.decode(text))
    return Entry(
        told.direction,
        told.kind,
        codec.read_identity(told.identity),
        told.recorded,
        told.at,
        told.url,
        told.my_url,
        told.channel,
        told.native_id,
        told.trust,
        told.note,
        told.in_return_for,
        told.substantial,
        told.secondhand,
    )
