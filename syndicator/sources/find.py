"""From what somebody types to a feed that can be read: asks where one may be, one request after the other.

In turn: what a well-known site's addresses mean, the address itself, the feeds that its page names, pages that may know
more, and the usual places, these only when no page names a feed that is there. Where to look is for `known` and
`discover` to say. An address that was typed without its scheme is asked by http if nobody speaks TLS there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from syndicator import urls
from syndicator.sources import address, blogroll_links, known
from syndicator.sources.base import Feed, IsBlogroll, NotAFeed, SourceError, named
from syndicator.sources.discover import FeedLink, FeedPage, read_page
from syndicator.sources.fetch import Fetched, FetchOptions, FetchRequest, fetch
from syndicator.sources.parsing import parse_one

_IN_FULL = "write it in full, with https://"
_NO_FEED = "look on it for a link called RSS, Atom or feed, and use that address"
_NO_ANSWER = "check the address in a browser"
_WITHOUT_TLS = "or write it with http:// to do without encryption"
_MOST_NAMED = 6  # of a page's feeds are tried until one can be read
_MOST_PAGES = 3  # that may know more are looked at


@dataclass(frozen=True, slots=True)
class Found:
    """A feed that was fetched and parsed, and the others that the same page names; those were not tried."""

    feed: Feed
    others: tuple[FeedLink, ...] = ()


def find(text: str, options: FetchOptions) -> Found:
    """Find the feed that an address, a page, a handle or a file's URL leads to. SourceError says why there is none."""
    url = _profile(text, options) or address.typed(text)
    if not url:
        raise SourceError(text, "is not a web address", _IN_FULL)
    try:
        return _Search(url, options).run()
    except _NoAnswer as error:
        plain = address.by_http(text)
        if plain and error.no_tls:
            return _Search(plain, options).run()
        if not plain and not error.no_tls:
            raise
        raise SourceError(error.subject, error.problem, f"{error.remedy}, {_WITHOUT_TLS}") from error


class _NoAnswer(SourceError):
    """A server did not answer: `no_tls` if it was because nobody speaks TLS there."""

    def __init__(self, subject: str, problem: str, remedy: str, *, no_tls: bool) -> None:
        super().__init__(subject, problem, remedy)
        self.no_tls = no_tls


