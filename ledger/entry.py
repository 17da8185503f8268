"""The one fact the ledger holds: somebody did something for me, or I did something for somebody.

Entries are append-only and have a stable key, so the same act told twice is one entry. Values and balances are never
stored; `settle` computes them.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """What was done. The weights are settings; the defaults are in `settle`."""

    LINK = "link"
    RECOMMEND = "recommend"
    SUBMIT = "submit"
    SHARE = "share"
    QUOTE = "quote"
    BOOST = "boost"
    COMMENT = "comment"
    REPLY = "reply"
    MENTION = "mention"
    BOOKMARK = "bookmark"
    LIKE = "like"
    FOLLOW = "follow"
    THANK = "thank"


class Direction(StrEnum):
    """Received: done for me. Given: done by me."""

    RECEIVED = "received"
    GIVEN = "given"


class Identity(msgspec.Struct, frozen=True, order=True):
    """One handle on one network (`mastodon`, `bluesky`, `x` …) or one web site (`web`, handle = host and path).

    Handles are normalised by `people.identity`: lower case, no leading `@`, Mastodon handles with their server.
    """

    network: str
    handle: str

    def __str__(self) -> str:
        return f"{self.network}:{self.handle}"


class Entry(msgspec.Struct, frozen=True):
    """One act between me and one identity.

    `url` is their page (where they did it, or what of theirs I shared), `my_url` is mine (what it was done to, or where
    I did it). `at` is when it happened, None when nobody says; `recorded` is when the ledger learnt of it and stands in
    for a missing `at`. `channel` is how it was learnt (`feed`, `hand`, `outbox`, `mastodon` …), `trust` in (0,1] how
    far that channel is believed, `native_id` the channel's own id of the act. `substantial` marks a reply of over 25
    words; `secondhand` a like or boost of somebody else's share of mine; `private` what not everybody may see: it
    counts, and is never told in public. `account` is which account of mine heard of it, where one did.
    """

    direction: Direction
    kind: Kind
    identity: Identity
    recorded: datetime
    at: datetime | None = None
    url: str = ""
    my_url: str = ""
    channel: str = "hand"
    native_id: str = ""
    trust: float = 1.0
    note: str = ""
    in_return_for: str = ""
    substantial: bool = False
    secondhand: bool = False
    private: bool = False
    account: str = ""

    @property
    def when(self) -> datetime:
        """The time that counts: when it happened, else when it was recorded."""
        return self.at or self.recorded

    @property
    def key(self) -> str:
        """Stable across polls: made from who did what to what, never from when it was learnt."""
        what = (self.native_id,) if self.native_id else (self.url, self.my_url)
        if not any(what):
            what = (self.when.isoformat(), self.note)
        parts = (self.direction, self.kind, str(self.identity), *what)
        return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:20]
