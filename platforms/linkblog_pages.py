"""How a linkblog looks: its page (from `linkblog.html`), its Atom feed and its JSON Feed. Pure.

Everything shown is escaped here, whoever wrote it; addresses are safe already (`linkblog` lets only http and https in).
Formats: RFC 4287 (Atom), https://www.jsonfeed.org/version/1.1/.
"""

from __future__ import annotations

import hashlib
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from itertools import groupby
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec

NEWEST = 50  # entries in the feeds; the page holds all
#: An address within a text. It ends before the punctuation of the sentence, and before a bracket it did not open.
_ADDRESS = re.compile(
    r"""(https?://(?:[^\s<>"'()\[\]]|\([^\s<>"'()]*\))*(?:[^\s<>"'()\[\].,;:!?…]|\([^\s<>"'()]*\)))"""
)


@dataclass(frozen=True, slots=True)
class Site:
    """Whose linkblog it is. `url` is where the folder is on the web, ending in a slash, or empty; days are `zone`'s."""

    title: str
    author: str
    language: str
    url: str
    zone: ZoneInfo

    def place(self, link: Link) -> str:
        """Where an entry is on the web; empty while nobody says where the page is."""
        return f"{self.url}#{link.anchor}" if self.url else ""


class Link(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry, all of it plain text; addresses are http(s) or empty."""

    key: str
    at: datetime  # UTC, whole seconds
    title: str
    comment: str
    url: str
    description: str
    site: str
    site_url: str
    language: str

    @property
    def anchor(self) -> str:
        """Its name on the page."""
        return anchor(self.key)

    @property
    def when(self) -> str:
        """Its time as both feeds write it."""
        return f"{self.at:%Y-%m-%dT%H:%M:%SZ}"


class Book(msgspec.Struct, forbid_unknown_fields=True):
    """What `links.json` holds, newest first. `id` is the feeds' own, for ever."""

    version: int
    id: str
    links: list[Link]


def anchor(key: str) -> str:
    """The name on the page of the entry with this key."""
    return "l" + hashlib.sha256(key.encode()).hexdigest()[:12]


def pages(site: Site, book: Book) -> Iterator[tuple[str, str]]:
    """Every file to be made from the book: name and text."""
    yield "index.html", _page(site, book.links)
    yield "feed.xml", _atom(site, book)
    yield "feed.json", _json_feed(site, book)


def _atom(site: Site, book: Book) -> str:
    feed = ET.Element("feed", xmlns="http://www.w3.org/2005/Atom")
    _add(feed, "title", site.title)
    _add(feed, "id", book.id)
    _add(feed, "updated", max((link.when for link in book.links), default="1970-01-01T00:00:00Z"))
    _add(ET.SubElement(feed, "author"), "name", site.author)
    if site.url:
        ET.SubElement(feed, "link", rel="self", type="application/atom+xml", href=f"{site.url}feed.xml")
        ET.SubElement(feed, "link", rel="alternate", type="text/html", href=site.url)
    for link in book.links[:NEWEST]:
        entry = ET.SubElement(feed, "entry", {"xml:lang": link.language} if link.language else {})
        _add(entry, "title", link.title or link.comment.partition("\n")[0])
        _add(entry, "id", f"{book.id}#{link.anchor}")
        _add(entry, "updated", link.when)
        _add(entry, "published", link.when)
        if seen_at := link.url or site.place(link):
            ET.SubElement(entry, "link", rel="alternate", href=seen_at)
        if link.site_url:
            ET.SubElement(entry, "link", rel="via", title=link.site, href=link.site_url)
        _add(entry, "content", _body(link), type="html")
    ET.indent(feed)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(feed, encoding="unicode")}\n'


def _json_feed(site: Site, book: Book) -> str:
    feed: dict[str, Any] = {"version": "https://jsonfeed.org/version/1.1", "title": site.title}
    if site.url:
        feed |= {"home_page_url": site.url, "feed_url": f"{site.url}feed.json"}
    feed["authors"] = [{"name": site.author}]
    feed["items"] = [_json_item(site, book, link) for link in book.links[:NEWEST]]
    return json.dumps(feed, ensure_ascii=False, indent=1) + "\n"


def _json_item(site: Site, book: Book, link: Link) -> dict[str, str]:
    item = {
        "id": f"{book.id}#{link.anchor}",
        "url": site.place(link),
        "external_url": link.url,
        "title": link.title,
        "summary": link.description,
        "date_published": link.when,
        "language": link.language,
    }
    content = {"content_text": link.comment or link.description, "content_html": _body(link)}
    return {name: value for name, value in item.items() if value} | content


def _page(site: Site, links: list[Link]) -> str:
    days = groupby(links, key=lambda link: link.at.astimezone(site.zone).date())
    body = "\n".join(_day(day, shared) for day, shared in days) or "<p>Nothing shared yet.</p>"
    template = Template(Path(__file__).with_name("linkblog.html").read_text("utf-8"))
    return template.substitute(title=escape(site.title), language=escape(site.language), body=body)


def _day(day: date, links: Iterator[Link]) -> str:
    entries = "\n".join(_article(link) for link in links)
    return f'<section>\n<h2><time datetime="{day}">{day.day} {day:%B %Y}</time></h2>\n{entries}\n</section>'


def _article(link: Link) -> str:
    language = f' lang="{escape(link.language)}"' if link.language else ""
    heading = f'<h3 class="p-name"><bdi>{_a(link.url, link.title, "u-bookmark-of")}</bdi></h3>\n' if link.title else ""
    time = f'<time class="dt-published" datetime="{link.when}">#</time>'
    mark = f'<a class="u-url mark" href="#{link.anchor}" aria-label="Link to this entry">{time}</a>'
    return f'<article class="h-entry" id="{link.anchor}"{language}>\n{heading}{_body(link)}\n{mark}\n</article>'


def _body(link: Link) -> str:
    """Comment, description and source as HTML, the same on the page and in the feeds."""
    paragraphs = re.split(r"\n\s*\n", link.comment) if link.comment else []
    parts = [f"<p>{'<br>'.join(map(_linked, paragraph.splitlines()))}</p>" for paragraph in paragraphs]
    if link.description:
        parts.append(f"<blockquote><p>{escape(link.description)}</p></blockquote>")
    if link.site:
        parts.append(f'<p class="from">From <bdi>{_a(link.site_url or link.url, link.site)}</bdi></p>')
    return "\n".join(parts)


def _linked(line: str) -> str:
    """A line of the owner's own as HTML: all of it escaped, and the web addresses in it made links."""
    return "".join(_a(part, part) if _is_web(part) else escape(part) for part in _ADDRESS.split(line))


def _is_web(text: str) -> bool:
    try:
        return bool(_ADDRESS.fullmatch(text) and urlsplit(text).hostname)
    except ValueError:
        return False


def _a(url: str, text: str, name: str = "") -> str:
    if not url:
        return escape(text)
    kind = f' class="{name}"' if name else ""
    return f'<a{kind} href="{escape(url)}">{escape(text)}</a>'


def _add(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, name, attributes).text = text
