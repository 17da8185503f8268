"""What earlier versions of the state become: one function for each version that was left behind. Pure."""

from __future__ import annotations

from pathlib import Path

from ledger.store.tiny import TinyStore
from ledger.store.upgrades import Collections, Upgrade


def short_guids(state: Collections) -> Collections:
    """Version 2: articles remember the ids that feeds gave them in short; before, feed and id stood there in full."""
    from syndicator.articles.guids import guid_of

    def short(guid: str) -> str:
        feed, space, entry = guid.partition(" ")
        return guid_of(feed, entry) if space and "://" in feed else guid

    articles = {
        url: {**article, "guids": [short(guid) for guid in article["guids"]]} if "guids" in article else article
        for url, article in state.get("articles", {}).items()
    }
    return {**state, "articles": articles}


#: Each makes of version n the version n + 1.
UPGRADES: tuple[Upgrade, ...] = (short_guids,)


def open_state(folder: Path, *, scratch: bool = False) -> TinyStore:
    """The state in a data folder, whichever version left it there."""
    return TinyStore(folder / "state.jsonl", scratch=scratch, upgrades=UPGRADES)
