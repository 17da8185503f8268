"""What is kept between runs of where a site's comments are and how far they were read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from platforms.base import Interaction

if TYPE_CHECKING:
    from ledger.store.base import Store

COLLECTION = "comments"

#: A comment may be approved so long after it was written, and is found all the same.
OVERLAP = timedelta(days=14)
_MOST_TOLD = 1_000


class Kept(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One own source: where its comments are (`rest`, `feed`), when that was looked for and when they were last asked.

    `articles` are the feeds of single articles by their page, each with when it was asked; used where there is no place
    for all. `newest` is the time of the newest comment read, `told` those read of the last while, by their ids: what
    was read by one door is not told again by another. The validators are those of `feed`.
    """

    rest: str = ""
    feed: str = ""
    looked: datetime | None = None
    asked: datetime | None = None
    articles: dict[str, tuple[str, datetime | None]] = {}
    newest: datetime | None = None
    told: dict[str, datetime | None] = {}
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""

    @property
    def since(self) -> datetime | None:
        """Comments written before that were read long ago."""
        return self.newest - OVERLAP if self.newest else None

    def fresh(self, acts: Iterable[Interaction]) -> list[Interaction]:
        """Those that were not read before, each once."""
        since = self.since
        by_id = {act.id: act for act in acts if act.id not in self.told}
        return [act for act in by_id.values() if act.at is None or since is None or act.at > since]

    def after(self, acts: Iterable[Interaction]) -> Kept:
        """With these read as well."""
        acts = list(acts)
        newest = max((each for each in (self.newest, *(act.at for act in acts)) if each), default=None)
        horizon = newest - OVERLAP if newest else None
        told = self.told | {act.id: act.at for act in acts}
        young = {key: at for key, at in told.items() if at is None or horizon is None or at > horizon}
        return msgspec.structs.replace(self, newest=newest, told=dict(list(young.items())[-_MOST_TOLD:]))


def load(store: Store, source: str) -> Kept:
    """What is kept of one source; a place without its time, as an older version left some, is passed over."""
    if not (document := store.get(COLLECTION, source)):
        return Kept()
    places = {page: place for page, place in document.get("articles", {}).items() if len(place) == 2}
    return msgspec.convert({**document, "articles": places}, Kept)


def save(store: Store, source: str, kept: Kept) -> None:
    """Keep it; writes only what changed."""
    if kept != load(store, source):
        store.put(COLLECTION, source, msgspec.to_builtins(kept))


def note_articles(store: Store, named: Mapping[str, Mapping[str, str]]) -> None:
    """Remember which feeds of comments the feeds of own sources name for their articles."""
    for source, places in named.items():
        kept = load(store, source)
        articles = {page: (place, kept.articles.get(page, ("", None))[1]) for page, place in places.items()}
        save(store, source, msgspec.structs.replace(kept, articles=articles))
