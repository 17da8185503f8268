"""A linkblog: everything shared as one page to read, an Atom feed and a JSON Feed, in a folder of the owner's.

`links.json` is the truth, written first and atomically; `index.html`, `feed.xml` and `feed.json` are made from it and
made again by the next call when a crash came between. An entry is known by its request's key, so publishing twice
changes nothing. Putting the folder on the web is left to the owner.

Formats: RFC 4287 (Atom), https://www.jsonfeed.org/version/1.1/.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from html import escape
from itertools import groupby
from pathlib import Path
from string import Template
from textwrap import shorten
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import msgspec
from filelock import FileLock, Timeout

from platforms.base import Card, Draft, Limits, Login, PostRef, Request
from platforms.errors import Unreachable

LIMITS = Limits(length=None, count="characters", source="the owner's own page", read_on="2026-11-01", card="client")
NEWEST = 50  # entries in the feeds; the page holds all
# What XML 1.0 can't hold, and the controls that turn the direction of the text around them.
UNPRINTABLE = re.compile(
    "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u007f-\u009f\u202a-\u202e\u2066-\u2069]"
)


class Link(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry, all of it plain text; addresses are http(s) or empty. `at` is UTC, in seconds."""

    key: str
    at: str
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
        return _anchor(self.key)


class Book(msgspec.Struct, forbid_unknown_fields=True):
    """What `links.json` holds, newest first. `id` is the feeds' own, for ever."""

    version: int
    id: str
    links: list[Link]


class Linkblog:
    """Publisher. Options: `folder` (absolute path), `title`, `url` (its place on the web), `author`, `language`."""

    limits = LIMITS

    def __init__(self, login: Login) -> None:
        self._account, self._timeout = login.account, login.timeout
        self._folder = Path(str(login.options["folder"]))
        self._title = _plain(login.options.get("title")) or login.account
        self._author = _plain(login.options.get("author")) or self._title
        self._language = _plain(login.options.get("language")) or "en"
        url = _web(login.options.get("url"))
        self._url = url.rstrip("/") + "/" if url else ""

    def prepare(self, draft: Draft, key: str, now: datetime) -> Request:
        """The payload is the entry: title, comment, addresses (http and https only), all as plain text."""
        url = _web(draft.url)
        card = draft.card or Card(url=url, title="")
        title = _plain(card.title) or url
        entry = {
            "title": title,
            "comment": _comment(_plain(draft.text), url, title),
            "url": url,
            "description": _plain(card.description),
            "site": _plain(card.site) or (urlsplit(url).hostname or ""),
            "site_url": _web(card.site_url),
            "language": _plain(draft.language),
        }
        return Request(key, dict(entry), now)

    def publish(self, request: Request) -> PostRef:
        """Add the entry once, however often it is called."""
        entry = {name: str(value) for name, value in request.payload.items()}
        at = request.created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        with self._open() as book:
            if not any(link.key == request.key for link in book.links):
                book.links.append(Link(key=request.key, at=at, **entry))
        return self._ref(request.key)

    def find(self, request: Request) -> PostRef | None:
        """Look the key up, and finish the pages of an entry that a crash left half done."""
        with self._open() as book:
            found = any(link.key == request.key for link in book.links)
        return self._ref(request.key) if found else None

    def delete(self, ref: PostRef) -> None:
        """Remove the entry from the page and the feeds."""
        with self._open() as book:
            book.links = [link for link in book.links if link.anchor != ref.id]

    def _ref(self, key: str) -> PostRef:
        page = self._url or (self._folder.absolute() / "index.html").as_uri()
        return PostRef(_anchor(key), f"{page}#{_anchor(key)}")

    @contextmanager
    def _open(self) -> Iterator[Book]:
        """The book under the lock; afterwards what changed is written, the truth before the pages."""
        truth = self._folder / "links.json"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self._folder / ".lock", timeout=self._timeout):
                book = _read(truth)
                yield book
                book.links.sort(key=lambda link: (link.at, link.key), reverse=True)
                _write(truth, msgspec.json.format(msgspec.json.encode(book), indent=1))
                for name, text in self._pages(book):
                    _write(self._folder / name, text.encode())
        except Timeout as error:
            raise Unreachable(self._account, f"{self._folder} is being written by another process") from error
        except OSError as error:
            remedy = f"make {self._folder} writable, or choose another `folder`"
            raise Unreachable(self._account, f"the linkblog could not be written: {error}", remedy) from error
        except msgspec.DecodeError as error:
            remedy = "bring it back from a copy, or move it away to start anew"
            raise Unreachable(self._account, f"{truth} is damaged and was left alone: {error}", remedy) from error

    def _pages(self, book: Book) -> Iterator[tuple[str, str]]:
        yield "index.html", _page(self._title, self._language, book.links)
        yield "feed.xml", self._atom(book)
        yield "feed.json", self._json_feed(book)

    def _atom(self, book: Book) -> str:
        feed = ET.Element("feed", xmlns="http://www.w3.org/2005/Atom")
        _add(feed, "title", self._title)
        _add(feed, "id", book.id)
        _add(feed, "updated", max((link.at for link in book.links), default="1970-01-01T00:00:00Z"))
        _add(ET.SubElement(feed, "author"), "name", self._author)
        if self._url:
            ET.SubElement(feed, "link", rel="self", type="application/atom+xml", href=f"{self._url}feed.xml")
            ET.SubElement(feed, "link", rel="alternate", type="text/html", href=self._url)
        for link in book.links[:NEWEST]:
            entry = ET.SubElement(feed, "entry", {"xml:lang": link.language} if link.language else {})
            _add(entry, "title", link.title or shorten(link.comment, 80, placeholder="…"))
            _add(entry, "id", f"{book.id}#{link.anchor}")
            _add(entry, "updated", link.at)
            _add(entry, "published", link.at)
            if link.url:
                ET.SubElement(entry, "link", rel="alternate", href=link.url)
            if link.site_url:
                ET.SubElement(entry, "link", rel="via", title=link.site, href=link.site_url)
            _add(entry, "content", _body(link), type="html")
        ET.indent(feed)
        return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(feed, encoding="unicode")}\n'

    def _json_feed(self, book: Book) -> str:
        feed: dict[str, Any] = {"version": "https://jsonfeed.org/version/1.1", "title": self._title}
        if self._url:
            feed |= {"home_page_url": self._url, "feed_url": f"{self._url}feed.json"}
        feed["authors"] = [{"name": self._author}]
        feed["items"] = [self._json_item(book, link) for link in book.links[:NEWEST]]
        return json.dumps(feed, ensure_ascii=False, indent=1) + "\n"

    def _json_item(self, book: Book, link: Link) -> dict[str, str]:
        item = {
            "id": f"{book.id}#{link.anchor}",
            "url": f"{self._url}#{link.anchor}" if self._url else "",
            "external_url": link.url,
            "title": link.title,
            "summary": link.description,
            "date_published": link.at,
            "language": link.language,
        }
        content = {"content_text": link.comment or link.description, "content_html": _body(link)}
        return {name: value for name, value in item.items() if value} | content


