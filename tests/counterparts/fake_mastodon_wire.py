"""What lies between mastodon-mock and its clients: what the mock lacks of a real server, and what can go wrong.

As on a real server: the end of a rate limit as ISO-8601, Link headers on lists of boosters and favouriters, pictures
that are processed in the background, deleted posts that are null in notifications, collections, fine scopes and PKCE.
"""

import asyncio
import base64
import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from platforms.mastodon_apps import SCOPES

LISTS = re.compile(r"/api/v1/(?:accounts/\w+/(?:followers|following|statuses)|notifications)")
REACTIONS = re.compile(r"/api/v1/statuses/(\w+)/(?:reblogged_by|favourited_by)")
STATUS = re.compile(r"/api/v1/statuses/(\w+)(?:/\w+)?")
MEDIA = re.compile(r"/api/v[12]/media")
LOCAL = re.compile(r"https://mock\.local/@(\w+)(?:/(\w+))?")
PROCESSED = re.compile(r"/api/v1/media/(\w+)")


@dataclass
class Asked:
    """A request on its way to the mock; its query may be changed."""

    method: str
    path: str
    query: dict[str, str]
    host: str
    body: bytes = b""
    resolves: str = ""  # the section of a search's answer that this request finds

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode("utf-8", "replace")))

    def link(self, rel: str, **query: str) -> str:
        return f'<http://{self.host}{self.path}?{urlencode(query)}>; rel="{rel}"'


