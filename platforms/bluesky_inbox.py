"""What others did, from two kinds of streams: the account's notifications, then searches for links to its sites.

One opaque cursor holds how far each was read. What a page means is in `bluesky_wire`, how far a stream was read in
`bluesky_streams`; here they are asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from platforms.base import Interaction, Json, Page
from platforms.bluesky_streams import Stream, Told, advance, begun_again, given_up, mark
from platforms.bluesky_wire import REASONS, found, interaction, mappings, time
from platforms.errors import PlatformError, Unreachable
from platforms.xrpc import Refused, Xrpc

#: The stream that is no search.
_INBOX = ""
_PAGE = 100

Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Cursor:
    """Which stream is read next, and how far each was read."""

    turn: str = _INBOX
    streams: Mapping[str, Stream] = field(default_factory=dict)


def read(xrpc: Xrpc, sites: Sequence[str], cursor: str | None, now: datetime) -> Page:
    """Read the next page after `cursor`, each page oldest first: the notifications, then a search for each site."""
    order = list(dict.fromkeys([_INBOX, *(site for site in sites if _host(site))]))
    known = _decoded(cursor)
    turn = known.turn if known.turn in order else _INBOX
    items, stream, goes_on = _visit(xrpc, turn, known.streams.get(turn, Stream()), now)
    streams = {name: each for name, each in known.streams.items() if name in order} | {turn: stream}
    rest = order[order.index(turn) + (not goes_on) :]
    after = json.dumps(asdict(_Cursor(rest[0] if rest else _INBOX, streams)))
    return Page(tuple(_interactions(xrpc, turn, items)), after, more=bool(rest))


def _visit(xrpc: Xrpc, turn: str, stream: Stream, now: datetime) -> tuple[list[Item], Stream, bool]:
    """Read a page of one stream: its news, the stream after it, and whether there is more of it for now."""
    try:
        items, following = _ask(xrpc, turn, stream.place)
    except PlatformError as error:
        if stream.place and isinstance(error, (Refused, Unreachable)):  # the AppView answers 502 to a stale place
            again = begun_again(stream)
            return _visit(xrpc, turn, again, now) if again else ([], given_up(stream), False)
        if turn == _INBOX:
            raise
        return [], stream, False  # a server that can't search loses only the search; the next visit asks again
    fresh, stream, goes_on = advance(stream, [_told(item, now) for item in items], following)
    return [items[number] for number in reversed(fresh)], stream, goes_on


def _ask(xrpc: Xrpc, turn: str, place: str | None) -> tuple[list[Item], str | None]:
    parameters: dict[str, Json] = {"limit": _PAGE} | ({"cursor": place} if place else {})
    if turn == _INBOX:
        answer = xrpc.query("app.bsky.notification.listNotifications", parameters)
    else:
        search: dict[str, Json] = {"q": "*", "domain": _host(turn), "sort": "latest"}
        answer = xrpc.query("app.bsky.feed.searchPosts", search | parameters)
    following = answer.get("cursor")
    return mappings(answer.get("notifications" if turn == _INBOX else "posts")), str(following) if following else None


def _interactions(xrpc: Xrpc, turn: str, items: Sequence[Item]) -> Iterator[Interaction]:
    for item in items:
        act = interaction(item, xrpc.handle) if turn == _INBOX else found(item, turn)
        if act and act.actor.id != xrpc.did:
            yield act


def _told(item: Item, now: datetime) -> Told:
    """An item without a time, or of a time to come, counts as of now."""
    at = time(item.get("indexedAt"))
    return Told(_key(item.get("uri"), item.get("reason")), min(at or now, now).timestamp())


def _key(uri: object, reason: object) -> str:
    return f"{uri} {reason}"


def _decoded(cursor: str | None) -> _Cursor:
    """What the cursor says; from the start where it says nothing that can be understood."""
    try:
        said = json.loads(cursor or "{}")
        if isinstance(said, list):
            return _Cursor(streams={_INBOX: _of_old(*said)})
        return _Cursor(str(said["turn"]), {name: _stream(each) for name, each in said["streams"].items()})
    except (ValueError, TypeError, KeyError, AttributeError):
        return _Cursor()


def _stream(said: Mapping[str, Any]) -> Stream:
    return Stream(**{**said, "heads": tuple(said["heads"])})


def _of_old(known: Sequence[str], newest: Sequence[str] | None, place: str | None) -> Stream:
    """A cursor as it was before there were searches: time and URI of the newest notification, and of this visit's."""
    floor, latest = (each.timestamp() if each else 0.0 for each in (time(known[0]), time((newest or known)[0])))
    seen = {mark(_key(known[1], reason)): floor for reason in REASONS}
    return Stream(floor, seen, place, latest)


def _host(site: str) -> str:
    try:
        return urlsplit(site).hostname or ""
    except ValueError:
        return ""
