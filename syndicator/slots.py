"""When one account may post: slots or an even spread, caps, gaps, quiet hours. Pure: a function of settings and times.

Slots live on the owner's wall clock; everything that comes out is UTC. The jitter of a slot depends on the account and
the day alone, so planning twice gives the same times.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from syndicator.settings import Plan

_DAY = timedelta(days=1)
#: How far to step when nothing could be posted at a time that was free.
_STEP = timedelta(minutes=15)


def free_times(
    plan: Plan, zone: ZoneInfo, account: str, taken: Sequence[datetime], now: datetime, until: datetime
) -> Iterator[datetime]:
    """Times from `now` to `until` at which the account may post, in order.

    `taken` holds the times of all its posts; the caller adds each time it uses, and what follows takes that into
    account. A slot that passed today without a post is free now; older ones are gone.
    """
    if plan.per_day == 0:
        return
    if plan.slots or plan.spread:
        yield from _slotted(plan, zone, account, taken, now, until)
    else:
        yield from _soonest(plan, zone, taken, now, until)


def allowed(plan: Plan, zone: ZoneInfo, taken: Sequence[datetime], when: datetime) -> bool:
    """Whether a post at `when` keeps the quiet hours, the day's cap and the gap to every other post."""
    local = when.astimezone(zone)
    if plan.quiet.covers(local):
        return False
    if sum(other.astimezone(zone).date() == local.date() for other in taken) >= plan.per_day:
        return False
    return all(abs(when - other) >= plan.min_gap for other in taken)


def slots_of(plan: Plan, zone: ZoneInfo, account: str, day: date) -> list[datetime]:
    """The slots of one local day, UTC: the declared ones, else `per_day` spread evenly over the waking hours."""
    if plan.slots:
        starts = [slot.since_midnight for slot in plan.slots]
        low, high = timedelta(), _DAY - timedelta(seconds=1)
    else:
        wakes, awake = plan.quiet.waking
        starts = [wakes + awake * (index + 0.5) / plan.per_day for index in range(plan.per_day)]
        low, high = wakes, wakes + awake - timedelta(seconds=1)
    jittered = [
        min(max(start + plan.jitter * _fraction(account, day, index), low), high) for index, start in enumerate(starts)
    ]
    return sorted(_on_wall_clock(day, offset, zone) for offset in jittered)


def _slotted(
    plan: Plan, zone: ZoneInfo, account: str, taken: Sequence[datetime], now: datetime, until: datetime
) -> Iterator[datetime]:
    today = now.astimezone(zone).date()
    days = (until.astimezone(zone).date() - today).days + 3
    slots = [slot for offset in range(-1, days) for slot in slots_of(plan, zone, account, today + _DAY * offset)]
    for slot, following in pairwise(slots):
        when = max(slot, now)
        passed_before_today = slot < now and slot.astimezone(zone).date() != today
        if following <= now or passed_before_today:
            continue
        if when > until:
            return
        used = any(slot <= other < following for other in taken)
        if not used and allowed(plan, zone, taken, when):
            yield when


def _soonest(
    plan: Plan, zone: ZoneInfo, taken: Sequence[datetime], now: datetime, until: datetime
) -> Iterator[datetime]:
    when = now
    while when <= until:
        if allowed(plan, zone, taken, when):
            before = len(taken)
            yield when
            when += timedelta() if len(taken) > before else _STEP
        else:
            when = _next_chance(plan, zone, taken, when)


def _next_chance(plan: Plan, zone: ZoneInfo, taken: Sequence[datetime], when: datetime) -> datetime:
    """The first moment after `when` at which what forbids it now has ended."""
    local = when.astimezone(zone)
    if plan.quiet.covers(local):
        wakes = _on_wall_clock(local.date(), plan.quiet.waking[0], zone)
        return wakes if wakes > when else _on_wall_clock(local.date() + _DAY, plan.quiet.waking[0], zone)
    if sum(other.astimezone(zone).date() == local.date() for other in taken) >= plan.per_day:
        return _on_wall_clock(local.date() + _DAY, timedelta(), zone)
    return max(other + plan.min_gap for other in taken if abs(when - other) < plan.min_gap)


def _on_wall_clock(day: date, offset: timedelta, zone: ZoneInfo) -> datetime:
    """The moment when the owner's clock shows midnight of `day` plus `offset`; clock changes are the clock's affair."""
    return (datetime.combine(day, time()) + offset).replace(tzinfo=zone).astimezone(UTC)


def _fraction(account: str, day: date, index: int) -> float:
    """A number in [-1, 1) that looks random and is always the same."""
    digest = hashlib.sha256(f"{account} {day} {index}".encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**31 - 1
