"""`ledger people review`: what only its owner can decide, as text and JSON. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import Any

from ledger.kinship import Question
from ledger.people import Person
from ledger.proof import Bond
from ledger.review import Suspect
from syndicator.cli.owed import day, handle, named

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


def document(asked: Question | Suspect) -> dict[str, Any]:
    """One thing to decide."""
    if isinstance(asked, Suspect):
        return {
            "what": "spam",
            "people": [_person(asked.person)],
            "reasons": list(asked.person.spam_signs),
            "against": None,
        }
    return {
        "what": "merge",
        "people": [_person(asked.one), _person(asked.other)],
        "reasons": [_says(bond) for bond in asked.because],
        "against": asked.veto or None,
    }


def lines(asked: Sequence[Question | Suspect], zone: tzinfo) -> Iterator[str]:
    """Everything to decide, with the commands that decide it."""
    if not asked:
        yield "There is nothing to decide."
    for number, each in enumerate(asked, 1):
        yield from _suspect(number, each) if isinstance(each, Suspect) else _question(number, each, zone)


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
