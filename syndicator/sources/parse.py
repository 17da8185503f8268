"""Bytes of a feed to a Feed of Items: RSS, Atom, RDF and CDF through feedparser, JSON Feed through `jsonfeed`.

The only module that knows feedparser. It is given clean XML and neither sanitises nor resolves links (both are slow,
and done better once the entries are apart); it never sees a URL or a file name. Fetching is left to `fetch`.
"""

from __future__ import annotations

import calendar
import io
import itertools
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Protocol
from xml.sax import SAXParseException

import feedparser

from syndicator import urls
from syndicator.sources import dates, encoding, jsonfeed, markup, repair, rhythm
from syndicator.sources.base import Feed, IsBlogroll, Item, NotAFeed, SourceError
from syndicator.sources.entry_picture import picture_of
from syndicator.sources.items import Body, Entry, finish, language

MOST_ENTRIES = 5_000

_HTML = {"text/html", "application/xhtml+xml", "html", "xhtml"}
_FEED_TYPES = ("application/atom+xml", "application/rss+xml", "application/rdf+xml", "text/xml", "application/xml")
_RHYTHM = ("ttl", "sy_updateperiod", "sy_updatefrequency")
_THREADING = "http://purl.org/syndication/thread/1.0"  # RFC 4685
_NAME_AND_ADDRESS = (re.compile(r"[^\s@]+@[^\s@]+\s*\((.*)\)"), re.compile(r"(.*?)\s*[<(][^\s@]+@[^\s@]+[>)]"))
_ENTRY = re.compile(r"<(?:item|entry)\b")
_DECLARATION = "<?xml version='1.0' encoding='utf-8'?>"


class _Fields(Protocol):
    """The part of feedparser's dictionaries that is used here."""

    def get(self, key: str, default: Any = None) -> Any:
        """One field, or the default."""

    def __contains__(self, key: object) -> bool: ...


def parse(body: bytes, *, url: str, content_type: str = "", now: datetime) -> Feed:
    """Parse a feed that was fetched from `url`; `content_type` is the HTTP header, `now` what no date may pass.

    A malformed feed gives what could be read and a `problem`. Raises SourceError when there is no feed in the body.
    """
    text, _ = encoding.decode(body, content_type)
    if not text.strip("\ufeff\0 \t\r\n"):
        raise SourceError(url, "is empty", "its owner has to repair the feed")
    if jsonfeed.looks_like(text):
        return jsonfeed.read(text, url=url, now=now)
    return _xml_feed(repair.without_prolog(repair.clean(text)), url, now)


def _xml_feed(text: str, url: str, now: datetime) -> Feed:
    root = text.lstrip()[:5].lower()
    if root == "<opml":
        raise IsBlogroll(url)
    if root == "<html":
        raise NotAFeed(url, "is a web page, not a feed", "`syndicator add URL` finds the feeds of a page")
    text, excess = _first_entries(text)
    result = _parsed(text, url)
    entries = list(result.entries)
    problem = excess or _problem(result)
    if entries and problem and _ends_inside_an_entry(text):
        entries.pop()
    if not entries:
        _refuse_if_no_feed(result, url, problem)
    site = markup.absolute(_page_link(result.feed), url)
    base = url if result.version.startswith("atom") and urls.is_web(url) else site or url
    items = tuple(_item(entry, result, base, now) for entry in entries)
    return Feed(
        url=url,
        title=markup.title_text(_string(result.feed, "title"), is_html=_is_html_title(result.feed, result.version)),
        site=site,
        language=language(result.feed.get("language") or ""),
        interval=rhythm.said(*(_string(result.feed, key) for key in _RHYTHM)),
        items=items,
        problem=f"{'' if excess else 'malformed: '}{problem}; {len(items)} could be read" if problem else "",
    )


def _parsed(text: str, url: str) -> Any:
    data = (_DECLARATION + text).encode("utf-8", errors="replace")
    try:
        return feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # on hostile input feedparser raises whatever it stumbles over
        raise SourceError(url, f"can't be parsed ({error})", "its owner has to repair the feed") from error


def _problem(result: Any) -> str:
    error = result.get("bozo_exception")
    if not result.bozo or error is None:
        return ""
    if isinstance(error, SAXParseException):
        return f"line {error.getLineNumber()}: {error.getMessage()}"
    return str(error)


def _first_entries(text: str) -> tuple[str, str]:
    """Cut a feed that is long beyond sense; the second value says so."""
    starts = itertools.islice(_ENTRY.finditer(text), MOST_ENTRIES, None)
    first_too_many = next(starts, None)
    if first_too_many is None:
        return text, ""
    return text[: first_too_many.start()], f"has over {MOST_ENTRIES} entries"


def _ends_inside_an_entry(text: str) -> bool:
    opened = max(text.rfind("<item"), text.rfind("<entry"))
    return opened > max(text.rfind("</item"), text.rfind("</entry"))


def _refuse_if_no_feed(result: Any, url: str, problem: str) -> None:
    if not result.version:
        raise NotAFeed(url, "is not a feed", "`syndicator add URL` finds the feeds of a web page")
    if problem:
        what = f"is cut off or malformed ({problem}), nothing could be read"
        raise SourceError(url, what, "its owner has to repair the feed")


