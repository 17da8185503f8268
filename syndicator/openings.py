"""When accounts may post next, whatever there is to post: what goes out then is for `plan` to say. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from syndicator.planned import Channel, Past, as_of
from syndicator.slots import free_times


def openings(
    channels: Sequence[Channel], past: Sequence[Past], zone: ZoneInfo, now: datetime, until: datetime
) -> dict[str, datetime]:
    """The first time from `now` to `until` that a plan may use, by account.

    One that is held, or has not the money for anything, has none.
    """
    past = as_of(past, now)
    found = {}
    for channel in channels:
        taken = [each.when for each in past if each.account == channel.name and each.live]
        free = free_times(channel.pacing, zone, channel.name, taken, now, until)
        if _may_post(channel) and (first := next(free, None)):
            found[channel.name] = first
    return found


def _may_post(channel: Channel) -> bool:
    least = min(channel.limits.price_usd, channel.limits.price_with_url_usd)
    return not channel.held and (channel.budget_usd is None or least <= channel.budget_usd + 1e-9)
