"""The record of a Bluesky post: built from a draft, completed, made simpler, and known again when read back. Pure.

A payload is `{"rkey", "record"}`, and as needed `visibility` (unless public), `alt` (a picture goes into the post
itself, and shows this) and `earlier` (texts that the same post had before it was made simpler).

The lexicons: https://github.com/bluesky-social/atproto/tree/main/lexicons/app/bsky (feed/post, richtext, embed)
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from platforms.abilities import Picture
from platforms.base import Card, Draft, Json, Limits
from platforms.text import facets, fits, shorten

POST = "app.bsky.feed.post"
EXTERNAL = "app.bsky.embed.external"
IMAGES = "app.bsky.embed.images"

LIMITS = Limits(
    length=300,
    count="graphemes",
    max_bytes=3000,
    card="client",
    images=4,
    image_bytes=2_000_000,
    image_types=("image/jpeg", "image/png", "image/webp"),
    thumb_bytes=1_000_000,
    alt_length=2000,  # what Bluesky's own app allows; the network has no limit
    languages=3,
    source="https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/feed/post.json",
    read_on="2026-11-22",
)

_TID_DIGITS = "234567abcdefghijklmnopqrstuvwxyz"
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_MENTION = "app.bsky.richtext.facet#mention"
_LINK = "app.bsky.richtext.facet#link"
_TAG = "app.bsky.richtext.facet#tag"

Payload = Mapping[str, Any]


def tid(number: int) -> str:
    """Spell a 63-bit number as a TID: 13 characters, base32-sortable (https://atproto.com/specs/tid)."""
    return "".join(_TID_DIGITS[number >> shift & 31] for shift in range(60, -1, -5))


def record_key(now: datetime, key: str) -> str:
    """Give the TID for a post: the second of `now`, the rest from the hash of `key`.

    A run prepares many posts with one `now`; with 20 bits in the microseconds and 10 in the clock id they stay apart.
    """
    digest = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8])
    digest, microsecond = divmod(digest, 1_000_000)
    return tid((int(now.timestamp()) * 1_000_000 + microsecond) << 10 | digest % 1024)


def stamp(now: datetime) -> str:
    """A time as records have it: UTC, to the millisecond."""
    return now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def payload(draft: Draft, key: str, now: datetime) -> dict[str, Json]:
    """What there is to send before anything was uploaded or looked up."""
    record: dict[str, Json] = {"$type": POST, "text": draft.text, "createdAt": stamp(now)}
    if draft.language and _LANGUAGE.fullmatch(language := draft.language.replace("_", "-")):
        record["langs"] = [language]
    if marks := marked(draft.text, {}):
        record["facets"] = marks
    if draft.card:
        record["embed"] = _external(draft.card)
    made: dict[str, Json] = {"rkey": record_key(now, key), "record": record}
    if draft.image:
        made["alt"] = draft.image.alt
    if draft.visibility in {"private", "direct"}:
        made["visibility"] = draft.visibility
    return made


def marked(text: str, people: Mapping[str, str]) -> list[Json]:
    """The facets of a text: links, tags, and mentions of those `people` (handle → DID) whose DID is known."""
    marks: list[Json] = []
    for mark in facets(text):
        features: dict[str, dict[str, Json]] = {
            "link": {"$type": _LINK, "uri": mark.value},
            "tag": {"$type": _TAG, "tag": mark.value},
            "mention": {"$type": _MENTION, "did": people.get(mark.value.lower())},
        }
        if mark.type != "mention" or mark.value.lower() in people:
            marks.append(_facet(mark.start, mark.end, features[mark.type]))
    return marks


def mentioned(text: str) -> tuple[str, ...]:
    """The handles that a text names, each once, in lower case."""
    return tuple(dict.fromkeys(mark.value.lower() for mark in facets(text) if mark.type == "mention"))


