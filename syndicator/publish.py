"""Drives posts through the outbox: intent before the call, outcome after, one Outcome for each.

This is the only loop with side effects on networks. What can heal is tried again, what can't is not; after any doubt
the network is asked (`find`) before it is sent anything again. What a network refuses is sent with less, if it can be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import msgspec

from platforms.base import PostRef, Publisher
from platforms.errors import (
    AuthFailed,
    Duplicate,
    NotSent,
    OverBudget,
    PlatformError,
    RateLimited,
    Rejected,
    Unreachable,
    Unsupported,
)
from syndicator.enrich import enrich, simpler
from syndicator.outbox import Change, Outbox, Post, State, move, noted
from syndicator.patience import TRIES, retry_at, tries_left, wait
from syndicator.pictures.base import FindPicture

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
    """Read back what an earlier run left in `sending` on one account; stop when `closes` says so.

    What is surely not on the network is queued again, to go out with the same request when its account may post.
    """
    why = "found unfinished after an earlier run"
    for post in outbox.in_state(State.SENDING):
        if post.account != account:
            continue
        outcome = _look(outbox, post, publisher, clock, why)
        if outcome is None and not tries_left(post):
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
    """Send what is due on one account; stop when `closes` says so, and after the first post without an answer.

    So a silent network costs a run the time of one call, and one bad post keeps the others for a run at most: it is
    due again later than they are.
    """
    now = clock()
    for post in outbox.in_state(State.QUEUED):
        if post.account == account and post.due <= now:
            outcome = _send(outbox, post, publisher, clock, find_picture)
            if outcome is None:
                continue
            yield outcome
            if closes(outcome) or (isinstance(outcome, Failed) and isinstance(outcome.error, Unreachable)):
                return


def closes(outcome: Outcome) -> bool:
    """Whether there is nothing more to do on this account in this run: a refused login, a limit, or silence."""
    return isinstance(outcome, Failed) and (holds(outcome) or _is_silence(outcome))


def holds(outcome: Failed) -> bool:
    """Whether the network wants nothing more from this account, in later runs too."""
    return outcome.held is not None or isinstance(outcome.error, RateLimited)


def _is_silence(outcome: Failed) -> bool:
    """Whether the network did not answer at all, not even when it was asked what became of the post."""
    unread = isinstance(outcome.error, Unreachable) and outcome.post.state is State.SENDING
    return unread or isinstance(outcome.error, NotSent)


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
    return move(queued, State.SENDING, f"try {attempts}", now, attempts=attempts, retry_at=None, unpaid=False)


def _call(outbox: Outbox, post: Post, publisher: Publisher, clock: Clock, steps: int = _LESS) -> Outcome:
    """Send the stored request. What the network refuses is stored and sent with less, while there is less."""
    assert post.request is not None
    try:
        ref = publisher.publish(post.request)
    except NotSent as error:
        return _fail(outbox, post, error, clock())
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
        return _unread(outbox, post, error, why, clock(), again=cause is None)
    if ref:
        return _posted(outbox, post, ref, f"{why}; read back and found", clock())
    if isinstance(cause, Duplicate):
        return _unknown(outbox, post, cause, f"{why}; but it could not be found", clock())
    return None


def _unread(outbox: Outbox, post: Post, error: PlatformError, why: str, now: datetime, *, again: bool) -> Outcome:
    """The network could not be asked now: the post stays in `sending`, and every later run asks again.

    With `again` this was a try of its own. Tried so often that an unreachable network is given up, the post is unknown.
    """
    if isinstance(error, (RateLimited, OverBudget)):
        post = msgspec.structs.replace(post, error=str(error))
        outbox.save(post)
        return Failed(post, error, retry_at=retry_at(post, error, now))
    if post.retry_at and post.retry_at > now:
        return Failed(post, error, retry_at=post.retry_at)  # asked between two tries, because a run came by
    post = msgspec.structs.replace(post, attempts=post.attempts + again)
    if not tries_left(post):
        return _unknown(outbox, post, error, f"{why}; after {TRIES} tries nobody could tell", now)
    post = noted(post, f"{error.problem}; to be asked again", now, error=str(error), retry_at=now + wait(post))
    outbox.save(post)
    return Failed(post, error, retry_at=post.retry_at)


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
    again_at = retry_at(post, error, now)
    state = State.QUEUED if again_at else State.REJECTED
    untried = isinstance(error, (AuthFailed, RateLimited, OverBudget))  # it was not the network that failed
    attempts = post.attempts - untried
    unpaid = isinstance(error, OverBudget)
    changes = {"error": str(error), "retry_at": again_at, "attempts": attempts, "unpaid": unpaid}
    post = move(post, state, error.problem, now, **changes)
    return Failed(post, error, again_at, held=error if isinstance(error, AuthFailed) else None)
