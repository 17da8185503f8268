"""Drives posts through the outbox: intent before the call, outcome after, one Outcome for each.

This is the only loop with side effects on networks. What can heal is tried again, what can't is not; after any doubt
the network is asked (`find`) before it is sent anything again. What a network refuses is sent with less, if it can be.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from typing import TypeAlias

import msgspec

from ledger.store.base import StoreError
from platforms.base import Publisher
from platforms.errors import Duplicate, NotSent, PlatformError, Rejected, Unreachable
from syndicator import readback
from syndicator.aftermath import fail, failed, look, posted, stumbled, tried, unknown
from syndicator.enrich import Enriched, enrich, enriched_again, simpler
from syndicator.outbox import Change, Outbox, Post, State, move, noted
from syndicator.outcomes import Failed, Outcome, closes
from syndicator.patience import tries_left
from syndicator.pictures.base import FindPicture

_log = logging.getLogger(__name__)

#: How often a refused post is sent with less: without its picture, without its card, and once for luck.
_LESS = 3

Clock: TypeAlias = Callable[[], datetime]


def abandon(outbox: Outbox, accounts: Collection[str], now: datetime) -> list[Outcome]:
    """Leave to a person what was being sent on an account that is none of these any more: no network can be asked."""
    left = [post for post in outbox.in_state(State.SENDING) if post.account not in accounts]
    gone = "the settings no longer have this account, so it can't be asked"
    return [unknown(outbox, post, PlatformError(post.account, gone), gone, now) for post in left]


def settle(
    outbox: Outbox, account: str, publisher: Publisher, clock: Clock, bugs: list[Exception] | None = None
) -> Iterator[Outcome]:
    """Read back what an earlier run left in `sending` on one account; stop when `closes` says so.

    What is surely not on the network is queued again, to go out with the same request when its account may post. A bug
    of the adapter is noted on its post and kept in `bugs`, where given, so that the other posts have their turn.
    """
    why = "found unfinished after an earlier run"
    for post in outbox.in_state(State.SENDING):
        if post.account != account:
            continue
        try:
            outcome = look(outbox, post, publisher, clock, why)
        except Exception as bug:
            outcome = _broken(outbox, post, bug, bugs, clock(), again=True)
        if outcome is None and not tries_left(post):
            outcome = fail(outbox, post, Unreachable(post.account, f"{why}, and tried often enough"), clock())
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
    bugs: list[Exception] | None = None,
    may_post: Callable[[], bool] = lambda: True,
) -> Iterator[Outcome]:
    """Send what is due on one account; stop when `closes` says so, and after the first post without an answer.

    So a silent network costs a run the time of one call, and one bad post keeps the others for a run at most: it is
    due again later than they are. Bugs are kept as by `settle`. `may_post` is asked before each: a run may be slow.
    """
    now = clock()
    for post in outbox.in_state(State.QUEUED):
        if post.account == account and post.due <= now:
            if not may_post():
                return
            try:
                _log.debug("sending to %s: post %s, %s", account, post.id, post.article)
                outcome = _send(outbox, post, publisher, clock, find_picture)
            except Exception as bug:
                outcome = _broken(outbox, post, bug, bugs, clock(), again=False)
            if outcome is None:
                continue
            yield outcome
            if closes(outcome) or (isinstance(outcome, Failed) and isinstance(outcome.error, Unreachable)):
                return


def _broken(
    outbox: Outbox, post: Post, bug: Exception, bugs: list[Exception] | None, now: datetime, *, again: bool
) -> Outcome:
    """A bug noted on its post. Raised again if nobody keeps it, or if there is no store to note it in."""
    if isinstance(bug, StoreError):
        raise bug
    outcome = stumbled(outbox, outbox.get(post.id) or post, bug, now, again=again)
    if bugs is None:
        raise bug
    bug.add_note(f"while working on {post.account}, at post {post.id}")
    bugs.append(bug)
    return outcome


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
        outcome = failed(tried(queued, clock()), error, clock())
        return outcome if outbox.swap(queued, outcome.post) else None
    post = tried(ready, clock())
    if not outbox.swap(queued, post):
        return None
    if queued.may_be_out:
        sent = queued.request is not None
        if found := look(outbox, post, publisher, clock, "looked for before it is sent", blind=True, sent=sent):
            return found
    return _call(outbox, post, publisher, clock, find_picture=find_picture if queued.request else None)


def _enriched(post: Post, made: Enriched, now: datetime) -> Post:
    """The post with its request, and with what had to be left out in its history."""
    told = tuple(Change(now, post.state, note) for note in made.notes)
    return msgspec.structs.replace(post, request=made.request, history=(*post.history, *told))


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
        return fail(outbox, post, error, clock())
    except (Unreachable, Duplicate) as error:
        outcome = look(outbox, post, publisher, clock, error.problem, error)
        return outcome or fail(outbox, post, error, clock())
    except Rejected as error:
        # Perhaps its earlier words have just arrived, and are in its place.
        found = post.earlier and look(outbox, post, publisher, clock, error.problem, blind=True, sent=False)
        return found or _refused(outbox, post, publisher, clock, error, steps, find_picture)
    except PlatformError as error:
        return fail(outbox, post, error, clock())
    return posted(outbox, post, ref, "published", clock())


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
        return fail(outbox, post, trouble, clock())
    if anew:
        post = _enriched(noted(post, f"{error.problem}; so once more, made anew", clock()), anew, clock())
    elif less := simpler(publisher, request) if steps else None:
        steps -= 1
        post = noted(post, f"{error.problem}; so once more, with less", clock(), request=less)
    else:
        return fail(outbox, post, error, clock())
    outbox.save(post)
    return _call(outbox, post, publisher, clock, steps)
