"""A server's notifications, or statuses, page by page from a cursor on; also where a server ignores where to go on.

Mastodon is read forwards: `min_id` gives what came right after the cursor, which is the newest id that was told. Other
servers refuse `min_id`, ignore it, or give the newest since it, however many lie between: these are read backwards by
`max_id`, from the newest until something known is met. Which kind it is shows when a page holds what was known, or when
there is something between the cursor and what should be the first after it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeAlias

from platforms.base import Interaction, Page
from platforms.errors import Rejected
from platforms.mastodon_accounts import time
from platforms.mastodon_refusals import NoSuchCall
from platforms.mastodon_server import Server
from platforms.mastodon_wire import interaction

_ULID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")
_NEVER = datetime.min.replace(tzinfo=UTC)

Notice: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list to read: where it is, how much of it at a time, and what each record of it says was done."""

    path: str
    limit: str
    acts: Callable[[Notice], Iterable[Interaction]]

    def told(self, notices: Iterable[Notice]) -> tuple[Interaction, ...]:
        """What these records say, in their order."""
        return tuple(act for notice in notices for act in self.acts(notice))


@dataclass(frozen=True, slots=True)
class Back:
    """Where a walk backwards is: down to `known` (of the time `known_at`), from `newest`, and so far to `before`.

    A walk that is done has a `known` only. As a cursor it is JSON; the cursor of a server read forwards is a bare id.
    """

    known: str = ""
    known_at: str = ""
    newest: str = ""
    newest_at: str = ""
    before: str = ""

    @classmethod
    def read(cls, cursor: str | None) -> Back | None:
        """The cursor of a walk backwards; None for any other."""
        if not cursor or not cursor.startswith("{"):
            return None
        said = json.loads(cursor)
        return cls(**{name: str(said.get(name) or "") for name in cls.__slots__})

    def cursor(self) -> str:
        """As it is kept between visits."""
        return json.dumps({name: value for name, value in asdict(self).items() if value})

    def met(self, notice: Notice) -> bool:
        """Whether a notification is known, and so everything after it in the list."""
        at, known_at = time(notice.get("created_at")), time(self.known_at)
        return not _later(str(notice["id"]), self.known) or bool(at and known_at and at < known_at)

    def done(self) -> Back:
        """The walk met what was known: its newest is known now."""
        return Back(self.newest, self.newest_at)

    def given_up(self) -> Back:
        """The server doesn't go on: the next visit reads it all again, down to what is known."""
        return Back(self.known, self.known_at)


def read(server: Server, me: str, cursor: str | None) -> Page:
    """The next page of notifications after the cursor; within a page the oldest first."""

    def acts(notice: Notice) -> Iterable[Interaction]:
        act = interaction(notice, me, server.home)
        return (act,) if act else ()

    return walk(server, Listing("/api/v1/notifications", "80", acts), cursor)


def walk(server: Server, listing: Listing, cursor: str | None) -> Page:
    """The next page of a list after the cursor; within a page the oldest first."""
    if back := Back.read(cursor):
        return _backwards(server, back, listing)
    known = cursor or ""
    try:
        # "0" comes before all ids: "1" would come after ULIDs.
        notices = server.page(listing.path, {"min_id": known or "0", "limit": listing.limit}, onward="prev").rows()
    except (Rejected, NoSuchCall):  # Pixelfed wants it to be at least 1; where it is not that, what follows fails too
        return _backwards(server, Back(known), listing)
    if not notices:
        return Page((), cursor)
    ordered = _oldest_first(notices)
    if any(not _later(str(notice["id"]), known) for notice in notices) or _between(server, listing, known, ordered):
        return _backwards(server, Back(known), listing)
    return Page(listing.told(ordered), str(ordered[-1]["id"]), more=True)


def _between(server: Server, listing: Listing, known: str, ordered: list[Notice]) -> bool:
    """Whether there is something between what is known and the first of these, which should have come before it."""
    page = server.page(listing.path, {"max_id": str(ordered[0]["id"]), "limit": "1"})
    told = {str(one["id"]) for one in ordered}
    return any(_later(one, known) for one in (str(row["id"]) for row in page.rows()) if one not in told)


def _backwards(server: Server, back: Back, listing: Listing) -> Page:
    """One page of a walk backwards: newest first, as servers list."""
    query = {"limit": listing.limit} | ({"max_id": back.before} if back.before else {})
    notices = server.page(listing.path, query).rows()
    ids = {str(notice["id"]) for notice in notices}
    if back.before and (back.before in ids or back.newest in ids):
        return Page((), back.given_up().cursor())
    if notices and not back.newest:
        back = replace(back, newest=str(notices[0]["id"]), newest_at=str(notices[0].get("created_at") or ""))
    fresh = []
    for notice in notices:
        if back.met(notice):
            break
        fresh.append(notice)
    acts = listing.told(reversed(fresh))
    if len(fresh) < len(notices) or not notices:
        return Page(acts, (back.done() if back.newest else back).cursor())
    return Page(acts, replace(back, before=str(notices[-1]["id"])).cursor(), more=True)


def _later(one: str, other: str) -> bool:
    """Whether an id can be later than another: numbers and ULIDs grow, of other ids only the same is not."""
    if one.isdecimal() and other.isdecimal():
        return (len(one), one) > (len(other), other)
    if _ULID.fullmatch(one) and _ULID.fullmatch(other):
        return one > other
    return one != other


def _oldest_first(notices: list[Notice]) -> list[Notice]:
    """A page by its times or its numbers, where all have one; else turned, as most servers give the newest first."""
    turned = notices[::-1]
    times = [time(notice.get("created_at")) for notice in turned]
    if None not in times:
        return [notice for _, notice in sorted(zip(times, turned, strict=True), key=lambda pair: pair[0] or _NEVER)]
    if all(str(notice["id"]).isdecimal() for notice in turned):
        return sorted(turned, key=lambda notice: (len(str(notice["id"])), str(notice["id"])))
    return turned
