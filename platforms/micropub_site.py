"""One website's Micropub endpoint: where it is, how it is asked, and what its refusals mean.

What is posted and what the answers say is left to `micropub` and `micropub_wire`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from platforms.base import Login
from platforms.errors import AuthFailed, PlatformError, Unreachable, Unsupported, new_login
from platforms.web import Answer, Web, host_of

#: Sites whose own page names no endpoint.
KNOWN = {"micro.blog": "https://micro.blog/micropub", "www.micro.blog": "https://micro.blog/micropub"}
REDIRECTS = 5  # followed on the way to the site's page
_HEADER = re.compile(r"<([^<>]*)>([^<>]*)")
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]+))", re.IGNORECASE)


class Site:
    """Option `server` (an address of the site), secret `token`. Every call may raise any `PlatformError`."""

    def __init__(self, login: Login, web: Web | None = None) -> None:
        self.account = login.account
        self.address = str(login.options.get("server") or "").rstrip("/")
        self._token = login.secrets.get("token", "")
        self._web = web or Web(login.account, login.timeout, self._token)

    @cached_property
    def endpoint(self) -> str:
        """Where the site takes posts, as its page says. Asked without the token."""
        if known := KNOWN.get(urlsplit(self.address).hostname or ""):
            return known
        answer = self._page()
        found = _in_headers(answer.headers.get("link", "")) or _in_page(answer.content)
        if found is None:
            remedy = f"check server in [accounts.{self.account}], and that the site has Micropub turned on"
            raise Unsupported(self.account, f"{self.address} names no Micropub endpoint", remedy)
        endpoint = urljoin(answer.url, found)
        if self.address.startswith("https://") and not endpoint.startswith("https://"):
            # The token would go over the wire for all to read.
            raise Unsupported(self.account, f"{self.address} names an endpoint that is not https: {endpoint}")
        return endpoint

    def ask(self, query: Mapping[str, str]) -> Answer:
        """Ask the endpoint something; the answer may be a refusal."""
        headers = self._headers()
        joint = "&" if urlsplit(self.endpoint).query else "?"
        return self._web.ask("GET", f"{self.endpoint}{joint}{urlencode(query)}", headers)

    def look(self, url: str) -> Answer:
        """Look at a page as any reader would: without the token."""
        return self._web.ask("GET", url, {"Accept": "text/html"})

    def query(self, query: Mapping[str, str]) -> Mapping[str, Any]:
        """Ask the endpoint something, and get the document it answers with."""
        answer = self.ask(query)
        if answer.status != 200:
            raise self.refusal(answer)
        if not isinstance(answer.json, Mapping):
            raise Unreachable(self.account, f"{host_of(answer.url)} answers, but not like a Micropub server")
        return answer.json

    def send(self, kind: str, body: bytes) -> Answer:
        """Send the endpoint something to do; the answer may be a refusal. `kind` is the body's content type."""
        headers = self._headers() | {"Content-Type": kind}
        answer = self._web.ask("POST", self.endpoint, headers, body)
        if 300 <= answer.status < 400:  # never followed: most redirects turn a post into a question
            to = f" to {answer.location}" if answer.location else ""
            remedy = f"the site should name its endpoint by the address it has now; it names {self.endpoint}"
            raise Unreachable(self.account, f"the endpoint sends posts elsewhere{to}", remedy)
        return answer

    def refusal(self, answer: Answer) -> PlatformError:
        """The error that an answer other than success stands for."""
        lacking = isinstance(answer.json, Mapping) and answer.json.get("error") == "insufficient_scope"
        return self._web.refusal(answer, self._new_token("with the scopes create and delete " if lacking else ""))

    def _headers(self) -> dict[str, str]:
        if not self._token:
            raise AuthFailed(self.account, "there is no token", self._new_token())
        if not re.fullmatch(r"[\x21-\x7e]+", self._token):
            raise AuthFailed(self.account, "the token has signs that no token has", self._new_token())
        return {"Authorization": f"Bearer {self._token}", "Accept": "application/json"}

    def _new_token(self, kind: str = "") -> str:
        return f"make a token {kind}for your site, then {new_login(self.account, 'token')}"

    def _page(self) -> Answer:
        """The site's page, after the redirects that lead there; none may lead out of https."""
        url = self.address
        for _ in range(REDIRECTS + 1):
            answer = self._web.ask("GET", url, {"Accept": "text/html"})
            if not 300 <= answer.status < 400 or not answer.location:
                return answer
            if url.startswith("https://") and not answer.location.startswith("https://"):
                raise Unsupported(self.account, f"{url} leads out of https, to {answer.location}")
            url = answer.location
        raise Unreachable(self.account, f"{self.address} redirects without end")


def _in_headers(header: str) -> str | None:
    """The endpoint that a Link header names (its several values may be joined by commas)."""
    for address, rest in _HEADER.findall(header):
        rel = _REL.search(rest)
        if rel and "micropub" in (rel[1] or rel[2] or "").lower().split():
            return str(address)
    return None


def _in_page(content: bytes) -> str | None:
    """The endpoint that a page names in a `<link>`; an `<a>` may be a visitor's, and would get the token."""
    from selectolax.lexbor import LexborHTMLParser

    for node in LexborHTMLParser(content.decode("utf-8", "replace")).css("link[rel][href]"):
        if "micropub" in (node.attributes.get("rel") or "").lower().split():
            return node.attributes.get("href") or ""
    return None
