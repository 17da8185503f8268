"""Erases a person from documents: what is theirs goes, and what else tells of them loses the part that does.

Works on any Store. The pure part decides what a trace is; files, copies and history are left to whoever owns them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable
from typing import Any

from ledger.entry import Identity
from ledger.people import Person
from ledger.store.base import Document, Store
from ledger.who import profile_url

#: Where a ledger has documents that can tell of people, and the fields that say whose they are.
_OWNED = {"entries": "identity", "acts": "identity", "edges": "who"}
_BY_IDENTITY = ("sightings", "offers")
_OTHERS = ("entries", "people", "sightings", "offers", "acts", "follows", "edges")

#: Networks on which a handle is one of a kind; elsewhere a bare handle may be any word.
_TELLING = frozenset({"mastodon", "bluesky", "web"})


class Trace:
    """What of a person can stand in a text: their handles, sites and profile pages, and their name.

    A bare name or handle without a server counts only as the whole of a text, or if it has several words: it could be
    anybody's.
    """

    def __init__(self, identities: Collection[Identity], names: Iterable[str] = ()) -> None:
        self.identities = frozenset(str(who) for who in identities)
        inside = set(self.identities) | {who.handle for who in identities if who.network in _TELLING}
        inside |= {url.partition("://")[2] for who in identities if (url := profile_url(who))}
        inside |= {f"twitter.com/{who.handle}" for who in identities if who.network == "x"}
        words = {name.strip() for name in names if name.strip()}
        inside |= {name for name in words if " " in name}
        whole = words | {f"{at}{who.handle}" for who in identities for at in ("", "@")}
        self._whole = {text.casefold() for text in whole}
        parts = "|".join(re.escape(each) for each in sorted(inside, key=len, reverse=True))
        self._inside = re.compile(rf"(?<![\w.-])(?:{parts})(?![\w-]|\.\w)", re.IGNORECASE) if parts else None

    def is_in(self, value: object) -> bool:
        """Whether a value tells of them anywhere, keys included."""
        if isinstance(value, str):
            return value.casefold() in self._whole or bool(self._inside and self._inside.search(value))
        if isinstance(value, dict):
            return any(self.is_in(key) or self.is_in(each) for key, each in value.items())
        return isinstance(value, (list, tuple)) and any(map(self.is_in, value))


def without(value: Any, trace: Trace) -> Any:
    """A value without the texts, items and keys that tell of somebody; a text that does is emptied."""
    if isinstance(value, str):
        return "" if trace.is_in(value) else value
    if isinstance(value, list):
        return [without(each, trace) for each in value if not trace.is_in(each)]
    if isinstance(value, dict):
        return {key: without(each, trace) for key, each in value.items() if not trace.is_in(key)}
    return value


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
    told = {key: _rewritten(collection, each, trace) for key, each in store.scan(collection) if trace.is_in(each)}
    if told:
        store.put_many(collection, told)


def _rewritten(collection: str, document: Document, trace: Trace) -> Document:
    if collection == "cursors":
        return _cursor_without(document, trace)
    if collection == "follows":
        kept = {key: who for key, who in document["who"].items() if who not in trace.identities}
        return {**document, "who": kept}
    new: Document = without(document, trace)
    if len(new.get("parts", ())) != len(document.get("parts", ())):
        del new["parts"]  # a merge with somebody who is forgotten can't be undone any more
    return new


def _cursor_without(document: Document, trace: Trace) -> Document:
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
