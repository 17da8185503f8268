"""What the lexicon app.bsky.feed.post demands of a record, as far as a link post goes; and facets must fit the text."""

import re
from datetime import datetime

import regex

POST = "app.bsky.feed.post"
URI = re.compile(r"[a-z][a-z0-9+.-]*:\S+")

Blobs = dict[str, tuple[str, int]]  # CID → type and bytes


def flaw(record: dict, blobs: Blobs) -> str:
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
    return _facet_flaw(record.get("facets", []), text.encode()) or _embed_flaw(record.get("embed"), blobs)


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


def _embed_flaw(embed: dict | None, blobs: Blobs) -> str:
    if embed is None:
        return ""
    if embed.get("$type") != "app.bsky.embed.external":
        return "Record/embed: this fake knows external only"
    external = embed["external"]
    if not all(isinstance(external.get(name), str) for name in ("uri", "title", "description")):
        return 'Record/embed/external must have the properties "uri", "title", "description"'
    if not URI.fullmatch(external["uri"]):
        return "Record/embed/external/uri must be a uri"
    if thumb := external.get("thumb"):
        mime, size = blobs.get(thumb["ref"]["$link"], ("", 0))
        if not mime.startswith("image/") or size > 1_000_000:
            return "Record/embed/external/thumb must be an image of at most 1000000 bytes"
    return ""
