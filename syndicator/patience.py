"""How often a network that does not answer is tried for one post, and how long after each try. Pure."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from platforms.errors import AuthFailed, OverBudget, PlatformError, RateLimited, Rejected, Unsupported
from syndicator.outbox import Post

#: How long to wait after each try but the last: six tries over about a day.
_WAITS = tuple(timedelta(minutes=minutes) for minutes in (5, 20, 60, 300, 960))
#: By how much of itself each wait is longer or shorter, so that what failed together does not come back together.
_JITTER = 0.2
#: How long to wait when a network sets a limit and does not say until when; and the most, whatever it says: a clock or
#: a unit is wrong then, and the longest limits known are of a day.
_UNNAMED, _LONGEST = timedelta(minutes=20), timedelta(days=1)

#: How often a network is tried for one post.
TRIES = len(_WAITS) + 1


def tries_left(post: Post) -> bool:
    """Whether a post that could not be sent may be tried again."""
    return post.attempts < TRIES


def wait(post: Post) -> timedelta:
    """How long to wait after the latest try of a post; the same whenever it is asked, and different for each post."""
    digest = hashlib.sha256(f"{post.id} {post.attempts}".encode()).digest()
    fraction = int.from_bytes(digest[:4], "big") / 2**31 - 1
    return _WAITS[min(max(post.attempts, 1), len(_WAITS)) - 1] * (1 + _JITTER * fraction)


def limit_ends(limit: RateLimited, now: datetime) -> datetime:
    """When a network is asked again that wants to be left alone."""
    return min(limit.retry_at or now + _UNNAMED, now + _LONGEST)


def retry_at(post: Post, error: PlatformError, now: datetime) -> datetime | None:
    """When to try a post again that is surely not on the network; None when that will not help."""
    if isinstance(error, AuthFailed):
        return now  # nothing is wrong with the post; the account is held until its login works
    if isinstance(error, OverBudget):
        return error.retry_at or now + _UNNAMED
    if isinstance(error, RateLimited):
        return limit_ends(error, now)
    if isinstance(error, (Rejected, Unsupported)) or not tries_left(post):
        return None
    return now + wait(post)
