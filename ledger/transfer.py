"""A whole ledger as JSON Lines, to move it or to merge it with another: a line that says what it is, then documents.

Balances are not in it: they are computed. Neither are the places where networks were read to, which are found again.
Read in, each document goes through the same doors as any other: nothing is taken of who was forgotten here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from ledger import codec, followbook, forgotten
from ledger.book import Book
from ledger.entry import Identity
from ledger.erase import key_of, rewritten
from ledger.forgotten import Refused
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


def read(book: Book, text: str) -> Imported:
    """Merge the lines of `write` into a ledger, each by its key. Doing it again changes nothing.

    What is here and differs stays; a person is given what nobody said of them here, and of two sightings or acts the
    later one counts. A line that can't be read costs only itself. BadDocument for a version that is not known.
    """
    head, _, rest = text.partition("\n")
    version = (_head(head) or {}).get("version")
    if version != VERSION:
        raise codec.BadDocument(f"it is a ledger of version {version!r}, and {VERSION} is known; update this program")
    total, problems = Imported(), list[Problem]()
    taken = {str(who) for person in book.people() for who in person.identities}
    lines = iter([(number, line) for number, line in enumerate(rest.split("\n"), 2) if line.strip()])
    while some := list(islice(lines, _AT_ONCE)):
        with book.transaction():
            refused = book.forgotten.refused()
            for number, line in some:
                try:
                    _take_in(book, line, total, taken, refused)
                except (AttributeError, LookupError, TypeError, ValueError, RecursionError) as error:
                    what = error if isinstance(error, codec.BadDocument) else "it is not as an export writes it"
                    problems.append(Problem(number, f"left out: {what}"))
    total.problems = tuple(problems)
    return total


def _head(line: str) -> Mapping[str, Any] | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and found.get("format") == FORMAT else None


def _take_in(book: Book, line: str, total: Imported, taken: set[str], refused: Refused) -> None:
    """Merge one line; `taken` are the identities of people who are here, `refused` is who was forgotten here."""
    told = json.loads(line)
    collection, key, document = told["in"], told["key"], told["is"]
    if collection not in _READERS or not isinstance(key, str) or not isinstance(document, dict):
        raise codec.BadDocument("an export has no such line")
    line.encode()  # half a surrogate pair can't be stored
    owner = _READERS[collection](key, document)
    if refused and collection != forgotten.COLLECTION:
        left = None if owner and owner in refused else rewritten(collection, document, refused)
        if left is None:
            total.unchanged += 1
            return
        key, document = key_of(collection, key, left, refused), left
    here = book.store.get(collection, key)
    new = _merged(collection, here, document, taken)
    if new is None or new == here:
        total.unchanged += 1
        return
    book.store.put(collection, key, new)
    if here is None:
        total.added += 1
    else:
        total.updated += 1


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


def _entry(_key: str, document: Document) -> Identity:
    return codec.check_entry(document).identity


def _person_of(_key: str, document: Document) -> None:
    if not codec.read_person("", document).identities:
        raise codec.BadDocument("a person has identities")


def _sighting(key: str, document: Document) -> Identity:
    return codec.read_sighting(key, document).who


def _act(_key: str, document: Document) -> Identity:
    codec.read_time(document["at"])
    if not all(isinstance(document[name], str) for name in ("act", "url", "state")):
        raise codec.BadDocument("an act has texts")
    return codec.read_identity(document["identity"])


def _offers(key: str, document: Document) -> Identity:
    who = codec.read_identity(key)
    for each in document["offers"]:
        codec.read_offer(who, each)
    return who


def _first_walk(_key: str, document: Document) -> None:
    _of_account(document)
    for who in document["who"].values():
        codec.read_identity(who)


def _edge(_key: str, document: Document) -> Identity:
    _of_account(document)
    if not isinstance(document["id"], str):
        raise codec.BadDocument("an edge has an id")
    return followbook.read_edge(document).who


def _of_account(document: Document) -> None:
    if not isinstance(document["account"], str) or document["side"] not in {"followers", "following"}:
        raise codec.BadDocument("it names no account and side")


def _walk(_key: str, document: Document) -> None:
    for each in document.values():
        codec.read_time(each)


def _hash(key: str, document: Document) -> None:
    if not isinstance(document["salt"], str) or not _is_hex(document["salt"]) or not _is_hex(key):
        raise codec.BadDocument("it is no salted hash")


def _is_hex(text: str) -> bool:
    return bool(bytes.fromhex(text)) and len(text) <= 64


_READERS: Mapping[str, Callable[[str, Document], Identity | None]] = {
    forgotten.COLLECTION: _hash,
    "entries": _entry,
    "people": _person_of,
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