class _Search:
    """One search. Nothing is asked twice; a host that does not answer, or wants to be left alone, is left alone."""

    def __init__(self, url: str, options: FetchOptions) -> None:
        self._url = url
        self._options = options
        self._asked: set[str] = set()
        self._left_alone: set[str] = set()
        self._errors: list[SourceError] = []  # what was wrong with the feeds that a page or a rule named last

    def run(self) -> Found:
        """Look everywhere, in order, until a feed was read. Raises SourceError."""
        by_rule, are_named = known.of_site(self._url), False
        if not known.looks_like_feed(self._url) and (found := self._named(by_rule)):
            return found
        for page in self._pages():
            if isinstance(page, Found):
                return page
            if found := self._named(page.feeds or page.derived or known.of_site(page.url)):
                return found
            are_named = are_named or bool(page.feeds)
            if page.feeds and not self._are_stale():
                raise self._unreadable()
            if not page.feeds and (found := self._guessed(known.of_software(page.url))):
                return found
        places = () if by_rule else known.usual(self._url)
        if found := self._guessed(places):
            return found
        raise self._unreadable() if by_rule or are_named else self._nothing(len(places))

    def _pages(self) -> Iterator[Found | FeedPage]:
        """What is at the address, then the pages that it leads to. Raises SourceError when nothing is there."""
        start = self._look(self._url)
        yield start
        further = start.elsewhere if isinstance(start, FeedPage) and urls.is_web(self._url) else ()
        for url in further[:_MOST_PAGES]:
            yield FeedPage(url)  # its address alone may say enough
            if self._may_ask(url):
                with suppress(SourceError):
                    yield self._look(url)

    def _look(self, url: str) -> Found | FeedPage:
        """What is at an address: a feed, or a page. SourceError when there is nothing, a broken feed or a blogroll."""
        fetched = self._fetch(url)
        try:
            return Found(_parsed(fetched))
        except SourceError as error:
            if fetched.body is None or isinstance(error, IsBlogroll):
                raise
            page = read_page(fetched.body, fetched.final_url, _headers(fetched))
            if not page.feeds and not isinstance(error, NotAFeed):
                raise
            if not page.feeds and _names_blogroll(fetched):
                raise IsBlogroll(named(url), "is a page that names a blogroll and no feed") from error
            return page

    def _named(self, links: Sequence[FeedLink]) -> Found | None:
        """The first that can be read of the feeds that a page or a rule names; the others are worth an offer."""
        feed, errors = self._first(links, _MOST_NAMED)
        self._errors = errors or self._errors
        return Found(feed, tuple(other for other in links if self._may_ask(other.url))) if feed else None

    def _guessed(self, links: Sequence[FeedLink]) -> Found | None:
        """The first feed that is where one may be; nobody says that the others are there."""
        feed, _ = self._first(links, len(links))
        return Found(feed) if feed else None

    def _first(self, links: Sequence[FeedLink], most: int) -> tuple[Feed | None, list[SourceError]]:
        """The first of some feeds that can be read, and what was wrong with those before; so many of them are tried."""
        errors: list[SourceError] = []
        for link in links:
            if not self._may_ask(link.url) or len(errors) == most:
                continue
            try:
                return _parsed(self._fetch(link.url)), errors
            except SourceError as error:
                errors.append(error)
        return None, errors

    def _are_stale(self) -> bool:
        """Whether the feeds that were named are not there; one that only can't be read now is worth another try."""
        return all(isinstance(error, NotAFeed) for error in self._errors)

    def _may_ask(self, url: str) -> bool:
        return url not in self._asked and urls.host(url) not in self._left_alone

    def _fetch(self, url: str) -> Fetched:
        fetched = fetch(FetchRequest(url, allow_files=url == self._url), self._options)
        self._asked |= {url, fetched.final_url}
        if fetched.body is None and (fetched.retry_after or not fetched.http_status):
            self._left_alone.add(urls.host(fetched.final_url))
        return fetched

    def _unreadable(self) -> SourceError:
        """No feed that belongs to the address can be read."""
        error = self._errors[0] if self._errors else SourceError(self._url, "does not answer", _NO_ANSWER)
        problem = f"names no feed that can be read; {error.subject}: {error.problem}"
        return SourceError(named(self._url), problem, error.remedy)

    def _nothing(self, places: int) -> SourceError:
        """No feed was named anywhere."""
        also = f", and none is at the {places} usual places (/{', /'.join(known.USUAL[:3])} …)" if places else ""
        return SourceError(named(self._url), f"is a web page, not a feed, and names none{also}", _NO_FEED)


def _profile(text: str, options: FetchOptions) -> str:
    """Where the owner of a handle has a profile, if `text` is one and its server says."""
    where = address.lookup(text)
    fetched = fetch(FetchRequest(where), options) if where else None
    return address.profile(fetched.body) if fetched and fetched.body else ""


def _names_blogroll(fetched: Fetched) -> bool:
    body, kind = fetched.body or b"", fetched.content_type
    return bool(blogroll_links.named(body, fetched.final_url, content_type=kind, link=fetched.link))


def _headers(fetched: Fetched) -> dict[str, str]:
    return {"link": fetched.link, "content-type": fetched.content_type}


def _parsed(fetched: Fetched) -> Feed:
    """The feed that was fetched; errors name it as it was asked for."""
    subject = named(fetched.url)
    if fetched.body is None:
        raise _unread(fetched, subject)
    try:
        return parse_one(fetched, datetime.now(UTC))
    except SourceError as error:
        raise type(error)(subject, error.problem, error.remedy) from error


def _unread(fetched: Fetched, subject: str) -> SourceError:
    """Why nothing came: nothing is there, nobody answered, or the answer is a refusal."""
    remedy = fetched.remedy or _NO_ANSWER
    if fetched.lost:
        return NotAFeed(subject, fetched.error, remedy)
    if not fetched.http_status and not fetched.private:
        return _NoAnswer(subject, fetched.error, remedy, no_tls=fetched.no_tls)
    return SourceError(subject, fetched.error, remedy)
