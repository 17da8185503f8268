"""How each source has been: where it lives, validators for the next request, failures, and when it is due again.

A healthy source is asked in its own rhythm, a failing one less and less often, never given up silently: its error and
its next date are shown. One whose owner says that it is gone for good is retired: shown, and not asked any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from syndicator.sources import rhythm
from syndicator.sources.base import Feed, Source
from syndicator.sources.fetch import Fetched
from syndicator.sources.rhythm import Bounds

if TYPE_CHECKING:
    from ledger.store.base import Store

COLLECTION = "sources"

_FIRST_WAIT = timedelta(minutes=15)
_LONGEST_WAIT = timedelta(days=1)
_BEYOND_ANY_WAIT = timedelta(days=2)


class Health(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known of one source from reading it. `first_ok` is None until it was read once: its first-run guard.

    `url` is where it was subscribed and stays its name. `moved_to` is where it lives since, "" if it did not move;
    `gone` since when its owner says that it is gone for good. `moved_from` is where it was subscribed before, until it
    was read at this address. `validated_at` is what gave the validators, if it is another address than the one to ask.
    `says`, `fresh` and `gap` make its rhythm (see `rhythm`). `error` says what is wrong and what to do, without naming
    the source, or what is to be known of one that was read well; `next_due` is set while it fails, or its server wants
    time. `whole` tells that a version read it which keeps entries without a title; earlier ones left those out.
    """

    url: str
    title: str = ""
    site: str = ""
    moved_to: str = ""
    etag: str = ""
    last_modified: str = ""
    validated_at: str = ""
    body_hash: str = ""
    first_ok: datetime | None = None
    last_ok: datetime | None = None
    last_item: datetime | None = None
    says: timedelta | None = None
    fresh: timedelta | None = None
    gap: timedelta | None = None
    failures: int = 0
    next_due: datetime | None = None
    gone: datetime | None = None
    error: str = ""
    moved_from: str = ""
    whole: bool = False

    def due(self, source: Source, bounds: Bounds) -> datetime | None:
        """When it is asked again; None for what nothing has to be waited for, and for what is gone.

        Reckoned anew each time, so that other settings hold at once. Files are read every time: that asks nobody.
        """
        if self.gone or source.url.startswith("file:"):
            return None
        if self.failures or self.next_due:
            return self.next_due
        if self.last_ok is None or self.moved_from:
            return None
        return self.last_ok + self._interval(source, bounds)

    def is_due(self, source: Source, bounds: Bounds, now: datetime) -> bool:
        """Whether it is to be asked now. What a clock that went wrong left in the future is no reason to wait."""
        due = self.due(source, bounds)
        if self.gone or due is None:
            return not self.gone
        if self.failures or self.next_due or self.last_ok is None:
            return not self.wait(now)
        return due - rhythm.slack(due - self.last_ok) <= now or self.last_ok > now

    def wait(self, now: datetime) -> timedelta:
        """How long it is left alone, since it failed or its server wants time."""
        left = self.next_due - now if self.next_due else timedelta()
        return left if timedelta() < left <= _BEYOND_ANY_WAIT else timedelta()

    def _interval(self, source: Source, bounds: Bounds) -> timedelta:
        wishes = [wish for wish in (self.says, self.fresh) if wish]
        silence = self.last_ok - self.last_item if self.last_ok and self.last_item else None
        return rhythm.interval(
            source.url,
            bounds,
            own=source.kind == "own",
            wish=max(wishes, default=None),
            gap=self.gap,
            silence=silence,
        )


def read_well(health: Health, fetched: Fetched, feed: Feed | None, now: datetime) -> Health:
    """After a good answer; `feed` is None when nothing had changed.

    Only now is a move believed: what answers at the new address is the feed, and no page of somebody else's.
    """
    changes: dict[str, object] = {}
    if feed is not None:
        dates = [date for item in feed.items if (date := item.published or item.updated)]
        changes = {
            "title": feed.title,
            "site": feed.site,
            "last_item": max(dates, default=health.last_item),
            "says": feed.interval,
            "gap": rhythm.usual_gap(dates),
            "whole": True,
        }
    asked_next = fetched.permanent_url or health.url
    return msgspec.structs.replace(
        health,
        moved_to=fetched.permanent_url,
        etag=fetched.etag,
        last_modified=fetched.last_modified,
        validated_at="" if fetched.final_url == asked_next else fetched.final_url,
        body_hash=fetched.body_hash,
        first_ok=health.first_ok or now,
        last_ok=now,
        # What a 304 leaves out still holds (RFC 9111, 3.2).
        fresh=fetched.max_age or (health.fresh if fetched.http_status == 304 else None),
        failures=0,
        next_due=None,
        gone=None,
        error=(feed.problem or feed.remark) if feed else "" if health.failures else health.error,
        moved_from="",
        **changes,
    )


def read_badly(health: Health, error: str, now: datetime, retry_after: datetime | None = None) -> Health:
    """After a failure: wait longer each time, and at least as long as the server asks."""
    failures = health.failures + 1
    wait = min(_FIRST_WAIT * 2 ** min(failures - 1, 10), _LONGEST_WAIT)
    due = max(now + wait, retry_after) if retry_after else now + wait
    return msgspec.structs.replace(health, failures=failures, next_due=due, error=error)


def put_off(health: Health, until: datetime | None) -> Health:
    """After its server was left alone because of others there: not its failure. It waits only if the server asked."""
    return msgspec.structs.replace(health, next_due=until) if until else health


def moved(health: Health, url: str) -> Health:
    """The same source at another address: with its past, and to be read there at once and in full."""
    fresh = {"etag": "", "last_modified": "", "validated_at": "", "body_hash": ""}
    return msgspec.structs.replace(revived(health), url=url, moved_from=health.moved_from or health.url, **fresh)


def retired(health: Health, error: str, now: datetime) -> Health:
    """After its owner said that it is gone for good: not asked any more, until it is revived."""
    return msgspec.structs.replace(read_badly(health, error, now), next_due=None, gone=health.gone or now)


def revived(health: Health) -> Health:
    """To be asked again in its rhythm, where it was subscribed; what was learnt of it stays."""
    return msgspec.structs.replace(moved_back(health), failures=0, next_due=None, gone=None, error="")


def moved_back(health: Health) -> Health:
    """To be asked where it was subscribed, after its new address turned out to be none."""
    return msgspec.structs.replace(health, moved_to="", validated_at=health.validated_at or health.moved_to)


def load(store: Store) -> dict[str, Health]:
    """The health of every source ever read, by its URL."""
    return {url: msgspec.convert(document, Health) for url, document in store.scan(COLLECTION)}


def revive(store: Store, url: str) -> bool:
    """Let a retired source be asked again, since its owner wants it; tells whether there was one."""
    known = store.get(COLLECTION, url)
    health = msgspec.convert(known, Health) if known else None
    if health is None or not health.gone:
        return False
    with store.transaction():
        store.put(COLLECTION, url, document(revived(health)))
    return True


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
