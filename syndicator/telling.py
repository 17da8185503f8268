"""Sends the digest when its time has come. Effects: one channel, and the state.

That it is being sent is stored before the call, what came of it after. A channel can't be read back, so what may have
arrived is not sent again; what surely did not is tried again by the next run, or once there is another credential if
that was refused. It fails nothing, whatever happens.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from platforms.base import Draft, Publisher, Request
from platforms.errors import AuthFailed, Duplicate, PlatformError, Unreachable
from syndicator import debts
from syndicator.accounts import Holds
from syndicator.digest import News, compose
from syndicator.networks import open_account
from syndicator.outbox import Outbox, State
from syndicator.workspace import Workspace

COLLECTION, _LAST = "digest", "last"

#: So much too early is early enough: a timer should not miss by seconds.
_SLACK = timedelta(minutes=5)


class _Sent(msgspec.Struct, frozen=True):
    """The latest digest: what it covers begins at `since`; the next one's begins `at` its time if it was `done`."""

    at: datetime
    since: datetime
    state: Literal["sending", "done", "unsent"]


def send(space: Workspace, alarms: list[str]) -> list[str]:
    """Send what is due, if it is; `alarms` are among it. Gives a sentence for what went wrong."""
    table, now, before = space.settings.digest, space.clock(), _last(space)
    if not table.account or not _is_due(before, table.every, now):
        return _left_open(space, before)
    account = open_account(space, table.account)
    if account.missing or account.held:
        return [f"the digest was not sent: {account.held or f'{account.name}: {account.missing}'}"]
    since = now - table.every
    if before:
        since = min(now, before.since if before.state == "unsent" else before.at)
    text = compose(_news(space, since, now, alarms), account.limits)
    request = account.publisher.prepare(Draft(text), f"digest-{now:%Y%m%dT%H%M%S}", now)
    _keep(space, _Sent(now, since, "sending"))
    try:
        account.publisher.publish(request)
    except PlatformError as error:
        unsent = not isinstance(error, (Unreachable, Duplicate)) or _never_left(account.publisher, request)
        refused = isinstance(error, AuthFailed)
        if refused:
            Holds(space.state).hold(account.name, str(error), account.fingerprint)
        _keep(space, _Sent(now, since, "unsent" if unsent else "done"))
        return [f"the digest was not sent: {error}" + ("; the next run tries again" if unsent and not refused else "")]
    _keep(space, _Sent(now, since, "done"))
    return []


def _never_left(publisher: Publisher, request: Request) -> bool:
    """Whether what got no answer surely did not arrive."""
    try:
        return publisher.find(request) is None
    except PlatformError:
        return False


def _is_due(before: _Sent | None, every: timedelta, now: datetime) -> bool:
    """A time to come was written by a clock that was wrong."""
    if before is None or before.state == "unsent":
        return True
    return not timedelta() <= now - before.at < every - _SLACK


def _left_open(space: Workspace, before: _Sent | None) -> list[str]:
    """What a run left that died while it sent."""
    if before is None or before.state != "sending":
        return []
    _keep(space, msgspec.structs.replace(before, state="done"))
    return ["the last digest may have arrived or not; it is not sent again"]


def _news(space: Workspace, since: datetime, now: datetime, alarms: list[str]) -> News:
    posts = list(Outbox(space.state))
    return News(
        span=now - since,
        posted=[post for post in posts if post.state is State.POSTED and since < post.happened <= now],
        awaiting=[post for post in posts if post.state is State.AWAITING],
        unknown=[post for post in posts if post.state is State.UNKNOWN],
        queued=sum(post.state is State.QUEUED for post in posts),
        owed=[debt for debt in debts.reckon(space, now) if debt.standing == "owe" and not debt.waiting],
        alarms=alarms,
    )


def _last(space: Workspace) -> _Sent | None:
    document = space.state.get(COLLECTION, _LAST)
    return msgspec.convert(document, _Sent) if document else None


def _keep(space: Workspace, sent: _Sent) -> None:
    space.state.put(COLLECTION, _LAST, msgspec.to_builtins(sent))
