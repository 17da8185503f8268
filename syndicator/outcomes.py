"""What can come of sending a post, and what that means for its account. Values; driving posts is for `publish`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from platforms.base import PostRef
from platforms.errors import AuthFailed, NotSent, PlatformError, RateLimited, Unreachable
from syndicator.outbox import Post, State


@dataclass(frozen=True, slots=True)
class Posted:
    """The post is on the network, at `ref`; `remark` says if not as its owner wanted it in the end."""

    post: Post
    ref: PostRef
    remark: str = ""


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
