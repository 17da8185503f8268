"""webmention.io: who links to my site, likes, reposts and answers its pages, as that service has received it.

A pure Reporter: nothing can be posted there. The service's numbers (`wm-id`) grow, hence the newest one read is the
cursor. What its mentions mean is in `webmention_io_wire`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from platforms import webmention_io_wire as wire
from platforms.abilities import Profile
from platforms.base import Actor, Login, Page
from platforms.errors import AuthFailed, Unreachable, new_login
from platforms.web import Web, host_of

SERVER = "https://webmention.io"
PAGE = 100  # mentions asked for at once; the service gives up to 1,000


class WebmentionIo:
    """Reporter and Witness. Options `domain` (the site, as the service knows it), `server`; secret `token`."""

    needs = ("domain",)
    credential = ("token",)

    def __init__(self, login: Login, web: Web | None = None) -> None:
        self._account = login.account
        self._domain = _bare(str(login.options.get("domain") or ""))
        self._server = str(login.options.get("server") or SERVER).rstrip("/")
        self._token = login.secrets.get("token", "")
        sites = login.options.get("sites")
        # A site with a path is a corner of somebody else's host.
        alone = [
            str(site) for site in (sites if isinstance(sites, list) else []) if str(site).rstrip("/").count("/") < 3
        ]
        self._mine = {self._domain, *map(_bare, alone)}
        self._web = web or Web(login.account, login.timeout, self._token)

    def interactions(self, cursor: str | None) -> Page:
        """Mentions after the cursor, oldest first."""
        known = int(cursor) if cursor and cursor.isdecimal() else 0
        told = sorted(self._ask(known, PAGE), key=wire.number)
        fresh = [mention for mention in told if wire.number(mention) > known]
        acts = (wire.interaction(mention, self._mine) for mention in fresh)
        newest = wire.number(fresh[-1]) if fresh else known
        return Page(tuple(act for act in acts if act), str(newest) if newest else cursor, more=bool(fresh))

    def whoami(self) -> Profile:
        """The site; the service tells nothing to a token it does not know."""
        nothing = (
            f"{host_of(self._server)} has nothing for {self._domain}: none came yet, or it knows the site otherwise"
        )
        doubt = "" if self._ask(0, 1) else f"{nothing}; compare with {self._server}/settings"
        return Profile(Actor(handle=self._domain, url=f"https://{self._domain}"), doubt=doubt)

    def _ask(self, since: int, size: int) -> list[Mapping[str, Any]]:
        if not self._token:
            raise AuthFailed(self._account, "there is no token", self._remedy)
        asked = {"domain": self._domain, "token": self._token, "per-page": size, "sort-by": "created", "sort-dir": "up"}
        query = urlencode(asked | ({"since_id": since} if since else {}))
        answer = self._web.ask("GET", f"{self._server}/api/mentions.jf2?{query}", {"Accept": "application/json"})
        if answer.status != 200:
            raise self._web.refusal(answer, self._remedy)
        children = answer.json.get("children") if isinstance(answer.json, Mapping) else None
        if not isinstance(children, list):
            raise Unreachable(self._account, f"{host_of(answer.url)} answers, but not like webmention.io")
        return [child for child in children if isinstance(child, Mapping)]

    @property
    def _remedy(self) -> str:
        return f"{self.where}, then {new_login(self._account, 'token')}"

    @property
    def where(self) -> str:
        """Where a person gets the credential."""
        return f"copy your API key from {self._server}/settings"


def _bare(site: str) -> str:
    """The host of a site, however it was written."""
    address = site if "://" in site else f"https://{site}"
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