@dataclass
class Told:
    """An answer on its way to the client."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, said: Any, status: int = 200, **headers: str) -> "Told":
        return cls(status, json.dumps(said).encode(), {"content-type": "application/json", **headers})

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @json.setter
    def json(self, said: Any) -> None:
        self.body = json.dumps(said).encode()


class Wire:
    """An ASGI application in front of another. Its attributes are the faults, and what a server may have of its own."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.lose_next = False
        self.hold_next = False
        self.repeat = False
        self.empty_next = 0  # how many pages of notifications are empty, though more follows
        self.refuse_pictures = False
        self.processing = 0  # how often a picture is answered as not yet processed
        self.page_size = 80
        self.lost: set[str] = set()
        self.asked: list[Asked] = []
        self._codes: dict[str, str] = {}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = await _whole(receive)
        if body is None:
            return
        headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
        query = dict(parse_qsl(scope["query_string"].decode(), keep_blank_values=True))
        asked = Asked(scope["method"], scope["path"], query, headers.get("host", ""), body)
        self.asked.append(asked)
        posting = (asked.method, asked.path) == ("POST", "/api/v1/statuses")
        lost, held = self.lose_next and posting, self.hold_next and posting
        if posting:
            self.lose_next = self.hold_next = False
        told = self.before(asked) or self.after(asked, await self._carried_out(scope, asked))
        if lost:
            send.__self__.transport.abort()  # uvicorn's connection: reset without a byte of answer
            await asyncio.sleep(0)
            return
        if held:
            while (await receive())["type"] != "http.disconnect":
                pass
            return
        told.headers["content-length"] = str(len(told.body))
        sent = [(name.encode(), value.encode()) for name, value in told.headers.items()]
        await send({"type": "http.response.start", "status": told.status, "headers": sent})
        await send({"type": "http.response.body", "body": told.body})

    def before(self, asked: Asked) -> Told | None:
        """The answer to what the mock is not asked at all."""
        if (found := STATUS.fullmatch(asked.path)) and found[1] in self.lost:
            return Told.of({"error": "Record not found"}, 404)
        if LISTS.fullmatch(asked.path):
            asked.query["limit"] = str(min(int(asked.query.get("limit", "20")), self.page_size))
        if asked.path == "/api/v2/search":
            self._resolve(asked)
        if asked.path == "/api/v1/accounts/lookup":
            # A real server knows its own name.
            asked.query["acct"] = asked.query.get("acct", "").removesuffix("@mock.local")
        if asked.method == "GET" and asked.path == "/api/v1/notifications":
            return self._page_of_notifications(asked)
        if asked.method == "POST" and MEDIA.fullmatch(asked.path) and self.refuse_pictures:
            return Told.of({"error": "Validation failed: File content type is invalid"}, 422)
        if asked.path == "/oauth/token" and not self._proven(asked):
            refusal = {"error": "invalid_grant", "error_description": "The provided authorization grant is invalid"}
            return Told.of(refusal, 400)
        return None

    def after(self, asked: Asked, told: Told) -> Told:
        """The mock's answer as a real server would give it."""
        if "x-ratelimit-reset" in told.headers:
            end = datetime.fromtimestamp(int(told.headers["x-ratelimit-reset"]), UTC)
            told.headers["x-ratelimit-reset"] = end.isoformat(timespec="microseconds")
        if asked.resolves:
            return Told.of({"accounts": [], "statuses": [], asked.resolves: [told.json] if told.status == 200 else []})
        if told.status == 200 and told.headers.get("content-type", "").startswith("application/json"):
            self._complete(asked, told)
        return told

    def _complete(self, asked: Asked, told: Told) -> None:
        """What the mock leaves out of an answer."""
        if asked.path == "/api/v1/notifications":
            told.json = [self._notification(one) for one in told.json]
        elif LISTS.fullmatch(asked.path):
            told.json = [one for one in told.json if one["id"] not in self.lost]
        elif REACTIONS.fullmatch(asked.path):
            self._in_pages(asked, told)
        elif asked.method == "POST" and asked.path == "/api/v2/media" and self.processing:
            told.status, told.json = 202, told.json | {"url": None}
        elif PROCESSED.fullmatch(asked.path) and self.processing:
            self.processing -= 1
            if self.processing:
                told.status, told.json = 206, told.json | {"url": None}
        elif asked.path == "/.well-known/oauth-authorization-server":
            told.json = told.json | {"scopes_supported": ["read", "write", "follow", "push", "profile", *SCOPES]}

    def authorized(self, code: str, challenge: str) -> None:
        """Remember what a code was given for: only who can prove it gets a token."""
        self._codes[code] = challenge

    def _proven(self, asked: Asked) -> bool:
        """Whether the client shows what the challenge was made of, and a code is used once."""
        if asked.form.get("grant_type") == "client_credentials":
            return True
        digest = hashlib.sha256(asked.form.get("code_verifier", "").encode()).digest()
        made = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        return self._codes.pop(asked.form.get("code", ""), None) == made

    def _page_of_notifications(self, asked: Asked) -> Told | None:
        if self.repeat:
            asked.query = {"min_id": "0", "limit": asked.query["limit"]}
        if not self.empty_next:
            return None
        self.empty_next -= 1
        rel, name = ("next", "max_id") if "max_id" in asked.query else ("prev", "min_id")
        return Told.of([], link=asked.link(rel, **{name: asked.query.get(name, "0"), "limit": asked.query["limit"]}))

    def _resolve(self, asked: Asked) -> None:
        """A search for an address finds what is there: a post or an account."""
        if found := LOCAL.fullmatch(asked.query.get("q", "")):
            name, post = found.groups()
            asked.resolves = "statuses" if post else "accounts"
            asked.path = f"/api/v1/statuses/{post}" if post else "/api/v1/accounts/lookup"
            asked.query = {} if post else {"acct": name}

    def _notification(self, one: dict[str, Any]) -> dict[str, Any]:
        if one["type"] == "added_to_collection":
            one["collection"] = {"id": "7", "name": "Gardeners", "url": "https://other.example/collections/7"}
        if one["status"] and one["status"]["id"] in self.lost:
            one["status"] = None
        return one

    def _in_pages(self, asked: Asked, told: Told) -> None:
        """Real servers page these by ids that are nowhere to be seen but in the Link header."""
        start = int(asked.query.get("max_id", "c0")[1:])
        end = start + min(int(asked.query.get("limit", "40")), self.page_size)
        people = told.json
        told.json = people[start:end]
        if end < len(people):
            told.headers["link"] = asked.link("next", limit=asked.query.get("limit", "40"), max_id=f"c{end}")

    async def _carried_out(self, scope: Any, asked: Asked) -> Told:
        told = Told(500, b"")
        pieces: list[bytes] = []

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                told.status = message["status"]
                told.headers = {name.decode().lower(): value.decode() for name, value in message["headers"]}
            elif message["type"] == "http.response.body":
                pieces.append(message.get("body", b""))

        bodies = [{"type": "http.request", "body": asked.body, "more_body": False}]

        async def receive() -> Any:
            return bodies.pop() if bodies else {"type": "http.disconnect"}

        changed = {"path": asked.path, "raw_path": asked.path.encode(), "query_string": _same_query(scope, asked)}
        await self.app(scope | changed, receive, send)
        told.body = b"".join(pieces)
        return told


def _same_query(scope: Any, asked: Asked) -> bytes:
    """The query as it came, unless it was changed: names may stand in it twice."""
    before = dict(parse_qsl(scope["query_string"].decode(), keep_blank_values=True))
    return scope["query_string"] if before == asked.query else urlencode(asked.query).encode()


async def _whole(receive: Any) -> bytes | None:
    """The body of a request; None when its end never came: half a request is none, as behind any web server."""
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body
