"""Bluesky: posts are records in the account's repository on its personal data server (PDS, AT Protocol).

The key of the record is chosen when the post is prepared, and `putRecord` with `swapRecord: null` creates it only where
there is none: so the same request can be sent any number of times and is one post.

Left to others: the session and its errors (`xrpc`), what the text says and how long it is, resolving @mentions, and the
picture of the link card.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from platforms.base import Card, Draft, Json, Limits, Login, Page, PostRef, Request
from platforms.bluesky_wire import POST, POST_URI, interaction, page
from platforms.errors import Duplicate, Rejected, Unsupported
from platforms.text import facets
from platforms.xrpc import Refused, Xrpc

if TYPE_CHECKING:
    from atproto_client import Client

_TID_DIGITS = "234567abcdefghijklmnopqrstuvwxyz"
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")


class Bluesky:
    """Publisher and Reporter for one Bluesky account.

    Options: `handle` (needed), `server` (where to log in; the account's own PDS is taken from there). Secret: `token`,
    an app password. `client` is an `atproto_client.Client` to use instead of a new one.
    """

    needs = ("handle",)
    credential = ("token",)
    limits = Limits(
        length=300,
        count="graphemes",
        max_bytes=3000,
        card="client",
        images=4,
        image_bytes=2_000_000,
        languages=3,
        source="https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/feed/post.json",
        read_on="2026-11-22",
    )

    def __init__(self, login: Login, client: Client | None = None) -> None:
        self._xrpc = Xrpc(login, client)

    def prepare(self, draft: Draft, key: str, now: datetime) -> Request:
        """Choose the record's key and build the record: payload `{"rkey", "record"}`, `visibility` unless public."""
        payload: dict[str, Json] = {"rkey": record_key(now, key), "record": _record(draft, now)}
        if draft.visibility in {"private", "direct"}:
            payload["visibility"] = draft.visibility
        return Request(key, payload, now)

    def publish(self, request: Request) -> PostRef:
        """Create the record; where this very record exists already nothing changes, and its reference is returned."""
        if "visibility" in request.payload:
            raise Unsupported(self._xrpc.subject, "every post on Bluesky is public, and this one must not be")
        payload = request.payload
        try:
            # The null says "only if there is none yet".
            self._write("putRecord", payload["rkey"], record=payload["record"], swapRecord=None)
        except Refused as refusal:
            if refusal.name != "InvalidSwap":
                raise
            return self._already_there(request, refusal)
        return self._ref(request)

    def find(self, request: Request) -> PostRef | None:
        """Read the record under the request's key; a different record there is not this post."""
        stored = self._stored(request)
        return self._ref(request) if stored is not None and _same_post(stored, request) else None

    def delete(self, ref: PostRef) -> None:
        """Delete the post; the server does not mind when it is gone."""
        where = POST_URI.fullmatch(ref.id)
        if where is None:
            raise Rejected(self._xrpc.subject, f"{ref.id} is not a Bluesky post")
        self._write("deleteRecord", where["rkey"])

    def interactions(self, cursor: str | None) -> Page:
        """Read the next notifications after `cursor`, a page of at most 100, each page oldest first.

        The network gives the newest first and pages back: reading goes on until what an earlier visit saw first.
        """
        known, newest, place = json.loads(cursor) if cursor else (["", ""], None, None)
        answer = self._xrpc.query(
            "app.bsky.notification.listNotifications", {"limit": 100} | ({"cursor": place} if place else {})
        )
        told = answer.get("notifications") or []
        # Beside the mark itself its time counts: what it was set on may have been taken back meanwhile.
        fresh = list(takewhile(lambda one: one["indexedAt"] >= known[0] and _mark(one) != known, told))
        newest = newest or (_mark(fresh[0]) if fresh else known)
        place = answer.get("cursor") if fresh and len(fresh) == len(told) else None
        acts = (interaction(one, self._xrpc.handle) for one in reversed(fresh))
        following = [known, newest, place] if place else [newest, None, None]
        return Page(tuple(act for act in acts if act), json.dumps(following), more=bool(place))

    def _already_there(self, request: Request, refusal: Refused) -> PostRef:
        stored = self._stored(request)
        if stored is None:
            raise Duplicate(self._xrpc.subject, "the server has a post under this key but hides it") from refusal
        if not _same_post(stored, request):
            raise Rejected(
                self._xrpc.subject,
                f"another post has the record key {request.payload['rkey']} already",
                "skip this post and share the link again: it gets a new key",
            ) from refusal
        return self._ref(request)

    def _stored(self, request: Request) -> Mapping[str, Any] | None:
        try:
            answer = self._xrpc.query("com.atproto.repo.getRecord", self._place(request.payload["rkey"]))
        except Refused as refusal:
            if refusal.name == "RecordNotFound" or "Could not locate record" in refusal.problem:
                return None
            raise
        value = answer.get("value")
        return value if isinstance(value, dict) else None

    def _write(self, procedure: str, rkey: Json, **more: Json) -> None:
        self._xrpc.procedure(f"com.atproto.repo.{procedure}", {**self._place(rkey), **more})

    def _place(self, rkey: Json) -> dict[str, Json]:
        return {"repo": self._xrpc.did, "collection": POST, "rkey": rkey}

    def _ref(self, request: Request) -> PostRef:
        uri = f"at://{self._xrpc.did}/{POST}/{request.payload['rkey']}"
        return PostRef(uri, page(uri, self._xrpc.handle))


def record_key(now: datetime, key: str) -> str:
    """Give the TID (13 characters, base32-sortable) for a post: the second of `now`, the rest from the hash of `key`.

    A run prepares many posts with one `now`; with 20 bits in the microseconds and 10 in the clock id they stay apart.
    The format: https://atproto.com/specs/tid
    """
    digest = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8])
    digest, microsecond = divmod(digest, 1_000_000)
    number = (int(now.timestamp()) * 1_000_000 + microsecond) << 10 | digest % 1024
    return "".join(_TID_DIGITS[number >> shift & 31] for shift in range(60, -1, -5))


def _mark(notification: Mapping[str, Any]) -> list[str]:
    return [notification["indexedAt"], notification["uri"]]


def _record(draft: Draft, now: datetime) -> dict[str, Json]:
    record: dict[str, Json] = {
        "$type": POST,
        "text": draft.text,
        "createdAt": now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
    if draft.language and _LANGUAGE.fullmatch(language := draft.language.replace("_", "-")):
        record["langs"] = [language]
    if marks := _facets(draft.text):
        record["facets"] = marks
    if draft.card:
        record["embed"] = _external(draft.card)
    return record


def _facets(text: str) -> list[Json]:
    """Mark links and tags; a mention needs the DID of whom it names, so it stays plain text here."""
    features: dict[str, Callable[[str], dict[str, Json]]] = {
        "link": lambda uri: {"$type": "app.bsky.richtext.facet#link", "uri": uri},
        "tag": lambda tag: {"$type": "app.bsky.richtext.facet#tag", "tag": tag},
    }
    return [
        {"index": {"byteStart": mark.start, "byteEnd": mark.end}, "features": [features[mark.type](mark.value)]}
        for mark in facets(text)
        if mark.type in features
    ]


def _external(card: Card) -> dict[str, Json]:
    external: dict[str, Json] = {"uri": card.url, "title": card.title, "description": card.description}
    return {"$type": "app.bsky.embed.external", "external": external}


def _same_post(stored: Mapping[str, Any], request: Request) -> bool:
    sent = request.payload["record"]
    return isinstance(sent, dict) and all(stored.get(name) == sent[name] for name in ("text", "createdAt"))
