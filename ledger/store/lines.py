"""How the bytes of a journal read: a header line, then one transaction per line.

Every line but the header is an object of collections, each an object of documents by key, null for a removed one. A
line counts once its newline is there. The last line may be torn (no newline, or not JSON): its transaction was never
acknowledged, and it is passed over. Any other line that can't be read is damage. Reads only; nothing here writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path
from uuid import uuid4

import msgspec

from ledger.store.backups import way_back
from ledger.store.base import StoreDamaged, StoreError
from ledger.store.layers import encode

FORMAT = "syndicator-journal"
_HEADER_BEGINS = encode({"format": FORMAT, "version": 1})[:-2]

_PIECE = 1_000_000  # bytes read and decoded at a time: faster than all at once, and never in memory twice
#: How many bytes before a place are remembered to know the file again.
MARK = 64
_split = msgspec.json.Decoder(dict[str, dict[str, msgspec.Raw]]).decode_lines
_OBJECT = ord("{")

#: A collection, a key, and the document as JSON; or `REMOVED`.
Told = tuple[str, str, bytes]
REMOVED = b"null"


def new_header(version: int) -> bytes:
    """The first line of a new file, unlike that of any other: what tells a compacted journal from the one before.

    The version says what documents look like (`upgrades`).

    Names, inode numbers, sizes and the bytes at a place can all be the same again in a later file.
    """
    return encode({"format": FORMAT, "version": version, "id": uuid4().hex}) + b"\n"


class Place(msgspec.Struct, frozen=True):
    """How far a journal has been read: bytes, and `written`, the documents and removals told up to there.

    `header` is the first line, and `mark` the last bytes before the place: when either differs in a file, that file
    was replaced or edited since.
    """

    offset: int = 0
    written: int = 0
    mark: bytes = b""
    header: bytes = b""

    @property
    def version(self) -> int:
        """What the file's documents look like; 0 where nothing was read."""
        return int(msgspec.json.decode(self.header)["version"]) if self.header else 0

    def after(self, read: bytes, written: int) -> Place:
        """The place behind `read`, which tells of so many documents and removals."""
        return Place(
            offset=self.offset + len(read),
            written=self.written + written,
            mark=read[-MARK:] if len(read) >= MARK else (self.mark + read)[-MARK:],
            header=self.header or read[: read.find(b"\n") + 1],
        )

    def is_in(self, file: BufferedReader) -> bool:
        """Whether a file still holds what was read up to here; leaves it at this place if so."""
        if file.read(len(self.header)) != self.header:
            return False
        file.seek(self.offset - len(self.mark))
        return file.read(len(self.mark)) == self.mark


def transactions(file: BufferedReader, place: Place, path: Path, newest: int) -> Iterator[tuple[list[Told], Place]]:
    """Read on from `place` to the end: what whole transactions tell, piece by piece, each with the place behind it.

    `path` is for messages. Raises `StoreDamaged` for a line that can't be read and is not the last, `StoreError` for a
    file of a version above `newest`.
    """
    file.seek(place.offset)
    if place.offset == 0:
        header = file.readline()
        if not _is_header(header, path, newest, last=not file.peek(1)):
            return
        place = place.after(header, 0)
        yield [], place
    while piece := file.read(_PIECE):
        piece += file.readline()
        whole = piece[: piece.rfind(b"\n") + 1]
        try:
            found = _decode(whole)
        except ValueError:
            found, whole = _before_torn(whole, place, path, last=len(whole) == len(piece) and not file.peek(1))
        place = place.after(whole, len(found))
        yield found, place


def _decode(lines: bytes) -> list[Told]:
    """What whole lines tell; ValueError if one of them is not JSON, or not of this shape.

    Documents are checked, and stay JSON: making each takes three times as long, and most are never looked at.
    """
    str(lines, "utf-8")  # which the parts that are passed over are not looked at for
    told = [
        (name, key, bytes(document))
        for transaction in _split(lines)
        for name, layer in transaction.items()
        for key, document in layer.items()
    ]
    for _, key, text in told:
        if text[0] != _OBJECT and text != REMOVED:
            raise ValueError(f"Expected `object | null` under {key!r}")
    return told


def _is_header(line: bytes, path: Path, newest: int, *, last: bool) -> bool:
    """Check the first line; False for a file that was being created when its writer was stopped."""
    if last and not line.endswith(b"\n"):
        written = line.split(b"\0")[0]
        if written.startswith(_HEADER_BEGINS) or _HEADER_BEGINS.startswith(written):
            return False
    try:
        header = msgspec.json.decode(line, type=dict[str, object])
    except ValueError:
        header = {}
    version = header.get("version")
    if header.get("format") != FORMAT or not isinstance(version, int):
        raise _damaged(path, 1, "it does not name the format of this program's journals")
    if version > newest:
        raise StoreError(
            f"{path} was written by a newer version of this program (format {version}, this one reads up to "
            f"{newest}); nothing was changed: install the newer version to use it"
        )
    return True


def _before_torn(whole: bytes, place: Place, path: Path, *, last: bool) -> tuple[list[Told], bytes]:
    """What stands before the line that can't be read, if that is the very last one."""
    lines = whole.split(b"\n")[:-1]
    found: list[Told] = []
    for number, line in enumerate(lines, 1):
        try:
            found += _decode(line)
        except ValueError as error:
            if last and number == len(lines):
                return found, whole[: len(whole) - len(line) - 1]
            raise _damaged(path, _lines_before(place, path) + number, str(error)) from error
    return found, whole


def _lines_before(place: Place, path: Path) -> int:
    with path.open("rb") as file:
        return file.read(place.offset).count(b"\n")


def _damaged(path: Path, line: int, why: str) -> StoreDamaged:
    return StoreDamaged(
        f"{path} is damaged in line {line} ({why}); nothing was changed. "
        f"Mend or remove that line by hand. {way_back(path, datetime.now(UTC).date())}"
    )
