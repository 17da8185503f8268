"""From any address to a feed that can be read: the feed itself, or the best of those its page names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from syndicator.sources import parse
from syndicator.sources.base import Feed, SourceError
from syndicator.sources.discover import FeedLink, find_feeds
from syndicator.sources.fetch import Fetched, FetchOptions, FetchRequest, fetch


@dataclass(frozen=True, slots=True)
class Found:
    """A feed that was fetched and parsed, and the others that the same page names."""

    feed: Feed
    others: tuple[FeedLink, ...] = ()


def find(url: str, options: FetchOptions) -> Found:
    """Fetch what is at a URL (or a file's path) and find its feed. SourceError says why there is none."""
    fetched = _fetched(url, options)
    try:
        return Found(_parsed(fetched))
    except SourceError:
        links = find_feeds(fetched.body or b"", fetched.final_url, _headers(fetched))
        if not links:
            raise
    for position, link in enumerate(links):
        try:
            feed = _parsed(_fetched(link.url, options))
        except SourceError:
            continue
        return Found(feed, links[:position] + links[position + 1 :])
    raise SourceError(url, f"names {len(links)} feeds, and none of them can be read")


def _fetched(url: str, options: FetchOptions) -> Fetched:
    is_file = url.startswith("file:")
    if not is_file and not url.startswith(("http://", "https://")):
        raise SourceError(url, "is not a web address", "write it in full, with https://")
    fetched = fetch(FetchRequest(url=url, allow_files=is_file), options)
    if fetched.body is None:
        raise SourceError(url, fetched.error or "no answer")
    return fetched


def _headers(fetched: Fetched) -> dict[str, str]:
    return {"link": fetched.link, "content-type": fetched.content_type}


def _parsed(fetched: Fetched) -> Feed:
    return parse.parse(
        fetched.body or b"", url=fetched.final_url, content_type=fetched.content_type, now=datetime.now(UTC)
    )
