"""From any address to a blogroll that can be read: the OPML itself, or the best one that a page or feed names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from syndicator import urls
from syndicator.sources import blogroll_links, opml
from syndicator.sources.base import SourceError
from syndicator.sources.base import named as called
from syndicator.sources.blogroll import Blogroll
from syndicator.sources.fetch import Fetched, FetchOptions, FetchRequest, fetch
from syndicator.sources.parsing import parse_one
from syndicator.sources.weblinks import WebLink

_MOST_NAMED = 4  # of the links of a page are tried until one can be read
_NO_ANSWER = "check the address in a browser"
_REMEDY = "ask whose it is for the address of the OPML file, and use that"


@dataclass(frozen=True, slots=True)
class FoundBlogroll:
    """A blogroll that was fetched and read, the answer it came in, and the others that the page names."""

    blogroll: Blogroll
    answer: Fetched
    others: tuple[WebLink, ...] = ()


def read_file(path: Path) -> Blogroll:
    """The blogroll in a file of the owner's. SourceError when it can't be read at all."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(str(path), f"can't be read: {error.strerror or error}", "check the path") from error
    return opml.read(data, base=path.absolute().as_uri(), allow_files=True)


def find_blogroll(url: str, options: FetchOptions) -> FoundBlogroll:
    """Fetch what is at a web address and find its blogroll. SourceError says why there is none."""
    answer = fetch(FetchRequest(url), options)
    if answer.body is None:
        raise SourceError(called(url), answer.error, answer.remedy or _NO_ANSWER)
    blogroll = read_answer(answer)
    return FoundBlogroll(blogroll, answer) if holds_lists(blogroll) else behind(answer, options)


def read_answer(answer: Fetched) -> Blogroll:
    """Read an answer as a blogroll, whatever it is."""
    return opml.read(answer.body or b"", base=answer.final_url, content_type=answer.content_type)


def holds_lists(blogroll: Blogroll) -> bool:
    """Whether it names feeds or other lists: an answer that names none is a page, perhaps, that names a blogroll."""
    return bool(blogroll.sources or blogroll.includes)


def behind(answer: Fetched, options: FetchOptions) -> FoundBlogroll:
    """The blogroll that a page or feed names, or else the one in a common place of its site.

    SourceError when there is none: it names the page, and tells what was tried.
    """
    links = _named_by(answer)
    site = _site_of(answer)
    if site and not links:
        page = fetch(FetchRequest(site), options)
        links = _named_by(page)
    tries = _Tries(options)
    problems = []
    for position, link in enumerate(links[:_MOST_NAMED]):
        found, problem = tries.at(link.url)
        if found:
            return FoundBlogroll(*found, others=links[:position] + links[position + 1 :])
        problems.append(f"{link.url} ({problem})")
    places = blogroll_links.common_places(site or answer.final_url)
    for place in places:
        found, _ = tries.at(place)
        if found:
            return FoundBlogroll(*found)
    named = f"names no blogroll that can be read: {problems[0]}" if problems else "is no OPML and names no blogroll"
    names = ", ".join(dict.fromkeys(place.rpartition("/")[2] for place in places))
    raise SourceError(called(answer.url), f"{named}; nor is there one in the usual places ({names})", _REMEDY)


def _named_by(answer: Fetched) -> tuple[WebLink, ...]:
    body, kind = answer.body or b"", answer.content_type
    return blogroll_links.named(body, answer.final_url, content_type=kind, link=answer.link)


def _site_of(answer: Fetched) -> str:
    """The page that a feed belongs to; "" when the answer is no feed."""
    try:
        feed = parse_one(answer, datetime.now(UTC))
    except SourceError:
        return ""
    return feed.site if urls.is_web(feed.site) else ""


class _Tries:
    """Tries addresses one after the other. A host that is silent or wants time is left alone from then on."""

    def __init__(self, options: FetchOptions) -> None:
        self._options = options
        self._left_alone: dict[str, str] = {}

    def at(self, url: str) -> tuple[tuple[Blogroll, Fetched] | None, str]:
        """What is at an address, if it is a blogroll; else why there is none."""
        if problem := self._left_alone.get(urls.host(url)):
            return None, f"not asked, after others on its server: {problem}"
        answer = fetch(FetchRequest(url), self._options)
        if answer.body is None:
            if answer.retry_after or not answer.http_status:
                self._left_alone[urls.host(answer.final_url)] = answer.error
            return None, answer.error
        blogroll = read_answer(answer)
        return ((blogroll, answer), "") if holds_lists(blogroll) else (None, "is no OPML")
