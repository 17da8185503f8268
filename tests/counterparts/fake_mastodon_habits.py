"""What the kinds of servers that speak Mastodon's API in part do in their own way, by their sources and documents.

None is the real program. What matters is that every gap is met somewhere: missing instance endpoints, odd versions, ids
of all shapes, fields left out, `min_id` refused, ignored or meant otherwise, `max_id` and `limit` ignored, pages linked
by other means, backwards or not at all, refusals worded by a web framework, logins without a state.

- Pixelfed: ApiV1Controller (`min_id` is at least 1, and gives the newest from it on; who follows is linked by `prev`
  first; a content warning has at most 140 characters), Exceptions/Handler (500 for nearly everything when JSON is asked
  for, redirects and HTML when it is not).
- snac: mastoapi.c (`min_id` ends a list that begins with the newest; a version that says it is not true).
- Takahe: api/pagination.py (`min_id` gives the oldest first), api/views/oauth.py (no state comes back),
  api/decorators.py (a scope is there by its own name or by its first word's).
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

ULID = "01HX7J5ZK3QW8V2N4R6T"


def decimal(number: int) -> str:
    return str(115_400_000_000_000_000 + number)


def ulid(number: int) -> str:
    return f"{ULID}{number:06d}"


def flake(number: int) -> str:
    return f"AbGzQ3c{number:011x}"


def digest(number: int) -> str:
    return hashlib.md5(str(number).encode(), usedforsecurity=False).hexdigest()


def uuid(number: int) -> str:
    return str(UUID(digest(number)))


@dataclass(frozen=True)
class Habits:
    """What one kind of server does in its own way."""

    version: str
    ids: Callable[[int], str]
    notes: Callable[[int], str] = decimal  # ids of notifications
    v2: dict[str, Any] | None = None
    v1: dict[str, Any] | None = None
    keys: str = "ignored"  # or "kept", "refused" (a repeat is a 400), "broken" (a repeat is a 500)
    pictures_only: bool = False
    warning: int = 500  # the most characters of a content warning
    media: tuple[str, ...] = ("/api/v1/media", "/api/v2/media")
    #: "after": the oldest after it, newest first; "rising": the same, oldest first; "since": the newest after it;
    #: "from": the newest, from itself on; "ignored"
    min_id: str = "after"
    max_id: bool = True
    page: int = 80  # the most a page holds, whatever `limit` says
    always: int = 0  # the size of all pages, whatever `limit` says
    links: str = "max_id"  # or "page", "swapped" (the next page is `prev`, of people), "none"
    lacks: tuple[str, ...] = ()  # ends of paths
    lacking: tuple[int, Any] = (404, {"error": "Record not found"})
    laravel: bool = False
    state: bool = True  # whether a login's state comes back
    fine_scopes: bool = False
    sparse: bool = False  # leaves out every field it can

    def refuses(self, min_id: str) -> bool:
        return self.laravel and min_id.isdecimal() and int(min_id) < 1


PLAIN = {"configuration": {"statuses": {"max_characters": 2000, "characters_reserved_per_url": 23}}}

KINDS = {
    "pixelfed": Habits(
        version="3.5.3 (compatible; Pixelfed 0.12.11)",
        ids=decimal,
        v2=PLAIN,
        keys="refused",
        pictures_only=True,
        warning=140,
        min_id="from",
        page=40,
        links="swapped",
        lacks=("/endorse", "/pin"),
        laravel=True,
    ),
    "gotosocial": Habits(
        version="0.17.3+git-9b2f3c1",
        ids=ulid,
        notes=ulid,
        v2={"configuration": {"statuses": {"max_characters": 5000, "characters_reserved_per_url": 25}}},
        page=80,
        lacks=("/endorse", "/pin"),
        lacking=(404, {"error": "Not Found: 404 page not found"}),
    ),
    "akkoma": Habits(
        version="2.7.2 (compatible; Akkoma 3.13.2-0-g050bc74)",
        ids=flake,
        v1={"version": "2.7.2 (compatible; Akkoma 3.13.2)", "max_toot_chars": 5000, "description_limit": 5000},
        page=40,
        lacks=("/endorse",),
        lacking=(404, {"error": "Not implemented"}),
    ),
    "snac": Habits(
        version="4.0.0 (not true; really snac/2.80)",
        ids=digest,
        v1={"configuration": {"statuses": {"max_characters": 100000, "characters_reserved_per_url": 32}}},
        min_id="since",
        page=64,
        links="none",
        media=("/api/v1/media",),
        lacks=("/followers", "/endorse", "/pin", "/search"),
        lacking=(404, b""),
        sparse=True,
    ),
    "a snac that can't begin anywhere": Habits(
        version="snac",
        ids=digest,
        notes=digest,
        min_id="ignored",
        always=20,
        links="none",
        media=("/api/v1/media",),
        lacks=("/followers", "/reblogged_by", "/endorse", "/pin", "/lookup", "/search"),
        lacking=(404, b""),
        sparse=True,
    ),
    "a snac that can't page": Habits(
        version="",
        ids=digest,
        notes=digest,
        min_id="ignored",
        max_id=False,
        always=60,
        links="none",
        lacks=("/followers", "/reblogged_by", "/endorse", "/pin", "/lookup", "/search", "/relationships"),
        lacking=(501, b"<h1>Not Implemented</h1>"),
        sparse=True,
    ),
    "takahe": Habits(
        version="0.11.0",
        ids=uuid,
        v1=PLAIN | {"version": "0.11.0"},
        keys="broken",
        min_id="rising",
        page=40,
        lacks=("/endorse", "/pin"),
        lacking=(404, b"<h1>Not Found</h1>"),
        state=False,
    ),
    "ids without an order": Habits(
        version="9.9.9",
        ids=uuid,
        notes=uuid,
        v1=PLAIN,
        min_id="since",
        page=40,
        links="page",
        lacks=("/endorse", "/pin", "/reblogged_by", "/relationships"),
        lacking=(405, b""),
    ),
}
