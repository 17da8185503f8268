"""Accounts as the planner and the publisher need them: pacing, budget, and whether a refused login holds them back."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from platforms.base import Limits, Publisher, Reporter
from syndicator.meter import MonthlyMeter, Spent, reserved
from syndicator.outbox import LIVING, Post, State
from syndicator.plan import Channel, Past
from syndicator.settings import AccountTable, Settings

if TYPE_CHECKING:
    from ledger.store.base import Document, Store
    from syndicator.articles import Catalogue

COLLECTION = "accounts"


def part_of(account: str, what: str) -> str:
    """What `Holds` calls a part of what an account does, so that it can be held by itself."""
    return f"{account} ({what})"


class Holds:
    """The accounts that must be left alone: until their credential changes, or until a time that the network named.

    What is held is all that an account does, or a part of it (`part_of`).
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def reason(self, account: str, fingerprint: str, now: datetime) -> str:
        """Why the account is held; empty when it is not. A new credential (told by its fingerprint) lifts any hold."""
        return _reason(self._store.get(COLLECTION, account), fingerprint, now)

    def unread(self, account: str, fingerprint: str, now: datetime) -> tuple[str, ...]:
        """Why parts of what the account does are held."""
        parts = (held for key, held in self._store.scan(COLLECTION) if _is_part(key, account))
        return tuple(dict.fromkeys(reason for held in parts if (reason := _reason(held, fingerprint, now))))

    def hold(self, account: str, reason: str, fingerprint: str, until: datetime | None = None) -> None:
        """Leave the account alone; without `until`, until its credential changes."""
        document = {"reason": reason, "fingerprint": fingerprint, "until": until.isoformat() if until else None}
        self._store.put(COLLECTION, account, document)

    def release(self, account: str, *, limits: bool = True) -> None:
        """Try the account again, and each part of it; without `limits`, only what waits for another credential."""
        held = [
            key
            for key, each in self._store.scan(COLLECTION)
            if (key == account or _is_part(key, account)) and (limits or not each.get("until"))
        ]
        if held:
            self._store.delete(COLLECTION, held)


def _reason(held: Document | None, fingerprint: str, now: datetime) -> str:
    if held is None or held["fingerprint"] != fingerprint:
        return ""
    until = held.get("until")
    return "" if until and datetime.fromisoformat(until) <= now else str(held["reason"])


def _is_part(key: str, account: str) -> bool:
    return key.startswith(part_of(account, "")[:-1])


@dataclass(frozen=True, slots=True)
class Account:
    """One account with its adapter, which publishes, or reports, or both.

    `held` says why it must be left alone until its credential changes, `unread` why it is just not read; `missing`
    which part of a credential there is none of. An account without a credential can be planned for and shown, and
    nothing is queued there. `meter` keeps what it spends, where the network charges for calls.
    """

    name: str
    table: AccountTable
    adapter: Publisher | Reporter
    fingerprint: str
    held: str = ""
    missing: str = ""
    meter: MonthlyMeter | None = None
    unread: tuple[str, ...] = ()

    def spent(self, now: datetime) -> Spent:
        """What the account cost in the month of `now`; nothing on a network that charges nothing."""
        return self.meter.spent(now) if self.meter else Spent()

    @property
    def uncollected(self) -> str:
        """Why nothing is read of what others do, though the network would tell; "" where it is read, or tells nothing.

        What costs money is not read unless its owner has set a budget, or asked for it.
        """
        if not isinstance(self.adapter, Reporter) or self.table.collect:
            return ""
        if self.table.collect is False:
            return "collect = false"
        if self.meter is None or self.table.monthly_budget_usd is not None:
            return ""
        return f"{self.name}: reading costs money there: set its monthly_budget_usd, or collect = true or false"

    @property
    def publishes(self) -> bool:
        """Whether posts can go there; some networks only tell what others did."""
        return isinstance(self.adapter, Publisher)

    @property
    def publisher(self) -> Publisher:
        """The adapter of an account that publishes. TypeError for any other."""
        if not isinstance(self.adapter, Publisher):
            raise TypeError(f"{self.name} is not for posting")
        return self.adapter

    @property
    def limits(self) -> Limits:
        """What the account's network allows."""
        return self.publisher.limits


def channel(account: Account, settings: Settings, posts: Collection[Post], now: datetime) -> Channel:
    """One account for the planner; what it spent this month (UTC), or will with what waits, is taken off its budget."""
    budget = account.table.monthly_budget_usd
    if budget is not None:
        budget -= account.spent(now).total + reserved(account.name, posts, now)
    pacing = account.table.plan(settings.plan)
    return Channel(account.name, account.table.platform, pacing, account.limits, budget, account.held)


def past(posts: Iterable[Post], catalogue: Catalogue) -> list[Past]:
    """What the planner must not repeat: posts that are out or on their way, and those that a person took out.

    An article that was merged into another since it was posted counts as that other one. What was cancelled, rejected
    or deleted was decided on and does not come back by itself, but takes up no time either; unless its page went
    elsewhere before it was sent, and is known there.
    """
    found = []
    for post in posts:
        known = catalogue.get(post.article)
        if post.moved and known and known.url != post.article:
            continue
        found.append(
            Past(
                account=post.account,
                article=known.url if known else post.article,
                kind=post.kind,
                site=post.site,
                when=post.happened,
                live=post.state in LIVING,
                source=post.source or (known.source if known else ""),
                due=post.state is State.QUEUED,
                awaiting=post.state is State.AWAITING,
            )
        )
    return found
