"""Articles that wait for a comment of mine before they are shared, as rows of the list of whom to return. Pure.

Which articles wait, and until when, is said by whoever keeps the offers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from ledger.entry import Direction, Entry, Identity, Kind
from ledger.owe import Debt
from ledger.people import People, Person
from ledger.quick import Written
from ledger.suggest import Act, Offer, Suggestion

#: The act of such a row, in suggestions and records.
COMMENT = "comment"


def to_comment(
    people: People,
    debts: Iterable[Debt],
    offers: Mapping[Identity, Sequence[Offer]],
    now: datetime,
    gone: Collection[str] = (),
) -> tuple[Debt, ...]:
    """A row for each article that waits at `now`, the most urgent first; it says what else is open with its writer.

    Left out are those in `gone` (URLs), those that a debt suggests already, and people nothing is to be done for now.
    """
    by_person = {debt.person.id: debt for debt in debts}
    suggested = {debt.suggestion.url for debt in by_person.values() if debt.suggestion}
    waiting = [
        (offer.comment_by, offer.url, offer, people.of(who))
        for who, own in offers.items()
        for offer in own
        if offer.comment_by and now < offer.comment_by and offer.url not in suggested and offer.url not in gone
    ]
    return tuple(
        replace(by_person.get(person.id) or Debt(person, {}, {}, 0.0, None, "even"), suggestion=_row(offer, now))
        for _, _, offer, person in sorted(waiting, key=lambda each: each[:2])
        if not _left_alone(person, now)
    )


def commented(entries: Iterable[Entry]) -> frozenset[str]:
    """The addresses that I commented on."""
    given = (entry for entry in entries if entry.direction is Direction.GIVEN)
    return frozenset(entry.url for entry in given if entry.kind is Kind.COMMENT)


def dealt_with(entries: Iterable[Entry | Written], acts: Iterable[Act]) -> frozenset[str]:
    """The addresses that need no comment any more: something was done about them, or the suggestion passed over."""
    given = {entry.url for entry in entries if entry.direction is Direction.GIVEN}
    return frozenset(given | {act.url for act in acts if act.act == COMMENT})


def _row(offer: Offer, now: datetime) -> Suggestion:
    assert offer.comment_by is not None
    until = offer.comment_by.astimezone(now.tzinfo)
    reason = f"its source asks for that first; shared without one from {until.day} {until:%b %H:%M} on"
    todo = f"comment on “{offer.title}”, then it is shared" if offer.title else "comment on their article, then share"
    return Suggestion(COMMENT, "web", offer.title, offer.url, "", reason, "", todo)


def _left_alone(person: Person, now: datetime) -> bool:
    snoozed = person.snoozed_until is not None and now < person.snoozed_until
    return snoozed or person.muted or person.opted_out or person.is_automatic
