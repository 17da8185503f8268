"""`ledger people review`: what only its owner can decide, as text and JSON. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import Any

from ledger.crowds import Crowd
from ledger.kinship import Question
from ledger.lapsed import Lapsed
from ledger.people import Person
from ledger.proof import Bond
from ledger.review import Decision, Suspect
from syndicator.cli.owed import day, handle, named

#: So many of a crowd are named.
_SHOWN = 3

_SAYS = {
    "verified": "{one} has a verified link to {other}",
    "rel-me": "{one} calls {other} its owner (rel=me)",
    "domain": "{one} has the domain {other}",
    "renamed": "{one} is now called {other}",
    "moved": "{one} says it moved to {other}",
    "alias": "{one} says it came from {other}",
    "bridge": "{other} is Bridgy Fed's copy of {one}",
    "page": "{one} is the page of {other}",
    "link": "{one} links to {other}",
}


def document(asked: Decision) -> dict[str, Any]:
    """One thing to decide."""
    what, people, reasons, against = _told(asked)
    return {"what": what, "people": [_person(each) for each in people], "reasons": reasons, "against": against}


def _told(asked: Decision) -> tuple[str, Sequence[Person], list[str], str | None]:
    match asked:
        case Suspect():
            return "spam", [asked.person], list(asked.person.spam_signs), None
        case Crowd():
            return "crowd", asked.people, [_came(asked), *_signs(asked)], None
        case Lapsed():
            return "lapsed", [asked.person], [f"no longer: {_says(bond)}" for bond in asked.because], None
        case Question():
            return "merge", [asked.one, asked.other], [_says(bond) for bond in asked.because], asked.veto or None


def lines(asked: Sequence[Decision], zone: tzinfo) -> Iterator[str]:
    """Everything to decide, with the commands that decide it."""
    if not asked:
        yield "There is nothing to decide."
    for number, each in enumerate(asked, 1):
        match each:
            case Suspect():
                yield from _suspect(number, each)
            case Crowd():
                yield from _crowd(number, each, zone)
            case Lapsed():
                yield from _lapsed(number, each, zone)
            case Question():
                yield from _question(number, each, zone)


def _crowd(number: int, asked: Crowd, zone: tzinfo) -> Iterator[str]:
    first, *_ = asked.people
    yield f"{number:3}. {_came(asked)} on {day(asked.start, zone)}, and look like spam: {'; '.join(_signs(asked))}"
    more = len(asked.people) - _SHOWN
    shown = ", ".join(handle(person.identities[0]) for person in asked.people[:_SHOWN])
    yield f"     {shown}" + (f" and {more} more" if more > 0 else "")
    who = _written(first)
    yield f"       ledger people review --crowd {who} --real         people: it all counts"
    yield f"       ledger people review --crowd {who} --automatic    programs: it hardly counts"


def _came(asked: Crowd) -> str:
    minutes = max(1, round((asked.end - asked.start).total_seconds() / 60))
    return f"{len(asked.people)} accounts of {asked.where} came within {minutes} min, each with a {asked.kind}"


def _signs(asked: Crowd) -> list[str]:
    return list(dict.fromkeys(sign for person in asked.people for sign in person.spam_signs))


def _lapsed(number: int, asked: Lapsed, zone: tzinfo) -> Iterator[str]:
    yield f"{number:3}. {named(asked.person)}"
    yield f"     what tied {', '.join(map(handle, asked.part))} to the rest is gone:"
    for bond in asked.because:
        when = f" (no longer, as of {day(bond.checked, zone)})" if bond.checked else ""
        yield f"     {_says(bond)}{when}"
    rest = next(who for who in asked.person.identities if who not in asked.part)
    both = f"{shlex.quote(str(rest))} {shlex.quote(str(asked.part[0]))}"
    yield f"       ledger people split {both}    two people, for good"
    yield f"       ledger people merge {both}    one person all the same"


def _suspect(number: int, asked: Suspect) -> Iterator[str]:
    yield f"{number:3}. {named(asked.person)} looks like spam: {'; '.join(asked.person.spam_signs)}"
    who = _written(asked.person)
    yield f"       ledger people tag {who} --real         a person: it all counts"
    yield f"       ledger people tag {who} --automatic    a program: it hardly counts"


def _question(number: int, asked: Question, zone: tzinfo) -> Iterator[str]:
    yield f"{number:3}. {named(asked.one)}"
    yield f"     may be {named(asked.other)}"
    for bond in asked.because:
        when = f" ({'seen' if bond.holds else 'no longer, as of'} {day(bond.checked, zone)})" if bond.checked else ""
        yield f"     {_says(bond)}{when}"
    if asked.veto:
        yield f"     but {asked.veto}"
    both = f"{_written(asked.one)} {_written(asked.other)}"
    yield f"       ledger people merge {both}    one person"
    yield f"       ledger people split {both}    two people, for good"


def _written(person: Person) -> str:
    """Somebody as a command takes them: a handle may hold whatever a stranger wrote."""
    return shlex.quote(str(person.identities[0]))


def _says(bond: Bond) -> str:
    return _SAYS[bond.how].format(one=handle(bond.one), other=handle(bond.other))


def _person(person: Person) -> dict[str, Any]:
    return {"person": person.name, "identities": [str(who) for who in person.identities]}
