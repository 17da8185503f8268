"""People as text and JSON. Pure: values in, lines or documents out; loads nothing heavy but for a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from ledger.entry import Entry, Identity
from ledger.owe import Debt
from ledger.people import ROLES, Person
from ledger.proof import Bond, Sighting
from ledger.who import profile_url
from syndicator.cli.app import printable
from syndicator.cli.owed import day, handle, named

Document = dict[str, Any]

#: So many acts of somebody are shown.
_LAST = 5

_HOWS = {
    "verified": "verified link of {one}",
    "rel-me": "rel=me link of {one}",
    "domain": "the domain of {one}",
    "renamed": "what {one} is called now",
    "moved": "{one} moved here",
    "alias": "{one} came from here",
    "bridge": "Bridgy Fed's copy of {one}",
    "page": "has the page {one}",
    "link": "link of {one}",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A person with their account, None for those whose acts count for nothing, or who did none."""

    person: Person
    debt: Debt | None = None

    @property
    def open(self) -> float:
        """Points that are open; negative when I am ahead."""
        return self.debt.open if self.debt else 0.0

    @property
    def role(self) -> str:
        """The role they are listed under."""
        return next((role for role in ROLES if role in self.person.roles), "")


def rows(people: Iterable[Person], seen: Iterable[Person], debts: Iterable[Debt]) -> list[Row]:
    """Everybody by role, and in each those with most open first."""
    accounts = {debt.person.id: debt for debt in debts}
    everybody = {person.id: person for person in (*people, *seen)}
    found = [Row(person, accounts.get(key)) for key, person in everybody.items()]
    order = {role: place for place, role in enumerate((*ROLES, ""))}
    return sorted(found, key=lambda row: (order[row.role], -row.open, row.person.name, row.person.id))


def table_lines(shown: Sequence[Row], *, more: int) -> Iterator[str]:
    """A table that fits the terminal; each role is named once."""
    from syndicator.cli.account_table import table

    if not shown:
        yield "Nobody is in the ledger yet."
        return
    cells, before = [], None
    for row in shown:
        role = row.role or "(no role)"
        first = "" if role == before else role
        handles = ", ".join(map(handle, row.person.identities))
        name = row.person.name if row.person.has_name else ""
        cells.append([printable(cell) for cell in (first, f"{row.open:z.1f}", name, handles, ", ".join(_marks(row)))])
        before = role
    yield from table(("role", "open", "name", "handles", ""), cells)
    if more > 0:
        yield f"{more} more (--all lists them)"


def row_document(row: Row) -> Document:
    """One person of `people list --json`."""
    person, debt = row.person, row.debt
    return {
        "person": person.name,
        "identities": [
            {"network": who.network, "handle": who.handle, "url": profile_url(who) or None} for who in person.identities
        ],
        "roles": person.roles,
        "open": round(row.open, 4),
        "standing": debt.standing if debt else None,
        "waiting": (debt.waiting or None) if debt else None,
        "note": person.note or None,
        "cadence_days": person.cadence_days,
        "snoozed_until": person.snoozed_until,
        "muted": person.muted,
        "opted_out": person.opted_out,
        "automatic": person.is_automatic,
        "is_person": person.is_person,
        "spam_signs": person.spam_signs,
    }


def document(
    row: Row, bonds: Iterable[Bond], sightings: Mapping[Identity, Sighting], entries: Iterable[Entry]
) -> Document:
    """`people show --json`."""
    own = frozenset(row.person.identities)
    theirs = [bond for bond in bonds if bond.one in own and bond.other in own]
    base = row_document(row)
    for each, who in zip(base["identities"], row.person.identities, strict=True):
        seen = sightings.get(who)
        each["shown"] = handle(who)
        each["known_by"] = [_bond_document(bond) for bond in theirs if bond.other == who]
        each["looked_up"] = seen.at if seen and who.network != "web" else None
        each["found"] = seen.found if seen else None
    acts = sorted((entry for entry in entries if entry.identity in own), key=lambda entry: entry.when, reverse=True)
    last = [
        {
            "at": entry.when,
            "direction": entry.direction,
            "kind": entry.kind,
            "identity": str(entry.identity),
            "url": entry.url or entry.my_url or None,
        }
        for entry in acts[:_LAST]
    ]
    return {
        **base,
        "shown": named(row.person),
        "joined": [part.name for part in row.person.parts],
        "apart": [str(who) for who in row.person.apart],
        "last": last,
    }


