"""One act told by several channels or bridges is one act: finds the entries that tell of the same one. Pure.

Works on the entries of one person in one order; what an act is worth is left to `settle`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TypeAlias

from ledger.entry import Direction, Entry, Kind

#: Reactions have no page of their own: they are known by what they were done to.
_REACTIONS = frozenset({Kind.LIKE, Kind.BOOST, Kind.BOOKMARK, Kind.FOLLOW, Kind.THANK})
#: Conversation: several of these to one target within a day are several acts.
_TALK = frozenset({Kind.REPLY, Kind.COMMENT, Kind.MENTION})

_Address: TypeAlias = tuple[str, ...]


def gather_acts(entries: Iterable[Entry], within: timedelta) -> list[list[Entry]]:
    """Group one person's entries, sorted by time, into acts; the entries of each act keep their order.

    Entries join an act that began no longer than `within` before them.
    """
    acts: list[list[Entry]] = []
    known: dict[_Address, tuple[Entry, list[Entry]]] = {}
    for entry in entries:
        addresses = _addresses(entry)
        act = None
        for address in addresses:
            found = known.get(address)
            if found and entry.when - found[1][0].when <= within and _is_same(found[0], entry):
                act = found[1]
                break
        if act is None:
            act = []
            acts.append(act)
        act.append(entry)
        for address in addresses:
            known[address] = (entry, act)
    return acts


def _ends(entry: Entry) -> tuple[str, str]:
    """Where the act can be seen, and what it was done to: their page and mine, or the other way round."""
    return (entry.url, entry.my_url) if entry.direction is Direction.RECEIVED else (entry.my_url, entry.url)


def _addresses(entry: Entry) -> list[_Address]:
    place, target = _ends(entry)
    addresses: list[_Address] = []
    if entry.native_id:
        addresses.append(("id", entry.direction, entry.identity.network, entry.native_id))
    if place:
        addresses.append(("at", entry.direction, place))
    if target:
        addresses.append(("to", entry.direction, entry.kind, target))
    return addresses


def _is_same(one: Entry, other: Entry) -> bool:
    """Whether two entries of one direction that share an address tell of one act."""
    same_kind = one.kind is other.kind
    if same_kind and one.native_id and one.native_id == other.native_id:
        return True
    (place, target), (other_place, other_target) = _ends(one), _ends(other)
    if place and place == other_place:
        if one.kind not in _REACTIONS and other.kind not in _REACTIONS:
            return True
        return same_kind and (target == other_target or not (target and other_target))
    return same_kind and bool(target) and target == other_target and not _is_told_apart(one, other)


def _is_told_apart(one: Entry, other: Entry) -> bool:
    """Whether two contributions to a conversation are surely two: each has its own page or its own id."""
    if one.kind not in _TALK:
        return False
    (place, _), (other_place, _) = _ends(one), _ends(other)
    if place and other_place:
        return True
    return one.channel == other.channel and bool(one.native_id and other.native_id)
