"""What was found of an identity as a plain JSON document and back, as `codec` does it for all else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, get_args

from ledger.codec import Document, read_identity, read_time, write_time

if TYPE_CHECKING:
    from ledger.proof import Sighting

_OF_SIGHTINGS: Mapping[str, Any] = {
    "found": True,
    **dict.fromkeys(("bot", "opted_out", "labelled"), False),
    **dict.fromkeys(("posts", "followers", "following")),
}


def write_sighting(seen: Sighting) -> Document:
    """What was found of an identity as a document, without the identity: that is its key."""
    document: Document = {"at": write_time(seen.at)}
    if seen.bonds:
        document["bonds"] = [
            {"other": str(bond.other), "how": bond.how, "checked": write_time(bond.checked or seen.at)}
            | ({} if bond.holds else {"holds": False})
            for bond in seen.bonds
        ]
    if seen.created:
        document["created"] = write_time(seen.created)
    plain = {name: getattr(seen, name) for name in _OF_SIGHTINGS}
    return document | {name: value for name, value in plain.items() if value != _OF_SIGHTINGS[name]}


def read_sighting(key: str, document: Mapping[str, Any]) -> Sighting:
    """The sighting in a document that `write_sighting` made."""
    from ledger.proof import Bond, How, Sighting  # `owe` goes without

    hows: dict[str, How] = {how: how for how in get_args(How)}
    who, created = read_identity(key), document.get("created")
    bonds = (
        Bond(who, read_identity(bond["other"]), hows[bond["how"]], read_time(bond["checked"]), bond.get("holds", True))
        for bond in document.get("bonds", ())
    )
    plain = {name: document.get(name, default) for name, default in _OF_SIGHTINGS.items()}
    at = read_time(document["at"])
    return Sighting(who, at, tuple(bonds), created=read_time(created) if created else None, **plain)
