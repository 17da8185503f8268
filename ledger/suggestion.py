"""The values that returning a favour is made of: what of theirs could be passed on, what to do, what was done."""

from __future__ import annotations

from datetime import datetime

import msgspec

from ledger.entry import Identity


class Offer(msgspec.Struct, frozen=True):
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


class Act(msgspec.Struct, frozen=True):
    """What I decided or did about somebody. One record for each (identity, act, url); the last state counts.

    `act` is a suggestion's act, or `forgive` for everything received up to `at`; `url` what it was about, see
    `Suggestion.about`. `state` is `queued`, `done` or `skipped`.
    """

    identity: Identity
    act: str
    at: datetime
    url: str = ""
    state: str = "done"


class Suggestion(msgspec.Struct, frozen=True):
    """One act to return a favour with.

    `act` is `share`, `boost`, `thank`, `recommend`, `answer`, `comment`, `read` or `wait`; `on` the network to do it on
    (`web` for articles and sites); `text` words to start from, may be empty; `reason` what they did, or why to wait;
    `returns` the key of the entry it answers; `todo` the whole act in words, such as "boost their best recent post"
    (both empty for `wait`). `about` is by what it is known to be done, or passed over: the address of the one thing it
    is done to; where it leads to a profile, and anything of theirs would do, the key of the favour it answers.
    """

    act: str
    on: str
    title: str
    url: str
    text: str
    reason: str
    returns: str = ""
    todo: str = ""
    about: str = ""

    @property
    def decides(self) -> str:
        """What a decision on it is kept under; lists of earlier versions named the address alone."""
        return self.about or self.url

    @property
    def is_of_favour(self) -> bool:
        """Whether it is known by the favour it answers, because no single thing of theirs is meant."""
        return bool(self.about) and self.about == self.returns