def _item(entry: _Fields, feed: Any, base: str, now: datetime) -> Item:
    replies = _replies(entry)
    image, shows = picture_of(entry, _links(entry, "enclosure"))
    found = Entry(
        id=entry.get("id") or "",
        link=entry.get("feedburner_origlink") or _page_link(entry) or _permalink(entry),
        title=entry.get("title") or "",
        title_is_html=_is_html_title(entry, feed.version),
        author=_author(entry) or _author(entry.get("source") or {}) or _author(feed.feed),
        author_url=_string(entry.get("author_detail") or {}, "href"),
        published=_date(entry, "published") or _date(entry, "created"),
        updated=_date(entry, "updated"),
        summary=_summary(entry),
        bodies=tuple(_bodies(entry)),
        tags=tuple(tag.get("label") or tag.get("term") or "" for tag in entry.get("tags") or ()),
        language=_language(entry) or feed.feed.get("language") or "",
        image=image,
        image_alt=shows,
        comments_url=_string(entry, "comments") or replies.get("text/html", ""),
        comments_feed=_string(entry, "wfw_commentrss") or next((replies[t] for t in _FEED_TYPES if t in replies), ""),
        comment_count=_comment_count(entry, feed.namespaces),
    )
    return finish(found, base=base, now=now)


def _string(fields: _Fields, key: str) -> str:
    """Feedparser gives a dictionary for an element it does not expect to have attributes."""
    value = fields.get(key)
    return value if isinstance(value, str) else ""


def _links(fields: _Fields, rel: str) -> Iterable[Any]:
    return (link for link in fields.get("links") or () if link.get("rel") == rel and link.get("href"))


def _page_link(fields: _Fields) -> str:
    """The first alternate that is a web page, else the first alternate at all (RFC 4287, 4.2.7.2; RSS `link`)."""
    alternates = list(_links(fields, "alternate"))
    pages = [link for link in alternates if link.get("type", "text/html") in _HTML]
    return next((link["href"] for link in pages or alternates), "")


def _permalink(entry: _Fields) -> str:
    identifier = entry.get("id") or ""
    return identifier if entry.get("guidislink") and urls.is_web(identifier) else ""


def _replies(entry: _Fields) -> dict[str, str]:
    found: dict[str, str] = {}
    for link in _links(entry, "replies"):
        found.setdefault(link.get("type", ""), link["href"])
    return found


def _is_html_title(fields: _Fields, version: str) -> bool:
    """Atom says what its titles are; elsewhere feedparser guesses, and is told of what it overlooks."""
    detail = fields.get("title_detail") or {}
    stray = not version.startswith("atom") and markup.has_stray_tags(_string(fields, "title"))
    return stray or detail.get("type") in _HTML


def _author(fields: _Fields) -> str:
    """The author's name out of `a@b (Name)` or `Name <a@b>`; an address alone is no name, and not ours to pass on."""
    text = _string(fields, "author").strip()[: markup.LONGEST_TITLE]
    for pattern in _NAME_AND_ADDRESS:
        match = pattern.fullmatch(text)
        if match:
            return match[1]
    return "" if "@" in text and " " not in text else text


def _date(entry: _Fields, key: str) -> datetime | None:
    if key not in entry:  # asking feedparser for a missing "updated" gives "published" and a warning
        return None
    parsed = entry.get(f"{key}_parsed")
    try:
        fallback = datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError):
        fallback = None
    return dates.read(_string(entry, key), fallback)


def _body(detail: _Fields) -> Body:
    return Body(detail.get("value") or "", detail.get("type") in _HTML, detail.get("base") or "")


def _bodies(entry: _Fields) -> Iterable[Body]:
    for content in entry.get("content") or ():
        if content.get("value") and (content.get("type") or "").startswith(("text/", "application/xhtml")):
            yield _body(content)


def _summary(entry: _Fields) -> Body:
    """The summary, unless it is a copy of the content."""
    text = _string(entry, "summary")
    if any(content.get("value") == text for content in entry.get("content") or ()):
        return Body("")
    return _body(entry.get("summary_detail") or {"value": text, "type": "text/html"})


def _language(entry: _Fields) -> str:
    """What `dc:language` says of the entry, else the `xml:lang` of its texts, which its feed may have said."""
    if said := _string(entry, "language"):
        return said
    details = (entry.get("title_detail"), *(entry.get("content") or ()), entry.get("summary_detail"))
    return next((detail["language"] for detail in details if detail and detail.get("language")), "")


def _comment_count(entry: _Fields, namespaces: dict[str, str]) -> int | None:
    """slash:comments, else thr:total, else thr:count on the link to the replies (RFC 4685)."""
    prefix = next((name for name, uri in namespaces.items() if uri == _THREADING), "thr")
    counts = [_string(entry, "slash_comments"), _string(entry, f"{prefix}_total")]
    counts += [link.get(f"{prefix}:count") or link.get("count") or "" for link in _links(entry, "replies")]
    return next((int(count) for count in counts if count.isascii() and count.isdigit() and len(count) < 10), None)
