"""`[plan]`: how often, when and what to post; for every account, and any key of it for one."""

from __future__ import annotations

from typing import Literal

from syndicator.settings.table import Table
from syndicator.times import Clock, Quiet, Span

#: Nobody posts as often, and each time of a day is looked at.
MOST_PER_DAY = 1000


class Mix(Table, frozen=True):
    """Shares of own posts, others' links and notes; only their proportion counts."""

    own: float = 0.2
    curated: float = 0.7
    notes: float = 0.1

    def __post_init__(self) -> None:
        """No share is negative, and one at least is not zero."""
        shares = (self.own, self.curated, self.notes)
        if not all(0 <= share <= 1000 for share in shares) or not any(shares):
            raise ValueError("the shares of mix must lie between 0 and 1000, and not all be zero")


class Plan(Table, frozen=True):
    """Pacing and choice, for every account that does not say otherwise."""

    per_day: int = 6
    min_gap: Span = Span(minutes=90)
    quiet: Quiet = Quiet("22:00-07:30")
    slots: tuple[Clock, ...] = ()
    spread: bool = True
    jitter: Span = Span(minutes=10)
    stagger: Span = Span(minutes=5)
    mix: Mix = Mix()
    max_age: Span = Span(days=10)
    grace: Span = Span(minutes=15)
    author_gap: Span = Span(days=3)
    note_gap: Span = Span(days=30)
    first_run: int = 0
    catch_up: Literal["expire", "trickle", "skip"] = "expire"
    topics: tuple[str, ...] = ()
    min_score: float = 0.35

    def __post_init__(self) -> None:
        """Refuse counts and scores that mean nothing."""
        if not 0 <= self.per_day <= MOST_PER_DAY:
            raise ValueError(f"per_day must lie between 0 and {MOST_PER_DAY}: no account has readers for more")
        if self.first_run < 0:
            raise ValueError("first_run must be zero or more")
        if not 0 <= self.min_score <= 1:
            raise ValueError("min_score must lie between 0 and 1")
        if not all(topic.strip() for topic in self.topics):
            raise ValueError("a topic must have a word; remove the empty one")
