"""What came of a try, stored on its post: posted, failed and when it is tried again, or unknown. Effects: the outbox.

Also how the network is asked (`look`) what became of a post; when that is done is for `publish`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec

from platforms.base import PostRef, Publisher
from platforms.errors import AuthFailed, Duplicate, OverBudget, PlatformError, RateLimited, Unsupported
from syndicator import readback
from syndicator.outbox import Outbox, Post, State, move, noted
from syndicator.outcomes import Failed, Outcome, Posted, Unknown
from syndicator.patience import TRIES, retry_at, tries_left, wait


def tried(queued: Post, now: datetime) -> Post:
    """A queued post while it is being sent: one try more."""
    attempts = queued.attempts + 1
    return move(queued, State.SENDING, f"try {attempts}", now, attempts=attempts, retry_at=None, unpaid=False)


def look(
    outbox: Outbox,
    post: Post,
    publisher: Publisher,
    clock: Callable[[], datetime],
    why: str,
    cause: PlatformError | None = None,
    *,
    blind: bool = False,
    sent: bool = True,
) -> Outcome | None:
    """Ask the network what became of a post in `sending`; None when it is surely not there.

    With `blind` also when nobody can tell: the doubt of the last try was settled then. Without `sent` only what was
    tried before its present request is looked for.
    """
    try:
        found = readback.find(publisher, post, sent=sent)
    except Unsupported as error:
        if blind:
            return None
        return unknown(outbox, post, cause or error, f"{why}; the network can't say whether it arrived", clock())
    except AuthFailed as error:
        return Failed(post, error, held=error)  # stays in `sending`: asked again once the login works
    except PlatformError as error:
        return _unread(outbox, post, error, why, clock(), again=cause is None and not blind)
    if found:
        how = f"; {found.remark}" * bool(found.remark)
        return posted(outbox, found.post, found.ref, f"{why}; read back and found{how}", clock(), found.remark)
    if isinstance(cause, Duplicate):
        return unknown(outbox, post, cause, f"{why}; but it could not be found", clock())
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
        return unknown(outbox, post, error, f"{why}; after {TRIES} tries nobody could tell", now)
    post = noted(post, f"{error.problem}; to be asked again", now, error=str(error), retry_at=now + wait(post))
    outbox.save(post)
    return Failed(post, error, retry_at=post.retry_at)


def posted(outbox: Outbox, post: Post, ref: PostRef, why: str, now: datetime, remark: str = "") -> Posted:
    """The post is out."""
    post = move(post, State.POSTED, why, now, ref=ref, error="", earlier=())
    outbox.save(post)
    return Posted(post, ref, remark)


def unknown(outbox: Outbox, post: Post, error: PlatformError, why: str, now: datetime) -> Unknown:
    """Nobody can tell: a person must look."""
    post = move(post, State.UNKNOWN, why, now, error=str(error))
    outbox.save(post)
    return Unknown(post, error)


def fail(outbox: Outbox, post: Post, error: PlatformError, now: datetime) -> Failed:
    """`failed`, stored."""
    outcome = failed(post, error, now)
    outbox.save(outcome.post)
    return outcome


def failed(post: Post, error: PlatformError, now: datetime) -> Failed:
    """The post is surely not on the network: it is queued again if that can help, else rejected."""
    again_at = retry_at(post, error, now)
    state = State.QUEUED if again_at else State.REJECTED
    untried = isinstance(error, (AuthFailed, RateLimited, OverBudget))  # it was not the network that failed
    attempts = post.attempts - untried
    unpaid = isinstance(error, OverBudget)
    changes = {"error": str(error), "retry_at": again_at, "attempts": attempts, "unpaid": unpaid}
    post = move(post, state, error.problem, now, **changes)
    return Failed(post, error, again_at, held=error if isinstance(error, AuthFailed) else None)


def stumbled(outbox: Outbox, post: Post, bug: Exception, now: datetime, *, again: bool) -> Outcome:
    """A bug came up at a post: it waits like one of a silent network, and is given up like one. Only the kind is told.

    In `sending`, the network will be asked what became of it; with `again` the bug was there, and counts as a try.
    """
    error = PlatformError(post.account, f"a bug in this program ({type(bug).__name__})", "please report it")
    if post.state is State.QUEUED:  # nothing was sent
        return fail(outbox, tried(post, now), error, now)
    if post.state is not State.SENDING:
        return Failed(post, error)
    if again:
        return _unread(outbox, post, error, error.problem, now, again=True)
    post = noted(post, f"{error.problem}; to be asked about", now, error=str(error), retry_at=now + wait(post))
    outbox.save(post)
    return Failed(post, error, retry_at=post.retry_at)
