"""What a person may do to a post by hand. Pure: a post in, the changed post out, IllegalMove where it can't be."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from typing import Any

from ledger.entry import Kind
from platforms.base import Draft, Limits, PostRef
from syndicator.compose import price_of
from syndicator.credit.mentions import mentioned
from syndicator.linkcheck.checked import is_refusal
from syndicator.outbox import NOT_FOUND, RETRIED, SKIPPED, IllegalMove, Post, State, move, noted
from syndicator.times import on_friday

_UNSENT = (State.AWAITING, State.QUEUED)
#: As what a follow-friday post is booked, and no other.
_PRAISE = Kind.QUOTE
_STOPPED = (State.REJECTED, State.EXPIRED, State.CANCELLED)

_AGAIN = "`syndicator queue retry {}` queues it again"
#: What can be done with a post in a state where what was asked for can't be.
_INSTEAD = {
    State.AWAITING: "it waits: `syndicator queue approve {}` lets it go out",
    State.QUEUED: "it goes out when its time comes",
    State.SENDING: "a run has it in hand, or the next one finds out what became of it",
    State.UNKNOWN: "look whether it is there, then `syndicator queue settle {} --posted URL` or `--not-posted`",
    State.REJECTED: _AGAIN,
    State.EXPIRED: _AGAIN,
    State.CANCELLED: _AGAIN,
    State.POSTED: "`syndicator unshare {}` deletes it",
    State.DELETED: "`syndicator share URL` shares its article anew",
}
#: A link in a text that its owner wrote.
_LINK = re.compile(r"https?://", re.IGNORECASE)


def approve(post: Post, at: datetime, zone: tzinfo = UTC) -> Post:
    """Let a post that waits for approval go out, at its time or at once if that has passed.

    What praises somebody for a Friday goes out on one, by the clock of `zone`.
    """
    if post.state is not State.AWAITING:
        raise _refusal(post, "it does not wait for approval")
    when = on_friday(post.when, at, zone) if post.favour == _PRAISE else max(post.when, at)
    return move(post, State.QUEUED, "approved by hand", at, when=when)


def skip(post: Post, at: datetime) -> Post:
    """Take a post out of the queue. Its article does not come back to that account by itself."""
    if post.state not in (*_UNSENT, State.UNKNOWN):
        raise _refusal(post, "only what waits can be taken out")
    return move(post, State.CANCELLED, SKIPPED, at)


def retry(post: Post, at: datetime) -> Post:
    """Queue a post again that was rejected, expired or skipped; hurry one that waits for its next try.

    Where it was the link check that held it back, its owner knows better now.
    """
    unchecked = post.unchecked or is_refusal(post.error)
    if post.state is State.QUEUED:
        return noted(post, "hurried by hand", at, retry_at=None, unchecked=unchecked)
    if post.state not in _STOPPED:
        raise _refusal(post, "only what was rejected, expired or skipped is tried again")
    return _queued_again(post, RETRIED, at, unchecked=unchecked, moved=False)


def edit(post: Post, text: str, limits: Limits, at: datetime) -> Post:
    """Give an unsent post another text; it is what will be sent. What it costs and whom it names is told anew.

    One that was given up stays so until it is retried. What was tried with the old text is kept, since it may have
    arrived, or may yet. A text that had the link and has another one now takes the preview of the old one with it.
    """
    if post.state not in (*_UNSENT, *_STOPPED):
        raise _refusal(post, "only a post that is not out can be edited")
    draft = _reworded(post.draft, text)
    called = tuple(map(str, mentioned(text, post.platform)))
    names = tuple(dict.fromkeys((*post.names, *called))) if set(called) & set(post.names) else called
    cost = price_of(draft, limits)
    changes = {"draft": draft, "price_usd": cost, "request": None, "earlier": post.tried, "names": names, "credit": ""}
    return noted(post, "edited by hand", at, **changes)


def settle(post: Post, url: str | None, at: datetime) -> Post:
    """Say of an unknown post where it is, or (None) that it is not there and may be sent again.

    One that was given up after it was tried may have arrived all the same: of that, too, can be said where it is.
    """
    arrived_late = url is not None and post.state in _STOPPED and post.tried
    if not (post.state is State.UNKNOWN or arrived_late):
        raise _refusal(post, "only an unknown post, or where one is that was tried and given up, is settled by hand")
    if url is None:
        return _queued_again(post, NOT_FOUND, at)
    return move(post, State.POSTED, "found by hand", at, error="", retry_at=None, ref=PostRef("", url))


def _queued_again(post: Post, why: str, at: datetime, **changes: Any) -> Post:
    """The post in the queue once more, with tries to come.

    All that were made count as one: what was ever tried is looked for before it is sent, whatever its owner believes.
    """
    when, attempts = max(post.when, at), min(post.attempts, 1)
    return move(post, State.QUEUED, why, at, when=when, retry_at=None, attempts=attempts, error="", **changes)


def _reworded(draft: Draft, text: str) -> Draft:
    """The draft with another text: with its link and the preview of that, as far as they still belong to it."""
    if draft.url is None or draft.url in text:
        return replace(draft, text=text)
    if draft.card is not None and not (draft.url in draft.text and _LINK.search(text)):
        return replace(draft, text=text)
    return replace(draft, text=text, url=None, card=None)


def _refusal(post: Post, why: str) -> IllegalMove:
    """What says why a post in its state can't be changed so, and what can be done instead."""
    return IllegalMove(f"post {post.id} is {post.state}: {why}; {_INSTEAD[post.state].format(post.id)}")
