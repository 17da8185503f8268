"""Drives posts through the outbox: intent before the call, outcome after, one Outcome for each.

This is the only loop with side effects on networks. What can heal is tried again, what can't is not; after any doubt
the network is asked (`find`) before it is sent anything again. What a network refuses is sent with less, if it can be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

import msgspec

from platforms.base import PostRef, Publisher
from platforms.errors import (
    AuthFailed,
    Duplicate,
    OverBudget,
    PlatformError,
    RateLimited,
    Rejected,
    Unreachable,
    Unsupported,
)
from syndicator.enrich import enrich, simpler
from syndicator.outbox import Change, Outbox, Post, State, move, noted
from syndicator.pictures.base import FindPicture

#: How often an unreachable network is tried for one post, and how long to wait after each try.
_WAITS = tuple(timedelta(minutes=minutes) for minutes in (5, 20, 60, 240, 720))

#: How often a refused post is sent with less: without its picture, without its card, and once for luck.
_LESS = 3

Clock: TypeAlias = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Posted:
    """The post is on the network, at `ref`."""

    post: Post
    ref: PostRef


@dataclass(frozen=True, slots=True)
class Failed:
    """The post is not on the network; `retry_at` is None when it will not be tried again by itself.

    `held` is the refused login that stops the whole account.
    """

    post: Post
    error: PlatformError
    retry_at: datetime | None = None
    held: AuthFailed | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody can tell whether the post is on the network: a person must look."""

    post: Post
    error: PlatformError


Outcome: TypeAlias = Posted | Failed | Unknown


def settle(outbox: Outbox, account: str, publisher: Publisher, clock: Clock) -> Iterator[Outcome]:
    """Read back what an earlier run left in `sending` on one account; stop when its login is refused.

    What is surely not on the network is queued again, to go out with the same request when its account may post.
    """
    why = "found unfinished after an earlier run"
    for post in outbox.in_state(State.SENDING):
        if post.account != account:
            continue
        outcome = _look(outbox, post, publisher, clock, why)
        if outcome is None and post.attempts > len(_WAITS):
            outcome = _fail(outbox, post, Unreachable(post.account, f"{why}, and tried often enough"), clock())
        if outcome is None:
            outbox.save(move(post, State.QUEUED, f"{why}; it is not there", clock(), retry_at=None))
            continue
        yield outcome
        if closes(outcome):
            return


def publish(
    outbox: Outbox,
    account: str,
    publisher: Publisher,
    clock: Clock,
    find_picture: FindPicture = lambda draft, limits: None,
) -> Iterator[Outcome]:
    """Send what is due on one account; stop when its login is refused or it has reached a limit."""
    now = clock()
    for post in outbox.in_state(State.QUEUED):
        if post.account == account and post.due <= now:
            outcome = _send(outbox, post, publisher, clock, find_picture)
            if outcome is None:
                continue
            yield outcome
            if closes(outcome):
                return


def closes(outcome: Outcome) -> bool:
    """Whether the network wants nothing more from this account for now."""
    return isinstance(outcome, Failed) and (outcome.held is not None or isinstance(outcome.error, RateLimited))


def _send(
    outbox: Outbox, queued: Post, publisher: Publisher, clock: Clock, find_picture: FindPicture
) -> Outcome | None:
    """One try: the request is stored, then sent, then its outcome is stored. None if a hand changed it meanwhile."""
    try:
        ready = queued if queued.request else _made_ready(queued, publisher, clock, find_picture)
    except PlatformError as error:  # nothing was sent
        failed = _failed(_tried(queued, clock()), error, clock())
        return failed if outbox.swap(queued, failed.post) else None
    post = _tried(ready, clock())
    return _call(outbox, post, publisher, clock) if outbox.swap(queued, post) else None


def _made_ready(queued: Post, publisher: Publisher, clock: Clock, find_picture: FindPicture) -> Post:
    """The post with the request of its first try, and with what had to be left out in its history."""
    made = enrich(publisher, queued.draft, publisher.prepare(queued.draft, queued.id, clock()), find_picture)
    told = tuple(Change(clock(), queued.state, note) for note in made.notes)
    return msgspec.structs.replace(queued, request=made.request, history=(*queued.history, *told))


