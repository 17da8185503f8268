"""When one account may post: slots or an even spread, caps, gaps, quiet hours. Pure: a function of settings and times.

Slots live on the owner's wall clock; everything that comes out is UTC. The jitter of a slot depends on the account and
the day alone, so planning twice gives the same times.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from syndicator.settings import Plan
from syndicator.times import Clock

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
#: How far to step when nothing could be posted at a time that was free.
_STEP = timedelta(minutes=15)


def free_times(
    plan: Plan, zone: ZoneInfo, account: str, taken: Sequence[datetime], now: datetime, until: datetime
) -> Iterator[datetime]:
    """Times from `now` to `until` at which the account may post, in order.

    `taken` holds the times of all its posts; the caller adds each time it uses, and what follows takes that into
    account. A slot that passed today without a post is free now; older ones are gone. One that comes too soon after
    another post waits for the gap, unless the next slot starts by then.
    """
    if plan.per_day == 0:
        return
    if plan.slots or plan.spread:
        yield from _slotted(plan, zone, account, taken, now, until)
    else:
        yield from _soonest(plan, zone, taken, now, until)


def first_free(
    plan: Plan,
    zone: ZoneInfo,
    account: str,
    article: str,
    taken: Sequence[datetime],
    elsewhere: Collection[datetime],
    now: datetime,
    until: datetime,
) -> datetime | None:
    """The first free time that is apart from the same article's times on other accounts; None when there is none."""
    for slot in free_times(plan, zone, account, taken, now, until):
        when = apart(plan, account, article, elsewhere, slot)
        if when == slot or (when <= until and allowed(plan, zone, taken, when)):
            return when
    return None


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
    wakes, awake = plan.quiet.waking
    if plan.slots:
        starts = [slot.since_midnight for slot in plan.slots]
    else:
        starts = [wakes + awake * (index + 0.5) / plan.per_day for index in range(plan.per_day)]
    jittered = [
        min(max(start + plan.jitter * _fraction(f"{account} {day} {index}"), low), high)
        for index, start in enumerate(starts)
        for low, high in [_room(plan, start)]
    ]
    return sorted(_on_wall_clock(day, offset, zone) for offset in jittered)


def silenced(plan: Plan) -> tuple[Clock, ...]:
    """The declared slots that are never used, because they lie in the quiet hours."""
    midnight = datetime.combine(date.min, time(), UTC)
    return tuple(slot for slot in plan.slots if plan.quiet.covers(midnight + slot.since_midnight))


def apart(plan: Plan, account: str, article: str, elsewhere: Iterable[datetime], when: datetime) -> datetime:
    """The first moment from `when` on that is not beside the same article's times on other accounts.

    The distance is `stagger` to twice that, different for each account and article and always the same.
    """
    distance = plan.stagger
    for other in sorted(elsewhere):
        if abs(when - other) < distance:
            when = other + distance * (1.5 + _fraction(f"{account} {article}") / 2)
    return when


def _room(plan: Plan, start: timedelta) -> tuple[timedelta, timedelta]:
    """From when to when jitter may move a slot: never into the quiet hours, nor a declared one into another day."""
    wakes, awake = plan.quiet.waking
    waking = [(first, first + awake - _SECOND) for first in (wakes - _DAY, wakes)]
    low, high = next(((low, high) for low, high in waking if low <= start <= high), (start, start))
    return (max(low, timedelta()), min(high, _DAY - _SECOND)) if plan.slots else (low, high)


def _slotted(
    plan: Plan, zone: ZoneInfo, account: str, taken: Sequence[datetime], now: datetime, until: datetime
) -> Iterator[datetime]:
    today = now.astimezone(zone).date()
    days = (until.astimezone(zone).date() - today).days + 3
    slots = [slot for offset in range(-1, days) for slot in slots_of(plan, zone, account, today + _DAY * offset)]
    for slot, following in pairwise(slots):
        passed_before_today = slot < now and slot.astimezone(zone).date() != today
        if following <= now or passed_before_today or plan.quiet.covers(slot.astimezone(zone)):
            continue
        if slot > until:
            return
        used = any(slot <= other < following for other in taken)
        when = _after_gaps(plan, taken, max(slot, now))
        if not used and when < following and when <= until and allowed(plan, zone, taken, when):
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
        return _wakes_after(plan, zone, when)
    if sum(other.astimezone(zone).date() == local.date() for other in taken) >= plan.per_day:
        return _on_wall_clock(local.date() + _DAY, timedelta(), zone)
    return _after_gaps(plan, taken, when)


def _after_gaps(plan: Plan, taken: Sequence[datetime], when: datetime) -> datetime:
    """The first moment from `when` on that keeps the gap to every post."""
    for other in sorted(taken):
        if abs(when - other) < plan.min_gap:
            when = other + plan.min_gap
    return when


def _wakes_after(plan: Plan, zone: ZoneInfo, when: datetime) -> datetime:
    """When the quiet hours end that cover `when`. Where the clock shows an hour twice, they may end twice."""
    today, end = when.astimezone(zone).date(), plan.quiet.waking[0]
    ends = (_on_wall_clock(today + _DAY * days, end, zone, fold) for days in (0, 1) for fold in (0, 1))
    return next(moment for moment in ends if moment > when)


def _on_wall_clock(day: date, offset: timedelta, zone: ZoneInfo, fold: int = 0) -> datetime:
    """The moment when the owner's clock shows midnight of `day` plus `offset`; clock changes are the clock's affair.

    `fold` says which of the two is meant where it shows that time twice.
    """
    return (datetime.combine(day, time()) + offset).replace(tzinfo=zone, fold=fold).astimezone(UTC)


def _fraction(seed: str) -> float:
    """A number in [-1, 1) that looks random and is always the same."""
    digest = hashlib.sha256(seed.encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**31 - 1
