"""People: which identities belong to one human (or brand), merging and splitting them, finding one by name. Pure.

Evidence hangs on identities, never on people, so merging and splitting only re-point identities. Proof that two belong
together is left to whoever collects it; storing is left to `book`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches
from typing import TypeVar

from ledger.entry import Identity
from ledger.who import UnknownWho as UnknownWho
from ledger.who import identity as identity
from ledger.who import profile_url as profile_url
from ledger.who import shown
from ledger.who import site_identity as site_identity

_T = TypeVar("_T")

#: What a person can be to me (`ledger people tag`).
ROLES = ("fan", "prospect", "collaborator", "mentor", "influencer", "friend", "press")


@dataclass(frozen=True, slots=True)
class Person:
    """One human or brand. `identities` is never empty; the first one names a person who has no name.

    `id` is made from an identity and stays while that identity stays. `cadence_days` is how often to be in touch.
    `automatic` marks bots and auto-sharers; `spam_signs` names the early signs of spam seen. `apart` are identities
    that were split off and never join again by themselves.
    """

    id: str
    name: str
    identities: tuple[Identity, ...]
    roles: tuple[str, ...] = ()
    note: str = ""
    cadence_days: float | None = None
    snoozed_until: datetime | None = None
    muted: bool = False
    opted_out: bool = False
    automatic: bool = False
    spam_signs: tuple[str, ...] = ()
    apart: tuple[Identity, ...] = ()

    @property
    def credibility(self) -> float:
        """In (0,1]: how much an act of theirs is believed to be a person's act."""
        return 0.1 if self.automatic else 0.5 ** len(self.spam_signs)


class NoSuchPerson(LookupError):
    """A name that fits nobody. `candidates` are people it may have meant."""

    def __init__(self, query: str, remedy: str, candidates: tuple[Person, ...] = ()) -> None:
        self.query, self.remedy, self.candidates = shown(query), remedy, candidates
        hint = f"; did you mean {_list(candidates)}?" if candidates else f": {remedy}"
        super().__init__(f"nobody is known as {self.query!r}{hint}")


class AmbiguousName(LookupError):
    """A name that fits several people: `candidates`."""

    def __init__(self, query: str, candidates: tuple[Person, ...]) -> None:
        self.query, self.candidates = shown(query), candidates
        super().__init__(f"{self.query!r} may be {_list(candidates)}: name one of these handles")


def implicit(who: Identity) -> Person:
    """The person behind one identity of whom nothing else is known."""
    return Person(str(who), who.handle, (who,))


def merge(keep: Person, other: Person) -> Person:
    """One person with the identities of both. `keep` stays who they are; what it lacks comes from `other`.

    Silence wins over noise: muted or opted out stays so. Merging by hand overrules an earlier split.
    """
    identities = _once(keep.identities + other.identities)
    return replace(
        keep,
        name=other.name if keep.name == keep.identities[0].handle else keep.name,
        identities=identities,
        roles=_once(keep.roles + other.roles),
        note="\n".join(note for note in _once((keep.note, other.note)) if note),
        cadence_days=keep.cadence_days if keep.cadence_days is not None else other.cadence_days,
        snoozed_until=max(filter(None, (keep.snoozed_until, other.snoozed_until)), default=None),
        muted=keep.muted or other.muted,
        opted_out=keep.opted_out or other.opted_out,
        automatic=keep.automatic or other.automatic,
        spam_signs=_once(keep.spam_signs + other.spam_signs),
        apart=tuple(who for who in _once(keep.apart + other.apart) if who not in identities),
    )


def split(person: Person, who: Identity) -> tuple[Person, Person]:
    """Take one identity out: the person without it, and the new person it makes. They never rejoin by themselves.

    ValueError if it is not theirs, or all they have.
    """
    rest = tuple(own for own in person.identities if own != who)
    if len(rest) == len(person.identities):
        raise ValueError(f"{who} is not an identity of {shown(person.name)}")
    if not rest:
        raise ValueError(f"{who} is the only identity of {shown(person.name)}")
    remaining = replace(
        person,
        id=str(rest[0]) if person.id == str(who) else person.id,
        name=rest[0].handle if person.name == who.handle else person.name,
        identities=rest,
        apart=_once((*person.apart, who)),
    )
    return remaining, replace(implicit(who), apart=rest)


class People:
    """Everybody of whom something is known, by identity; everybody else is implicit. A value: never changed."""

    def __init__(self, persons: Iterable[Person] = ()) -> None:
        self._persons = tuple(persons)
        self._of = {who: person for person in self._persons for who in person.identities}

    def __iter__(self) -> Iterator[Person]:
        return iter(self._persons)

    def __len__(self) -> int:
        return len(self._persons)

    def of(self, who: Identity) -> Person:
        """The person an identity belongs to: a known one, or one made from the identity alone."""
        return self._of.get(who) or implicit(who)

    def knows(self, who: Identity) -> bool:
        """Whether something was saved of whoever has this identity."""
        return who in self._of

    def find(self, query: str, seen: Iterable[Identity] = ()) -> Person:
        """The person a WHO or a name means. `seen` are identities of the entries, so that they are found by name too.

        A WHO always gives a person, if need be an implicit one. A name is compared without regard to case, with names,
        then with the part of a handle before its server. Raises AmbiguousName or NoSuchPerson.
        """
        try:
            return self.of(identity(query))
        except UnknownWho as error:
            remedy = error.remedy
        everybody = {person.id: person for person in (*self._persons, *map(self.of, seen))}
        wanted = _folded(query)
        by_name: dict[str, dict[str, Person]] = {}
        for person in everybody.values():
            for name in (person.name, *(short_name(who) for who in person.identities)):
                by_name.setdefault(_folded(name), {})[person.id] = person
        exact = [person for person in everybody.values() if _folded(person.name) == wanted]
        fits = tuple(exact or by_name.get(wanted, {}).values())
        if len(fits) > 1:
            raise AmbiguousName(query, fits)
        if fits:
            return fits[0]
        close = (by_name[name] for name in get_close_matches(wanted, by_name, n=3))
        raise NoSuchPerson(
            query, remedy, tuple({key: person for found in close for key, person in found.items()}.values())
        )


def short_name(who: Identity) -> str:
    """A handle without its server: `ada` of ada@example.social or ada.bsky.social."""
    return who.handle.partition("@")[0].removesuffix(".bsky.social") or who.handle


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().removeprefix("@").split())


def _once(values: tuple[_T, ...]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(values))


def _list(candidates: tuple[Person, ...]) -> str:
    return ", ".join(f"{shown(person.name)} ({person.identities[0]})" for person in candidates[:5])
