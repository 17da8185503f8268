"""What is kept of each outline file that a live blogroll is made of: how asking for it went, and what it held.

The copy is what the next look is compared with, and what is used when that look comes to nothing. Kept by the address
of the file: small documents that change with every request apart from large ones that change with the blogroll.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from syndicator.sources import health as healths
from syndicator.sources.blogroll import Include, Subscription
from syndicator.sources.fetched import Fetched
from syndicator.sources.health import Health

if TYPE_CHECKING:
    from ledger.store.base import Store

HEALTH, COPIES = "blogrolls", "blogroll_copies"


class Copy(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an outline file held when it was last read well. `discovered`: its address is a page's that names it."""

    feeds: tuple[Subscription, ...] = ()
    includes: tuple[Include, ...] = ()
    discovered: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """One outline file. The `url` of its health is where it really lies; `copy` is None until it was read once."""

    health: Health
    copy: Copy | None = None

    def is_fresh(self, since: datetime | None) -> bool:
        """Whether the copy can stand for the file: any can when `since` is None."""
        return self.copy is not None and (since is None or (self.health.last_ok or since) > since)

    def may_be_asked(self, now: datetime) -> bool:
        """Whether it did not fail so lately that it is left alone."""
        return not self.health.wait(now)


class Copies:
    """All that is kept, by address. Remembers what changed since it was loaded."""

    def __init__(self, kept: Mapping[str, Kept]) -> None:
        self._loaded = dict(kept)
        self._kept = dict(kept)

    def get(self, address: str) -> Kept:
        """What is kept of an outline file; of a new one, nothing."""
        return self._kept.get(address) or Kept(Health(url=address))

    def put(self, address: str, kept: Kept) -> None:
        """Keep this from now on."""
        self._kept[address] = kept

    def save(self, store: Store, current: Collection[str]) -> None:
        """Store what changed; of files that no blogroll of the settings needs any more, nothing is kept."""
        gone = self._loaded.keys() - set(current)
        health, copies = {}, {}
        for address in current:
            kept, known = self.get(address), self._loaded.get(address)
            if known is None or kept.health != known.health:
                health[address] = healths.document(kept.health)
            if kept.copy is not None and (known is None or kept.copy != known.copy):
                copies[address] = msgspec.to_builtins(kept.copy)
        for collection, documents in ((HEALTH, health), (COPIES, copies)):
            if documents:
                store.put_many(collection, documents)
            if gone:
                store.delete(collection, gone)


def load(store: Store) -> Copies:
    """Everything that is kept."""
    copies = {address: msgspec.convert(document, Copy) for address, document in store.scan(COPIES)}
    health = ((address, msgspec.convert(document, Health)) for address, document in store.scan(HEALTH))
    return Copies({address: Kept(each, copies.get(address)) for address, each in health})


def read_well(kept: Kept, copy: Copy, now: datetime, fetched: Fetched | None = None) -> Kept:
    """After a good look; `fetched` is the answer if it came from the web: where it came from is asked from now on."""
    changes: dict[str, object] = {"failures": 0, "next_due": None, "error": ""}
    if fetched:
        asked_next = fetched.permanent_url or fetched.url
        changes |= {
            "url": asked_next,
            "validated_at": "" if fetched.final_url == asked_next else fetched.final_url,
            "etag": fetched.etag,
            "last_modified": fetched.last_modified,
            "body_hash": fetched.body_hash,
            "last_ok": now,
        }
    return Kept(msgspec.structs.replace(kept.health, **changes), copy)


def read_badly(kept: Kept, address: str, error: str, now: datetime, retry_after: datetime | None = None) -> Kept:
    """After a look that came to nothing: the copy stays, and the next look starts from its address once more."""
    health = healths.read_badly(kept.health, error, now, retry_after)
    if health.url != address:
        health = msgspec.structs.replace(health, url=address, etag="", last_modified="", validated_at="", body_hash="")
    return Kept(health, kept.copy)


def put_off(kept: Kept, until: datetime | None) -> Kept:
    """After its server was left alone because of others there, which is no failure of this one."""
    return Kept(healths.put_off(kept.health, until), kept.copy)


def feeds_of(address: str, copies: Copies, includes: Iterable[Include]) -> tuple[Subscription, ...]:
    """The feeds of an outline file and of those it includes, in their folders, each feed once."""
    found: dict[str, Subscription] = {}
    for each in (copies.get(address).copy or Copy()).feeds:
        found.setdefault(each.url, each)
    for include in includes:
        for each in (copies.get(include.url).copy or Copy()).feeds:
            folders = (*include.folders, *each.folders)
            found.setdefault(each.url, msgspec.structs.replace(each, folders=folders))
    return tuple(found.values())
