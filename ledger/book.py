"""The book: what the ledger remembers, on any Store. Appends and reads; reckoning is left to `settle` and `owe`.

Collections: `entries` by their key, `people` by id, `sightings` and `offers` by identity, `cursors` by name, `acts` by
what they are about, `numbers` (the list of suggestions last shown). Balances are never stored. Nothing is kept of who
is `forgotten`, by whatever door it comes. StoreError passes through.

What can't be read back is never written: BadDocument says what is wrong with it. Should one document be unreadable all
the same (another program's, or a hand's), it is left out and told in `problems`, and everything else is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cached_property, partial
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace

from ledger import codec, quick, sighted
from ledger.documents import UNREADABLE, act_key, checked, read_act, read_offers, write_act, write_offers
from ledger.entry import Entry, Identity
from ledger.forgotten import Forgotten
from ledger.numbered import Numbered as Numbered
from ledger.numbered import read_row, write_row
from ledger.people import People, Person, implicit
from ledger.sheaves import Binder, Sheaves
from ledger.store.base import Document, Store
from ledger.store.reading import ReadOnce
from ledger.store.resting import collector_resting
from ledger.suggestion import Act, Offer

if TYPE_CHECKING:
    from ledger.followbook import Follows
    from ledger.proof import Sighting

_T = TypeVar("_T")
_D = TypeVar("_D")

_REMEDY = "mend its line in ledger.jsonl by hand, or restore a backup"


class Book:
    """Everything the ledger knows, in one store that it shares with others but doesn't own."""

    def __init__(self, store: Store) -> None:
        self._store = self.store = store
        self._problems: dict[str, list[str]] = {}
        self._read_entry = ReadOnce(quick.read_entry)
        #: Who is never to be met again; every door of the book asks it.
        self.forgotten = Forgotten(store)

    @cached_property
    def follows(self) -> Follows:
        """Who follows whom."""
        from ledger.followbook import Follows  # which few commands ask for

        return Follows(self._store, self.forgotten)

    @property
    def problems(self) -> tuple[str, ...]:
        """A sentence for each document that the latest reading of its collection had to leave out."""
        return tuple(problem for found in self._problems.values() for problem in found)

    def transaction(self) -> AbstractContextManager[None]:
        """Several changes that count together or not at all."""
        return self._store.transaction()

    def back_up(self) -> None:
        """Keep a copy of everything, to go back to should the original be damaged."""
        self._store.back_up()

    def append(self, entries: Iterable[Entry]) -> int:
        """Add entries; what is there already stays as it is. Gives how many were new.

        BadDocument for an entry that could not be read back; then none of them is added.
        """
        by_key: dict[str, Entry] = {}
        for entry in self._met(entries, lambda entry: entry.identity):
            by_key.setdefault(entry.key, entry)
        if not by_key:
            return 0
        with self._store.transaction():
            new = {
                key: checked(codec.write_entry(entry), codec.check_entry)
                for key, entry in by_key.items()
                if self._store.get("entries", key) is None
            }
            if new:
                self._store.put_many("entries", self._rid("entries", new))
        return len(new)

    def unknown(self, entries: Iterable[Entry]) -> list[Entry]:
        """Those of the entries that are not there yet, each once."""
        met = self._met(entries, lambda entry: entry.identity)
        by_key = {entry.key: entry for entry in reversed(met)}
        return [entry for key, entry in reversed(by_key.items()) if self._store.get("entries", key) is None]

    def entries(self) -> tuple[Entry, ...]:
        """All entries in the order they were appended."""
        with collector_resting():
            return tuple(self._all("entries", self._read_entry, self._store.texts("entries")))

    def sheaves(self) -> Sheaves:
        """All entries, those of one identity together, each made into a value when somebody looks at it."""
        binder = Binder()
        with collector_resting():
            self._all("entries", binder.add, binder.add_plain(self._store.texts("entries")))
            return binder.bound()

    def entry(self, key: str) -> Entry | None:
        """One entry by its key; None when it isn't there or can't be read."""
        document = self._store.get("entries", key)
        try:
            return codec.read_entry(document) if document else None
        except UNREADABLE:
            return None

    def retract(self, keys: Iterable[str]) -> None:
        """Take entries back, for what was undone in the world (a deleted share) or is to be forgotten."""
        self._store.delete("entries", keys)

    def people(self) -> People:
        """Everybody of whom something was saved."""
        return People(self._all_of("people", codec.read_person))

    def save_people(self, *persons: Person, instead_of: Iterable[Person] = ()) -> None:
        """Insert or replace people; `instead_of` are dropped, as after merging and splitting."""
        new = self._rid("people", {person.id: codec.write_person(person) for person in persons})
        for key, document in new.items():
            checked(document, partial(codec.read_person, key))
        gone = [person.id for person in (*persons, *instead_of) if person.id not in new]
        with self._store.transaction():
            self._store.delete("people", gone)
            self._store.put_many("people", new)

    def introduce(self, names: Mapping[Identity, str]) -> None:
        """Give a name to identities of which nothing was saved yet; whoever has a name keeps it."""
        people = self.people()
        strangers = [(implicit(who), name) for who, name in names.items() if name and not people.knows(who)]
        if strangers:
            self.save_people(*(replace(person, name=name) for person, name in strangers))

    def sightings(self) -> dict[Identity, Sighting]:
        """What was found of identities when they were looked at last."""
        return {seen.who: seen for seen in self._all_of("sightings", sighted.read_sighting)}

    def save_sightings(self, sightings: Iterable[Sighting]) -> None:
        """Insert or replace what was found of identities."""
        new = {
            str(seen.who): checked(sighted.write_sighting(seen), partial(sighted.read_sighting, str(seen.who)))
            for seen in self._met(sightings, lambda seen: seen.who)
        }
        if new:
            self._store.put_many("sightings", self._rid("sightings", new))

    def cursor(self, name: str) -> str | None:
        """Where a reporter stopped, opaque; None before its first time."""
        document = self._store.get("cursors", name)
        return document["cursor"] if document else None

    def set_cursor(self, name: str, cursor: str | None) -> None:
        """Remember where a reporter stopped; None forgets. In one transaction with its entries, nothing is lost."""
        if cursor is None:
            self._store.delete("cursors", [name])
        elif cursor != self.cursor(name):
            self._store.put("cursors", name, {"cursor": cursor})

    def offers(self) -> dict[Identity, tuple[Offer, ...]]:
        """What could be shared of whom; also who is read and has nothing to offer now."""
        return dict(self._all_of("offers", read_offers))

    def set_offers(self, offers: Mapping[Identity, Sequence[Offer]]) -> None:
        """Replace the offers of the identities named; writes only what changed, leaves others as they are."""
        new: dict[str, Document] = {}
        for who, own in self._met(offers.items(), lambda each: each[0]):
            document = write_offers(own)
            checked(document, partial(read_offers, str(who)))
            if self._store.get("offers", str(who)) != document:
                new[str(who)] = document
        if new:
            self._store.put_many("offers", self._rid("offers", new))

    def drop_offers(self, identities: Iterable[Identity]) -> None:
        """Forget the offers of sites that are no longer read."""
        self._store.delete("offers", [str(who) for who in identities])

    def acts(self) -> tuple[Act, ...]:
        """What I decided or did about people, each in its last state."""
        return tuple(self._all_of("acts", read_act))

    def record(self, *acts: Act) -> None:
        """Keep acts; one about the same identity, act and url takes the place of the one before."""
        met = self._met(acts, lambda act: act.identity)
        new = {act_key(act): checked(write_act(act), partial(read_act, "")) for act in met}
        self._store.put_many("acts", self._rid("acts", new))

    def remember_numbers(self, rows: Sequence[Numbered]) -> None:
        """Keep the list just shown, so that a number means what its reader saw. Writes only when it changed."""
        document: Document = {"rows": [write_row(row) for row in rows]}
        if self._store.get("numbers", "shown") != document:
            self._store.put("numbers", "shown", document)

    def numbers(self) -> tuple[Numbered, ...]:
        """The list last shown; empty before the first, and when it can't be read: then it has to be shown again."""
        document = self._store.get("numbers", "shown") or {"rows": []}
        try:
            return tuple(map(read_row, document["rows"]))
        except UNREADABLE:
            return ()

    def settle_number(self, number: int, row: Numbered, how: str) -> None:
        """Note what became of a row of the list last shown, if it still has that number; the others keep theirs."""
        rows = list(self.numbers())
        if rows[number - 1 : number] == [row]:
            rows[number - 1] = replace(row, settled=how)
            self.remember_numbers(rows)

    def _met(self, values: Iterable[_T], who: Callable[[_T], Identity]) -> list[_T]:
        """Those of the values whose people are not forgotten."""
        values = list(values)
        gone = self.forgotten.among(map(who, values))
        return [value for value in values if who(value) not in gone] if gone else values

    def _rid(self, collection: str, documents: Mapping[str, Document]) -> Mapping[str, Document]:
        """The documents without what names somebody who is forgotten, and of people those of whom something is left."""
        refused = self.forgotten.refused()
        if not refused:
            return documents
        from ledger.erase import key_of, rewritten  # which nobody needs who has forgotten nobody

        left = ((key, rewritten(collection, each, refused)) for key, each in documents.items())
        return {key_of(collection, key, each, refused): each for key, each in left if each is not None}

    def _all_of(self, collection: str, read: Callable[[str, Document], _T]) -> list[_T]:
        return self._all(collection, read, self._store.scan(collection))

    def _all(self, collection: str, read: Callable[[str, _D], _T], documents: Iterable[tuple[str, _D]]) -> list[_T]:
        found: list[_T] = []
        problems: list[str] = []
        for key, document in documents:
            try:
                found.append(read(key, document))
            except UNREADABLE as error:
                what = error if isinstance(error, codec.BadDocument) else repr(error)
                problems.append(f"the ledger's {collection}: {key!r} can't be read and was left out: {what}; {_REMEDY}")
        self._problems[collection] = problems
        return found
