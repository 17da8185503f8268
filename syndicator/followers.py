"""Walks the lists of who follows whom, and keeps and books what changed. Effects: reading networks, the book.

At most daily for each list. A walk that breaks off does not count, and is begun anew on another day: half a list would
take the other half for gone. Networks that charge for reading are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ledger.entry import Direction, Entry, Identity, Kind
from ledger.follows import (
    SIDES,
    Edge,
    Side,
    Word,
    come,
    concluded,
    entries_of,
    not_kept,
    server_of,
    severed_servers,
    walked,
)
from ledger.who import shown
from platforms.abilities import Directory, Graph, Profile, Relation
from platforms.errors import Unsupported
from syndicator import record, stop, timebox
from syndicator.accounts import Account
from syndicator.record import Collected
from syndicator.reported import identity_of
from syndicator.workspace import Workspace

if TYPE_CHECKING:
    from syndicator.report import Report

_DAILY = timedelta(days=1)
#: Longer lists are not walked.
MOST = 100_000
#: Of so many who are missing the relation is asked in one walk, and of so many the profile; the others' turn comes.
_RELATIONS, _PROFILES = 400, 40
#: Of so many who came since the last time it is asked whether I follow them already.
_ARRIVALS = 10
#: Marks by which networks tell that an account was taken away.
_SUSPENDED = frozenset({"suspended", "!suspend", "!takedown"})


def can_walk(account: Account) -> bool:
    """Whether the account's network tells who follows whom, for nothing, and its owner wants it read."""
    return isinstance(account.adapter, Graph) and account.table.collect is not False and account.meter is None


def collect(space: Workspace, account: Account) -> Collected:
    """Walk the lists that are due; keep what changed, and book follows that began and take back those not kept."""
    return record.attempt(space, account, "follows", _walks(space, account))


def note(space: Workspace, account: Account, report: Report) -> None:
    """Note who came first of those who came, walk where it can be, and take down in the report what went wrong."""
    if can_walk(account):
        came = report.received.get(account.name, {}).get("follow", 0)
        found = record.attempt(space, account, "follows", _arrivals(space, account, came)) if came else Collected()
        found += collect(space, account)
        report.errors += [error for error in found.errors if error not in report.errors]
        if found.unread:
            report.unread[account.name] = found.unread


def _walks(space: Workspace, account: Account) -> Iterator[Collected]:
    follows, now = (
        space.book.follows,
        space.clock(),
    )  # one time for both lists: they don't tell who came first
    for side in SIDES:
        tried = follows.tried(account.name, side)
        if tried and abs(now - tried) < _DAILY:
            continue
        follows.note_try(account.name, side, now)
        try:
            yield _walk(space, account, side, now)
        except Unsupported:  # this server keeps the list to itself
            continue


def _arrivals(space: Workspace, account: Account, count: int) -> Iterator[Collected]:
    """Note of the latest so many whom the network told of that they came first: those I don't follow yet.

    Where I do by now, nobody knows who was first, and the next walk has them; so has it all but a few.
    """
    adapter, book = account.adapter, space.book
    assert isinstance(adapter, Graph)
    edges = book.follows.edges(account.name, "followers")
    if edges is None:
        return
    told = [each for each in book.entries() if _is_arrival(each, account)][-min(count, _ARRIVALS) :]
    keys = {key: entry for entry in told if (key := _key_of(adapter, entry.identity))}
    with suppress(Unsupported):
        relations = adapter.relations(list(keys))
        first = {
            key: edge
            for key, entry in keys.items()
            if (relation := relations.get(key)) and relation.followed_by and not relation.following
            if (edge := come(edges, key, entry.identity, entry.when))
        }
        book.follows.change(account.name, "followers", first)
    yield Collected()


def _is_arrival(entry: Entry, account: Account) -> bool:
    is_follow = entry.kind is Kind.FOLLOW and entry.direction is Direction.RECEIVED
    return is_follow and entry.account == account.name and entry.at is not None


def _key_of(adapter: Graph, who: Identity) -> str:
    """The id by which walks know somebody; the handle where the network has no other."""
    if not isinstance(adapter, Directory):
        return who.handle
    found = adapter.profile(who.handle)
    return found.actor.id if found else ""