def _page(title: str, language: str, links: list[Link]) -> str:
    days = groupby(links, key=lambda link: link.at[:10])
    body = "\n".join(_day(day, shared) for day, shared in days) or "<p>Nothing shared yet.</p>"
    template = Template(Path(__file__).with_suffix(".html").read_text("utf-8"))
    return template.substitute(title=escape(title), language=escape(language), body=body)


def _day(day: str, links: Iterator[Link]) -> str:
    date = datetime.fromisoformat(day)
    entries = "\n".join(_article(link) for link in links)
    return f'<section>\n<h2><time datetime="{day}">{date.day} {date:%B %Y}</time></h2>\n{entries}\n</section>'


def _article(link: Link) -> str:
    language = f' lang="{escape(link.language)}"' if link.language else ""
    heading = f'<h3 class="p-name"><bdi>{_a(link.url, link.title, "u-bookmark-of")}</bdi></h3>\n' if link.title else ""
    mark = f'<a class="u-url mark" href="#{link.anchor}" aria-label="Link to this entry">#</a>'
    return f'<article class="h-entry" id="{link.anchor}"{language}>\n{heading}{_body(link)}\n{mark}\n</article>'


def _body(link: Link) -> str:
    """Comment, description and source as HTML, the same on the page and in the feeds."""
    paragraphs = re.split(r"\n\s*\n", link.comment) if link.comment else []
    parts = [f"<p>{'<br>'.join(escape(paragraph).splitlines())}</p>" for paragraph in paragraphs]
    if link.description:
        parts.append(f"<blockquote><p>{escape(link.description)}</p></blockquote>")
    if link.site:
        parts.append(f'<p class="from">From <bdi>{_a(link.site_url or link.url, link.site)}</bdi></p>')
    return "\n".join(parts)


def _a(url: str, text: str, name: str = "") -> str:
    if not url:
        return escape(text)
    kind = f' class="{name}"' if name else ""
    return f'<a{kind} href="{escape(url)}">{escape(text)}</a>'


def _comment(text: str, url: str, title: str) -> str:
    """What the text says beyond the title and the address, which the entry shows by themselves."""
    words = re.sub(rf"(?<!\S){re.escape(url)}(?!\S)", "", text).strip() if url else text
    first, _, rest = words.partition("\n")
    return rest.strip() if first.strip() == title else words


def _plain(text: object) -> str:
    return UNPRINTABLE.sub("", str(text or "")).strip()


def _web(url: object) -> str:
    """The address if a reader may safely be sent there, else nothing."""
    address = str(url or "").strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return _plain(address) if parts.scheme in {"http", "https"} and parts.hostname else ""


def _anchor(key: str) -> str:
    return "l" + hashlib.sha256(key.encode()).hexdigest()[:12]


def _add(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, name, attributes).text = text


def _read(truth: Path) -> Book:
    try:
        return msgspec.json.decode(truth.read_bytes(), type=Book)
    except FileNotFoundError:
        return Book(1, f"urn:uuid:{uuid4()}", [])


def _write(path: Path, content: bytes) -> None:
    """Replace a file at once, or leave it alone when it says so already."""
    if path.exists() and path.read_bytes() == content:
        return
    new = path.with_name(f".{path.name}.new")
    with new.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
