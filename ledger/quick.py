"""Entries straight from their JSON, for a hundred thousand of them; what is odd about one is left to `codec` to say."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from ledger import codec
from ledger.entry import Direction, Entry, Identity, Kind

_Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Written(msgspec.Struct, frozen=True, gc=False):
    """The fields of `Entry` as they are written: all that settling asks of an entry, made in a fraction of the time."""

    direction: Direction
    kind: Kind
    who: str = msgspec.field(name="identity")
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
    private: bool = False
    account: str = ""

    @property
    def when(self) -> datetime:
        """The time that counts, as of an `Entry`."""
        return self.at or self.recorded

    @property
    def identity(self) -> Identity:
        """Whom it is about. Raises BadDocument when that is nobody."""
        return codec.read_identity(self.who)

    @property
    def key(self) -> str:
        """The key of the entry."""
        return made(self).key


#: Only what `Written` has; a ValidationError, which is a ValueError, says that the document is something else.
read_plain = msgspec.json.Decoder(Written).decode


def read_entry(text: bytes) -> Entry:
    """The entry in a document that `codec.write_entry` made. Raises what `codec.read_entry` raises."""
    return made(read(text))


def read(text: bytes) -> Written | Entry:
    """What the document says, all of it checked but for the identity. Raises what `codec.read_entry` raises."""
    try:
        return read_plain(text)
    except msgspec.ValidationError:
        return codec.read_entry(msgspec.json.decode(text))


def made(told: Written | Entry) -> Entry:
    """The entry itself. Raises BadDocument when the identity is none."""
    if isinstance(told, Entry):
        return told
    return Entry(
        told.direction,
        told.kind,
        told.identity,
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
        told.private,
        told.account,
    )
