"""Books favours: what networks tell of others, and what was published for them. Effects: reading networks, the book."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from platforms.base import Reporter
from platforms.errors import AuthFailed, PlatformError, RateLimited
from syndicator import collect
from syndicator.accounts import Account, Holds
from syndicator.outbox import LIVING, Outbox, Post
from syndicator.workspace import Workspace

#: So many pages of interactions are read from one account in one run; the next run goes on from there.
_PAGES = 20


@dataclass(frozen=True, slots=True)
class Collected:
    """How many acts were new, and a sentence when reading broke off."""

    new: int = 0
    error: str = ""


def can_collect(account: Account) -> bool:
    """Whether the account's network tells what others did. One that charges for reading is left alone."""
    costs = account.publishes and account.limits.price_usd
    return isinstance(account.adapter, Reporter) and account.table.collect and not costs


def collect_from(space: Workspace, account: Account) -> Collected:
    """Book what an account's network tells, page by page; each page counts together with its cursor or not at all.

    To be refused here says nothing of posting, so only the reading is held.
    """
    adapter, book = account.adapter, space.book
    assert isinstance(adapter, Reporter)
    network, now = account.table.platform, space.clock()
    holds, reading = Holds(space.state), f"{account.name} (reading)"
    if held := holds.reason(reading, account.fingerprint, now):
        return Collected(error=held)
    total = 0
    try:
        for _ in range(_PAGES):
            page = adapter.interactions(book.cursor(account.name))
            with book.transaction():
                total += book.append(collect.reported(network, page.interactions, now))
                book.introduce(collect.names_told(network, page.interactions))
                book.set_cursor(account.name, page.cursor)
            if not page.more:
                break
    except PlatformError as error:
        if isinstance(error, (AuthFailed, RateLimited)):
            holds.hold(reading, str(error), account.fingerprint, getattr(error, "retry_at", None))
        return Collected(total, str(error))
    return Collected(total)


def book_shares(space: Workspace) -> None:
    """Book every published share as given, and mark it booked after that; no hand can change a post in between."""
    outbox = Outbox(space.state)
    with space.state.transaction():
        shared = collect.shares_given(outbox, space.clock())
        space.book.append(entry for _, entry in shared)
        outbox.save(*(collect.booked(post) for post, _ in shared))


def not_returned(space: Workspace, posts: Iterable[Post]) -> None:
    """Take back that a favour is being returned, for queued returns that will not be sent after all."""
    still = {post.article for post in Outbox(space.state) if post.state in LIVING}
    dropped = {post.article for post in posts if post.in_return_for} - still
    acts = [act for act in space.book.acts() if act.state == "queued" and act.url in dropped]
    space.book.record(*(replace(act, state="skipped", at=space.clock()) for act in acts))
