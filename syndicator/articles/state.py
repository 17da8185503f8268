"""Articles on disk: reading all that are known, and storing what changed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from ledger.store.resting import collector_resting
from syndicator.articles import archive
from syndicator.articles.article import Article
from syndicator.articles.catalogue import Catalogue

if TYPE_CHECKING:
    from ledger.store.base import Document, Store

COLLECTION = "articles"

_AT_ONCE = 500


def load(store: Store) -> Catalogue:
    """Every article the store knows."""
    living: list[Article] = []
    archived: list[tuple[str, Document]] = []
    with collector_resting():
        for url, document in store.scan(COLLECTION):
            if archive.is_packed(document):
                archived.append((url, document))
            else:
                living.append(msgspec.convert(document, Article))
        return Catalogue(living, archived)


def save(store: Store, catalogue: Catalogue, *, whole_since: datetime | None = None) -> None:
    """Store what changed, in one transaction. What is dated before `whole_since` is kept in short from now on."""
    if whole_since:
        catalogue.archive(whole_since)
    changes = catalogue.take_changes()
    if not changes:
        return
    with store.transaction():
        store.delete(COLLECTION, [url for url, document in changes.items() if document is None])
        kept = [url for url, document in changes.items() if document is not None]
        for start in range(0, len(kept), _AT_ONCE):
            # Each is dropped here once the store has its own copy: a first run has tens of thousands.
            batch = ((url, changes.pop(url)) for url in kept[start : start + _AT_ONCE])
            store.put_many(COLLECTION, {url: document for url, document in batch if document is not None})