def _tried(queued: Post, now: datetime) -> Post:
    attempts = queued.attempts + 1
    return move(queued, State.SENDING, f"try {attempts}", now, attempts=attempts, retry_at=None)


def _call(outbox: Outbox, post: Post, publisher: Publisher, clock: Clock, steps: int = _LESS) -> Outcome:
    """Send the stored request. What the network refuses is stored and sent with less, while there is less."""
    assert post.request is not None
    try:
        ref = publisher.publish(post.request)
    except (Unreachable, Duplicate) as error:
        outcome = _look(outbox, post, publisher, clock, error.problem, error)
        return outcome or _fail(outbox, post, error, clock())
    except PlatformError as error:
        less = simpler(publisher, post.request) if steps and isinstance(error, Rejected) else None
        if less is None:
            return _fail(outbox, post, error, clock())
        post = noted(post, f"{error.problem}; so once more, with less", clock(), request=less)
        outbox.save(post)
        return _call(outbox, post, publisher, clock, steps - 1)
    return _posted(outbox, post, ref, "published", clock())


def _look(
    outbox: Outbox, post: Post, publisher: Publisher, clock: Clock, why: str, cause: PlatformError | None = None
) -> Outcome | None:
    """Ask the network what became of a post in `sending`; None when it is surely not there."""
    assert post.request is not None
    try:
        ref = publisher.find(post.request)
    except Unsupported as error:
        return _unknown(outbox, post, cause or error, f"{why}; the network can't say whether it arrived", clock())
    except AuthFailed as error:
        return Failed(post, error, held=error)  # stays in `sending`: asked again once the login works
    except PlatformError as error:
        named = error.retry_at if isinstance(error, (RateLimited, OverBudget)) else None
        post = msgspec.structs.replace(post, error=str(error))
        outbox.save(post)  # stays in `sending`: a later run asks again
        return Failed(post, error, retry_at=named or clock() + _WAITS[0])
    if ref:
        return _posted(outbox, post, ref, f"{why}; read back and found", clock())
    if isinstance(cause, Duplicate):
        return _unknown(outbox, post, cause, f"{why}; but it could not be found", clock())
    return None


def _posted(outbox: Outbox, post: Post, ref: PostRef, why: str, now: datetime) -> Posted:
    post = move(post, State.POSTED, why, now, ref=ref, error="")
    outbox.save(post)
    return Posted(post, ref)


def _unknown(outbox: Outbox, post: Post, error: PlatformError, why: str, now: datetime) -> Unknown:
    post = move(post, State.UNKNOWN, why, now, error=str(error))
    outbox.save(post)
    return Unknown(post, error)


def _fail(outbox: Outbox, post: Post, error: PlatformError, now: datetime) -> Failed:
    failed = _failed(post, error, now)
    outbox.save(failed.post)
    return failed


def _failed(post: Post, error: PlatformError, now: datetime) -> Failed:
    """The post is surely not on the network: it is queued again if that can help, else rejected."""
    retry_at = _retry_at(post, error, now)
    state = State.QUEUED if retry_at else State.REJECTED
    untried = isinstance(error, (AuthFailed, RateLimited, OverBudget))  # it was not the network that failed
    attempts = post.attempts - untried
    post = move(post, state, error.problem, now, error=str(error), retry_at=retry_at, attempts=attempts)
    return Failed(post, error, retry_at, held=error if isinstance(error, AuthFailed) else None)


def _retry_at(post: Post, error: PlatformError, now: datetime) -> datetime | None:
    if isinstance(error, AuthFailed):
        return now  # nothing is wrong with the post; the account is held until its login works
    if isinstance(error, (RateLimited, OverBudget)):
        return error.retry_at or now + _WAITS[1]
    if isinstance(error, (Rejected, Unsupported)) or post.attempts > len(_WAITS):
        return None
    return now + _WAITS[post.attempts - 1]
