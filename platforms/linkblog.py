"""A linkblog: everything shared as one page to read, an Atom feed and a JSON Feed, in a folder of the owner's.

`links.json` is the truth, written first and atomically; `index.html`, `feed.xml` and `feed.json` are made from it and
made again by the next call when a crash came between. An entry is known by its request's key, so publishing twice
changes nothing. How the entries look is left to `linkblog_pages`, putting the folder on the web to the owner.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from filelock import FileLock, Timeout

from platforms.base import Card, Draft, Limits, Login, PostRef, Request
from platforms.errors import Unreachable
from platforms.linkblog_pages import Book, Link, Site, anchor, pages

LIMITS = Limits(length=None, count="characters", source="the owner's own page", read_on="2026-11-01", card="client")
# What XML 1.0 can't hold, and the controls that turn the direction of the text around them.
UNPRINTABLE = re.compile(
    "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u007f-\u009f\u202a-\u202e\u2066-\u2069]"
)


class Linkblog:
    """Publisher. Options: `folder` (absolute path), `title`, `url` (its place on the web), `author`, `language`.

    Besides, `timezone` (a name, UTC by default): the page's days are days in it.
    """

    needs = ("folder",)
    limits = LIMITS

    def __init__(self, login: Login) -> None:
        self._account, self._timeout = login.account, login.timeout
        self._options = login.options
        title = _plain(login.options.get("title")) or login.account
        url = _web(login.options.get("url"))
        self._site = Site(
            title=title,
            author=_plain(login.options.get("author")) or title,
            language=_plain(login.options.get("language")) or "en",
            url=url.rstrip("/") + "/" if url else "",
            zone=_zone(login.options.get("timezone")),
        )

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
        at = request.created.astimezone(UTC).replace(microsecond=0)
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

    def _folder(self) -> Path:
        if folder := self._options.get("folder"):
            return Path(str(folder))
        raise Unreachable(self._account, "no folder is set", f'add folder = "public" under [accounts.{self._account}]')

    def _ref(self, key: str) -> PostRef:
        page = self._site.url or (self._folder().absolute() / "index.html").as_uri()
        return PostRef(anchor(key), f"{page}#{anchor(key)}")

    @contextmanager
    def _open(self) -> Iterator[Book]:
        """The book under the lock; afterwards what changed is written, the truth before the pages."""
        folder = self._folder()
        truth = folder / "links.json"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with FileLock(folder / ".lock", timeout=self._timeout):
                book = _read(truth)
                yield book
                book.links.sort(key=lambda link: (link.at, link.key), reverse=True)
                _write(truth, msgspec.json.format(msgspec.json.encode(book), indent=1))
                for name, text in pages(self._site, book):
                    _write(folder / name, text.encode())
        except Timeout as error:
            raise Unreachable(self._account, f"{folder} is being written by another process") from error
        except OSError as error:
            remedy = f"make {folder} writable, or choose another `folder`"
            raise Unreachable(self._account, f"the linkblog could not be written: {error}", remedy) from error
        except msgspec.DecodeError as error:
            remedy = "bring it back from a copy, or move it away to start anew"
            raise Unreachable(self._account, f"{truth} is damaged and was left alone: {error}", remedy) from error


def _comment(text: str, url: str, title: str) -> str:
    """What the text says beyond the title and the address, which the entry shows by themselves."""
    words = re.sub(rf"(?<!\S){re.escape(url)}(?!\S)", "", text).strip() if url else text
    first, _, rest = words.partition("\n")
    # A stranger's title may carry zero-width spaces in a text, against mentions.
    return rest.strip() if first.replace("\u200b", "").split() == title.split() else words


def _zone(name: object) -> ZoneInfo:
    try:
        return ZoneInfo(str(name or "UTC"))
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return ZoneInfo("UTC")


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
    if os.name != "posix":
        return  # elsewhere a folder can't be synced
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
