"""Accounts as the planner and the publisher need them: pacing, budget, and whether a refused login holds them back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from platforms.base import Publisher
from syndicator.outbox import LIVING, Post, State
from syndicator.plan import Channel, Past
from syndicator.settings import AccountTable, Settings

if TYPE_CHECKING:
    from ledger.store.base import Store
    from syndicator.articles import Catalogue

COLLECTION = "accounts"


class Holds:
    """The accounts whose logins were refused. A new credential (told by its fingerprint) lifts the hold by itself."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def reason(self, account: str, fingerprint: str) -> str:
        """Why the account is held; empty when it is not."""
        held = self._store.get(COLLECTION, account)
        return held["reason"] if held and held["fingerprint"] == fingerprint else ""

    def hold(self, account: str, reason: str, fingerprint: str) -> None:
        """Leave the account alone until its credential changes."""
        self._store.put(COLLECTION, account, {"reason": reason, "fingerprint": fingerprint})

    def release(self, account: str) -> None:
        """Try the account again."""
        self._store.delete(COLLECTION, [account])


@dataclass(frozen=True, slots=True)
class Account:
    """One account with its adapter; `held` says why it must be left alone until its credential changes."""

    name: str
    table: AccountTable
    adapter: Publisher
    fingerprint: str
    held: str = ""


def channel(account: Account, settings: Settings, posts: Iterable[Post], now: datetime) -> Channel:
    """One account for the planner; what it spent this month (UTC) is taken off its budget."""
    budget = account.table.monthly_budget_usd
    if budget is not None:
        budget -= spent_usd(account.name, posts, now)
    pacing = account.table.plan(settings.plan)
    return Channel(account.name, account.table.platform, pacing, account.adapter.limits, budget, account.held)


def spent_usd(account: str, posts: Iterable[Post], now: datetime) -> float:
    """What an account's posts of this calendar month (UTC) have cost or will cost."""
    return sum(
        post.price_usd
        for post in posts
        if post.account == account
        and (post.state in LIVING or post.state is State.DELETED)
        and (post.happened.year, post.happened.month) == (now.year, now.month)
    )


def past(posts: Iterable[Post], catalogue: Catalogue) -> list[Past]:
    """What the planner must not repeat: posts that are out or on their way, and those that a person took out.

    An article that was merged into another since it was posted counts as that other one. What was cancelled, rejected
    or deleted was decided on and does not come back by itself, but takes up no time either.
    """
    found = []
    for post in posts:
        known = catalogue.get(post.article)
        found.append(
            Past(
                account=post.account,
                article=known.url if known else post.article,
                kind=post.kind,
                site=post.site,
                when=post.happened,
                live=post.state in LIVING,
            )
        )
    return found
