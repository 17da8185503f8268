"""A linkblog: everything shared as pages to read, an Atom feed and a JSON Feed, in a folder of the owner's.

`links.json` is the truth, written first and atomically; all else is made from it (`linkblog_files` says what), and made
again by the next call when a crash came between. An entry is known by its request's key, so publishing twice changes
nothing. Putting the folder on the web is left to the owner.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from filelock import FileLock, Timeout

from platforms.abilities import Profile
from platforms.base import Actor, Card, Draft, Limits, Login, PostRef, Request
from platforms.errors import Unreachable
from platforms.linkblog_book import Book, Link, Site
from platforms.linkblog_files import files
from platforms.linkblog_folder import make, make_folder, read_book, write_book

LIMITS = Limits(length=None, count="characters", source="the owner's own page", read_on="2026-11-01", card="client")
# What XML 1.0 can't hold, and the controls that turn the direction of the text around them.
UNPRINTABLE = re.compile(
    "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u007f-\u009f\u202a-\u202e\u2066-\u2069]"
)
# What stands in no address (RFC 3986, and RFC 3987 for those that are not ASCII).
_NO_URI = re.compile(r'[\x00-\x20"<>\\^`{|}]')


class Linkblog:
    """Publisher and Witness.

    Options: `folder` (absolute path), `title`, `url` (its place on the web), `author`, `language`, `timezone` (a name,
    UTC by default: the page's days are days in it), `sites` (the author's own, of which the first is linked),
    `blogroll` (whether somebody else keeps a `blogroll.opml` in the folder, to be linked).
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
            language=_language(login.options.get("language")) or "en",
            url=url.rstrip("/") + "/" if url else "",
            zone=_zone(login.options.get("timezone")),
            author_url=next(filter(None, map(_web, _list(login.options.get("sites")))), ""),
            blogroll=bool(login.options.get("blogroll")),
        )

    def prepare(self, draft: Draft, key: str, now: datetime) -> Request:
        """The payload is the entry: title, comment, addresses (http and https only), all as plain text."""
        url = _web(draft.url)
        card = draft.card or Card(url=url, title="")
        title = _plain(card.title) or url
        entry = {
            "title": title,
            "comment": _comment(_plain(draft.text), _plain(draft.url), title),
            "url": url,
            "description": _plain(card.description),
            "site": _plain(card.site) or (urlsplit(url).hostname or ""),
            "site_url": _web(card.site_url),
            "language": _language(draft.language),
            "author": _plain(card.author),
        }
        return Request(key, dict(entry), now)

    def publish(self, request: Request) -> PostRef:
        """Add the entry once, however often it is called."""
        at = request.created.astimezone(UTC).replace(microsecond=0)
        entry = msgspec.convert({**request.payload, "key": request.key, "at": at}, Link)
        with self._open() as book:
            if not book.get(request.key):
                book.links.append(entry)
        link = book.get(request.key)
        assert link is not None
        return self._ref(link)

    def find(self, request: Request) -> PostRef | None:
        """Look the key up, and finish the pages of an entry that a crash left half done."""
        with self._open() as book:
            pass
        link = book.get(request.key)
        return self._ref(link) if link else None

    def delete(self, ref: PostRef) -> None:
        """Remove the entry from the pages and the feeds."""
        with self._open() as book:
            book.links = [link for link in book.links if link.anchor != ref.id]

    def whoami(self) -> Profile:
        """Where the pages are, proven by making those that are missing: the folder can be written, the book be read."""
        with self._open():
            pass
        folder = self._folder().absolute()
        page = self._site.url or (folder / "index.html").as_uri()
        where = page.partition("://")[2].rstrip("/") if self._site.url else f"{folder.name}/"
        return Profile(Actor(handle=where, url=page, name=self._site.title))

    def _folder(self) -> Path:
        if folder := self._options.get("folder"):
            return Path(str(folder))
        raise Unreachable(self._account, "no folder is set", f'add folder = "public" under [accounts.{self._account}]')

    def _ref(self, link: Link) -> PostRef:
        page = self._site.address(link.file) or (self._folder().absolute() / link.file).as_uri()
        return PostRef(link.anchor, f"{page}#{link.anchor}")

    @contextmanager
    def _open(self) -> Iterator[Book]:
        """The book under the lock; afterwards what changed is written, the truth before the pages."""
        folder = self._folder()
        truth = folder / "links.json"
        try:
            make_folder(folder)
            with FileLock(folder / ".lock", timeout=self._timeout):
                book = read_book(folder)
                yield book
                book.arrange()
                write_book(folder, book)
                make(folder, files(self._site, book))
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


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _plain(text: object) -> str:
    return UNPRINTABLE.sub("", str(text or "")).strip()


def _language(code: object) -> str:
    """A language tag as XML and HTML take it (RFC 5646), else nothing."""
    tag = str(code or "")
    return tag if re.fullmatch(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*", tag) else ""


def _web(url: object) -> str:
    """The address if a reader may safely be sent there, else nothing. What no URI may have in it is percent-encoded."""
    address = _plain(url)
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return ""
    return _NO_URI.sub(lambda match: f"%{ord(match[0]):02X}", address)
