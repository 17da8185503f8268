"""Keeps the pace of what waits in the queue: a post that missed its time never goes out in a heap, or at night. Pure.

Links shared by hand, approved posts and second tries have a time of their own, and any of them may have passed: the
machine was off, the login was refused, the person approved at midnight. Before each plan they are looked at again.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from syndicator.meter import next_month, reserved
from syndicator.outbox import Post, State, move, noted
from syndicator.plan import Channel
from syndicator.restraint import not_before, too_old
from syndicator.slots import allowed, apart, first_free
from syndicator.times import span_text

#: With `catch_up = "expire"`, a post that is later than this is no news any more, unless runs are rare.
EXPIRES_AFTER = timedelta(days=1)
#: With `catch_up = "skip"`, a post that is later than this missed its time, unless runs are rare.
SKIPS_AFTER = timedelta(hours=1)
#: A post that comes so many runs late was delayed by an outage. Timers are not exact to the minute.
_MISSED_RUNS = 2

_AHEAD = timedelta(days=30)
#: Posts in these states are out, or may be.
OUT = frozenset({State.SENDING, State.POSTED, State.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Facts:
    """What lateness and rules are measured by.

    `interval` is how long it usually is from one run to the next: while nobody knows, as long as between the rarest.
    `rations` are the most posts a day of sources, by their addresses; `dated` is when articles were, by theirs.
    """

    interval: timedelta = timedelta(days=1)
    rations: Mapping[str, int] = field(default_factory=dict)
    dated: Mapping[str, datetime] = field(default_factory=dict)


def keep_pace(
    posts: Sequence[Post], channels: Iterable[Channel], zone: ZoneInfo, now: datetime, facts: Facts
) -> list[Post]:
    """The posts that have to change, changed: moved to the next free moment, expired or cancelled.

    Accounts take their turns: what goes out on one now goes out on the next a while apart from it.
    """
    changed: list[Post] = []
    out = [(post.account, post.article, post.happened) for post in posts if post.state in OUT]
    for channel in channels:
        elsewhere: dict[str, list[datetime]] = {}
        for account, article, when in out:
            if account != channel.name:
                elsewhere.setdefault(article, []).append(when)
        looked_at = {post.id: post for post in _looked_at(posts, channel, now)}
        known = [looked_at.get(post.id, post) for post in posts]
        stale = [old for post in known if (old := _grown_old(post, channel, facts, now))]
        fresh = {post.id for post in known} - {post.id for post in stale}
        kept = [post for post in known if post.id in fresh]
        moved = [*stale, *_keep_one(kept, channel, zone, now, elsewhere, facts)]
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
    facts: Facts,
) -> list[Post]:
    """The posts of one account that have to change. `elsewhere` are the times of articles on others, up to now.

    A due post is measured against what has happened, the earliest first, and of those due together in the order of
    `posts`, which is that of saving; those queued for later give way when their own turn comes. So a post that meets
    its run a few minutes late keeps its turn. What does have to move goes out as soon as quiet hours, cap and gap
    allow, without waiting for a slot: it had one.
    """
    mine = [post for post in posts if post.account == channel.name]
    due = sorted((post for post in mine if _is_due(post, now)), key=lambda post: post.due)
    out = [post for post in mine if post.state in OUT]
    taken = [post.happened for post in out]
    soonest = msgspec.structs.replace(channel.pacing, slots=(), spread=False)
    changed = []
    for post in due:
        late = now - post.due
        if missed := _missed(channel, late, facts.interval):
            changed.append(move(post, missed, f"missed its time by {span_text(late)} (catch_up)", now))
            continue
        earliest, why = not_before(post, out, channel.pacing, facts.rations.get(post.source), zone, now)
        name, others, until = channel.name, elsewhere.get(post.article, ()), earliest + _AHEAD
        is_apart = apart(soonest, name, post.article, others, now) == now
        if earliest == now and is_apart and allowed(soonest, zone, taken, now):
            taken.append(now)
            out.append(msgspec.structs.replace(post, when=now, retry_at=None))
        else:
            when = first_free(soonest, zone, name, post.article, taken, others, earliest, until) or until
            taken.append(when)
            changed.append(_moved(post, when, why or "no time was free now", now))
    return changed


def _grown_old(post: Post, channel: Channel, facts: Facts, now: datetime) -> Post | None:
    """The post expired, if it waits on this account and is older than what is planned there."""
    waits = post.state is State.AWAITING or _is_due(post, now)
    if post.account != channel.name or not waits:
        return None
    why = too_old(post, channel.pacing, facts.dated.get(post.article), now)
    return move(post, State.EXPIRED, why, now) if why else None


def _is_due(post: Post, now: datetime) -> bool:
    return post.state is State.QUEUED and post.due <= now


def _missed(channel: Channel, late: timedelta, interval: timedelta) -> State | None:
    catch_up, outage = channel.pacing.catch_up, _MISSED_RUNS * interval
    if catch_up == "expire" and late > max(EXPIRES_AFTER, outage):
        return State.EXPIRED
    if catch_up == "skip" and late > max(SKIPS_AFTER, outage):
        return State.CANCELLED
    return None


def _moved(post: Post, when: datetime, why: str, now: datetime) -> Post:
    return noted(post, f"moved to {when:%Y-%m-%d %H:%M} UTC: {why}", now, when=when, retry_at=None)
