"""Keeps the pace of what waits in the queue: a post that missed its time never goes out in a heap, or at night. Pure.

Links shared by hand, approved posts and second tries have a time of their own, and any of them may have passed: the
machine was off, the login was refused, the person approved at midnight. Before each plan they are looked at again.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from syndicator.meter import next_month, reserved
from syndicator.outbox import Change, Post, State, move, noted
from syndicator.plan import Channel
from syndicator.slots import allowed, apart, first_free
from syndicator.times import span_text

#: With `catch_up = "expire"`, a post that is later than this is no news any more.
EXPIRES_AFTER = timedelta(days=1)
#: With `catch_up = "skip"`, a post that is later than this missed its time. Timers are not exact to the minute.
SKIPS_AFTER = timedelta(hours=1)

_AHEAD = timedelta(days=30)
_TAKES_TIME = frozenset({State.QUEUED, State.SENDING, State.POSTED, State.UNKNOWN})


_OUT = _TAKES_TIME - {State.QUEUED}


def keep_pace(posts: Sequence[Post], channels: Iterable[Channel], zone: ZoneInfo, now: datetime) -> list[Post]:
    """The posts that have to change, changed: moved to the next free moment, expired or cancelled.

    Accounts take their turns: what goes out on one now goes out on the next a while apart from it.
    """
    changed: list[Post] = []
    out = [(post.account, post.article, post.happened) for post in posts if post.state in _OUT]
    for channel in channels:
        elsewhere: dict[str, list[datetime]] = {}
        for account, article, when in out:
            if account != channel.name:
                elsewhere.setdefault(article, []).append(when)
        looked_at = {post.id: post for post in _looked_at(posts, channel, now)}
        known = [looked_at.get(post.id, post) for post in posts]
        moved = _keep_one(known, channel, zone, now, elsewhere)
        stay = {post.id for post in moved}
        out += [
            (post.account, post.article, now)
            for post in known
            if post.account == channel.name and _is_due(post, now) and post.id not in stay
        ]
        changed += [*moved, *(post for post in looked_at.values() if post.id not in stay)]
    return changed


def _looked_at(posts: Iterable[Post], channel: Channel, now: datetime) -> list[Post]:
    """An account's posts that waited for money, changed: due now where there is enough, so that they are late from now.

    The earliest comes first, and one that is too dear does not keep back a cheaper one. Whose month has come and has no
    money either waits for the next.
    """
    unpaid = [post for post in posts if post.account == channel.name and post.unpaid and post.state is State.QUEUED]
    left = math.inf
    if channel.budget_usd is not None:  # what is theirs this month is taken off it already
        left = channel.budget_usd + reserved(channel.name, unpaid, now)
    changed = []
    for post in sorted(unpaid, key=lambda post: post.when):
        if post.price_usd <= left + 1e-9:
            left -= post.price_usd
            changes = {"when": max(post.when, now), "retry_at": None, "unpaid": False, "error": ""}
            changed.append(noted(post, "there is money for it", now, **changes))
        elif post.due <= now:
            changed.append(noted(post, "there is no money for it yet", now, retry_at=next_month(now)))
    return changed


def _keep_one(
    posts: Sequence[Post],
    channel: Channel,
    zone: ZoneInfo,
    now: datetime,
    elsewhere: Mapping[str, Collection[datetime]],
) -> list[Post]:
    """The posts of one account that have to change. `elsewhere` are the times of articles on others, up to now.

    A due post is measured against what has happened, the earliest first, and of those due together in the order of
    `posts`, which is that of saving; those queued for later give way when their own turn comes. So a post that meets
    its run a few minutes late keeps its turn. What does have to move goes out as soon as quiet hours, cap and gap
    allow, without waiting for a slot: it had one.
    """
    mine = [post for post in posts if post.account == channel.name and post.state in _TAKES_TIME]
    due = sorted((post for post in mine if _is_due(post, now)), key=lambda post: post.due)
    taken = [post.happened for post in mine if post.state is not State.QUEUED]
    soonest = msgspec.structs.replace(channel.pacing, slots=(), spread=False)
    changed = []
    for post in due:
        late = now - post.due
        if missed := _missed(channel, late):
            changed.append(move(post, missed, f"missed its time by {span_text(late)} (catch_up)", now))
            continue
        name, others, until = channel.name, elsewhere.get(post.article, ()), now + _AHEAD
        if apart(soonest, name, post.article, others, now) == now and allowed(soonest, zone, taken, now):
            taken.append(now)
        else:
            when = first_free(soonest, zone, name, post.article, taken, others, now, until) or until
            taken.append(when)
            changed.append(_moved(post, when, now))
    return changed


def _is_due(post: Post, now: datetime) -> bool:
    return post.state is State.QUEUED and post.due <= now


def _missed(channel: Channel, late: timedelta) -> State | None:
    catch_up = channel.pacing.catch_up
    if catch_up == "expire" and late > EXPIRES_AFTER:
        return State.EXPIRED
    if catch_up == "skip" and late > SKIPS_AFTER:
        return State.CANCELLED
    return None


def _moved(post: Post, when: datetime, now: datetime) -> Post:
    history = (*post.history, Change(now, post.state, f"moved to {when:%Y-%m-%d %H:%M} UTC: no time was free now"))
    return msgspec.structs.replace(post, when=when, retry_at=None, history=history)
