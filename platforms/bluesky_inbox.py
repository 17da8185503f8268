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
from platforms.errors import AuthFailed, PlatformError, RateLimited, Unreachable
from platforms.xrpc import Forbidden, Refused, Xrpc

#: The stream that is no search.
_INBOX = ""
_PAGE = 100

Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Cursor:
    """Which stream is read next, how far each was read, and of which it was told that they can't be."""

    turn: str = _INBOX
    streams: Mapping[str, Stream] = field(default_factory=dict)
    told: tuple[str, ...] = ()


def read(xrpc: Xrpc, sites: Sequence[str], cursor: str | None, now: datetime) -> Page:
    """Read the next page after `cursor`, each page oldest first: the notifications, then a search for each site.

    A server that can't search loses only the search, and tells of it once. What is refused the account altogether ends
    the visit; the next one begins with the notifications again.
    """
    order = list(dict.fromkeys([_INBOX, *(site for site in sites if _host(site))]))
    known = _decoded(cursor)
    turn = known.turn if known.turn in order else _INBOX
    trouble = None
    try:
        items, stream, goes_on = _visit(xrpc, turn, known.streams.get(turn, Stream()), now)
    except PlatformError as error:
        if turn == _INBOX:
            raise
        items, stream, goes_on, trouble = [], known.streams.get(turn, Stream()), False, error
    streams = {name: each for name, each in known.streams.items() if name in order} | {turn: stream}
    told = tuple(name for name in order if (name == turn and trouble) or (name != turn and name in known.told))
    refused = isinstance(trouble, (AuthFailed, RateLimited)) and not isinstance(trouble, Forbidden)
    rest = [] if refused else order[order.index(turn) + (not goes_on) :]
    after = json.dumps(asdict(_Cursor(rest[0] if rest else _INBOX, streams, told)))
    if trouble and not refused:
        trouble = None if turn in known.told else _no_search(xrpc, turn, trouble)
    return Page(tuple(_interactions(xrpc, turn, items)), after, more=bool(rest), trouble=trouble)


def _visit(xrpc: Xrpc, turn: str, stream: Stream, now: datetime) -> tuple[list[Item], Stream, bool]:
    """Read a page of one stream: its news, the stream after it, and whether there is more of it for now."""
    try:
        items, following = _ask(xrpc, turn, stream.place)
    except (Refused, Unreachable):
        if not stream.place:
            raise
        again = begun_again(stream)  # the AppView answers 502 to a stale place
        return _visit(xrpc, turn, again, now) if again else ([], given_up(stream), False)
    fresh, stream, goes_on = advance(stream, [_told(item, now) for item in items], following)
    return [items[number] for number in reversed(fresh)], stream, goes_on


def _no_search(xrpc: Xrpc, site: str, trouble: PlatformError) -> PlatformError:
    problem = f"links to {_host(site)} can't be searched for: {trouble.problem}"
    return PlatformError(xrpc.subject, problem, "all else is collected, and each run tries again")


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
        streams = {name: _stream(each) for name, each in said["streams"].items()}
        return _Cursor(str(said["turn"]), streams, tuple(map(str, said.get("told", ()))))
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
