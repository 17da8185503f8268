"""What makes a feed valid, checked from the texts of the standards: Atom (RFC 4287, RFC 5005) and JSON Feed 1.1.

Each function gives the rules that a document breaks, as sentences; none for a valid one.
"""

import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

ATOM = "{http://www.w3.org/2005/Atom}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"

#: RFC 4287, 4.1.1 and 4.1.2: how often each element must and may be there; None: as often as one likes.
FEED: dict[str, tuple[int, int | None]] = {
    "author": (1, None),
    "category": (0, None),
    "contributor": (0, None),
    "entry": (0, None),
    "generator": (0, 1),
    "icon": (0, 1),
    "id": (1, 1),
    "link": (0, None),
    "logo": (0, 1),
    "rights": (0, 1),
    "subtitle": (0, 1),
    "title": (1, 1),
    "updated": (1, 1),
}
ENTRY: dict[str, tuple[int, int | None]] = {
    **{name: FEED[name] for name in ("category", "contributor", "id", "link", "rights", "title", "updated")},
    "author": (0, None),
    "content": (0, 1),
    "published": (0, 1),
    "source": (0, 1),
    "summary": (0, 1),
}
_TAG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_REFERENCE = re.compile(r"""[^\x00-\x20"<>\\^`{|}]+""")
_MEDIA = re.compile(r"[^\s/]+/[^\s/]+")
_RELATIONS = {"alternate", "current", "next-archive", "prev-archive", "self", "via"}


def broken_in_atom(document: bytes) -> list[str]:
    """The rules of RFC 4287 and RFC 5005 that a feed document breaks."""
    feed = ET.fromstring(document)
    if feed.tag != f"{ATOM}feed":
        return [f"the root is {feed.tag}"]
    entries = feed.findall(f"{ATOM}entry")
    problems = [*_counts(feed, FEED), *_construct(feed), *_archive(feed)]
    for entry in entries:
        problems += [*_counts(entry, ENTRY), *_construct(entry), *_entry(entry)]
    ids = Counter(entry.findtext(f"{ATOM}id") for entry in entries)
    problems += [f"the id {each} is there {count} times" for each, count in ids.items() if count > 1]
    newest = max((entry.findtext(f"{ATOM}updated", "") for entry in entries), default="")
    if newest > feed.findtext(f"{ATOM}updated", ""):
        problems.append("an entry is newer than its feed")
    return problems


def _counts(element: ET.Element, rules: dict[str, tuple[int, int | None]]) -> Iterator[str]:
    found = Counter(child.tag for child in element)
    for name, (least, most) in rules.items():
        count = found[ATOM + name]
        if count < least or (most is not None and count > most):
            yield f"{name} is in {element.tag} {count} times"
    yield from (f"{tag} in {element.tag}" for tag in found if tag.startswith(ATOM) and tag[len(ATOM) :] not in rules)


def _construct(element: ET.Element) -> Iterator[str]:
    """Dates (3.3), persons (3.2), texts (3.1), ids (4.2.6), links (4.2.7) and languages (2) right below an element."""
    for each in element.iter():
        if LANG in each.attrib and not _TAG.fullmatch(each.attrib[LANG]):
            yield f"{each.attrib[LANG]!r} is no language tag"
    for child in element:
        name, text = child.tag.removeprefix(ATOM), child.text or ""
        if name in {"updated", "published"} and not (_TIME.fullmatch(text) and datetime.fromisoformat(text)):
            yield f"{name} is {text!r}"
        if name == "author" and not child.findtext(f"{ATOM}name"):
            yield "an author without a name"
        if name in {"title", "summary", "subtitle"} and child.get("type", "text") not in {"text", "html", "xhtml"}:
            yield f"{name} of the type {child.get('type')}"
        if name in {"title", "summary", "subtitle"} and list(child):
            yield f"elements in a plain {name}"
        if name == "id" and not (":" in text and _REFERENCE.fullmatch(text)):
            yield f"the id {text!r} is no IRI"
        if name == "link":
            yield from _link(child)
    yield from _doubled_links(element)


