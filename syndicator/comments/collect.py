"""Reads the comments on my own sites and books them. Effects: fetching, the book, the state.

By the first door that opens: WordPress's REST API, a feed of all comments, feeds of single articles. Each source is
asked hourly at most, where its comments are is looked for weekly. One that fails costs only itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

import msgspec

from platforms.base import Interaction
from syndicator import record, stop, timebox, urls
from syndicator.comments import acts, kept, places
from syndicator.comments.kept import Kept
from syndicator.fetch_options import fetch_options
from syndicator.record import Collected
from syndicator.sources import health as healths
from syndicator.sources.base import Feed, Source, SourceError, named
from syndicator.sources.fetch import Fetched, FetchRequest, fetch
from syndicator.sources.parsing import parse_one
from syndicator.sources.turns import Turns
from syndicator.workspace import Workspace

_HOUR, _WEEK = timedelta(hours=1), timedelta(days=7)
#: Of WordPress's REST API so many pages are read in a run, of so many comments; the next run goes on.
_PAGES, _SIZE = 10, 100
#: Feeds of single articles that are asked in a run.
_ARTICLES = 5
_OFF = 'or write comments = "off" at this source in the settings'


def collect(space: Workspace, sources: Iterable[Source], turns: Turns, *, refresh: bool = False) -> Collected:
    """Book what is new among the comments on own sources that are due (with `refresh`: on all)."""
    total, now = Collected(), space.clock()
    known = healths.load(space.state)
    for source in sources:
        if source.kind != "own" or source.comments == "off" or source.url.startswith("file:"):
            continue
        stop.check()
        if timebox.is_up():
            return total
        state = kept.load(space.state, source.url)
        if refresh or state.asked is None or not timedelta() <= now - state.asked < _HOUR:
            total += _Visit(space, healths.named(source, known), turns, state).read()
    return total


@dataclass(slots=True)
class _Visit:
    """One own source that is asked for its comments now."""

    space: Workspace
    source: Source
    turns: Turns
    state: Kept

    def read(self) -> Collected:
        """Read, book, and keep how far that went: in this order, since booking twice changes nothing."""
        self._note(asked=self.space.clock())
        self._look()
        try:
            total = self._by_rest() if self.state.rest else Collected()
            if self.state.feed and not self.state.rest:
                total += self._by_feed()
            elif self.state.articles and not (self.state.rest or self.state.feed):
                total += self._by_articles()
        except SourceError as error:
            self._note(looked=None)
            total = Collected(errors=(f"{error}; {_OFF}",))
        kept.save(self.space.state, self.source.url, self.state)
        return total

    def _note(self, **what: object) -> None:
        self.state = msgspec.structs.replace(self.state, **what)

    def _look(self) -> None:
        """Find out where its comments are: as the settings say, else as its page says now or said within a week."""
        said, now = self.source.comments, self.space.clock()
        if said != "auto":
            is_rest = "/wp/v2/comments" in said
            self._note(rest=said if is_rest else "", feed="" if is_rest else said)
            return
        page = self.source.site or urls.resolve(self.source.url, "/")
        if (self.state.looked and timedelta() <= now - self.state.looked < _WEEK) or not urls.is_web(page):
            return
        answer = self._ask(page)
        if answer.body is not None:
            found = places.named(answer.body, answer.final_url, content_type=answer.content_type, link=answer.link)
            self._note(looked=now, rest=found.rest, feed=found.feed)

    def _by_rest(self) -> Collected:
        """Page by page, oldest first. A site that keeps its API to itself is read by its feed from then on."""
        total, since = Collected(), self.state.since
        for page in range(1, _PAGES + 1):
            answer = self._ask(places.rest_question(self.state.rest, since, page, _SIZE))
            if answer.http_status in {400, 404} and page > 1:  # past the last page
                return total
            said = _document(answer)
            if not isinstance(said, list):
                if page > 1 or not (self.state.feed and answer.http_status):
                    raise SourceError(named(answer.url), answer.error or "answers, but not with comments", "try later")
                self._note(rest="")
                return total
            total += self._book(acts.of_rest(said, self._me))
            if len(said) < _SIZE or timebox.is_up():
                return total
        return total

    def _by_feed(self) -> Collected:
        state = self.state
        answer = self._ask(state.feed, state.etag, state.last_modified, state.body_hash)
        feed = self._feed(answer)
        validators = {name: getattr(answer, name) for name in ("etag", "last_modified", "body_hash")}
        total = self._book(acts.of_feed(feed, self._me)) if feed else Collected()
        self._note(**validators)
        return total

    def _by_articles(self) -> Collected:
        """The feeds of some articles, those first that were not asked for longest. One that is gone is no trouble."""
        total, now = Collected(), self.space.clock()
        in_turn = sorted(self.state.articles.items(), key=lambda each: each[1][1].timestamp() if each[1][1] else 0.0)
        for page, (place, _) in in_turn[:_ARTICLES]:
            answer = self._ask(place)
            self._note(articles=self.state.articles | {page: (place, now)})
            if answer.body is not None and (feed := self._feed(answer)):
                total += self._book(acts.of_feed(feed, self._me, page))
        return total

    def _feed(self, answer: Fetched) -> Feed | None:
        """The feed in an answer; None when nothing changed. SourceError when there is none."""
        if answer.status == "unchanged":
            return None
        if answer.body is None:
            raise SourceError(named(answer.url), answer.error, answer.remedy or "try later")
        return parse_one(answer, self.space.clock())

    def _book(self, told: Iterable[Interaction]) -> Collected:
        fresh = self.state.fresh(told)
        booked = record.book_told(self.space, "comments", acts.NETWORK, fresh)
        self.state = self.state.after(fresh)
        return booked

    @property
    def _me(self) -> acts.Me:
        return acts.Me(self.space.settings.me.sites, self.space.settings.me.name)

    def _ask(self, url: str, etag: str = "", last_modified: str = "", body_hash: str = "") -> Fetched:
        request = FetchRequest(url, etag=etag, last_modified=last_modified, body_hash=body_hash)
        return fetch(request, fetch_options(self.space.settings), self.turns)


def _document(answer: Fetched) -> object:
    """The JSON in an answer; None when there is none."""
    try:
        return json.loads(answer.body or b"null")
    except (ValueError, RecursionError):
        return None
