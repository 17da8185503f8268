"""What a planned post keeps besides cap, gap and quiet hours when it did not go out at once. Pure.

The plan saw to it when it was made. Since then the post waited to be approved, or for its network, and others went out.
What its owner shared or retried by hand may pass these rules.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from syndicator.outbox import NOT_FOUND, RETRIED, SHARED, Post, State
from syndicator.settings import Plan
from syndicator.times import span_text

_WANTED = frozenset({SHARED, RETRIED, NOT_FOUND})


def too_old(post: Post, pacing: Plan, dated: datetime | None, now: datetime) -> str:
    """Why a post that was never tried is no news any more; "" if it is. `dated` is when its article was, if known.

    A note has no age, and one that nobody approves waits no longer than an article might.
    """
    if _is_wanted(post) or post.attempts or (post.kind == "notes" and post.state is not State.AWAITING):
        return ""
    since = dated or (post.history[0].at if post.history else post.when)
    if now - since <= pacing.max_age:
        return ""
    unapproved = ", and nobody approved it" if post.state is State.AWAITING else ""
    return f"older than {span_text(pacing.max_age)} (max_age){unapproved}"


def not_before(
    post: Post, out: Iterable[Post], pacing: Plan, ration: int | None, zone: ZoneInfo, now: datetime
) -> tuple[datetime, str]:
    """The first moment from `now` on at which the rules it was planned by allow a post, and what forbids it until then.

    `out` are the posts of its account that happened, `ration` is the most of its source in a day, None without limit.
    """
    if _is_wanted(post):
        return now, ""
    others = [other for other in out if other.id != post.id]
    waits = [(now, "")]
    if post.kind == "curated":
        why = f"{post.site} was shared within {span_text(pacing.author_gap)} (author_gap)"
        waits += [(other.happened + pacing.author_gap, why) for other in others if other.site == post.site]
    if post.kind == "notes":
        why = f"this note was posted within {span_text(pacing.note_gap)} (note_gap)"
        waits += [(other.happened + pacing.note_gap, why) for other in others if other.article == post.article]
    today = now.astimezone(zone).date()
    same = [other for other in others if other.source == post.source and _day(other, zone) == today]
    if ration is not None and len(same) >= ration:
        tomorrow = datetime.combine(today + timedelta(days=1), time(), zone).astimezone(now.tzinfo)
        waits.append((tomorrow, f"its source may have {ration} posts a day here (per_day of the source)"))
    return max(waits, key=lambda wait: wait[0])


def _is_wanted(post: Post) -> bool:
    return any(change.why in _WANTED for change in post.history)


def _day(post: Post, zone: ZoneInfo) -> date:
    return post.happened.astimezone(zone).date()
