"""Gets to know the people of the ledger: who of them is one, who asks to be left alone, who looks like spam.

Effects: the networks, which are only read, the state and the book. A few people are looked up in each run, those with
most at stake first, and each again after two months. What follows from what was found is decided in the ledger.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ledger.entry import Entry, Identity
from ledger.kinship import Join, Kinship, kinship
from ledger.lapsed import Lapsed, lapsed
from ledger.people import People
from ledger.proof import Bond, Sighting, by_name, is_bridged, renewed
from ledger.suspicion import as_seen, last_acts
from ledger.who import shown
from syndicator import articles, debts, homes, myself, sightings
from syndicator.accounts import Account
from syndicator.credit import lookup, profiles
from syndicator.credit.mentions import mention
from syndicator.linkcheck import checked
from syndicator.workspace import Workspace

#: So many people are looked up in one run.
MOST = 20
#: Of the state: who could not be looked up, and when that was tried.
COLLECTION = "unanswered"
_PATIENCE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Circle:
    """Everybody in the ledger, and what was found of them."""

    people: People
    entries: tuple[Entry, ...]
    sightings: Mapping[Identity, Sighting]
    known: frozenset[Identity]

    @property
    def seen(self) -> frozenset[Identity]:
        """Everybody who did something, or for whom I did."""
        return frozenset(entry.identity for entry in self.entries)

    def is_within_one(self, bond: Bond) -> bool:
        """Whether both ends of a bond are one person's."""
        return bond.other in self.people.of(bond.one).identities

    @property
    def moved_to(self) -> frozenset[Identity]:
        """To which accounts others say that they moved."""
        bonds = (bond for seen in self.sightings.values() for bond in seen.bonds)
        return frozenset(bond.other for bond in bonds if bond.how == "moved" and bond.holds)

    @property
    def bonds(self) -> list[Bond]:
        """All that is known of who is who, by what was found and by the names."""
        found = [bond for seen in self.sightings.values() for bond in seen.bonds]
        return [*found, *by_name({*self.known, *(bond.other for bond in found)})]


def circle(space: Workspace) -> Circle:
    """Read the ledger."""
    book = space.book
    people, entries = book.people(), book.entries()
    known = {entry.identity for entry in entries} | {who for person in people for who in person.identities}
    return Circle(people, entries, book.sightings(), frozenset(known | set(book.offers())))


def decide(space: Workspace, found: Circle) -> Kinship:
    """Who is one, as far as is known now. Nothing is changed."""
    bonds = found.bonds
    return kinship(found.people, bonds, _common(space, bonds))


def lapsed_merges(space: Workspace, found: Circle) -> tuple[Lapsed, ...]:
    """Whose merge rests on what holds no more."""
    bonds = found.bonds
    return lapsed(found.people, bonds, _common(space, bonds))


def _common(space: Workspace, bonds: Sequence[Bond]) -> frozenset[Identity]:
    """The sites among them on which several people write."""
    sites = {end for bond in bonds for end in (bond.one, bond.other) if end.network == "web"}
    common = sightings.common_sites(sites, articles.load(space.state), checked.load(space.state)) if sites else ()
    return frozenset(common)


def get_to_know(
    space: Workspace, accounts: Sequence[Account], bugs: list[Exception] | None = None, *, online: bool = True
) -> list[str]:
    """Look some people up, keep what was found, and join who is proven to be one; a sentence for each of these.

    Where nobody is `online` no home is visited, and `accounts` are none.
    """
    _look_up(space, accounts, bugs)
    if online:
        homes.visit(space, profiles.load(space.state, space.clock()))
    with space.state.transaction(), space.book.transaction():  # the state, which is only read, first: see Workspace
        found = _marked(space, _with_news(space, circle(space)))
        joins = decide(space, found).joins
        for join in joins:
            space.book.save_people(join.whole, instead_of=join.people)
    return [_told(join) for join in joins]


def _look_up(space: Workspace, accounts: Sequence[Account], bugs: list[Exception] | None) -> None:
    """Ask the networks that can be asked for nothing. One who could not be looked up waits a day.

    They may be the reason why nobody after them was asked.
    """
    networks = set(lookup.guides(accounts).values())
    wanted = _wanted(space, circle(space), networks) if networks else []
    if not wanted:
        return
    lookup.look_up(space, accounts, wanted, bugs)
    answered, now = profiles.load(space.state, space.clock()), space.clock().isoformat()
    space.book.introduce({who: shown(answered[who].name) for who in wanted if who in answered})
    silent = {who.network: who for who in reversed(wanted) if who not in answered}
    if silent:
        space.state.put_many(COLLECTION, {str(who): {"at": now} for who in silent.values()})


def _wanted(space: Workspace, found: Circle, networks: Collection[str]) -> list[Identity]:
    """Who is to be looked up now: those with most open first, then those of whom nothing was ever seen."""
    now = space.clock()
    worth = {who: debt.open for debt in debts.reckon(space, now, limit=0) for who in debt.person.identities}
    mine, tried = myself.mine(space.settings, space.state), _tried(space, now)
    wanted = [
        who
        for who in found.known | found.moved_to
        if who.network in networks
        and who not in mine
        and who not in tried
        and _can_be_asked(who)
        and not found.people.of(who).opted_out
        and (who not in found.sightings or found.sightings[who].is_due(now))
    ]
    return sorted(wanted, key=lambda who: (-worth.get(who, 0.0), who in found.sightings, who))[:MOST]


def _can_be_asked(who: Identity) -> bool:
    return not is_bridged(who) and (bool(mention(who)) or who.handle.startswith("did:"))


def _tried(space: Workspace, now: datetime) -> set[Identity]:
    """Who could not be looked up a short while ago; what is older is forgotten."""
    tried = {key: datetime.fromisoformat(document["at"]) for key, document in space.state.scan(COLLECTION)}
    if old := [key for key, at in tried.items() if abs(now - at) >= _PATIENCE]:
        space.state.delete(COLLECTION, old)
    return {Identity(*key.split(":", 1)) for key in tried if key not in old}


def _with_news(space: Workspace, found: Circle) -> Circle:
    """Keep for good what was found lately of people in the ledger, or of who may be one of them."""
    profiled, aliases = profiles.load(space.state, space.clock()), homes.came_from(space)
    news = [sightings.of_profile(who, each, aliases.get(who, ())) for who, each in profiled.items()]
    news += sightings.of_pages([*checked.load(space.state).values(), *homes.pages(space)])
    kept, around = {}, found.known | found.moved_to
    for seen in news:
        before = found.sightings.get(seen.who)
        if seen.who in around or any(bond.other in found.known for bond in seen.bonds):
            newer = renewed(before, seen, found.is_within_one)
            if newer != before and (before or newer.bonds or newer.who.network != "web"):
                kept[seen.who] = newer
    space.book.save_sightings(kept.values())
    return replace(found, sightings={**found.sightings, **kept})


def _marked(space: Workspace, found: Circle) -> Circle:
    """Note on people what their profiles say of them."""
    acts = last_acts(found.entries)
    everybody = {person.id: person for person in map(found.people.of, found.sightings)}
    marked = {key: as_seen(person, found.sightings, acts) for key, person in everybody.items()}
    changed = [person for key, person in marked.items() if person != everybody[key]]
    if not changed:
        return found
    space.book.save_people(*changed)
    return replace(found, people=space.book.people())


def _told(join: Join) -> str:
    """Who was joined, and by what proof."""
    names = ", ".join(str(who) for who in join.whole.identities)
    proofs = ", ".join(dict.fromkeys(bond.how for bond in join.because))
    return f"{join.whole.name} is {names} ({proofs})"
