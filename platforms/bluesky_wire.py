"""What Bluesky's notifications mean in our words. Pure: no SDK, no network.

Fields and reasons: https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/notification/
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from platforms.base import Actor, Interaction

POST = "app.bsky.feed.post"
POST_URI = re.compile(rf"at://(?P<repo>[^/]+)/{re.escape(POST)}/(?P<rkey>[^/]+)")

#: Reason → the ledger's kind. What comes via a repost of mine was done to whoever wrote the post; the others are news.
_KINDS = {
    "like": "like",
    "repost": "boost",
    "follow": "follow",
    "mention": "mention",
    "reply": "reply",
    "quote": "quote",
}
#: What stands in for the handle of an account whose handle no longer proves itself: the same for all of them.
_NO_HANDLE = "handle.invalid"


def interaction(notification: Mapping[str, Any], handle: str) -> Interaction | None:
    """What somebody did for the account `handle`, or None if nothing was done for it.

    `id` is the AT URI of their record. Only their posts have a page; `target` is the page of my post.
    """
    kind = _KINDS.get(str(notification.get("reason")))
    if kind is None:
        return None
    record, who = notification.get("record") or {}, actor(notification["author"])
    uri = str(notification["uri"])
    return Interaction(
        kind=kind,
        actor=who,
        id=uri,
        url=page(uri, who.handle) if record.get("$type") == POST else "",
        target=page(str(notification.get("reasonSubject") or ""), handle),
        at=_happened(record.get("createdAt"), notification.get("indexedAt")),
        text=str(record.get("text") or ""),
    )


def actor(author: Mapping[str, Any]) -> Actor:
    """Who did it; the DID takes the place of a handle that is not valid."""
    did = str(author["did"])
    handle = str(author.get("handle") or _NO_HANDLE)
    known = did if handle == _NO_HANDLE else handle
    return Actor(known, did, f"https://bsky.app/profile/{known}", str(author.get("displayName") or ""))


def page(uri: str, handle: str) -> str:
    """The web page of a post, given its AT URI; what is no post's stays as it is."""
    post = POST_URI.fullmatch(uri)
    return f"https://bsky.app/profile/{handle}/post/{post['rkey']}" if post else uri


def _happened(created: object, indexed: object) -> datetime | None:
    """When it happened: as its client says, unless the network has seen it before that."""
    times = [at for at in (_time(created), _time(indexed)) if at]
    return min(times) if times else None


def _time(said: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(said))
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):  # the time is their client's, and may be anything
        return None
