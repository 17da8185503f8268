"""Who asked to be forgotten: nothing but a salted hash of each of their identities, so that no door lets them in again.

The hash can tell whether somebody is meant who is named anew; it does not tell who was. Each has the salt of the
installation that made it, so that it means the same on another machine.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterable

from ledger.entry import Identity
from ledger.store.base import Store

COLLECTION = "forgotten"


class Forgotten:
    """The forgotten in one store, asked as a container: `who in forgotten`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __bool__(self) -> bool:
        return self._store.count(COLLECTION) > 0

    def __contains__(self, who: Identity) -> bool:
        return bool(self) and any(self._knows(who, salt) for salt in self._salts())

    def among(self, identities: Iterable[Identity]) -> frozenset[Identity]:
        """Those of many who are forgotten; the salts are read once."""
        salts = self._salts() if self else ()
        return frozenset(who for who in identities if any(self._knows(who, salt) for salt in salts))

    def refused(self) -> Refused:
        """Who is forgotten as of now, to ask about many texts."""
        return Refused(self._salts(), frozenset(key for key, _ in self._store.scan(COLLECTION)))

    def add(self, identities: Iterable[Identity]) -> None:
        """Forget these for good."""
        salt = next(iter(self._salts()), os.urandom(16).hex())
        self._store.put_many(COLLECTION, {_hash(who, salt): {"salt": salt} for who in identities})

    def remove(self, identities: Iterable[Identity]) -> None:
        """Let these be met again."""
        salts = self._salts()
        self._store.delete(COLLECTION, [_hash(who, salt) for who in identities for salt in salts])

    def _salts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(str(document["salt"]) for _, document in self._store.scan(COLLECTION)))

    def _knows(self, who: Identity, salt: str) -> bool:
        return self._store.get(COLLECTION, _hash(who, salt)) is not None


class Refused:
    """The forgotten as of one moment; false when there are none. Tells of texts whether somebody is named there."""

    def __init__(self, salts: Collection[str], hashes: Collection[str]) -> None:
        self._salts, self._hashes = salts, hashes

    def __bool__(self) -> bool:
        return bool(self._hashes)

    def __contains__(self, who: Identity) -> bool:
        return any(_hash(who, salt) in self._hashes for salt in self._salts)

    def is_in(self, value: object) -> bool:
        """Whether a value names one of them anywhere by a handle or an address, keys included."""
        from ledger.named import named

        if isinstance(value, str):
            return any(who in self for who in named(value))
        if isinstance(value, dict):
            return any(self.is_in(key) or self.is_in(each) for key, each in value.items())
        return isinstance(value, (list, tuple)) and any(map(self.is_in, value))

    def names(self, text: str) -> bool:
        """A hash knows no names."""
        return False


def _hash(who: Identity, salt: str) -> str:
    return hashlib.blake2b(str(who).encode("utf-8", "surrogatepass"), key=salt.encode(), digest_size=16).hexdigest()
