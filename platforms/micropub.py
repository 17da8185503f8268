"""A website that takes posts by Micropub (micro.blog, WordPress with its plugin, Indiekit …) and may pass them on.

Finds the site's endpoint, carries posts to it, and reads the site's own list back. The standard knows no key for a
post, so what became of a lost answer is told by that list; a site without one can't say. How requests and answers are
written is in `micropub_wire`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode, urlsplit

from platforms import micropub_wire as wire
from platforms.abilities import Profile
from platforms.base import Actor, Draft, Limits, Login, PostRef, Request
from platforms.errors import Rejected, Unreachable, Unsupported
from platforms.micropub_site import Site
from platforms.micropub_token import expiry
from platforms.web import Answer, Web, host_of

LIMITS = Limits(length=None, count="characters", source="https://www.w3.org/TR/micropub/", read_on="2026-11-22")
# A post can't be older than its request, but the server's clock may be behind ours by this much.
CLOCKS_DIFFER = timedelta(minutes=5)
READ_BACK_PAGES = 10
PAGE = 40  # posts asked for at once
FEWEST = 10  # on a page that more pages follow: what WordPress gives unless asked for another number
#: Documents forms only, takes HTML in them, and passes a post on everywhere unless it is told where.
FORMS_ONLY = frozenset({"micro.blog"})
_GONE = frozenset({404, 410})


class Micropub:
    """Publisher, Witness, Expiring. Options `server`, `syndicate_to` (names or uids of places); secret `token`."""

    needs = ("server",)
    credential = ("token",)
    where = "make a token that may create and delete posts (micro.blog: Account → App tokens; WordPress: IndieAuth)"
    limits = LIMITS

    def __init__(self, login: Login, web: Web | None = None) -> None:
        self._account = login.account
        self._site = Site(login, web)
        self._expires = expiry(login.secrets.get("token", ""))
        names = login.options.get("syndicate_to")
        self._names = [str(name) for name in names] if isinstance(names, list) else []

    def expires(self) -> datetime | None:
        """When the token says that it runs out."""
        return self._expires

    def prepare(self, draft: Draft, key: str, now: datetime) -> Request:
        """The payload is the post as HTML, the article's URL to know it by, and where it shall be passed on to."""
        payload = {
            "html": wire.as_html(draft.text, draft.url, draft.warning),
            "url": draft.url,
            "visibility": draft.visibility,
            "syndicate_to": list(self._names),
        }
        return Request(key, payload, now)

    def publish(self, request: Request) -> PostRef:
        """Make the post."""
        said = request.payload
        if said["visibility"] != "public":
            raise Unsupported(self._account, "a post on a website is public", 'set visibility = "public"')
        targets = self._targets([str(name) for name in said["syndicate_to"]])
        form = urlsplit(self._site.endpoint).hostname in FORMS_ONLY
        kind, body = wire.creation(str(said["html"]), targets, self._destination, form=form)
        answer = self._site.send(kind, body)
        if not 200 <= answer.status < 300:
            raise self._site.refusal(answer)
        where = answer.location or wire.address_in(answer.json)
        if not where:
            raise Unreachable(self._account, f"{host_of(answer.url)} took the post and does not say where it is")
        return PostRef(where, where)

    def find(self, request: Request) -> PostRef | None:
        """Read the site's own posts back to the time of the request; know the post by its link or by its words."""
        floor = request.created - CLOCKS_DIFFER
        query = {"q": "source", "limit": str(PAGE)}
        if self._destination:
            query["mp-destination"] = self._destination
        read = 0
        for _ in range(READ_BACK_PAGES):
            answer = self._list(query)
            page = wire.entries(answer, self._site.endpoint)
            for entry in page:
                if entry.is_from(request.payload):
                    if entry.published is None:
                        raise Unsupported(self._account, "the site does not say when its posts were made")
                    if entry.published >= floor:
                        return PostRef(entry.url, entry.url)
            read += len(page)
            cursor = wire.after(answer)
            if any(entry.published and entry.published < floor for entry in page):
                return None
            if not cursor and len(page) < FEWEST:
                return None
            query |= {"after": cursor} if cursor else {"offset": str(read)}
        raise Unsupported(self._account, f"{read} posts since this one was first sent are too many to look through")

    def delete(self, ref: PostRef) -> None:
        """Delete the post; what the site no longer knows is gone."""
        answer = self._site.send(wire.FORM, urlencode({"action": "delete", "url": ref.id}).encode())
        if not 200 <= answer.status < 300 and not (answer.status in {400, *_GONE} and self._is_gone(ref.id)):
            raise self._site.refusal(answer)

    def whoami(self) -> Profile:
        """The site itself, once it has told its configuration, which it does only to a token that is good."""
        self._config  # noqa: B018 -- to be told it is the proof
        self._targets(self._names)
        return Profile(Actor(handle=host_of(self._site.address), url=self._site.address))

    @cached_property
    def _config(self) -> Mapping[str, Any]:
        return self._site.query({"q": "config"})

    @property
    def _destination(self) -> str:
        """Which blog it is, where one endpoint serves several."""
        elsewhere = urlsplit(self._site.endpoint).hostname != urlsplit(self._site.address).hostname
        return wire.destination_in(self._config, self._site.address) if elsewhere else ""

    def _targets(self, names: list[str]) -> list[str]:
        """The uids of the places that the owner named. Rejected when the site lacks one, with those it knows."""
        if not names:
            return []
        known = wire.targets_in(self._config)
        if known is None:
            known = wire.targets_in(self._site.query({"q": "syndicate-to"})) or ()
        uids, unknown = wire.wanted(names, known)
        if unknown:
            problem = f"{host_of(self._site.address)} can't pass posts on to {', '.join(unknown)}"
            places = ", ".join(str(each) for each in known) or "no place"
            remedy = f"correct syndicate_to in [accounts.{self._account}]"
            raise Rejected(self._account, f"{problem}; it knows {places}", remedy)
        return uids

    def _list(self, query: Mapping[str, str]) -> Mapping[str, Any]:
        """One page of the site's own posts. Unsupported by a site that lists none."""
        answer = self._site.ask(query)
        lists = answer.status == 200 and wire.is_list(answer.json)
        if answer.status in {400, 404, 405, 501} or (answer.status == 200 and not lists):
            raise Unsupported(self._account, f"{host_of(answer.url)} does not list its posts")
        if not lists:
            raise self._site.refusal(answer)
        found: Mapping[str, Any] = answer.json
        return found

    def _is_gone(self, url: str) -> bool:
        """Whether a post is surely not there: a refusal by itself may mean that the site deletes nothing at all."""
        answer: Answer = self._site.ask({"q": "source", "url": url})
        if answer.status == 200:
            return wire.is_deleted(answer.json)
        if answer.status in _GONE and self._site.ask({"q": "config"}).status == 200:
            return True
        return self._site.look(url).status in _GONE  # WordPress says 400 of a post that it does not know
