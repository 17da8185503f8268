"""A linkblog as feeds: Atom (RFC 4287) and JSON Feed (https://www.jsonfeed.org/version/1.1/). Pure.

The feeds have the newest entries and lead to the full pages of the archive (RFC 5005, 4; `next_url`), which don't
change any more. An entry's id never changes, wherever the folder is on the web.
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from platforms.linkblog_book import Book, Link, Site
from platforms.linkblog_html import body

HISTORY = "http://purl.org/syndication/history/1.0"
ET.register_namespace("fh", HISTORY)


@dataclass(frozen=True, slots=True)
class Part:
    """What one document of a feed holds: the newest entries (`number` 0) or a full page of the archive.

    `older` and `newer` are the numbers of the full pages beside it; 0: none.
    """

    links: Sequence[Link]
    number: int = 0
    older: int = 0
    newer: int = 0


def atom(site: Site, book: Book, part: Part) -> str:
    """The Atom document of a part. Without the site's address its links are relative."""
    feed = ET.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": site.language})
    _add(feed, "title", site.title)
    _add(feed, "id", book.id)
    _add(feed, "updated", max((link.when for link in part.links), default="1970-01-01T00:00:00Z"))
    author = ET.SubElement(feed, "author")
    _add(author, "name", site.author)
    if site.author_url:
        _add(author, "uri", site.author_url)
    if site.url:
        own, page = (_file(part.number, "xml"), f"archive/{part.number}.html") if part.number else ("feed.xml", "")
        ET.SubElement(feed, "link", rel="self", type="application/atom+xml", href=site.address(own))
        ET.SubElement(feed, "link", rel="alternate", type="text/html", href=site.address(page))
    if part.number:
        ET.SubElement(feed, f"{{{HISTORY}}}archive")
        ET.SubElement(feed, "link", rel="current", href=site.address("feed.xml") or "../feed.xml")
    for rel, number in (("prev-archive", part.older), ("next-archive", part.newer)):
        if number:
            near = f"{number}.xml" if part.number else _file(number, "xml")
            ET.SubElement(feed, "link", rel=rel, href=site.address(_file(number, "xml")) or near)
    feed.extend(_entry(site, book, link) for link in part.links)
    ET.indent(feed)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(feed, encoding="unicode")}\n'


def _entry(site: Site, book: Book, link: Link) -> ET.Element:
    entry = ET.Element("entry", {"xml:lang": link.language} if link.language else {})
    _add(entry, "title", link.title or link.comment.partition("\n")[0])
    _add(entry, "id", f"{book.id}#{link.anchor}")
    _add(entry, "updated", link.when)
    _add(entry, "published", link.when)
    if seen_at := link.url or site.place(link):
        ET.SubElement(entry, "link", rel="alternate", href=seen_at)
    if link.site_url:
        ET.SubElement(entry, "link", rel="via", title=link.site, href=link.site_url)
    _add(entry, "content", body(link), type="html")
    return entry


def json_feed(site: Site, book: Book, part: Part) -> str:
    """The JSON Feed of a part. What needs the site's address is left out without it."""
    feed: dict[str, Any] = {"version": "https://jsonfeed.org/version/1.1", "title": site.title}
    if site.url:
        own = _file(part.number, "json") if part.number else "feed.json"
        feed |= {"home_page_url": site.url, "feed_url": site.address(own)}
        if part.older:
            feed["next_url"] = site.address(_file(part.older, "json"))
    feed["authors"] = [{"name": site.author} | ({"url": site.author_url} if site.author_url else {})]
    feed["language"] = site.language
    feed["items"] = [_item(site, book, link) for link in part.links]
    return json.dumps(feed, ensure_ascii=False, indent=1) + "\n"


def _item(site: Site, book: Book, link: Link) -> dict[str, str]:
    item = {
        "id": f"{book.id}#{link.anchor}",
        "url": site.place(link),
        "external_url": link.url,
        "title": link.title,
        "summary": link.description,
        "date_published": link.when,
        "language": link.language,
    }
    content = {"content_text": link.comment or link.description, "content_html": body(link)}
    return {name: value for name, value in item.items() if value} | content


def _file(number: int, ending: str) -> str:
    return f"archive/{number}.{ending}"


def _add(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, name, attributes).text = text
