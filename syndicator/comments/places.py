"""Where the comments of a site can be read, as its pages and feeds say. Pure; `collect` asks.

WordPress names its REST API by `rel="https://api.w.org/"` (https://developer.wordpress.org/rest-api/using-the-rest-api/discovery/,
read November 2026); it and others link a feed of all comments, and name one for each article by `wfw:commentRss`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from syndicator import urls
from syndicator.sources import encoding, weblinks
from syndicator.sources.base import Feed

_API = "https://api.w.org/"
_OF_COMMENTS = re.compile(r"(?:^|[/=])comments?(?:[-./?&]|$)", re.IGNORECASE)
_WORD = re.compile(r"\b(?:comment|kommentar|comentari|commenti)", re.IGNORECASE)
_FEEDS = ("application/rss+xml", "application/atom+xml")
#: Of so many of the newest articles the comments are followed, where each has a feed of its own.
_MOST = 30


@dataclass(frozen=True, slots=True)
class Places:
    """Where a site's comments are: the root of its REST API, a feed of all comments; "" for none."""

    rest: str = ""
    feed: str = ""


def named(body: bytes, url: str, *, content_type: str = "", link: str = "") -> Places:
    """The places that the page at `url` names, of its own host. `link` is the Link header that it came with."""
    text, _ = encoding.decode(body, content_type)
    own = [each for each in weblinks.declared(text, url, link) if urls.host(each.url) == urls.host(url)]
    rest = next((each.url for each in own if _API in each.relations), "")
    feeds = (each for each in own if "alternate" in each.relations and each.type in _FEEDS)
    feed = next((each.url for each in feeds if _is_of_comments(each.url, each.title)), "")
    # A WordPress that does not link its feed of comments has it all the same.
    return Places(rest, feed or (urls.resolve(url, "/comments/feed/") if rest else ""))


def _is_of_comments(url: str, title: str) -> bool:
    return bool(_OF_COMMENTS.search(url.partition("://")[2].partition("/")[2]) or _WORD.search(title))


def of_articles(feed: Feed) -> dict[str, str]:
    """The feeds of comments that a feed names for its newest articles, by the article's page."""
    dated: Iterable[tuple[datetime | None, str, str]] = (
        (item.published, item.url, item.comments_feed) for item in feed.items if item.url and item.comments_feed
    )
    newest = sorted(dated, key=lambda each: each[0].timestamp() if each[0] else 0.0, reverse=True)
    return {urls.canonical(page): place for _, page, place in newest[:_MOST]}


def rest_question(root: str, since: datetime | None, page: int, size: int) -> str:
    """The address of one page of comments, oldest first, of those after `since`."""
    place = root if "/wp/v2/comments" in root else f"{root.rstrip('/')}/wp/v2/comments"
    asked: Mapping[str, str] = {
        "order": "asc",
        "orderby": "date_gmt",
        "per_page": str(size),
        "page": str(page),
        "_fields": "id,author,author_name,author_url,date_gmt,link,content,type,status",
        **({"after": f"{since:%Y-%m-%dT%H:%M:%S}Z"} if since else {}),
    }
    return place + ("&" if "?" in place else "?") + "&".join(f"{name}={value}" for name, value in asked.items())
