"""From any address to a feed that can be read: the feed itself, or the best of those its page names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from syndicator.sources import parse
from syndicator.sources.base import Feed, NotAFeed, SourceError, named
from syndicator.sources.discover import FeedLink, find_feeds
from syndicator.sources.fetch import Fetched, FetchOptions, FetchRequest, fetch

_NO_FEED = "look on it for a link called RSS, Atom or feed, and use that address"
_NO_ANSWER = "check the address in a browser"


@dataclass(frozen=True, slots=True)
class Found:
    """A feed that was fetched and parsed, and the others that the same page names."""

    feed: Feed
    others: tuple[FeedLink, ...] = ()


def find(url: str, options: FetchOptions) -> Found:
    """Fetch what is at a URL (or a file's path) and find its feed. SourceError says why there is none."""
    fetched = _fetched(url, options)
    try:
        return Found(_parsed(fetched, url))
    except SourceError as error:
        links = find_feeds(fetched.body or b"", fetched.final_url, _headers(fetched))
        if not links and isinstance(error, NotAFeed):
            raise SourceError(error.subject, f"{error.problem}, and names none", _NO_FEED) from error
        if not links:
            raise
    return _first_readable(url, links, options)


def _first_readable(page: str, links: tuple[FeedLink, ...], options: FetchOptions) -> Found:
    errors = []
    for position, link in enumerate(links):
        try:
            feed = _parsed(_fetched(link.url, options), link.url)
        except SourceError as error:
            errors.append(error)
            continue
        return Found(feed, links[:position] + links[position + 1 :])
    first = errors[0]
    problem = f"names no feed that can be read; {first.subject}: {first.problem}"
    raise SourceError(named(page), problem, first.remedy) from first


def _fetched(url: str, options: FetchOptions) -> Fetched:
    is_file = url.startswith("file:")
    if not is_file and not url.startswith(("http://", "https://")):
        raise SourceError(url, "is not a web address", "write it in full, with https://")
    fetched = fetch(FetchRequest(url=url, allow_files=is_file), options)
    if fetched.body is None:
        raise SourceError(named(url), fetched.error, fetched.remedy or _NO_ANSWER)
    return fetched


def _headers(fetched: Fetched) -> dict[str, str]:
    return {"link": fetched.link, "content-type": fetched.content_type}


def _parsed(fetched: Fetched, url: str) -> Feed:
    """The feed that was fetched from `url`; errors name it as it was asked for."""
    body, now = fetched.body or b"", datetime.now(UTC)
    try:
        return parse.parse(body, url=fetched.final_url, content_type=fetched.content_type, now=now)
    except SourceError as error:
        raise type(error)(named(url), error.problem, error.remedy) from error
