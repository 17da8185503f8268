"""What an account spends in a month on a network that charges for its calls; the month is a calendar month in UTC.

The most that a call can cost is stored before it is made, and what it did cost after. So whoever is killed in between
has spent too much on paper and never too much in truth. Sums are whole millionths of a dollar: fractions would drift.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from platforms.base import Purpose
from platforms.errors import OverBudget
from syndicator.outbox import Outbox, Post, State

if TYPE_CHECKING:
    from ledger.store.base import Document, Store

COLLECTION = "spending"

#: A post in one of these states was charged for, or may have been. Deleting gives nothing back.
_CHARGED = frozenset({State.SENDING, State.POSTED, State.UNKNOWN, State.DELETED})
_WAITING = frozenset({State.AWAITING, State.QUEUED})
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Spent:
    """What went where in one month, in US dollars, calls included whose answer is still out."""

    posts: float = 0.0
    reads: float = 0.0

    @property
    def total(self) -> float:
        """Both together."""
        return round(self.posts + self.reads, 6)


class MonthlyMeter:
    """A `platforms.base.Meter` for one account, on the store of the pipeline; `budget` is US dollars a month.

    Without a budget it only counts. A `closed` one lets nothing be spent, for rehearsals: they could not remember it.
    """

    def __init__(
        self,
        store: Store,
        account: str,
        budget: float | None,
        clock: Callable[[], datetime],
        *,
        closed: bool = False,
    ) -> None:
        self._store = store
        self._account = account
        self._budget = budget
        self._clock = clock
        self._closed = closed
        # Taken now, while nothing is being sent: a post that is in `sending` now may have been charged long ago.
        self._before = self._unmetered(clock())

    def reserve(self, what: Purpose, usd: float) -> Callable[[float], None]:
        """See `platforms.base.Meter`. Durable when it returns; a call counts for the month in which it began."""
        now, amount = self._clock(), _millionths(usd)
        if self._closed:
            raise OverBudget(self._account, f"${usd:.3f} would be spent, and a rehearsal spends nothing")
        with self._store.transaction():
            spent = self.spent(now)
            if self._budget is not None and _millionths(spent.total) + amount > _millionths(self._budget):
                raise OverBudget(self._account, *self._too_much(what, usd, spent), retry_at=_next_month(now))
            self._add(now, what, amount)

        booked = amount

        def settle(actual: float) -> None:
            nonlocal booked
            self._add(now, what, _millionths(actual) - booked)
            booked = _millionths(actual)

        return settle

    def spent(self, now: datetime) -> Spent:
        """What the month of `now` has cost so far."""
        known = self._known(now)
        return Spent(known["posts"] / _MILLION, known["reads"] / _MILLION)

    def _add(self, now: datetime, what: Purpose, amount: int) -> None:
        with self._store.transaction():
            known = self._known(now)
            self._store.put(COLLECTION, self._key(now), {**known, what: known[what] + amount})

    def _known(self, now: datetime) -> Document:
        document = self._store.get(COLLECTION, self._key(now))
        if document:
            return document
        month, amount = self._before
        return {"account": self._account, "month": _month(now), "posts": amount * (month == _month(now)), "reads": 0}

    def _unmetered(self, now: datetime) -> tuple[str, int]:
        """What this month's posts have cost that were sent before there was a meter; nothing if there was one."""
        if any(document["account"] == self._account for _, document in self._store.scan(COLLECTION)):
            return _month(now), 0
        charged = (post for post in Outbox(self._store) if post.account == self._account and post.state in _CHARGED)
        return _month(now), sum(_millionths(post.price_usd) for post in charged if _month(post.happened) == _month(now))

    def _too_much(self, what: Purpose, usd: float, spent: Spent) -> tuple[str, str]:
        act = "reading on" if what == "reads" else "this"
        left = max((self._budget or 0.0) - spent.total, 0.0)
        problem = f"{act} could cost ${usd:.3f}, and ${left:.3f} of this month's ${self._budget:.2f} is left"
        return problem, "raise its monthly_budget_usd, or wait for the next month"

    def _key(self, now: datetime) -> str:
        return f"{self._account} {_month(now)}"


def reserved(account: str, posts: Iterable[Post], now: datetime) -> float:
    """What an account's posts that wait will cost this month, in US dollars; those that are late belong to it too."""
    return sum(
        post.price_usd
        for post in posts
        if post.account == account and post.state in _WAITING and _month(post.due) <= _month(now)
    )


def _month(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m")


def _next_month(now: datetime) -> datetime:
    year, month = divmod(now.astimezone(UTC).year * 12 + now.astimezone(UTC).month, 12)
    return datetime(year, month + 1, 1, tzinfo=UTC)


def _millionths(usd: float) -> int:
    return round(usd * _MILLION)
