"""Hacker News: who submitted pages of my site there, and whose comments link to them. A pure Reporter; needs no login.

Asked is its search (https://hn.algolia.com/api), which has every story and comment with its time. It searches for
words, so whether a hit is of my site is looked at here. The cursor is the time of the newest one read.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from platforms.base import Actor, Interaction, Login, Page
from platforms.errors import Unreachable
from platforms.web import Web, host_of

SERVER = "https://hn.algolia.com"
PAGE = 50  # hits asked for at once; the search gives 1,000 of one question and no more

_ITEM, _USER = "https://news.ycombinator.com/item?id=", "https://news.ycombinator.com/user?id="
#: What a search finds is believed less than what a network notifies of.
_TRUST = 0.8
_LINK = re.compile(r'<a\s[^<>]{0,100}?href="([^"<>]{1,2000})"')
_TAG = re.compile(r"<[^<>]{0,3000}>")
_LONGEST = 20_000  # characters of a comment


class HackerNews:
    """Reporter. Options `domain` (my site's), `server` (of the search); `handle`, who I am there, is for `myself`."""

    needs = ("domain",)

    def __init__(self, login: Login, web: Web | None = None) -> None:
        self._account = login.account
        self._domain = bare(str(login.options.get("domain") or ""))
        self._server = str(login.options.get("server") or SERVER).rstrip("/")
        self._web = web or Web(login.account, login.timeout)

    def interactions(self, cursor: str | None) -> Page:
        """The next page of hits after the cursor: newest first, over as many pages as there are."""
        since, newest, number = _place(cursor)
        hits = self._ask(since, newest, number)
        fresh = [hit for hit in hits if _seconds(hit) > since]
        newest = newest or max(map(_seconds, fresh), default=since)
        acts = tuple(act for hit in fresh for act in _acts(hit, self._domain))
        if len(fresh) >= PAGE:
            return Page(acts, f"{since} {newest} {number + 1}", more=True)
        return Page(acts, str(newest) if newest else cursor)

    def _ask(self, since: int, newest: int, number: int) -> list[Mapping[str, Any]]:
        """One page of stories and comments that name the domain, of a time after `since`, until `newest` if given."""
        times = [f"created_at_i>{since}", *([f"created_at_i<={newest}"] if newest else [])]
        asked = {
            "query": self._domain,
            "restrictSearchableAttributes": "url,comment_text",
            "typoTolerance": "false",
            "tags": "(story,comment)",
            "numericFilters": ",".join(times),
            "hitsPerPage": PAGE,
            "page": number,
        }
        url = f"{self._server}/api/v1/search_by_date?{urlencode(asked)}"
        answer = self._web.ask("GET", url, {"Accept": "application/json"})
        if answer.status != 200:
            raise self._web.refusal(answer, f"check the server in [accounts.{self._account}]")
        hits = answer.json.get("hits") if isinstance(answer.json, Mapping) else None
        if not isinstance(hits, list):
            raise Unreachable(self._account, f"{host_of(url)} answers, but not like the search of Hacker News")
        return [hit for hit in hits if isinstance(hit, Mapping)]


def bare(site: str) -> str:
    """The host of a site, however it was written, without `www.`."""
    try:
        return (urlsplit(site if "://" in site else f"https://{site}").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _acts(hit: Mapping[str, Any], domain: str) -> Iterator[Interaction]:
    """A submission of a page of mine, or each page of mine that a comment links to."""
    author, number = hit.get("author"), str(hit.get("objectID") or "")
    if not isinstance(author, str) or not author or not number.isdecimal():
        return
    comment, url = _text(hit.get("comment_text")), _text(hit.get("url"))
    if comment:
        links = [html.unescape(link) for link in _LINK.findall(comment)]
        kind, text = "share", html.unescape(_TAG.sub(" ", comment))
    else:
        links = [url]
        kind, text = "submit", _text(hit.get("title"))
    pages = dict.fromkeys(link for link in links if bare(link) == domain)
    for count, page in enumerate(pages):
        yield Interaction(
            kind,
            Actor(author, url=_USER + quote(author)),
            id=f"{number} {page}" if count else number,
            url=_ITEM + number,
            target=page,
            at=datetime.fromtimestamp(_seconds(hit), UTC),
            text=text,
            trust=_TRUST,
        )


def _place(cursor: str | None) -> tuple[int, int, int]:
    """A cursor: the newest time that is read, and while pages are turned, the newest of these and the next page."""
    numbers = [int(part) for part in (cursor or "").split() if part.isdecimal() and len(part) < 20]
    match numbers:
        case [since, newest, page]:
            return since, newest, page
        case [since]:
            return since, 0, 0
    return 0, 0, 0


def _seconds(hit: Mapping[str, Any]) -> int:
    """When it was written, in seconds since 1970; 0 where that is not told."""
    said = hit.get("created_at_i")
    return said if isinstance(said, int) and not isinstance(said, bool) and 0 < said < 10_000_000_000 else 0


def _text(said: object) -> str:
    return said[:_LONGEST] if isinstance(said, str) else ""
