"""One act told by several channels or bridges is one act: finds the entries that tell of the same one. Pure.

Works on the entries of one person in one order; what an act is worth is left to `settle`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import chain
from typing import TypeAlias

from ledger.addresses import form, is_plain, reacted_to
from ledger.entry import Direction, Entry, Kind

_RECEIVED = Direction.RECEIVED  # looking a member up takes longer than comparing with it
#: Reactions have no page of their own: they are known by what they were done to.
_REACTIONS = frozenset({Kind.LIKE, Kind.BOOST, Kind.BOOKMARK, Kind.FOLLOW, Kind.THANK})
#: What nobody can do twice to one thing.
_ONCE = frozenset({Kind.LIKE, Kind.BOOST, Kind.BOOKMARK})
#: Conversation: several of these to one target within a day are several acts.
_TALK = frozenset({Kind.REPLY, Kind.COMMENT, Kind.MENTION})

_Address: TypeAlias = tuple[str, ...]


def gather_acts(entries: Iterable[Entry], within: timedelta) -> list[list[Entry]]:
    """Group one person's entries, sorted by time, into acts; the entries of each act keep their order.

    Entries join an act that began no longer than `within` before them. A reaction joins the one of its kind and target
    however long ago that began, if it is told without its time, or by another channel: bridges tell late, and of a like
    not when it was given. Only when one channel tells of it twice was it taken back and given again. What has a page of
    its own is one act for ever: a page that links to mine does so once, however often it is edited and told anew.
    """
    entries = list(entries)
    return [[entry] for entry in entries] if _are_all_apart(entries) else _gather(entries, within)


def _gather(entries: Iterable[Entry], within: timedelta) -> list[list[Entry]]:
    acts: list[list[Entry]] = []
    known: dict[_Address, tuple[Entry, list[Entry]]] = {}
    for entry in entries:
        addresses = _addresses(entry)
        act = None
        for address in addresses:
            found = known.get(address)
            if found and _is_same(found[0], entry) and _is_told_of(found[1], entry, within):
                act = found[1]
                break
        if act is None:
            act = []
            acts.append(act)
        act.append(entry)
        for address in addresses:
            known[address] = (entry, act)
    return acts


def _are_all_apart(entries: Sequence[Entry]) -> bool:
    """Whether it is plain that no two share an address; most ledgers of one person are so, and this is soon seen."""
    ends = [_ends(entry) for entry in entries]
    every = "\n".join(chain.from_iterable(ends))
    if "#" in every:  # may be a bridge's, which tells of more than one target
        return False
    if not is_plain(every):
        ends = [(form(place), form(target)) for place, target in ends]
    told: list[object] = [entry.native_id for entry in entries if entry.native_id]
    told += [place for place, _ in ends if place]
    told += [(entry.kind, target) for entry, (_, target) in zip(entries, ends, strict=True) if target]
    return len(set(told)) == len(told)


def _is_near(first: Entry, entry: Entry, within: timedelta) -> bool:
    """Whether an entry can tell of an act that began with `first`, as to their times."""
    if entry.when - first.when <= within:
        return True
    retold = entry.kind in _ONCE and (entry.at is None or entry.channel != first.channel)
    return retold and not _targets(first).isdisjoint(_targets(entry))


def _is_told_of(act: Sequence[Entry], entry: Entry, within: timedelta) -> bool:
    """Whether an entry that is like one of an act's tells of it, as to its time; of one page with one target at any."""
    if entry.kind not in _REACTIONS and (place := _place(entry)):
        targets = _targets(entry)
        if any(_place(each) == place and not _targets(each).isdisjoint(targets) for each in act):
            return True
    return _is_near(act[0], entry, within)


def _ends(entry: Entry) -> tuple[str, str]:
    """Where the act can be seen, and what it was done to: their page and mine, or the other way round."""
    return (entry.url, entry.my_url) if entry.direction is _RECEIVED else (entry.my_url, entry.url)


def _place(entry: Entry) -> str:
    """Where the act can be seen, in the form that all addresses of that post have."""
    place, _ = _ends(entry)
    return form(place) if place else ""


def _targets(entry: Entry) -> set[str]:
    """What the act was done to. A bridge tells of two: my page, and my post on the network that leads there."""
    place, target = _ends(entry)
    post = reacted_to(place) if entry.kind in _REACTIONS and "#" in place else ""
    return {form(each) for each in (target, post) if each}


def _addresses(entry: Entry) -> list[_Address]:
    addresses: list[_Address] = []
    if entry.native_id:
        addresses.append(("id", entry.direction, entry.identity.network, entry.native_id))
    if place := _place(entry):
        addresses.append(("at", entry.direction, place))
        addresses += [("at", entry.direction, place, target) for target in sorted(_targets(entry))]
    addresses += [("to", entry.direction, entry.kind, target) for target in sorted(_targets(entry))]
    return addresses


def _is_same(one: Entry, other: Entry) -> bool:
    """Whether two entries of one direction that share an address tell of one act."""
    same_kind = one.kind is other.kind
    if same_kind and one.native_id and one.native_id == other.native_id:
        return True
    place, targets, other_targets = _place(one), _targets(one), _targets(other)
    if place and place == _place(other):
        if one.kind not in _REACTIONS and other.kind not in _REACTIONS:
            return True
        return same_kind and (not (targets and other_targets) or not targets.isdisjoint(other_targets))
    return same_kind and not targets.isdisjoint(other_targets) and not _is_told_apart(one, other)


def _is_told_apart(one: Entry, other: Entry) -> bool:
    """Whether two contributions to a conversation are surely two: each has its own page or its own id."""
    if one.kind not in _TALK:
        return False
    if _place(one) and _place(other):
        return True
    return one.channel == other.channel and bool(one.native_id and other.native_id)
