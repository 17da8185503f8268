"""Early signs that whoever did something is no person who meant it: bots, new and empty accounts, spam. Pure.

The signs and what they cost are the rules of the ledger (`Person.credibility`); the owner's word overrules them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from msgspec.structs import replace

from ledger.entry import Direction, Entry, Identity
from ledger.people import Person
from ledger.proof import Sighting

NEW, EMPTY, GREEDY, LABELLED = (
    "account under 30 days old",
    "no posts",
    "follows over 2,000, more than 5 for each follower",
    "labelled as spam",
)
_OURS = frozenset({NEW, EMPTY, GREEDY, LABELLED})
_YOUNG = timedelta(days=30)
_MANY, _RATIO = 2000, 5


def signs(seen: Sighting, last_act: datetime | None) -> Iterator[str]:
    """What of an account looks like spam, as of the last thing it did for me."""
    if seen.created is not None and (last_act or seen.at) - seen.created < _YOUNG:
        yield NEW
    if seen.posts == 0:
        yield EMPTY
    if seen.following is not None and seen.following > _MANY and seen.following > _RATIO * (seen.followers or 0):
        yield GREEDY
    if seen.labelled:
        yield LABELLED


def as_seen(person: Person, sightings: Mapping[Identity, Sighting], last_acts: Mapping[Identity, datetime]) -> Person:
    """The person with what their profiles say: a wish to be left alone stays, signs of spam come and go.

    Somebody is automatic when all accounts of theirs that were looked at are.
    """
    seen = [sightings[who] for who in person.identities if who in sightings]
    if not seen:
        return person
    person = replace(person, opted_out=person.opted_out or any(each.opted_out for each in seen))
    if person.is_person:
        return replace(person, automatic=False, spam_signs=())
    bots = [each.bot for each in seen if each.found and each.who.network != "web"]
    found = dict.fromkeys(sign for each in seen for sign in signs(each, last_acts.get(each.who)))
    others = (sign for sign in person.spam_signs if sign not in _OURS)
    automatic = person.automatic or (bool(bots) and all(bots))
    return replace(person, automatic=automatic, spam_signs=(*others, *found))


def last_acts(entries: Iterable[Entry]) -> dict[Identity, datetime]:
    """When each identity did something for me last."""
    found: dict[Identity, datetime] = {}
    for entry in entries:
        if entry.direction is Direction.RECEIVED and (known := found.get(entry.identity, entry.when)) <= entry.when:
            found[entry.identity] = max(known, entry.when)
    return found
