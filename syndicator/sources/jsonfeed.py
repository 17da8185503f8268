"""JSON Feed 1.0 and 1.1 (https://jsonfeed.org/version/1.1), read leniently: a field of the wrong type is no field."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from syndicator.sources import dates, markup
from syndicator.sources.base import Feed, NotAFeed, SourceError
from syndicator.sources.items import Body, Entry, finish, language

Object = dict[str, Any]


def looks_like(text: str) -> bool:
    """Tell whether a body is JSON rather than XML."""
    return text.lstrip()[:1] in {"{", "["}


def read(text: str, *, url: str, now: datetime) -> Feed:
    """Read a JSON Feed. Raises SourceError when it is no JSON, or JSON of another kind."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SourceError(url, f"is not valid JSON ({error})", "its owner has to repair the feed") from error
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        raise NotAFeed(url, "is JSON, but not a JSON Feed", "`syndicator add URL` finds the feeds of a web page")
    site = markup.absolute(_text(document, "home_page_url"), url)
    entries = [item for item in document["items"] if isinstance(item, dict)]
    lost = len(document["items"]) - len(entries)
    return Feed(
        url=url,
        title=markup.title_text(_text(document, "title"), is_html=False),
        site=site,
        language=language(_text(document, "language")),
        items=tuple(finish(_entry(item, document), base=site or url, now=now) for item in entries),
        problem=f"{lost} of its items are not objects and were left out" if lost else "",
    )


def _entry(item: Object, feed: Object) -> Entry:
    identifier = _text(item, "id")
    html, text = _text(item, "content_html"), _text(item, "content_text")
    return Entry(
        id=identifier,
        link=_text(item, "url") or _text(item, "external_url") or (identifier if "://" in identifier else ""),
        title=_text(item, "title"),
        author=_author(item) or _author(feed),
        author_url=_author_url(item if _authors(item) else feed),
        published=dates.read(_text(item, "date_published")),
        updated=dates.read(_text(item, "date_modified")),
        summary=Body(_text(item, "summary"), is_html=False),
        bodies=tuple(body for body in (Body(html), Body(text, is_html=False)) if body.text),
        tags=tuple(tag for tag in _list(item, "tags") if isinstance(tag, str)),
        language=_text(item, "language") or _text(feed, "language"),
        image=_text(item, "image") or _text(item, "banner_image") or _picture(item),
    )


def _author(owner: Object) -> str:
    """The names of all authors."""
    return ", ".join(dict.fromkeys(filter(None, (_text(one, "name") for one in _authors(owner)))))


def _author_url(owner: Object) -> str:
    """The page of the author; "" where there are several."""
    authors = _authors(owner)
    return _text(authors[0], "url") if len(authors) == 1 else ""


def _authors(owner: Object) -> list[Object]:
    """All authors; `author` is the older form of `authors`, often beside it."""
    authors = [one for one in _list(owner, "authors") if isinstance(one, dict)]
    older = owner.get("author")
    return authors or ([older] if isinstance(older, dict) else [])


def _picture(item: Object) -> str:
    files = (file for file in _list(item, "attachments") if isinstance(file, dict))
    return next((_text(file, "url") for file in files if _text(file, "mime_type").startswith("image/")), "")


def _text(owner: Object, key: str) -> str:
    """A string, or a number (ids are written as numbers often enough) as one; "" for everything else."""
    value = owner.get(key)
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _list(owner: Object, key: str) -> list[Any]:
    value = owner.get(key)
    return value if isinstance(value, list) else []
