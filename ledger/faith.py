"""Bad faith that shows in the ledger itself: who shares whatever I post, who came in a crowd of look-alikes. Pure.

What profiles tell of spam is in `suspicion`; what the signs cost is said by `Person.credibility`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from msgspec.structs import replace

from ledger.addresses import form
from ledger.entry import Direction, Entry, Identity, Kind
from ledger.people import SHARES_ALL, SHARES_AT_ONCE, SHARING_SIGNS, People, Person

BURST = "came with many look-alikes within an hour"
_OURS = SHARING_SIGNS | {BURST}

#: Passing on what I wrote; a link in somebody's own writing is more than that.
_PASSED_ON = frozenset({Kind.SHARE, Kind.BOOST, Kind.QUOTE, Kind.SUBMIT})
#: My last posts of a network that are looked at, and how many of them one who passes on everything shares.
_LAST, _NEARLY_ALL = 10, 8
#: Sooner than this nobody has read it; and of how many shares that is told.
_AT_ONCE, _FEW = timedelta(minutes=10), 3
_CROWD, _TOGETHER = 10, timedelta(hours=1)
#: A handle with so many digits in a row was made up by a program, or by a site for somebody who did not care.
_NUMBERED = re.compile(r"[0-9]{4}")
_DIGITS = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class Mine:
    """A post of one of my accounts (`where`), or a page of mine on the `web`; `at` is when it came out."""

    where: str
    at: datetime
    addresses: tuple[str, ...]


def judged(people: People, entries: Collection[Entry], posts: Iterable[Mine]) -> list[Person]:
    """Those people of whom the entries tell something else than is noted, as they are to be noted.

    Who has accounts that act like people, besides one that passes on everything, is a person.
    """
    received = [entry for entry in entries if entry.direction is Direction.RECEIVED]
    signs = _signs(received, list(posts))
    acting = {entry.identity for entry in received}
    noted = (person for person in people if not _OURS.isdisjoint(person.spam_signs))
    found = {person.id: person for person in (*noted, *map(people.of, signs))}
    told = ((person, _noted(person, acting, signs)) for person in found.values())
    return [after for before, after in told if after != before]


def _noted(person: Person, acting: Collection[Identity], signs: Mapping[Identity, Collection[str]]) -> Person:
    others = tuple(sign for sign in person.spam_signs if sign not in _OURS)
    theirs = [signs.get(who, ()) for who in person.identities if who in acting]
    found = dict.fromkeys(sign for each in theirs for sign in each)
    if not all(SHARING_SIGNS.intersection(each) for each in theirs):
        found = {sign: None for sign in found if sign not in SHARING_SIGNS}
    return replace(person, spam_signs=() if person.is_person else (*others, *found))


def _signs(received: Sequence[Entry], posts: Sequence[Mine]) -> dict[Identity, list[str]]:
    signs: dict[Identity, list[str]] = defaultdict(list)
    for who, sign in _sharing_all(received, posts):
        signs[who].append(sign)
    for who in _crowds(received):
        signs[who].append(BURST)
    return dict(signs)


def _sharing_all(received: Iterable[Entry], posts: Sequence[Mine]) -> Iterator[tuple[Identity, str]]:
    """Who shared nearly all of my last posts on a network, or those they shared nearly at once."""
    ordered = sorted(posts, key=lambda post: (post.at, post.addresses))
    of_address = {form(address): number for number, post in enumerate(ordered) for address in post.addresses}
    shared: dict[Identity, dict[int, list[timedelta]]] = defaultdict(lambda: defaultdict(list))
    for entry in received:
        number = of_address.get(form(entry.my_url)) if entry.kind in _PASSED_ON and not entry.secondhand else None
        if number is not None:
            delays = shared[entry.identity][number]
            if entry.at is not None and entry.at >= ordered[number].at:
                delays.append(entry.at - ordered[number].at)
    last: dict[str, list[int]] = defaultdict(list)
    for number, post in enumerate(ordered):
        last[post.where].append(number)
    latest = [frozenset(numbers[-_LAST:]) for numbers in last.values() if len(numbers) >= _LAST]
    for who, theirs in shared.items():
        if any(len(numbers & theirs.keys()) >= _NEARLY_ALL for numbers in latest):
            yield who, SHARES_ALL
        delays = [min(each) for each in theirs.values() if each]
        if len(delays) >= _FEW and median(delay.total_seconds() for delay in delays) < _AT_ONCE.total_seconds():
            yield who, SHARES_AT_ONCE


def _crowds(received: Iterable[Entry]) -> set[Identity]:
    """Who first did something for me within an hour in which so many did the same whose handles look like theirs."""
    first: dict[Identity, Entry] = {}
    for entry in received:
        known = first.get(entry.identity)
        if entry.at is not None and (known is None or _place(entry) < _place(known)):
            first[entry.identity] = entry
    alike: dict[tuple[str, ...], list[tuple[datetime, Identity]]] = defaultdict(list)
    for who, entry in first.items():
        for look in _looks(who):
            alike[entry.kind, who.network, *look].append((entry.when, who))
    found: set[Identity] = set()
    for arrivals in alike.values():
        arrivals.sort()
        for start in range(len(arrivals) - _CROWD + 1):
            if arrivals[start + _CROWD - 1][0] - arrivals[start][0] <= _TOGETHER:
                found.update(who for _, who in arrivals[start : start + _CROWD])
    return found


def _place(entry: Entry) -> tuple[datetime, Kind]:
    return entry.when, entry.kind


def _looks(who: Identity) -> Iterator[tuple[str, ...]]:
    """What a handle has in common with others of its kind: the same name with other digits, or many digits at all."""
    name, _, server = who.handle.partition("@")
    if _DIGITS.search(name):
        yield "stem", _DIGITS.sub("", name), server
    if _NUMBERED.search(name):
        yield "numbered", server