def _bond_document(bond: Bond) -> Document:
    how = _HOWS[bond.how].format(one=handle(bond.one))
    return {"how": bond.how, "from": str(bond.one), "shown": how, "checked": bond.checked, "holds": bond.holds}


def lines(shown: Document, zone: tzinfo) -> Iterator[str]:
    """One person for people."""
    yield shown["person"]
    for each in shown["identities"]:
        yield f"    {each['shown']}{_known_by(each, shown, zone)}"
    yield from _notes(shown, zone)
    standing = f" ({shown['standing']})" if shown["standing"] else ""
    yield f"balance {shown['open']:+z.1f}{standing}" + (f", {shown['waiting']}" if shown["waiting"] else "")
    for act in shown["last"]:
        yield f"    {day(act['at'], zone)}  {act['direction']:8}  {act['kind']:9}  {act['url'] or ''}".rstrip()


def head(person: Person, zone: tzinfo) -> Iterator[str]:
    """What was said of a person."""
    yield named(person)
    yield from _notes(row_document(Row(person)), zone)


def _notes(shown: Document, zone: tzinfo) -> Iterator[str]:
    if shown["roles"]:
        yield f"roles: {', '.join(shown['roles'])}"
    if shown["note"]:
        yield from (f"note: {line}" for line in shown["note"].splitlines())
    if shown["cadence_days"]:
        yield f"in touch every {shown['cadence_days']:g} days"
    if shown["snoozed_until"]:
        yield f"snoozed until {day(shown['snoozed_until'], zone)}"
    words = {
        "muted": "muted: nothing is suggested",
        "opted_out": "asks programs to leave them alone: never suggested, named or looked up",
        "automatic": "automatic: their acts count a tenth",
        "is_person": "a person, by your word",
    }
    yield from (text for name, text in words.items() if shown[name])
    if shown["spam_signs"]:
        yield f"looks like spam: {'; '.join(shown['spam_signs'])}"
    if shown.get("apart"):
        others = (handle(Identity(*each.split(":", 1))) for each in shown["apart"])
        yield f"not the same as {', '.join(others)}, by your word"


def _known_by(each: Document, shown: Document, zone: tzinfo) -> str:
    """How an identity is known to be theirs."""
    told = [f"{bond['shown']}{_when(bond, zone)}" for bond in each["known_by"]]
    if not told and shown["joined"] and not _leads(each, shown):
        told = ["joined by hand"]
    if each["looked_up"]:
        nobody = "" if each["found"] else "nobody there any more, "
        told.append(f"{nobody}looked up {day(each['looked_up'], zone)}")
    return f"  {'; '.join(told)}" if told else ""


def _leads(each: Document, shown: Document) -> bool:
    """Whether another identity is known by this one."""
    me = f"{each['network']}:{each['handle']}"
    return any(bond["from"] == me for other in shown["identities"] for bond in other["known_by"])


def _when(bond: Document, zone: tzinfo) -> str:
    checked: datetime | None = bond["checked"]
    if checked is None:
        return ""
    return f", {'seen' if bond['holds'] else 'no longer, as of'} {day(checked, zone)}"


def _marks(row: Row) -> Iterator[str]:
    person = row.person
    if row.debt and row.debt.waiting:
        yield row.debt.waiting
    if person.is_automatic:
        yield "automatic"
    if person.spam_signs:
        yield "looks like spam"
