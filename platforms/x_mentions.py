"""Where reading the mentions of an account stands: from the newest back to what is known. Pure: no SDK, no network.

Pages are asked for by the ids of posts rather than by X's page tokens, so that a walk which broke off, for want of
money or of luck, goes on weeks later. A token is needed only to get past an empty page.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

#: Mentions on a page. X charges for each post and for its author, so much as one page can cost is at stake at once.
PAGE = 20
#: So many mentions are told of on the first visit: what lies further back costs more than it tells.
FIRST = 100
#: So many visits meet a walk that goes round in circles where it is; then it begins anew, at the newest.
CIRCLES = 3


@dataclass(frozen=True, slots=True)
class Walk:
    """`since` is the newest post that earlier walks told of, `newest` and `oldest` what this one told of; ids, or "".

    `token` leads on from an empty page, `left` is how many posts a first visit may still tell of, `circles` how many
    visits led nowhere.
    """

    since: str = ""
    newest: str = ""
    oldest: str = ""
    token: str = ""
    left: int = FIRST
    circles: int = 0

    def question(self) -> dict[str, str]:
        """The parameters that ask for the next page."""
        asked = {"since_id": self.since, "until_id": self.oldest, "pagination_token": self.token}
        return {name: value for name, value in asked.items() if value}

    def new(self, posts: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """The posts of a page that were not told of before, newest first."""
        return [post for post in posts if self._is_new(_place(post["id"]))]

    def after(self, posts: Sequence[Mapping[str, Any]], token: str) -> tuple[Walk, bool]:
        """Where the walk stands after a page and the token of the next, and whether it goes on.

        It ends where X has no more and where known posts begin. Where X goes round in circles it only rests: what lies
        further back was not told yet.
        """
        found, new = _ids(posts), _ids(self.new(posts))
        newest = self.newest or max(found, key=_place, default="") or self.since
        left = self.left - len(new)
        known = any(_place(each) <= _place(self.since) for each in found)
        if not token or known or (left <= 0 and not self.since):
            return Walk(since=newest), False
        if not new if found else token == self.token:
            return self._resting(), False
        if not new:
            return replace(self, token=token), True
        return Walk(self.since, newest, min(new, key=_place), "", left), True

    def _resting(self) -> Walk:
        if self.circles + 1 < CIRCLES:
            return replace(self, token="", circles=self.circles + 1)
        return Walk(self.since, left=self.left)

    def _is_new(self, place: tuple[int, str]) -> bool:
        return _place(self.since) < place and (not self.oldest or place < _place(self.oldest))


def to_cursor(walk: Walk) -> str:
    """A walk as an opaque string."""
    return json.dumps(asdict(walk))


def from_cursor(cursor: str | None) -> Walk:
    """The walk of a cursor; a new one, bounded like a first visit, for none or for one that can't be read."""
    try:
        return Walk(**json.loads(cursor or "{}"))
    except (ValueError, TypeError):
        return Walk()


def _ids(posts: Iterable[Mapping[str, Any]]) -> list[str]:
    return [str(post["id"]) for post in posts]


def _place(post_id: object) -> tuple[int, str]:
    """Orders ids by time: they are numbers that grow, however long."""
    text = str(post_id)
    return len(text), text
