"""What an account spends in a month on a network that charges for its calls; the month is a calendar month in UTC.

The most that a call can cost is stored before it is made, under the name of the call, and what it did cost after. So
whoever is killed in between has spent too much on paper and never too much in truth; and that once, however often the
call is tried, since each try takes the place of the one before. Sums are whole millionths of a dollar: fractions would
drift.
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

#: What reading may cost at once, in one run, where no budget says it: US dollars.
READ_AT_ONCE = 0.50

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

    Without a budget it only counts, but for a bound on what one run, which has a meter of its own, reads. A `closed`
    one lets nothing be spent, for rehearsals: they could not remember it.
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
        self._read = 0
        # Taken now, while nothing is being sent: a post that is in `sending` now may have been charged long ago.
        self._before = self._unmetered(clock())

    def reserve(self, what: Purpose, usd: float, key: str, *, ordered: bool = False) -> Callable[[float], None]:
        """See `platforms.base.Meter`. Durable when it returns; a call counts for the month in which it began.

        Reading leaves alone what the posts that wait will cost.
        """
        now, amount = self._clock(), _millionths(usd)
        if self._closed:
            raise OverBudget(self._account, f"${usd:.3f} would be spent, and a rehearsal spends nothing")
        with self._store.transaction():
            self.release(key)
            if not ordered:
                self._allow(what, amount, now)
            self._book(now, what, amount, key)
        return lambda actual: self._settle(now, what, _millionths(actual), key)

    def release(self, key: str) -> None:
        """See `platforms.base.Meter`."""
        with self._store.transaction():
            for month, document in list(self._store.scan(COLLECTION)):
                if document["account"] == self._account and key in document.get("open", {}):
                    self._store.put(COLLECTION, month, _without(document, key))

    def spent(self, now: datetime) -> Spent:
        """What the month of `now` has cost so far."""
        known = self._known(now)
        return Spent(known["posts"] / _MILLION, known["reads"] / _MILLION)

    def _allow(self, what: Purpose, amount: int, now: datetime) -> None:
        """OverBudget if there is not so much money for it."""
        left, of = self._left(what, now)
        if left is None or amount <= left:
            return
        act = "reading on" if what == "reads" else "this"
        problem = f"{act} could cost ${amount / _MILLION:.3f}, and ${max(left, 0) / _MILLION:.3f} of {of}"
        if self._budget is None:
            raise OverBudget(self._account, problem, "set its monthly_budget_usd; the next run goes on")
        remedy = "raise its monthly_budget_usd, or wait for the next month"
        raise OverBudget(self._account, problem, remedy, retry_at=next_month(now))

    def _left(self, what: Purpose, now: datetime) -> tuple[int | None, str]:
        """How many millionths may be spent on it, None for any number; and a phrase that says of what they are left."""
        if self._budget is None and what != "reads":
            return None, ""
        if self._budget is None:
            return _millionths(READ_AT_ONCE) - self._read, f"the ${READ_AT_ONCE:.2f} for one run is left"
        left = _millionths(self._budget) - _millionths(self.spent(now).total)
        of = f"this month's ${self._budget:.2f} is left"
        if what == "reads" and (kept := reserved(self._account, Outbox(self._store), now)):
            return left - _millionths(kept), f"{of} beside the ${kept:.2f} for posts that wait"
        return left, of

    def _book(self, now: datetime, what: Purpose, amount: int, key: str) -> None:
        known = self._known(now)
        opened = {**known.get("open", {}), key: {"what": what, "amount": amount}}
        self._store.put(COLLECTION, self._key(now), {**known, what: known[what] + amount, "open": opened})

    def _settle(self, now: datetime, what: Purpose, actual: int, key: str) -> None:
        with self._store.transaction():
            known = _without(self._known(now), key)
            self._store.put(COLLECTION, self._key(now), {**known, what: known[what] + actual})
        self._read += actual if what == "reads" else 0

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

    def _key(self, now: datetime) -> str:
        return f"{self._account} {_month(now)}"


def reserved(account: str, posts: Iterable[Post], now: datetime) -> float:
    """What an account's posts that wait will cost this month, in US dollars; those that are late belong to it too."""
    return sum(
        post.price_usd
        for post in posts
        if post.account == account and post.state in _WAITING and _month(post.due) <= _month(now)
    )


def _without(document: Document, key: str) -> Document:
    """A month's bill without a call whose cost was not known."""
    opened = dict(document.get("open", {}))
    call = opened.pop(key, {"what": "posts", "amount": 0})
    return {**document, call["what"]: document[call["what"]] - call["amount"], "open": opened}


def _month(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m")


def next_month(now: datetime) -> datetime:
    """When there is new money: the first moment of the next month (UTC)."""
    year, month = divmod(now.astimezone(UTC).year * 12 + now.astimezone(UTC).month, 12)
    return datetime(year, month + 1, 1, tzinfo=UTC)


def _millionths(usd: float) -> int:
    return round(usd * _MILLION)