def _walk(space: Workspace, account: Account, side: Side, at: datetime) -> Collected:
    adapter, network = account.adapter, account.table.platform
    assert isinstance(adapter, Graph)
    seen: dict[str, Identity] = {}
    names: dict[Identity, str] = {}
    for actor in adapter.followers() if side == "followers" else adapter.following():
        stop.check()
        if timebox.is_up():
            return Collected(unread=record.out_of_time(account))
        if len(seen) >= MOST:
            return Collected(errors=(f"{account.name}: over {MOST:,} {side}: who comes and goes there is not told",))
        if who := identity_of(actor, network):
            seen[actor.id or actor.handle] = who
            names[who] = shown(actor.name)
    book = space.book
    known = book.follows.edges(account.name, side)
    if known is None:
        with book.transaction():
            book.follows.begin(account.name, side, seen)
            book.follows.note_walk(account.name, side, at)
        return Collected()
    found = walked(known, seen, at)
    changed = found.changed | _asked_about(adapter, side, found.doubtful, seen)
    with book.transaction():
        book.follows.change(account.name, side, changed)
        book.follows.note_walk(account.name, side, at)
        _book(space, network, side, changed, names, at)
    return Collected()


def _asked_about(
    adapter: Graph, side: Side, doubtful: Mapping[str, Edge], seen: Mapping[str, Identity]
) -> dict[str, Edge]:
    """What became of those whom two walks lack, by the network's own word; who can't be asked about waits."""
    if not doubtful:
        return {}
    asked = sorted(doubtful, key=lambda key: (str(doubtful[key].missing), key))[:_RELATIONS]
    try:
        relations = adapter.relations(asked)
    except Unsupported:
        return {}
    severed = severed_servers(doubtful.values(), seen.values())
    done: dict[str, Edge] = {}
    profiles = 0
    for key in asked:
        edge, relation = doubtful[key], relations.get(key)
        by_server = server_of(edge.who) in severed
        word = _word(side, relation)
        if not (word.still or word.blocked or by_server) and isinstance(adapter, Directory):
            if (profiles := profiles + 1) > _PROFILES or timebox.is_up():
                continue
            stop.check()
            word = _with_profile(word, adapter.profile(key))
        done[key] = concluded(edge, word, severed=by_server)
    return done


def _word(side: Side, relation: Relation | None) -> Word:
    if relation is None:
        return Word(known=False)
    still = relation.followed_by if side == "followers" else relation.following
    return Word(still=still, blocked=relation.blocked)


def _with_profile(word: Word, profile: Profile | None) -> Word:
    if profile is None:
        return Word(known=False, blocked=word.blocked)
    marks = {mark.lower() for mark in profile.marks}
    return Word(
        blocked=word.blocked, known=True, moved=bool(profile.moved_to), suspended=not marks.isdisjoint(_SUSPENDED)
    )


def _book(
    space: Workspace, network: str, side: Side, changed: Mapping[str, Edge], names: Mapping[Identity, str], at: datetime
) -> None:
    """Book the follows that began, unless a notification told of them, and take back those that were not kept."""
    new = entries_of(side, changed.values(), network, at)
    if not new and not any(edge.ended for edge in changed.values()):
        return
    direction = Direction.RECEIVED if side == "followers" else Direction.GIVEN
    mine = [each for each in space.book.entries() if each.kind is Kind.FOLLOW and each.direction is direction]
    ends = {edge.who: max(span.end for span in edge.earlier) for edge in changed.values() if edge.earlier}
    fresh = [entry for entry in new if not any(_is_told(each, entry, ends) for each in mine)]
    space.book.append(fresh)
    space.book.introduce({entry.identity: names.get(entry.identity, "") for entry in fresh})
    short = not_kept(side, changed.values(), mine, space.rules.follow_kept)
    space.book.retract(entry.key for entry in short)


def _is_told(known: Entry, found: Entry, ends: Mapping[Identity, datetime]) -> bool:
    """Whether the ledger has a follow already: one of the same person, of after they last unfollowed."""
    end = ends.get(found.identity)
    return known.identity == found.identity and (end is None or known.when >= end)
