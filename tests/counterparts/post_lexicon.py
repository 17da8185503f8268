"""What the lexicon app.bsky.feed.post demands of a record, as far as a link post goes; and facets must fit the text."""

import re
from datetime import datetime

import regex

POST = "app.bsky.feed.post"
URI = re.compile(r"[a-z][a-z0-9+.-]*:\S+")

Blobs = dict[str, tuple[str, int]]  # CID → type and bytes


def flaw(record: dict) -> str:
    """What is wrong with the record, in the words of a server; empty: nothing."""
    text = record.get("text")
    if record.get("$type") != POST or not isinstance(text, str):
        return "Record must have the property $type, text"
    if (size := len(text.encode())) > 3000:
        return f"string too big (maximum 3000, got {size}) at $.record.text"
    if (size := len(regex.findall(r"\X", text))) > 300:
        return f"grapheme too big (maximum 300, got {size}) at $.record.text"
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", str(record.get("createdAt"))):
        return "Record/createdAt must be an valid atproto datetime"
    datetime.fromisoformat(record["createdAt"])
    languages = record.get("langs", [])
    if len(languages) > 3 or not all(re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]+)*", each) for each in languages):
        return "Record/langs must be at most 3 languages"
    return _facet_flaw(record.get("facets", []), text.encode()) or _embed_flaw(record.get("embed"))


def _facet_flaw(facets: list[dict], text: bytes) -> str:
    needs = {"link": "uri", "tag": "tag", "mention": "did"}
    for facet in facets:
        start, end = facet["index"]["byteStart"], facet["index"]["byteEnd"]
        try:
            if not 0 <= start < end <= len(text) or not text[start:end].decode():
                return "Record/facets/index must lie inside the text"
        except UnicodeDecodeError:
            return "Record/facets/index must not cut a character"
        for feature in facet["features"]:
            kind = feature["$type"].removeprefix("app.bsky.richtext.facet#")
            if not feature.get(needs[kind]) or (kind == "link" and not URI.fullmatch(feature["uri"])):
                return f"Record/facets/features must have the property {needs[kind]}"
    return ""


def _embed_flaw(embed: dict | None) -> str:
    if embed is None:
        return ""
    if embed.get("$type") == "app.bsky.embed.images":
        images = embed["images"]
        shown = all(isinstance(image.get("alt"), str) and image.get("image") for image in images)
        return "" if shown and len(images) <= 4 else 'Record/embed/images must have the properties "image", "alt"'
    if embed.get("$type") != "app.bsky.embed.external":
        return "Record/embed: this fake knows external and images only"
    external = embed["external"]
    if not all(isinstance(external.get(name), str) for name in ("uri", "title", "description")):
        return 'Record/embed/external must have the properties "uri", "title", "description"'
    return "" if URI.fullmatch(external["uri"]) else "Record/embed/external/uri must be a uri"


def missing_blob(record: dict, blobs: Blobs) -> tuple[str, str] | None:
    """Name and message of the error where a picture was not uploaded, or is not what the lexicon takes."""
    embed = record.get("embed") or {}
    thumb = embed.get("external", {}).get("thumb")
    wanted = [(thumb, 1_000_000)] if thumb else [(each["image"], 2_000_000) for each in embed.get("images", [])]
    for blob, most in wanted:
        link = blob["ref"]["$link"]
        if link not in blobs:
            return "BlobNotFound", f"Could not find blob: {link}"
        mime, size = blobs[link]
        if size > most:
            return "BlobTooLarge", f"This file is too large. It is {size} bytes but the maximum size is {most} bytes."
        if not mime.startswith("image/"):
            return "InvalidMimeType", f"Wrong mimetype: expected image/*, got {mime}"
    return None
