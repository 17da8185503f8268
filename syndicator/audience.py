"""All that a network tells of others: notifications, then who boosted and liked my recent posts, asked of the posts.

A notification may be dismissed, filtered or grouped away before it is read here; the post still knows. What was told
already is not booked again, so that what a run calls new is new; whatever slips through counts once in `settle`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from ledger.addresses import form
from ledger.entry import Direction, Identity
from platforms.abilities import Audience, Witness
from platforms.base import Interaction, PostRef
from platforms.errors import AuthFailed, OverBudget, PlatformError, RateLimited, Unreachable, Unsupported
from syndicator import myself, record, reported, stop, timebox
from syndicator.accounts import Account
from syndicator.outbox import Outbox, State
from syndicator.record import Collected
from syndicator.workspace import Workspace

#: Posts are asked from this age to that, each so seldom, and so many of one account in one run.
_FRESH, _YOUNG = timedelta(hours=1), timedelta(days=14)
_AGAIN = timedelta(days=1)
_POSTS = 20
#: So many reactions to one post are read at most.
_REACTIONS = 1000

#: What concerns the account and not the post that was asked.
_ENOUGH = (AuthFailed, OverBudget, RateLimited)

#: When each post was asked last.
_Asked = dict[str, datetime]


def can_ask(account: Account) -> bool:
    """Whether the account's posts can be asked; a network that charges for anything is left alone."""
    if not (account.publishes and isinstance(account.adapter, Audience) and account.table.collect is not False):
        return False
    limits = account.limits
    return not (limits.price_usd or limits.price_user_usd or limits.price_read_other_usd)


def collect_all(space: Workspace, account: Account) -> Collected:
    """Book all that the account's network tells of others."""
    found = record.collect_from(space, account) if record.can_collect(account) else Collected()
    return found + collect_reactions(space, account) if can_ask(account) else found


def collect_reactions(space: Workspace, account: Account) -> Collected:
    """Book who boosted and liked the posts that it is time to ask."""
    return record.attempt(space, account, "reactions", _posts(space, account))


def _posts(space: Workspace, account: Account) -> Iterator[Collected]:
    """Ask one post after the other; each counts together with the note that it was asked, or not at all.

    What fails for one is told, and the others go on, till the account is refused or two in a row get no answer.
    """
    adapter, now = account.adapter, space.clock()
    assert isinstance(adapter, Audience)
    young, hidden = _recent(space, account, now)
    asked = {post: at for post, at in _recall(space, account).items() if post in young}
    due = due_posts(young, asked, now)
    if not due:
        return
    me = adapter.whoami().actor.id if isinstance(adapter, Witness) else ""
    silent = False
    for post in due:
        stop.check()
        if timebox.is_up():
            yield Collected(unread=record.out_of_time(account))
            return
        acts, failure, whole = _ask(adapter, young[post])
        if isinstance(failure, Unsupported):
            _keep(space, account, asked | dict.fromkeys(due, now))
            return
        if not (isinstance(failure, _ENOUGH) or stop.is_asked()):
            asked[post] = now  # one that always fails, or takes all the time, must not keep the others from their turn
        theirs = _by_others(acts, me, hidden=post in hidden)
        mine = myself.mine(space.settings, space.state)
        with space.book.transaction():
            part = record.book_acts(space, account, _unheard(space, account, theirs), mine)
            _keep(space, account, asked)
        yield part
        stop.check()
        if not whole:
            yield Collected(unread=record.out_of_time(account))
            return
        if isinstance(failure, _ENOUGH) or (silent and isinstance(failure, Unreachable)):
            raise failure
        silent = isinstance(failure, Unreachable)
        if failure:
            yield Collected(errors=(str(failure),))


def _recent(space: Workspace, account: Account, now: datetime) -> tuple[dict[str, PostRef], set[str]]:
    """Where my posts of this account are that may be asked, by id; and those of them that not everybody sees."""
    out = (post for post in Outbox(space.state).in_state(State.POSTED) if post.account == account.name)
    posts = [post for post in out if post.ref and post.ref.id]  # of what a hand found only its page is known
    young = {post.id: post.ref for post in posts if post.ref and _FRESH <= now - post.happened <= _YOUNG}
    return young, {post.id for post in posts if post.draft.visibility not in ("public", "unlisted")}


def _by_others(acts: Iterable[Interaction], me: str, *, hidden: bool) -> list[Interaction]:
    """What I did not do myself; private where not everybody sees the post that it was done to."""
    return [replace(act, private=act.private or hidden) for act in acts if not me or act.actor.id != me]


def due_posts(young: Iterable[str], asked: _Asked, now: datetime) -> list[str]:
    """The posts to ask now: first those never asked, newest first, then those asked longest ago. Pure."""
    fresh = [post for post in reversed(list(young)) if post not in asked]
    again = sorted((post for post in asked if now - asked[post] >= _AGAIN), key=lambda post: asked[post])
    return (fresh + again)[:_POSTS]


def _ask(adapter: Audience, ref: PostRef) -> tuple[list[Interaction], PlatformError | None, bool]:
    """The reactions to one post, as far as the network told them, what broke it off, and whether time allowed for all.

    They come page by page, each with a call: a signal and the time are heeded in between.
    """
    acts: list[Interaction] = []
    try:
        for act in islice(adapter.reactions(ref), _REACTIONS):
            acts.append(act)
            if stop.is_asked() or timebox.is_up():
                return acts, None, False
    except PlatformError as error:
        return acts, error, True
    return acts, None, True


def _unheard(space: Workspace, account: Account, acts: list[Interaction]) -> list[Interaction]:
    """Those of the acts that the ledger does not know from elsewhere."""
    if not acts:
        return []
    network = account.table.platform
    targets = {form(act.target) for act in acts if act.target}
    known: set[tuple[Identity, str, str]] = {
        (entry.identity, str(entry.kind), form(entry.my_url))
        for entry in space.book.entries()
        if entry.direction is Direction.RECEIVED and form(entry.my_url) in targets
    }
    return [act for act in acts if (reported.identity_of(act.actor, network), act.kind, form(act.target)) not in known]


def _recall(space: Workspace, account: Account) -> _Asked:
    kept = json.loads(space.book.cursor(_name(account)) or "{}")
    return {post: datetime.fromisoformat(at) for post, at in kept.items()}


def _keep(space: Workspace, account: Account, asked: _Asked) -> None:
    """Remember beside the entries, so that both count or neither."""
    kept = {post: at.isoformat() for post, at in asked.items()}
    space.book.set_cursor(_name(account), json.dumps(kept) if kept else None)


def _name(account: Account) -> str:
    return f"{account.name} (reactions)"
