"""Posts that wait for a person, or for something that won't come. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta

from syndicator.doctor.finding import Finding, fault, mind, ok, several
from syndicator.outbox import Post, State

_WEEK = timedelta(days=7)
_ALL = "syndicator queue --all"


def examine(posts: Sequence[Post], accounts: Collection[str], now: datetime) -> Iterator[Finding]:
    """Everything in the outbox that its owner should know of. `accounts` are the names in the settings."""
    by_state = {state: [post for post in posts if post.state is state] for state in State}
    yield from several((_unknown(post) for post in by_state[State.UNKNOWN]), _ALL)
    if awaiting := by_state[State.AWAITING]:
        text = f"{_count(len(awaiting))} for your approval: {_named(awaiting)}"
        yield mind("posts", text, "syndicator queue approve ID…, or: syndicator queue skip ID…")
    for post in by_state[State.SENDING]:
        text = f"{post.id} on {post.account} was being sent, and its network has not said yet whether it arrived"
        known = post.account in accounts
        yield mind("posts", text, f"the next run {'asks' if known else 'leaves it to you'}: syndicator run")
    refused = (post for post in by_state[State.REJECTED] if now - _last(post) < _WEEK)
    yield from several((_rejected(post) for post in refused), _ALL)
    lost = Counter(
        post.account
        for state in (State.AWAITING, State.QUEUED)
        for post in by_state[state]
        if post.account not in accounts
    )
    for name, count in lost.items():
        text = f"{name}: {_count(count)} for this account, which the settings no longer have"
        yield fault("posts", text, "put it back, or take them out: syndicator queue skip ID…")
    yield ok("posts", f"{len(by_state[State.POSTED])} posted, {len(by_state[State.QUEUED])} queued")


def _count(number: int) -> str:
    return f"{number} post{'s wait' if number != 1 else ' waits'}"


def _unknown(post: Post) -> Finding:
    text = f"{post.id} on {post.account} may have arrived or not: {post.title or post.article}"
    settle = f"syndicator queue settle {post.id} --posted URL, or: --not-posted"
    return fault("posts", text, f"look at the account, then: {settle}")


def _rejected(post: Post) -> Finding:
    text = f"{post.id} on {post.account} was refused: {post.error or 'its network gave no reason'}"
    return mind("posts", text, f"syndicator queue edit {post.id}, then: syndicator queue retry {post.id}")


def _named(posts: Sequence[Post]) -> str:
    return ", ".join(post.id for post in posts[:5]) + (", …" if len(posts) > 5 else "")


def _last(post: Post) -> datetime:
    return post.history[-1].at if post.history else post.when
