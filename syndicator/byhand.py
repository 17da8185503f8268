"""What a person may do to a post by hand. Pure: a post in, the changed post out, IllegalMove where it can't be."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import msgspec

from platforms.base import Limits, PostRef
from syndicator.compose import price_of
from syndicator.credit.mentions import mentioned
from syndicator.linkcheck.checked import is_refusal
from syndicator.outbox import SKIPPED, IllegalMove, Post, State, move, noted

_UNSENT = (State.AWAITING, State.QUEUED)
_STOPPED = (State.REJECTED, State.EXPIRED, State.CANCELLED)


def approve(post: Post, at: datetime) -> Post:
    """Let a post that waits for approval go out, at its time or at once if that has passed."""
    if post.state is not State.AWAITING:
        raise IllegalMove(f"post {post.id} is {post.state}: it does not wait for approval")
    return move(post, State.QUEUED, "approved by hand", at, when=max(post.when, at))


def skip(post: Post, at: datetime) -> Post:
    """Take a post out of the queue. Its article does not come back to that account by itself."""
    return move(post, State.CANCELLED, SKIPPED, at)


def retry(post: Post, at: datetime) -> Post:
    """Queue a post again that was rejected, expired or skipped; hurry one that waits for its next try.

    Where it was the link check that held it back, its owner knows better now.
    """
    unchecked = post.unchecked or is_refusal(post.error)
    if post.state is State.QUEUED:
        return msgspec.structs.replace(post, retry_at=None, unchecked=unchecked)
    if post.state is State.UNKNOWN:
        raise IllegalMove(
            f"post {post.id} is unknown: look whether it is there, then `syndicator queue settle {post.id} …`"
        )
    if post.state not in _STOPPED:
        raise IllegalMove(f"post {post.id} is {post.state}: only what was rejected, expired or skipped is tried again")
    when = max(post.when, at)
    again = {"when": when, "retry_at": None, "attempts": 0, "error": "", "unchecked": unchecked}
    return move(post, State.QUEUED, "retried by hand", at, **again)


def edit(post: Post, text: str, limits: Limits, at: datetime) -> Post:
    """Give an unsent post another text; it is what will be sent. What it costs and whom it names is told anew.

    What was tried with the old text is kept, since it may have arrived, or may yet.
    """
    if post.state not in _UNSENT:
        raise IllegalMove(f"post {post.id} is {post.state}: only a post that was not sent yet can be edited")
    draft = post.draft
    linked = draft.url is not None and (draft.url in text or draft.card is not None)
    draft = replace(draft, text=text, url=draft.url if linked else None)
    called = tuple(map(str, mentioned(text, post.platform)))
    names = tuple(dict.fromkeys((*post.names, *called))) if set(called) & set(post.names) else called
    cost = price_of(draft, limits)
    changes = {"draft": draft, "price_usd": cost, "request": None, "earlier": post.tried, "names": names, "credit": ""}
    return noted(post, "edited by hand", at, **changes)


def settle(post: Post, url: str | None, at: datetime) -> Post:
    """Say of an unknown post where it is, or (None) that it is not there and may be sent again."""
    if post.state is not State.UNKNOWN:
        raise IllegalMove(f"post {post.id} is {post.state}: only an unknown post is settled by hand")
    if url is None:
        return move(
            post, State.QUEUED, "not found by hand", at, when=max(post.when, at), error="", retry_at=None, attempts=0
        )
    return move(post, State.POSTED, "found by hand", at, error="", ref=PostRef("", url))
