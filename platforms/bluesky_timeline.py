"""Posts on Bluesky as somebody's feed has them: others' recent ones, and what the account's own did for others.

Reposts, answers and quotes by me are in my own feed, whatever app they were made with. Mentions are not told: a post
names people by ids alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from platforms.abilities import TheirPost
from platforms.base import Actor, Interaction, Json, Page, PostRef
from platforms.bluesky_streams import Stream, Told, advance, begun_again, given_up
from platforms.bluesky_wire import POST_URI, actor, links, mapping, mappings, page, time
from platforms.errors import Unreachable
from platforms.xrpc import Refused, Xrpc

_FEED = "app.bsky.feed.getAuthorFeed"
_PAGE = 50
#: Labels that hide a post, or warn of it, whoever put them there.
_WARNINGS = frozenset({"porn", "sexual", "nudity", "graphic-media", "!hide", "!warn"})

Item = Mapping[str, Any]


def posts(xrpc: Xrpc, handle: str) -> tuple[TheirPost, ...]:
    """Somebody's own posts, newest first; empty for nobody."""
    try:
        said = xrpc.query(_FEED, {"actor": handle.removeprefix("@"), "filter": "posts_no_replies", "limit": _PAGE})
    except Refused:
        return ()
    told = [post for item in mappings(said.get("feed")) if not item.get("reason") and (post := _their_post(item))]
    return tuple(sorted(told, key=lambda post: post.at, reverse=True))


def _their_post(item: Item) -> TheirPost | None:
    view = mapping(item.get("post"))
    record, who, uri = mapping(view.get("record")), actor(view.get("author")), str(view.get("uri") or "")
    at = _when(record.get("createdAt"), view.get("indexedAt"))
    if who is None or at is None or record.get("reply") or not POST_URI.fullmatch(uri):
        return None
    state, languages = mapping(view.get("viewer")), record.get("langs")
    labels = (str(label.get("val")) for label in mappings(view.get("labels")) if label.get("neg") is not True)
    return TheirPost(
        ref=PostRef(uri, page(uri, who.handle)),
        at=at,
        text=str(record.get("text") or ""),
        links=tuple(dict.fromkeys(links(record))),
        language=str(languages[0]) if isinstance(languages, list) and languages else "",
        warning=next((label for label in labels if label in _WARNINGS), ""),
        boosts=_count(view.get("repostCount")),
        likes=_count(view.get("likeCount")),
        boosted=bool(state.get("repost")),
        liked=bool(state.get("like")),
    )


def diary(xrpc: Xrpc, cursor: str | None, now: datetime) -> Page:
    """What the account did for others, from its own feed: newest first there, each page oldest first here."""
    stream = _decoded(cursor)
    try:
        said = _ask(xrpc, stream.place)
    except (Refused, Unreachable):
        if not stream.place:
            raise
        again = begun_again(stream)  # the AppView answers 502 to a stale place
        return Page((), _encoded(again or given_up(stream)), more=again is not None)
    items, following = mappings(said.get("feed")), said.get("cursor")
    told = [Told(_key(item), min(_seen(item) or now, now).timestamp()) for item in items]
    fresh, stream, goes_on = advance(stream, told, str(following) if following else None)
    acts = [act for number in reversed(fresh) for act in _done(xrpc, items[number])]
    return Page(tuple(acts), _encoded(stream), more=goes_on)


def _ask(xrpc: Xrpc, place: str | None) -> Mapping[str, Any]:
    parameters: dict[str, Json] = {"actor": xrpc.did, "filter": "posts_with_replies", "limit": _PAGE}
    return xrpc.query(_FEED, parameters | ({"cursor": place} if place else {}))


def _done(xrpc: Xrpc, item: Item) -> Iterator[Interaction]:
    """The acts that one post of my feed is; what I did to myself is none."""
    view, reason = mapping(item.get("post")), mapping(item.get("reason"))
    uri, record = str(view.get("uri") or ""), mapping(view.get("record"))
    if reason:
        if "by" in reason:
            yield from _act("boost", xrpc, view, str(reason.get("uri") or f"repost of {uri}"), "", _seen(item))
        return
    mine, at = page(uri, xrpc.handle), _when(record.get("createdAt"), view.get("indexedAt"))
    if record.get("reply"):
        yield from _act("reply", xrpc, mapping(mapping(item.get("reply")).get("parent")), uri, mine, at)
        return
    yield from _act("quote", xrpc, _quoted(mapping(view.get("embed"))), uri, mine, at)
    for link in dict.fromkeys(links(record)):
        yield Interaction("share", Actor(link, url=link, network="web"), uri, mine, link, at)


def _act(kind: str, xrpc: Xrpc, view: Item, act: str, url: str, at: datetime | None) -> Iterator[Interaction]:
    """An act towards the author of a post; of one that is gone, or shut, nobody says whose it was."""
    who, uri = actor(view.get("author")), str(view.get("uri") or "")
    if who and uri and who.id != xrpc.did:
        yield Interaction(kind, who, act, url, page(uri, who.handle), at)


def _quoted(embed: Item) -> Item:
    """The post that is shown inside of another, with pictures or without."""
    inner = mapping(embed.get("record"))
    return inner if "uri" in inner else mapping(inner.get("record"))


def _key(item: Item) -> str:
    reason = mapping(item.get("reason"))
    return f"{mapping(item.get('post')).get('uri')} {reason.get('uri') or reason.get('indexedAt') or ''}"


def _seen(item: Item) -> datetime | None:
    """By what the feed is ordered: when it was reposted, else when it was written."""
    if "indexedAt" in (reason := mapping(item.get("reason"))):
        return time(reason.get("indexedAt"))
    view = mapping(item.get("post"))
    return _when(mapping(view.get("record")).get("createdAt"), view.get("indexedAt"))


def _when(created: object, indexed: object) -> datetime | None:
    """When it happened: as its client says, unless the network has seen it before that."""
    return min((at for at in (time(created), time(indexed)) if at), default=None)


def _count(said: object) -> int | None:
    return said if isinstance(said, int) and not isinstance(said, bool) else None


def _encoded(stream: Stream) -> str:
    return json.dumps(asdict(stream))


def _decoded(cursor: str | None) -> Stream:
    """What the cursor says; from the start where it says nothing that can be understood."""
    try:
        said = json.loads(cursor or "{}")
        return Stream(**{**said, "heads": tuple(said.get("heads", ()))})
    except (ValueError, TypeError, AttributeError):
        return Stream()
