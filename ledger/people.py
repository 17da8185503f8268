"""People: which identities belong to one human (or brand), and finding one by name. Pure.

Evidence hangs on identities, never on people, so joining and parting people (`merging`) only re-points identities. When
two belong together is for `proof` to say; storing is left to `book`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime
from difflib import get_close_matches

import msgspec

from ledger.entry import Identity
from ledger.who import UnknownWho as UnknownWho
from ledger.who import identity as identity
from ledger.who import profile_url as profile_url
from ledger.who import shown
from ledger.who import site_identity as site_identity

#: What a person can be to me (`ledger people tag`).
ROLES = ("fan", "prospect", "collaborator", "mentor", "influencer", "friend", "press")

#: Signs that somebody's acts are a program's: who has one of them passes on whatever I post.
SHARES_ALL, SHARES_AT_ONCE = "shares nearly everything you post", "shares your posts within minutes"
SHARING_SIGNS = frozenset({SHARES_ALL, SHARES_AT_ONCE})


class Person(msgspec.Struct, frozen=True):
    """One human or brand. `identities` is never empty; the first one names a person who has no name.

    `id` is made from an identity and stays while that identity stays. `cadence_days` is how often to be in touch.
    `automatic` marks bots; `spam_signs` names the early signs of spam that were seen, and signs of a program that
    shares for them; `is_person` is the owner's word that none of it counts. `apart` are identities that were split off
    and never join again by themselves. `parts` are the two whom the latest merge has joined, as they were before it.
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
    is_person: bool = False
    parts: tuple[Person, ...] = ()

    @property
    def has_name(self) -> bool:
        """Whether they are called anything but the first of their handles."""
        return self.name != self.identities[0].handle

    @property
    def is_automatic(self) -> bool:
        """Whether a program acts for them: a bot, or one that shares whatever I post."""
        return not self.is_person and (self.automatic or not SHARING_SIGNS.isdisjoint(self.spam_signs))

    @property
    def credibility(self) -> float:
        """In (0,1]: how much an act of theirs is believed to be a person's act."""
        if self.is_person:
            return 1.0
        return 0.1 if self.is_automatic else 0.5 ** len(self.spam_signs)


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
        parts = (name for name in by_name if wanted in re.split(r"[\s.@]+", name))
        likely = dict.fromkeys((*parts, *get_close_matches(wanted, by_name, n=3)))
        close = (by_name[name] for name in likely)
        raise NoSuchPerson(
            query, remedy, tuple({key: person for found in close for key, person in found.items()}.values())
        )


def meant(person: Person, query: str) -> Identity:
    """Which of a person's identities a WHO names; the first one when it names the person, and no handle of theirs."""
    try:
        who = identity(query)
    except UnknownWho:
        return person.identities[0]
    return who if who in person.identities else person.identities[0]


def short_name(who: Identity) -> str:
    """A handle without its server: `ada` of ada@example.social or ada.bsky.social."""
    return who.handle.partition("@")[0].removesuffix(".bsky.social") or who.handle


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().removeprefix("@").split())


def _list(candidates: tuple[Person, ...]) -> str:
    return ", ".join(f"{shown(person.name)} ({person.identities[0]})" for person in candidates[:5])
