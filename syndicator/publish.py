"""Drives posts through the outbox: intent before the call, outcome after, one Outcome for each.

This is the only loop with side effects on networks. What can heal is tried again, what can't is not; after any doubt
the network is asked (`find`) before it is sent anything again. What a network refuses is sent with less, if it can be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
from syndicator import readback
from syndicator.enrich import Enriched, enrich, enriched_again, simpler
from syndicator.outbox import Change, Outbox, Post, State, move, noted
from syndicator.outcomes import Failed, Outcome, Posted, Unknown, closes
from syndicator.patience import TRIES, retry_at, tries_left, wait
from syndicator.pictures.base import FindPicture

#: How often a refused post is sent with less: without its picture, without its card, and once for luck.
_LESS = 3

Clock: TypeAlias = Callable[[], datetime]


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


def _send(
    outbox: Outbox, queued: Post, publisher: Publisher, clock: Clock, find_picture: FindPicture
) -> Outcome | None:
    """One try: the request is stored, then sent, then its outcome is stored. None if a hand changed it meanwhile."""
    try:
        ready = queued
        if not queued.request:
            begun = readback.begun(publisher, queued, clock())
            ready = _enriched(queued, enrich(publisher, queued.draft, begun, find_picture), clock())
    except PlatformError as error:  # nothing was sent
        failed = _failed(_tried(queued, clock()), error, clock())
        return failed if outbox.swap(queued, failed.post) else None
    post = _tried(ready, clock())
    if not outbox.swap(queued, post):
        return None
    if queued.attempts or queued.earlier:
        tried = queued.request is not None
        if found := _look(outbox, post, publisher, clock, "looked for before it is sent", blind=True, sent=tried):
            return found
    return _call(outbox, post, publisher, clock, find_picture=find_picture if queued.request else None)


def _enriched(post: Post, made: Enriched, now: datetime) -> Post:
    """The post with its request, and with what had to be left out in its history."""
    told = tuple(Change(now, post.state, note) for note in made.notes)
    return msgspec.structs.replace(post, request=made.request, history=(*post.history, *told))


def _tried(queued: Post, now: datetime) -> Post:
    attempts = queued.attempts + 1
    return move(queued, State.SENDING, f"try {attempts}", now, attempts=attempts, retry_at=None, unpaid=False)


def _call(
    outbox: Outbox,
    post: Post,
    publisher: Publisher,
    clock: Clock,
    steps: int = _LESS,
    find_picture: FindPicture | None = None,
) -> Outcome:
    """Send the stored request. `find_picture` is given for one of an earlier try, whose picture may be gone by now."""
    assert post.request is not None
    try:
        ref = publisher.publish(post.request)
    except NotSent as error:
        return _fail(outbox, post, error, clock())
    except (Unreachable, Duplicate) as error:
        outcome = _look(outbox, post, publisher, clock, error.problem, error)
        return outcome or _fail(outbox, post, error, clock())
    except Rejected as error:
        # Perhaps its earlier words have just arrived, and are in its place.
        found = post.earlier and _look(outbox, post, publisher, clock, error.problem, blind=True, sent=False)
        return found or _refused(outbox, post, publisher, clock, error, steps, find_picture)
    except PlatformError as error:
        return _fail(outbox, post, error, clock())
    return _posted(outbox, post, ref, "published", clock())


def _refused(
    outbox: Outbox,
    post: Post,
    publisher: Publisher,
    clock: Clock,
    error: Rejected,
    steps: int,
    find_picture: FindPicture | None,
) -> Outcome:
    """Once more with its picture uploaded anew, else with less, else it is rejected."""
    request = post.request
    assert request is not None
    try:
        anew = enriched_again(publisher, post.draft, request, find_picture) if find_picture else None
    except PlatformError as trouble:  # nothing more was sent
        return _fail(outbox, post, trouble, clock())
    if anew:
        post = _enriched(noted(post, f"{error.problem}; so once more, made anew", clock()), anew, clock())
    elif less := simpler(publisher, request) if steps else None:
        steps -= 1
        post = noted(post, f"{error.problem}; so once more, with less", clock(), request=less)
    else:
        return _fail(outbox, post, error, clock())
    outbox.save(post)
    return _call(outbox, post, publisher, clock, steps)


def _look(
    outbox: Outbox,
    post: Post,
    publisher: Publisher,
    clock: Clock,
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
        return _unknown(outbox, post, cause or error, f"{why}; the network can't say whether it arrived", clock())
    except AuthFailed as error:
        return Failed(post, error, held=error)  # stays in `sending`: asked again once the login works
    except PlatformError as error:
        return _unread(outbox, post, error, why, clock(), again=cause is None and not blind)
    if found:
        how = f"; {found.remark}" * bool(found.remark)
        return _posted(outbox, found.post, found.ref, f"{why}; read back and found{how}", clock(), found.remark)
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


def _posted(outbox: Outbox, post: Post, ref: PostRef, why: str, now: datetime, remark: str = "") -> Posted:
    post = move(post, State.POSTED, why, now, ref=ref, error="", earlier=())
    outbox.save(post)
    return Posted(post, ref, remark)


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
