"""Articles on disk: reading all that are known, and storing what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from syndicator.articles.article import Article
from syndicator.articles.catalogue import Catalogue

if TYPE_CHECKING:
    from ledger.store.base import Store

COLLECTION = "articles"


def load(store: Store) -> Catalogue:
    """Every article the store knows."""
    return Catalogue(msgspec.convert(document, Article) for _, document in store.scan(COLLECTION))


def save(store: Store, catalogue: Catalogue) -> None:
    """Store what changed."""
    if changes := catalogue.take_changes():
        store.put_many(COLLECTION, changes)
