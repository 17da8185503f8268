"""The values that returning a favour is made of: what of theirs could be passed on, what to do, what was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ledger.entry import Identity


@dataclass(frozen=True, slots=True)
class Offer:
    """Something of theirs that could be passed on: an article of a site, or a post on a network.

    It is alive and has passed the quality gate with `score` (0 to 1). `comments` is where it takes comments, if so.
    With `comment_by` it waits for a comment of mine until then, before it is shared. `topics` is how much it is about
    what I write about (0 to 1, neutral at a half); None where nobody has looked.
    """

    identity: Identity
    url: str
    title: str
    published: datetime
    score: float = 0.0
    comments: str = ""
    comment_by: datetime | None = None
    topics: float | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """What I decided or did about somebody. One record for each (identity, act, url); the last state counts.

    `act` is a suggestion's act, or `forgive` for everything received up to `at`. `state` is `queued`, `done` or
    `skipped`.
    """

    identity: Identity
    act: str
    at: datetime
    url: str = ""
    state: str = "done"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One act to return a favour with.

    `act` is `share`, `boost`, `thank`, `recommend`, `answer`, `comment`, `read` or `wait`; `on` the network to do it on
    (`web` for articles and sites); `text` words to start from, may be empty; `reason` what they did, or why to wait;
    `returns` the key of the entry it answers; `todo` the whole act in words, such as "boost their best recent post"
    (both empty for `wait`).
    """

    act: str
    on: str
    title: str
    url: str
    text: str
    reason: str
    returns: str = ""
    todo: str = ""