def _link(link: ET.Element) -> Iterator[str]:
    href = link.get("href", "")
    if not _REFERENCE.fullmatch(href):
        yield f"a link to {href!r}"
    if link.get("rel", "alternate") not in _RELATIONS:
        yield f"a link of the relation {link.get('rel')}"
    if link.get("type") is not None and not _MEDIA.fullmatch(link.get("type", "")):
        yield f"a link of the type {link.get('type')}"
    if list(link) or (link.text or "").strip():
        yield "a link that is not empty"


def _doubled_links(element: ET.Element) -> Iterator[str]:
    """4.1.1 and 4.1.2: one alternate for each type and language; every other relation we use is there once."""
    links = element.findall(f"{ATOM}link")
    kinds = Counter((link.get("rel", "alternate"), link.get("type"), link.get("hreflang")) for link in links)
    yield from (f"{count} links {kind}" for kind, count in kinds.items() if count > 1)


def _entry(entry: ET.Element) -> Iterator[str]:
    content = entry.find(f"{ATOM}content")
    alternate = [link for link in entry.findall(f"{ATOM}link") if link.get("rel", "alternate") == "alternate"]
    if content is None and not alternate:
        yield "an entry with neither content nor alternate (4.1.2)"
    if content is not None and (content.get("type", "text") not in {"text", "html"} or list(content)):
        yield "content that is neither text nor escaped HTML (4.1.3.3)"


def _archive(feed: ET.Element) -> Iterator[str]:
    """RFC 5005, 4: an archive document says that it is one and where the current feed is; only it has a next one."""
    relations = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    is_archive = feed.find(f"{HISTORY}archive") is not None
    if is_archive and "current" not in relations:
        yield "an archive that does not lead to the current feed"
    if not is_archive and {"next-archive", "current"} & set(relations):
        yield "links of an archive in what is none"
    if len(set(relations.values())) < len(relations):
        yield "two relations lead to one place"


_JSON_FEED = {
    "version": str,
    "title": str,
    "home_page_url": str,
    "feed_url": str,
    "description": str,
    "next_url": str,
    "authors": list,
    "language": str,
    "items": list,
}
_JSON_ITEM = {
    "id": str,
    "url": str,
    "external_url": str,
    "title": str,
    "content_html": str,
    "content_text": str,
    "summary": str,
    "date_published": str,
    "date_modified": str,
    "language": str,
    "tags": list,
}


def broken_in_json_feed(document: bytes) -> list[str]:
    """The rules of JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/) that a document breaks."""
    feed = json.loads(document)
    problems = [*_fields(feed, _JSON_FEED, ("version", "title", "items"))]
    if feed["version"] != "https://jsonfeed.org/version/1.1":
        problems.append(f"the version is {feed['version']}")
    if feed.get("next_url") and feed["next_url"] == feed.get("feed_url"):
        problems.append("next_url leads to the feed itself")
    for author in feed.get("authors", ()):
        problems += [*_fields(author, {"name": str, "url": str, "avatar": str}, ())] if author else ["an empty author"]
    for item in feed["items"]:
        problems += _fields(item, _JSON_ITEM, ("id",))
        if not {"content_html", "content_text"} & set(item):
            problems.append("an item has no content")
        problems += [
            f"a time {item[key]!r}" for key in item if key.startswith("date_") and not _TIME.fullmatch(item[key])
        ]
    ids = Counter(item.get("id") for item in feed["items"])
    return problems + [f"the id {each} is there {count} times" for each, count in ids.items() if count > 1]


def _fields(found: dict[str, Any], known: dict[str, type], needed: tuple[str, ...]) -> Iterator[str]:
    yield from (f"{key} is missing" for key in needed if not found.get(key) and not isinstance(found.get(key), list))
    for key, value in found.items():
        if key not in known:
            yield f"{key} is no field of JSON Feed"
        elif not isinstance(value, known[key]):
            yield f"{key} is {value!r}"
        elif key.endswith("url") and not (value.startswith(("http://", "https://")) and _REFERENCE.fullmatch(value)):
            yield f"{key} is no address: {value!r}"
        elif key == "language" and not _TAG.fullmatch(value):
            yield f"{value!r} is no language tag"
