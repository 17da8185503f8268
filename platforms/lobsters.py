"""Lobsters, and sites that run its software: who submitted pages of my site there. A pure Reporter; needs no login.

Read is the list of stories of one domain (`/domains/DOMAIN.json`, newest first, 25 a page), which the site keeps by
itself (https://github.com/lobsters/lobsters, config/routes.rb). The cursor is the time of the newest story read.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from platforms.base import Actor, Interaction, Login, Page
from platforms.errors import Unreachable
from platforms.web import Web, host_of

SERVER = "https://lobste.rs"
PAGE = 25  # stories that the site gives at once
_LONGEST = 20_000  # characters of a text
_NEVER = datetime.min.replace(tzinfo=UTC)


class Lobsters:
    """Reporter. Options `domain` (my site's), `server`; `handle`, who I am there, is for `myself`."""

    needs = ("domain",)

    def __init__(self, login: Login, web: Web | None = None) -> None:
        self._account = login.account
        self._domain = _bare(str(login.options.get("domain") or ""))
        self._server = str(login.options.get("server") or SERVER).rstrip("/")
        self._web = web or Web(login.account, login.timeout)

    def interactions(self, cursor: str | None) -> Page:
        """The next page of stories that came after the cursor: newest first, over as many pages as there are."""
        since, newest, number = _place(cursor)
        stories = self._ask(number)
        fresh = [story for story in stories if (_time(story) or since) > since]
        newest = max(newest, *(_time(story) or newest for story in fresh)) if fresh else newest
        acts = tuple(act for story in fresh if (act := _act(story, self._domain, self._server)))
        if fresh and len(stories) >= PAGE:
            return Page(acts, f"{since.isoformat()} {newest.isoformat()} {number + 1}", more=True)
        newest = max(newest, since)
        return Page(acts, cursor if newest == _NEVER else newest.isoformat())

    def _ask(self, number: int) -> list[Mapping[str, Any]]:
        """One page of the stories of the domain; none where nobody ever submitted one."""
        place = f"{self._server}/domains/{quote(self._domain)}"
        url = f"{place}.json" if number < 2 else f"{place}/page/{number}.json"
        answer = self._web.ask("GET", url, {"Accept": "application/json"})
        if answer.status == 404:  # a domain of which it never heard is no page there
            return []
        if answer.status != 200:
            raise self._web.refusal(answer, f"check the server in [accounts.{self._account}]")
        if not isinstance(answer.json, list):
            raise Unreachable(self._account, f"{host_of(url)} answers, but not like Lobsters")
        return [story for story in answer.json if isinstance(story, Mapping)]


def _act(story: Mapping[str, Any], domain: str, server: str) -> Interaction | None:
    """A submission of a page of mine by somebody else; who calls the page their own is me, or says so wrongly."""
    told = story.get("submitter_user")  # once an object with the whole user
    name = told.get("username") if isinstance(told, Mapping) else told
    number, url = _text(story.get("short_id")), _text(story.get("url"))
    if not isinstance(name, str) or not name or not number or _bare(url) != domain or story.get("user_is_author"):
        return None
    return Interaction(
        "submit",
        Actor(name, url=f"{server}/~{quote(name)}"),
        id=number,
        url=f"{server}/s/{quote(number)}",
        target=url,
        at=_time(story),
        text=_text(story.get("title")),
    )


def _bare(site: str) -> str:
    """The host of a site, however it was written, without `www.`."""
    try:
        return (urlsplit(site if "://" in site else f"https://{site}").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _place(cursor: str | None) -> tuple[datetime, datetime, int]:
    """A cursor: the newest time that is read, and while pages are turned, the newest of these and the next page."""
    parts = (cursor or "").split()
    times = [_moment(part) or _NEVER for part in parts[:2]] + [_NEVER] * 2
    number = int(parts[2]) if len(parts) == 3 and parts[2].isdecimal() and len(parts[2]) < 9 else 1
    return times[0], times[1], number


def _time(story: Mapping[str, Any]) -> datetime | None:
    return _moment(story.get("created_at"))


def _moment(said: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(said) if isinstance(said, str) else None
        return at.astimezone(UTC) if at and at.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _text(said: object) -> str:
    return said[:_LONGEST] if isinstance(said, str) else ""
