"""Erases a person from documents: what is theirs goes, and what else tells of them loses the part that does.

Works on any Store. The pure part decides what a trace is; files, copies and history are left to whoever owns them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable
from typing import Any, Protocol

from ledger.addresses import form
from ledger.entry import Entry, Identity
from ledger.named import named
from ledger.people import Person
from ledger.store.base import Document, Store
from ledger.who import profile_url

#: Where a ledger has documents that can tell of people, and the fields that say whose they are.
_OWNED = {"entries": "identity", "acts": "identity", "edges": "who"}
_BY_IDENTITY = ("sightings", "offers")
_OTHERS = ("entries", "people", "sightings", "offers", "acts", "follows", "edges")

#: Networks on which a handle is one of a kind; elsewhere a bare handle may be any word.
_TELLING = frozenset({"mastodon", "bluesky", "web"})


class Telling(Protocol):
    """Knows what tells of somebody who is to be left out."""

    def is_in(self, value: object) -> bool:
        """Whether a value tells of them anywhere by a handle or an address, keys included."""

    def names(self, text: str) -> bool:
        """Whether a text has their name, to be asked only of what is about them: others may be called the same."""


class Trace:
    """What of a person can stand in a text: their handles, sites, profile pages and posts.

    `addresses` are pages of theirs that no handle shows. A name, or a handle without its server, counts only in what
    tells of them besides: it could be anybody's. There it counts as the whole of a text, or if it has several words.
    """

    def __init__(
        self, identities: Collection[Identity], names: Iterable[str] = (), addresses: Iterable[str] = ()
    ) -> None:
        self.identities = frozenset(str(who) for who in identities)
        self._who = frozenset(identities)
        self._addresses = frozenset(map(form, addresses))
        inside = set(self.identities) | {who.handle for who in identities if who.network in _TELLING}
        inside |= {url.partition("://")[2] for who in identities if (url := profile_url(who))}
        inside |= {f"twitter.com/{who.handle}" for who in identities if who.network == "x"}
        words = {name.strip() for name in names if name.strip()}
        self._whole = {each.casefold() for each in words}
        self._whole |= {f"{at}{who.handle}".casefold() for who in identities for at in ("", "@")}
        self._inside = _any_of(inside)
        self._named = _any_of(name for name in words if " " in name)
        self._hints = {who.handle.partition("@")[0].partition("/")[0] for who in identities}

    def is_in(self, value: object) -> bool:
        """Whether a value tells of them anywhere by a handle or an address, keys included."""
        if isinstance(value, str):
            return self._is_told(value)
        if isinstance(value, dict):
            return any(self.is_in(key) or self.is_in(each) for key, each in value.items())
        return isinstance(value, (list, tuple)) and any(map(self.is_in, value))

    def names(self, text: str) -> bool:
        """Whether a text has their name, to be asked only of what is about them."""
        return text.casefold() in self._whole or bool(self._named and self._named.search(text))

    def _is_told(self, text: str) -> bool:
        if self._inside and self._inside.search(text):
            return True
        if self._addresses and form(text) in self._addresses:
            return True
        folded = text.casefold()
        return any(hint in folded for hint in self._hints) and not self._who.isdisjoint(named(text))


def _any_of(texts: Iterable[str]) -> re.Pattern[str] | None:
    """What finds one of these as words of their own."""
    parts = "|".join(re.escape(each) for each in sorted(texts, key=len, reverse=True))
    return re.compile(rf"(?<![\w.-])(?:{parts})(?![\w-]|\.\w)", re.IGNORECASE) if parts else None


def without(value: Any, trace: Telling, *, about: bool = False) -> Any:
    """A value without the texts, items and keys that tell of somebody; a text that does is emptied.

    In what is `about` them, or says so itself by a handle or an address, their name goes as well.
    """
    if isinstance(value, str):
        return "" if _tells(value, trace, about) else value
    if isinstance(value, list):
        return [without(each, trace, about=about) for each in value if not _tells(each, trace, about)]
    if isinstance(value, dict):
        about = about or any(_is_said(each, trace) for each in value.values())
        return {key: without(each, trace, about=about) for key, each in value.items() if not trace.is_in(key)}
    return value


def _tells(value: object, trace: Telling, about: bool) -> bool:
    return trace.is_in(value) or (about and isinstance(value, str) and trace.names(value))


def _is_said(value: object, trace: Telling) -> bool:
    """Whether a field itself tells of them, and not something deeper in it."""
    texts = value if isinstance(value, list) else [value]
    return any(trace.is_in(each) for each in texts if isinstance(each, str))


def erase_from_ledger(store: Store, trace: Trace) -> int:
    """Take all that is theirs out of a ledger, and all that tells of them; gives how many documents were theirs."""
    theirs = 0
    with store.transaction():
        for collection, owner in _OWNED.items():
            theirs += _drop(store, collection, lambda _, each: each[owner] in trace.identities)  # noqa: B023
        for collection in _BY_IDENTITY:
            theirs += _drop(store, collection, lambda key, _: key in trace.identities)
        theirs += _drop(store, "people", lambda _, each: not trace.identities.isdisjoint(each["identities"]))
        _drop(store, "numbers", lambda _, each: trace.is_in(each))
        for collection in (*_OTHERS, "cursors"):
            scrub(store, collection, trace)
    return theirs


def scrub(store: Store, collection: str, trace: Trace) -> None:
    """Rewrite the documents of a collection that tell of somebody; each stays under its key."""
    told = {key: new for key, each in store.scan(collection) if trace.is_in(each)
            and (new := rewritten(collection, each, trace))}  # fmt: skip
    if told:
        store.put_many(collection, told)


def rewritten(collection: str, document: Document, trace: Telling) -> Document | None:
    """A document of the ledger or the state without what tells of somebody; None for a person of whom nothing is left.

    A merge with somebody who is forgotten can't be undone any more.
    """
    if collection == "cursors":
        return _cursor_without(document, trace)
    if collection == "follows":
        return {**document, "who": {key: who for key, who in document["who"].items() if not trace.is_in(who)}}
    new: Document = without(document, trace)
    return _person(document, new) if collection == "people" else new


def _person(before: Document, left: Document) -> Document | None:
    """What is left of a person without what came by a merge with somebody who is gone: a name, lines of the note."""
    if not left["identities"]:
        return None
    if len(left.get("parts", ())) != len(before.get("parts", ())):
        stays = left.pop("parts")
        gone = [part for part in before["parts"] if part["id"] not in {each["id"] for each in stays}]
        notes = {line for part in gone for line in part.get("note", "").split("\n")}
        if left["name"] in {part["name"] for part in gone} - {part["name"] for part in stays}:
            left["name"] = "".join(part["name"] for part in stays[:1])
        if notes and "note" in left:
            left["note"] = "\n".join(line for line in left["note"].split("\n") if line not in notes)
    return left if left["name"] else {**left, "name": left["identities"][0].partition(":")[2]}


def key_of(collection: str, key: str, document: Document, trace: Telling) -> str:
    """Where a rewritten document lies: a person who was called by what is gone takes their first identity."""
    return document["identities"][0] if collection == "people" and trace.is_in(key) else key


def _cursor_without(document: Document, trace: Telling) -> Document:
    """Some cursors keep a place for each person, as JSON; a network's own is opaque and stays."""
    try:
        places = json.loads(document["cursor"])
    except ValueError:
        return document
    return {**document, "cursor": json.dumps(without(places, trace))} if isinstance(places, dict) else document


def _drop(store: Store, collection: str, is_theirs: Callable[[str, Document], bool]) -> int:
    gone = [key for key, each in store.scan(collection) if is_theirs(key, each)]
    store.delete(collection, gone)
    return len(gone)


def names_of(person: Person) -> frozenset[str]:
    """Everything a person is or was called, before each merge too."""
    own = {person.name} if person.has_name else set[str]()
    return frozenset(own.union(*(names_of(part) for part in person.parts)))


def identities_of(person: Person) -> frozenset[Identity]:
    """Every identity a person has or had before each merge."""
    return frozenset(person.identities).union(*(identities_of(part) for part in person.parts))


def addresses_of(identities: Collection[Identity], entries: Iterable[Entry]) -> frozenset[str]:
    """The pages of these identities by what they did: those where nobody else did anything, and none of mine."""
    theirs, others = set[str](), set[str]()
    for entry in entries:
        (theirs if entry.identity in identities else others).add(entry.url)
        others.add(entry.my_url)
    return frozenset(url for url in theirs - others if "://" in url)
