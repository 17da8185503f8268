"""Whether anything of a post is on its network already: in the words it has now, or in those it had before.

A request that got no answer may arrive long after it was given up. So what was tried stays with its post when that gets
other words, is looked for before they are sent, and leaves them its place: networks that tell posts apart by a key take
but one of the two. Nothing here is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from platforms.base import PostRef, Publisher, Request
from platforms.errors import Unsupported
from syndicator.outbox import Post

#: No request is on its way for longer; a post that is made anew after that is of its own time.
_ON_ITS_WAY = timedelta(days=1)
_OLD = "in the words it had before they were changed"


@dataclass(frozen=True, slots=True)
class Found:
    """The post as it is on the network, and where; `remark` says if that is not as its owner wanted it in the end."""

    post: Post
    ref: PostRef
    remark: str = ""


def find(publisher: Publisher, post: Post, *, sent: bool = True) -> Found | None:
    """Look for all that was tried, with `sent` also for the request it has now; None when nothing is there.

    Raises any PlatformError. Where a network can't say it of earlier words, their doubt was settled before the post got
    others. Some know a post by its link: both words are found then, and nobody knows which are there.
    """
    now = publisher.find(post.request) if sent and post.request else None
    for before in reversed(post.earlier):
        try:
            ref = publisher.find(before.request)
        except Unsupported:
            continue
        if ref and ref == now:
            return Found(post, ref, f"it is out, perhaps {_OLD}")
        if ref and not now:
            there = msgspec.structs.replace(post, **msgspec.structs.asdict(before))
            return Found(there, ref, f"it was out already, {_OLD}")
    return Found(post, now) if now else None


def begun(publisher: Publisher, post: Post, now: datetime) -> Request:
    """The request of a post that has none, before anything is done for it on the network.

    It has the key and the time of what was tried last, as long as that may still arrive.
    """
    last = post.earlier[-1].request if post.earlier else None
    if last and now - last.created < _ON_ITS_WAY:
        return publisher.prepare(post.draft, last.key, last.created)
    return publisher.prepare(post.draft, post.id, now)
