"""Files of earlier versions: what their documents become, so that nothing else ever meets an old one. Pure.

A file's version says what its documents look like; what lines look like has never changed. Version n + 1 is what the
n-th of a store's upgrades makes of version n, so a new shape of documents is one more function at the end of the list.
Readers apply them in memory; the first writer stores what they gave, and keeps the file as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ledger.store.base import Document
from ledger.store.shelf import Shelf

Collections = dict[str, dict[str, Document]]
#: Makes the collections of one version those of the next, and leaves what it is given as it is.
Upgrade = Callable[[Collections], Collections]
Upgrades = Sequence[Upgrade]


def upgraded(tables: Mapping[str, Shelf], upgrades: Upgrades) -> dict[str, Shelf]:
    """The collections as the last of the upgrades gives them."""
    found = {name: table.snapshot() for name, table in tables.items()}
    for upgrade in upgrades:
        found = upgrade(found)
    shelves = {name: Shelf() for name in found}
    for name, documents in found.items():
        for key, document in documents.items():
            shelves[name].put(key, document)
    return shelves
