"""What was reckoned of each person before, in a file that may be removed at any time: only what is new is reckoned.

A remainder lies under a digest of all it was made from: the entries as they are stored, the rules, the person's
credibility, what was forgiven, and the code that reckons. So nothing has to be told when any of it changes. The file
holds digests, numbers and times, no name and no address; what is not asked for any more is dropped when it is written.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

import msgspec

from ledger import addresses, entry, quick, remainder, rules, sameact, settle, weigh
from ledger.entry import Identity
from ledger.remainder import Remainder
from ledger.rules import Rules
from ledger.store import durable

#: Fewer people are reckoned in no time.
WORTH_KEEPING = 50
_CODE = (addresses, entry, quick, remainder, rules, sameact, settle, weigh)
_SIZE = 16
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(dict[bytes, Remainder]).decode


class Memory:
    """Remainders by digest, of one set of rules. With `keep`, what is new may be kept in the file at `path`."""

    def __init__(self, path: Path, by: Rules, *, keep: bool = True) -> None:
        self._path, self._keep = path, keep
        self._known = _read(path)
        self._used: dict[bytes, Remainder] = {}
        self._news = False
        self._base = blake2b(_code(), digest_size=_SIZE)
        numbers = [(name, getattr(by, name)) for name in Rules.__struct_fields__ if name != "weights"]
        self._base.update(repr((sorted(by.weights.items()), numbers)).encode())

    def recall(
        self,
        texts: Iterable[bytes],
        credibility: float,
        pardons: Mapping[Identity, datetime],
        moment: float,
        reckon: Callable[[], Remainder],
    ) -> Remainder:
        """One person's remainder, `reckon`ed unless it is known and tells of that time (seconds since 1970).

        `texts` are the person's entries as they are stored.
        """
        made_of = self._base.copy()
        forgiven = sorted((str(who), at.timestamp()) for who, at in pardons.items())
        made_of.update(repr((credibility, forgiven)).encode())
        made_of.update(b"\n".join(texts))  # no text has a line break: each was part of a line
        digest = made_of.digest()
        found = self._known.get(digest)
        if found is None or not found.holds_at(moment):
            found, self._news = reckon(), True
        self._used[digest] = found
        return found

    def save(self) -> None:
        """Keep what was used, and no more, if it is so much that it saves time.

        A disk that won't have it only means reckoning again.
        """
        changed = self._news or self._used.keys() != self._known.keys()
        if not (self._keep and changed and len(self._used) >= WORTH_KEEPING):
            return
        packed = _encode(self._used)
        new = self._path.with_name(f"{self._path.name}.{os.getpid()}.new")
        with suppress(OSError):
            durable.write_file(new, [blake2b(packed, digest_size=_SIZE).digest(), packed])
            new.replace(self._path)


def _code() -> bytes:
    """What remainders are reckoned by, so that those of other code count for nothing.

    Where there is no source to read, nothing that was kept is found again.
    """
    try:
        return b"".join(Path(str(module.__file__)).read_bytes() for module in _CODE)
    except OSError:
        return os.urandom(_SIZE)


def _read(path: Path) -> dict[bytes, Remainder]:
    try:
        content = path.read_bytes()
    except OSError:
        return {}
    packed = content[_SIZE:]
    if content[:_SIZE] != blake2b(packed, digest_size=_SIZE).digest():
        return {}
    try:
        return _decode(packed)
    except msgspec.DecodeError:  # of another version
        return {}
