"""The entries by who they are about, each made into a value when somebody looks at it.

Most questions are about a few people of thousands, or need nothing of an account but that it is the one it was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import ItemsView, Iterable, Iterator, KeysView
from itertools import chain

from ledger.codec import read_identity
from ledger.entry import Direction, Entry, Identity
from ledger.quick import Written, read, read_entry, read_plain


class Sheaf:
    """The entries of one identity. `texts` are their JSON in order of arrival; none of entries that came as values.

    `given` is what of them I did, as it is told.
    """

    __slots__ = ("_entries", "given", "texts")

    def __init__(self) -> None:
        self.texts: list[bytes] = []
        self.given: list[Written | Entry] = []
        self._entries: list[Entry] | None = None

    @classmethod
    def of(cls, entries: list[Entry]) -> Sheaf:
        """A sheaf of values."""
        sheaf = cls()
        sheaf._entries = entries
        sheaf.given += (entry for entry in entries if entry.direction is Direction.GIVEN)
        return sheaf

    @property
    def told(self) -> Iterable[Written | Entry]:
        """All of them as they are told, made anew each time: quicker than keeping those of everybody."""
        return map(read, self.texts) if self._entries is None else self._entries

    @property
    def entries(self) -> list[Entry]:
        """All of them as values, which are kept."""
        if self._entries is None:
            self._entries = list(map(read_entry, self.texts))
        return self._entries


class Sheaves:
    """Everybody's entries. Iterating gives them all, those of one identity together."""

    def __init__(self, of: dict[Identity, Sheaf]) -> None:
        self._of = of

    @classmethod
    def bound(cls, entries: Iterable[Entry] | Sheaves) -> Sheaves:
        """These entries as sheaves."""
        if isinstance(entries, Sheaves):
            return entries
        of: dict[Identity, list[Entry]] = defaultdict(list)
        for entry in entries:
            of[entry.identity].append(entry)
        return cls({who: Sheaf.of(own) for who, own in of.items()})

    def identities(self) -> KeysView[Identity]:
        """Whom entries are about."""
        return self._of.keys()

    def about(self, identities: Iterable[Identity]) -> Sheaves:
        """Those of some identities alone."""
        return Sheaves({who: self._of[who] for who in identities if who in self._of})

    def items(self) -> ItemsView[Identity, Sheaf]:
        """Each identity with its entries."""
        return self._of.items()

    def __iter__(self) -> Iterator[Entry]:
        return chain.from_iterable(sheaf.entries for sheaf in self._of.values())

    def given(self) -> Iterator[Written | Entry]:
        """What I did for anybody, as it is told."""
        return chain.from_iterable(sheaf.given for sheaf in self._of.values())


class Binder:
    """Binds sheaves from the texts of a store."""

    def __init__(self) -> None:
        self._of: dict[str, Sheaf] = {}

    def add_plain(self, texts: Iterable[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
        """Take in all that are as this program writes them; give back the others, for `add` to say what is wrong."""
        of, given, odd = self._of, Direction.GIVEN, []
        for key, text in texts:
            try:
                told = read_plain(text)
                sheaf = of.get(told.who) or of.setdefault(str(told.identity), Sheaf())
            except ValueError:
                odd.append((key, text))
                continue
            sheaf.texts.append(text)
            if told.direction is given:
                sheaf.given.append(told)
        return odd

    def add(self, _key: str, text: bytes) -> None:
        """Take in one entry. Raises what `quick.read` raises."""
        told = read(text)
        who = str(told.identity)
        sheaf = self._of.setdefault(who, Sheaf())
        sheaf.texts.append(text)
        if told.direction is Direction.GIVEN:
            sheaf.given.append(told)

    def bound(self) -> Sheaves:
        """All that was taken in."""
        return Sheaves({read_identity(who): sheaf for who, sheaf in self._of.items()})