def with_mentions(sent: Payload, people: Mapping[str, str]) -> dict[str, Json]:
    """Make mentions of the handles in the text that are `people` (handle → DID)."""
    record = dict(sent["record"])
    record.pop("facets", None)
    if marks := marked(record["text"], people):
        record["facets"] = marks
    return {**sent, "record": record}


def takes_picture(sent: Payload) -> bool:
    """Whether there is a place for a picture: in the post, or in its card."""
    return "alt" in sent or _kind(sent) == EXTERNAL


def with_picture(sent: Payload, blob: Json, picture: Picture) -> dict[str, Json]:
    """Put an uploaded picture into its place."""
    record = dict(sent["record"])
    if "alt" in sent:
        shape: Json = {"width": picture.width, "height": picture.height}
        image: Json = {"image": blob, "alt": str(sent["alt"] or picture.alt), "aspectRatio": shape}
        record["embed"] = {"$type": IMAGES, "images": [image]}
    else:
        record["embed"] = {"$type": EXTERNAL, "external": {**record["embed"]["external"], "thumb": blob}}
    return {**sent, "record": record}


def simpler(sent: Payload) -> dict[str, Json] | None:
    """The same post without its picture, else with the link in the text instead of a card; None if it has neither."""
    record, kind = sent["record"], _kind(sent)
    if kind == EXTERNAL and "thumb" in (external := record["embed"]["external"]):
        bare = {name: value for name, value in external.items() if name != "thumb"}
        return {**sent, "record": {**record, "embed": {"$type": EXTERNAL, "external": bare}}}
    if kind == EXTERNAL:
        earlier: Json = [*sent.get("earlier", ()), record["text"]]
        return {**sent, "record": _linked(record, record["embed"]["external"]["uri"]), "earlier": earlier}
    if kind == IMAGES:
        left = {name: value for name, value in sent.items() if name != "alt"}
        return {**left, "record": {name: value for name, value in record.items() if name != "embed"}}
    return None


def same_post(stored: Mapping[str, Any], sent: Payload) -> bool:
    """Whether a record that was read back is this post, in any of its forms; a server may have completed it."""
    return stored.get("createdAt") == sent["record"]["createdAt"] and any(
        stored.get("text") == text for text in _texts(sent)
    )


def _texts(sent: Payload) -> Iterator[str]:
    yield from sent.get("earlier", ())
    form: Payload | None = sent
    while form is not None:
        yield form["record"]["text"]
        form = simpler(form)


def _linked(record: Mapping[str, Any], url: str) -> dict[str, Any]:
    """The record without its card and with the link at the end of the text, unless it is in the text already."""
    plain = {name: value for name, value in record.items() if name != "embed"}
    text, marks = str(record["text"]), list(record.get("facets", ()))
    if any(feature.get("uri") == url for mark in marks for feature in mark["features"]):
        return plain
    tail = url if fits(f"{text}\n{url}", LIMITS) else _brief(url)
    body = shorten(text, lambda body: fits(f"{body}\n{tail}", LIMITS))
    whole = f"{body}\n{tail}" if body else tail
    kept = len((body if body == text else body.removesuffix("…").rstrip()).encode())
    end = len(whole.encode())
    link = _facet(end - len(tail.encode()), end, {"$type": _LINK, "uri": url})
    return {**plain, "text": whole, "facets": [*(mark for mark in marks if mark["index"]["byteEnd"] <= kept), link]}


def _brief(url: str) -> str:
    """A link as Bluesky's app shows it: the host and the beginning of the path."""
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return (parts.hostname or "") + (path if len(path) <= 15 else path[:13] + "…")


def _facet(start: int, end: int, feature: Json) -> Json:
    return {"index": {"byteStart": start, "byteEnd": end}, "features": [feature]}


def _kind(sent: Payload) -> str:
    return str((sent["record"].get("embed") or {}).get("$type") or "")


def _external(card: Card) -> dict[str, Json]:
    external: dict[str, Json] = {"uri": card.url, "title": card.title, "description": card.description}
    return {"$type": EXTERNAL, "external": external}
