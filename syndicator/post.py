"""One post and its states, in one place. Pure; they are kept by `outbox`, and imported from there.

    awaiting ──▶ queued ──▶ sending ──▶ posted ──▶ deleted
       │          ▲ │ ▲         ├─────▶ rejected ─┐
       │          │ │ └─ retry ─┤                 │ (a person may queue again
       ▼          │ ▼           └─────▶ unknown ──┤  what was rejected, expired
    cancelled ────┤ expired ──────────────────────┘  or cancelled)
                  └────────────

`sending` is written, with the exact request, before the network is called; what came of it after. A post found in
`sending` when a run starts is the trace of a crash, and is read back before anything is sent again. What turns out to
be on its network becomes `posted`, wherever it stood.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from platforms.base import Draft, PostRef, Request
from syndicator.sources.base import SourceKind


class State(StrEnum):
    """Where a post stands."""

    AWAITING = "awaiting"
    QUEUED = "queued"
    SENDING = "sending"
    POSTED = "posted"
    REJECTED = "rejected"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    DELETED = "deleted"


TRANSITIONS: dict[State, frozenset[State]] = {
    State.AWAITING: frozenset({State.QUEUED, State.CANCELLED, State.EXPIRED, State.POSTED}),
    State.QUEUED: frozenset({State.SENDING, State.CANCELLED, State.EXPIRED, State.POSTED}),
    State.SENDING: frozenset({State.POSTED, State.QUEUED, State.REJECTED, State.UNKNOWN}),
    State.UNKNOWN: frozenset({State.POSTED, State.QUEUED, State.CANCELLED}),
    State.REJECTED: frozenset({State.QUEUED, State.POSTED}),
    State.EXPIRED: frozenset({State.QUEUED, State.POSTED}),
    State.CANCELLED: frozenset({State.QUEUED, State.POSTED}),
    State.POSTED: frozenset({State.DELETED}),
    State.DELETED: frozenset(),
}

#: A post in one of these states is out or may still go out: its article counts as shared on its account.
LIVING = frozenset({State.AWAITING, State.QUEUED, State.SENDING, State.POSTED, State.UNKNOWN})

#: What the history of a post says that its owner did not want.
SKIPPED = "skipped by hand"
#: What it says of one that its owner wants out, whatever runs plan by.
SHARED, RETRIED, NOT_FOUND = "shared by hand", "retried by hand", "not found by hand"


class IllegalMove(Exception):
    """A post can't go from its state to the one asked for; the message says so in a sentence."""


class Change(msgspec.Struct, frozen=True):
    """One step in a post's life."""

    at: datetime
    state: State
    why: str


class Tried(msgspec.Struct, frozen=True):
    """What was tried to be sent. Its request may have been on its way for long, and arrive after all."""

    draft: Draft
    request: Request
    names: tuple[str, ...] = ()
    credit: str = ""


class Post(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One draft on its way to one account. Times are UTC.

    `article` is the canonical URL (or note) it shares and `site` the web identity of whoever wrote that. `request` is
    what was stored before the first try. `names` are the identities of everybody whom its text names, the author's
    first, as `mastodon:ada@example.social` and `web:ada.example`; `credit` is the line that names the author, "" where
    none does or its owner wrote the text. `source` is the address of the feed it came through. `booked` means the
    ledger knows that it was given, `unchecked` that its owner wants it out whatever the link check says, `unpaid`
    that it waits for money: until `retry_at`, or until there is enough. `earlier` is what was tried
    before it got other words. `whereabouts` are where its page was found and what that calls itself when it was
    planned, "" where nobody looked; `moved` that they changed, so that its article may be planned anew where it is now.
    A post of thanks is booked as the kind `favour` to each identity of `people`; of any other both are empty.
    """

    id: str
    account: str
    platform: str
    kind: SourceKind
    article: str
    title: str
    site: str
    draft: Draft
    when: datetime
    state: State
    history: tuple[Change, ...] = ()
    why: tuple[str, ...] = ()
    score: float = 0.0
    price_usd: float = 0.0
    attempts: int = 0
    retry_at: datetime | None = None
    request: Request | None = None
    ref: PostRef | None = None
    error: str = ""
    booked: bool = False
    in_return_for: str = ""
    unchecked: bool = False
    unpaid: bool = False
    names: tuple[str, ...] = ()
    source: str = ""
    credit: str = ""
    earlier: tuple[Tried, ...] = ()
    whereabouts: tuple[str, str] = ("", "")
    moved: bool = False
    favour: str = ""
    people: tuple[str, ...] = ()

    @property
    def page(self) -> str:
        """The page that it sends its readers to; "" for none."""
        return (self.draft.url or "") if self.kind == "notes" else self.article

    @property
    def tried(self) -> tuple[Tried, ...]:
        """All that may be out of this post, or be yet to come, the latest last."""
        if self.request is None:
            return self.earlier
        return (*self.earlier, Tried(self.draft, self.request, self.names, self.credit))

    @property
    def may_be_out(self) -> bool:
        """Whether something was sent of which the network may have said nothing, or not in time."""
        return bool(self.earlier or (self.request and self.attempts))

    @property
    def due(self) -> datetime:
        """The earliest time it may be sent."""
        return max(self.when, self.retry_at) if self.retry_at else self.when

    @property
    def happened(self) -> datetime:
        """When it was posted, else when it is to be."""
        return next((change.at for change in reversed(self.history) if change.state is State.POSTED), self.due)


def post_id(account: str, article: str, turn: int = 0) -> str:
    """The one id that an article can have on an account, so that a second post of it can't even be stored.

    `turn` counts the repeats of a note, which may come round again.
    """
    seed = f"{account}\n{article}" + (f"\n{turn}" if turn else "")
    return hashlib.sha256(seed.encode()).hexdigest()[:10]


def move(post: Post, state: State, why: str, at: datetime, **changes: Any) -> Post:
    """The post in its new state, with the step in its history. IllegalMove if there is no such step."""
    if state not in TRANSITIONS[post.state]:
        raise IllegalMove(f"post {post.id} is {post.state}: it can't become {state}")
    history = (*post.history, Change(at, state, why))
    return msgspec.structs.replace(post, state=state, history=history, **changes)


def noted(post: Post, why: str, at: datetime, **changes: Any) -> Post:
    """The post in the state it is in, with a word of what happened to it in its history."""
    return msgspec.structs.replace(post, history=(*post.history, Change(at, post.state, why)), **changes)
