"""How an article remembers the ids that feeds gave it: short, and still telling whose they were. Pure.

A remembered id is eight letters for the feed, a sign, and twelve for the id. The sign says whether the id is one of its
kind in the world ("=": an address, tag: or urn:), or only within its feed (" ", as with "1").
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import blake2b

_WORLDWIDE = re.compile(r"(?:https?://|tag:|urn:).", re.IGNORECASE)
_FEED, _ID = 6, 9  # bytes: among 10 million ids, one pair is alike with a chance of 1 in 90 million


def guid_of(feed: str, entry: str) -> str:
    """What to remember of an entry's id in the feed at this URL."""
    return _short(feed, _FEED) + ("=" if _WORLDWIDE.match(entry) else " ") + _short(entry, _ID)


def lookup(guid: str) -> str:
    """Where to look a remembered id up: one that is of its kind in the world, whichever feed told it."""
    return guid[9:] if guid[8] == "=" else guid


def with_feeds_moved(guid: str, moves: Mapping[str, str]) -> str:
    """The remembered id, had its feed always been where it moved to (old address to new)."""
    short = {_short(old, _FEED): _short(new, _FEED) for old, new in moves.items()}
    return short.get(guid[:8], guid[:8]) + guid[8:]


def _short(text: str, size: int) -> str:
    digest = blake2b(text.encode(errors="replace"), digest_size=size).digest()
    return urlsafe_b64encode(digest).decode()
