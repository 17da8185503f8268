"""The last look at pages before their posts are sent: what died since it was planned does not go out.

Effects: fetching, the outbox. A dead page cancels its post; one that nobody can tell of delays it, for some days at
most.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

import msgspec

from syndicator import checked, lookout
from syndicator.checked import Check
from syndicator.outbox import Change, Outbox, Post, State, move
from syndicator.times import span_text
from syndicator.workspace import Workspace

#: So long a post waits for a page that was never found well.
_PATIENCE = timedelta(days=3)


def hold_back(
    space: Workspace, accounts: Collection[str], progress: Callable[[int, int], None] | None = None
) -> list[Post]:
    """Look at the pages of all that is due on these accounts; store and return the posts that can't go out now."""
    outbox, now = Outbox(space.state), space.clock()
    due = [post for post in outbox.in_state(State.QUEUED) if post.account in accounts and _is_in_question(post, now)]
    if unseen := lookout.unseen(space, (post.article for post in due), checked.POSTING):
        lookout.look(space, unseen, progress)
    checks = lookout.known(space)
    changed = [(post, held) for post in due if (held := held_back(post, checks.get(post.article), now))]
    return [held for post, held in changed if outbox.swap(post, held)]


def held_back(post: Post, check: Check | None, now: datetime) -> Post | None:
    """The post as it stands after its page was looked at; None when it may go out. Pure."""
    why = checked.refusal(check)
    if check is None or not why:
        return None
    if check.verdict == "dead":
        return move(post, State.CANCELLED, why, now, error=why)
    if check.since and now - check.since > _PATIENCE:
        return move(post, State.EXPIRED, f"{why}; so for {span_text(_PATIENCE)}", now, error=why)
    history = (*post.history, Change(now, post.state, why))
    return msgspec.structs.replace(post, retry_at=check.again, history=history, error=why)


def _is_in_question(post: Post, now: datetime) -> bool:
    """Whether it is due, and shares a page that its owner did not vouch for."""
    return post.due <= now and post.kind != "notes" and not post.unchecked
