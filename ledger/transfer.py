"""A whole ledger as JSON Lines, to move it or to merge it with another: a line that says what it is, then documents.

Balances are not in it: they are computed. Neither are the places where networks were read to, which are found again.
Read in, each document goes through the same doors as any other: nothing is taken of who was forgotten here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from ledger import codec, followbook, forgotten, sighted
from ledger.book import Book
from ledger.entry import Identity
from ledger.erase import key_of, rewritten
from ledger.store.base import Document, Store

FORMAT, VERSION = "ledger", 1
_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a line (counted from 1), in a sentence."""

    line: int
    message: str


@dataclass(slots=True)
class Imported:
    """How many documents were new, changed what was here, or were here already; and what could not be read."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    problems: tuple[Problem, ...] = ()


def is_ledger(text: str) -> bool:
    """Whether a text begins as `write` does, in whatever version."""
    return _head(text.partition("\n")[0]) is not None


def write(store: Store) -> Iterator[str]:
    """A ledger's lines."""
    yield json.dumps({"format": FORMAT, "version": VERSION})
    for collection in _READERS:
        for key, document in store.scan(collection):
            yield json.dumps({"in": collection, "key": key, "is": document}, ensure_ascii=False)


def read(book: Book, text: str, is_me: Callable[[Identity], bool] = lambda _: False) -> Imported:
    """Merge the lines of `write` into a ledger, each by its key. Doing it again changes nothing.

    What is here and differs stays; a person is given what nobody said of them here, and of two sightings or acts the
    later one counts. A line that can't be read costs only itself, and so does one about whoever reads it, as `is_me`
    knows. BadDocument for a version that is not known.
    """
    head, _, rest = text.partition("\n")
    version = (_head(head) or {}).get("version")
    if version != VERSION:
        raise codec.BadDocument(f"it is a ledger of version {version!r}, and {VERSION} is known; update this program")
    problems = list[Problem]()
    door = _Door(book, is_me)
    lines = iter([(number, line) for number, line in enumerate(rest.split("\n"), 2) if line.strip()])
    while some := list(islice(lines, _AT_ONCE)):
        with book.transaction():
            door.refused = book.forgotten.refused()
            for number, line in some:
                try:
                    door.take_in(line)
                except (AttributeError, LookupError, TypeError, ValueError, RecursionError) as error:
                    what = error if isinstance(error, codec.BadDocument) else "it is not as an export writes it"
                    problems.append(Problem(number, f"left out: {what}"))
    door.total.problems = tuple(problems)
    return door.total


def _head(line: str) -> Mapping[str, Any] | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and found.get("format") == FORMAT else None


class _Door:
    """Where lines come in: `taken` are the identities of people who are here, `refused` is who was forgotten here."""

    def __init__(self, book: Book, is_me: Callable[[Identity], bool]) -> None:
        self._book, self._is_me = book, is_me
        self._taken = {str(who) for person in book.people() for who in person.identities}
        self.refused = book.forgotten.refused()
        self.total = Imported()

    def take_in(self, line: str) -> None:
        """Merge one line."""
        told = json.loads(line)
        collection, key, document = told["in"], told["key"], told["is"]
        if collection not in _READERS or not isinstance(key, str) or not isinstance(document, dict):
            raise codec.BadDocument("an export has no such line")
        line.encode()  # half a surrogate pair can't be stored
        owners = _READERS[collection](key, document)
        if collection in {"entries", "people"} and any(map(self._is_me, owners)):
            raise codec.BadDocument("that is you, and the ledger is about others")
        left = self._let_in(collection, document, owners)
        if left is None:
            self.total.unchanged += 1
        else:
            self._keep(collection, key_of(collection, key, left, self.refused), left)

    def _keep(self, collection: str, key: str, document: Document) -> None:
        here = self._book.store.get(collection, key)
        new = _merged(collection, here, document, self._taken)
        if new is None or new == here:
            self.total.unchanged += 1
            return
        self._book.store.put(collection, key, new)
        if here is None:
            self.total.added += 1
        else:
            self.total.updated += 1

    def _let_in(self, collection: str, document: Document, owners: Collection[Identity]) -> Document | None:
        """What may come in of a document, None for nothing."""
        if not self.refused or collection == forgotten.COLLECTION:
            return document
        if owners and all(who in self.refused for who in owners):
            return None
        return rewritten(collection, document, self.refused)


def _merged(collection: str, here: Document | None, told: Document, taken: set[str]) -> Document | None:
    """What to keep of a document and the one that is here already; None for nothing new."""
    if collection == "people":
        return _person(here, told, taken)
    if here is None:
        return told
    if collection in {"acts", "sightings"}:
        return told if codec.read_time(told["at"]) > codec.read_time(here["at"]) else here
    return here


def _person(here: Document | None, told: Document, taken: set[str]) -> Document | None:
    """A person with what is known here before what is told; identities of somebody else here stay with those."""
    if here:
        return {**told, **here}
    own = [who for who in told["identities"] if who not in taken]
    taken.update(own)
    return {**told, "identities": own} if own else None


def _entry(_key: str, document: Document) -> tuple[Identity, ...]:
    return (codec.check_entry(document).identity,)


def _identities(_key: str, document: Document) -> tuple[Identity, ...]:
    if not (found := codec.read_person("", document).identities):
        raise codec.BadDocument("a person has identities")
    return found


def _sighting(key: str, document: Document) -> tuple[Identity, ...]:
    return (sighted.read_sighting(key, document).who,)


def _act(_key: str, document: Document) -> tuple[Identity, ...]:
    codec.read_time(document["at"])
    if not all(isinstance(document[name], str) for name in ("act", "url", "state")):
        raise codec.BadDocument("an act has texts")
    return (codec.read_identity(document["identity"]),)


def _offers(key: str, document: Document) -> tuple[Identity, ...]:
    who = codec.read_identity(key)
    for each in document["offers"]:
        codec.read_offer(who, each)
    return (who,)


def _first_walk(_key: str, document: Document) -> tuple[()]:
    _of_account(document)
    for who in document["who"].values():
        codec.read_identity(who)
    return ()


def _edge(_key: str, document: Document) -> tuple[Identity, ...]:
    _of_account(document)
    if not isinstance(document["id"], str):
        raise codec.BadDocument("an edge has an id")
    return (followbook.read_edge(document).who,)


def _of_account(document: Document) -> None:
    if not isinstance(document["account"], str) or document["side"] not in {"followers", "following"}:
        raise codec.BadDocument("it names no account and side")


def _walk(_key: str, document: Document) -> tuple[()]:
    for each in document.values():
        codec.read_time(each)
    return ()


def _hash(key: str, document: Document) -> tuple[()]:
    if not isinstance(document["salt"], str) or not _is_hex(document["salt"]) or not _is_hex(key):
        raise codec.BadDocument("it is no salted hash")
    return ()


def _is_hex(text: str) -> bool:
    return bool(bytes.fromhex(text)) and len(text) <= 64


_READERS: Mapping[str, Callable[[str, Document], tuple[Identity, ...]]] = {
    forgotten.COLLECTION: _hash,
    "entries": _entry,
    "people": _identities,
    "sightings": _sighting,
    "acts": _act,
    "offers": _offers,
    followbook.FIRST: _first_walk,
    followbook.CHANGED: _edge,
    followbook.WALKS: _walk,
}


def lines_of(texts: Iterable[str]) -> Iterator[bytes]:
    """Lines as the bytes of a file."""
    return (text.encode() + b"\n" for text in texts)
