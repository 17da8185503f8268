"""How each source has been: validators for the next request, failures, and when it is due again.

A failing source is asked less and less often, never given up silently: its error and its next date are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from syndicator.sources.base import Feed, Source
from syndicator.sources.fetch import Fetched

if TYPE_CHECKING:
    from ledger.store.base import Store

COLLECTION = "sources"

_FIRST_WAIT = timedelta(minutes=15)
_LONGEST_WAIT = timedelta(days=1)


class Health(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known of one source from reading it. `first_ok` is None until it was read once: its first-run guard.

    `error` says what is wrong and what to do, without naming the source; `next_due` is set while it fails.
    `moved_from` is its old address until it was read at this one.
    """

    url: str
    title: str = ""
    site: str = ""
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    first_ok: datetime | None = None
    last_ok: datetime | None = None
    last_item: datetime | None = None
    failures: int = 0
    next_due: datetime | None = None
    error: str = ""
    moved_from: str = ""

    def is_due(self, now: datetime) -> bool:
        """Whether it may be asked again."""
        return not self.wait(now)

    def wait(self, now: datetime) -> timedelta:
        """How long it is left alone, since it failed."""
        return max(self.next_due - now, timedelta()) if self.next_due else timedelta()


def read_well(health: Health, fetched: Fetched, feed: Feed | None, now: datetime) -> Health:
    """After a good answer; `feed` is None when nothing had changed."""
    changes: dict[str, object] = {}
    if feed is not None:
        dates = [item.published or item.updated for item in feed.items]
        changes = {
            "title": feed.title,
            "site": feed.site,
            "last_item": max((date for date in dates if date), default=health.last_item),
        }
    return msgspec.structs.replace(
        health,
        etag=fetched.etag or "",
        last_modified=fetched.last_modified or "",
        body_hash=fetched.body_hash or "",
        first_ok=health.first_ok or now,
        last_ok=now,
        failures=0,
        next_due=None,
        error=feed.problem if feed else "" if health.failures else health.error,
        moved_from="",
        **changes,
    )


def read_badly(health: Health, error: str, now: datetime, retry_after: datetime | None = None) -> Health:
    """After a failure: wait longer each time, and at least as long as the server asks."""
    failures = health.failures + 1
    wait = min(_FIRST_WAIT * 2 ** min(failures - 1, 10), _LONGEST_WAIT)
    due = max(now + wait, retry_after) if retry_after else now + wait
    return msgspec.structs.replace(health, failures=failures, next_due=due, error=error)


def moved(health: Health, url: str) -> Health:
    """The same source at another address: with its past, and to be read there at once and in full."""
    fresh = {"etag": "", "last_modified": "", "body_hash": "", "failures": 0, "next_due": None, "error": ""}
    return msgspec.structs.replace(health, url=url, moved_from=health.moved_from or health.url, **fresh)


def load(store: Store) -> dict[str, Health]:
    """The health of every source ever read, by its URL."""
    return {url: msgspec.convert(document, Health) for url, document in store.scan(COLLECTION)}


def document(health: Health) -> dict[str, object]:
    """A health as the store keeps it."""
    found: dict[str, object] = msgspec.to_builtins(health)
    return found


def named(source: Source, known: Mapping[str, Health]) -> Source:
    """The source with the title and site its feed gives, where its owner said none."""
    health = of(source, known)
    return replace(source, title=source.title or health.title, site=source.site or health.site)


def of(source: Source, known: Mapping[str, Health]) -> Health:
    """The health of one source, new if it was never read."""
    return known.get(source.url) or Health(url=source.url)
