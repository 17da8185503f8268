"""A small webmention.io with one account and one site: mentions by number, with the fields of its JF2 feed.

Shapes and answers as in the service's own source (src/Format/Jf2Format.php, src/Controllers/ApiController.php).
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

from counterparts.json_server import Answer, Call, JsonServer

from platforms.base import Login
from platforms.webmention_io import WebmentionIo

TOKEN = "api-key+of/the account"
DOMAIN = "ada.example"
TARGET = f"https://{DOMAIN}/posts/1"
STATUS = "https://example.social/@ada/1"

_PROPERTIES = {
    "link": "mention-of",
    "comment": "in-reply-to",
    "like": "like-of",
    "boost": "repost-of",
    "bookmark": "bookmark-of",
}
#: Done to my post on a network and told by Bridgy: property, its word for the act, and the act's address.
_BRIDGED = {
    "reply": ("in-reply-to", "comment", "https://example.social/@bob/2"),
    "share": ("mention-of", "post", "https://example.social/@bob/3"),
}


class FakeWebmentionIo:
    """The counterpart of `platforms.webmention_io`."""

    name = "webmention.io"

    def __init__(self, _folder: Path | None = None) -> None:
        self.token = TOKEN
        self.mentions: list[dict[str, Any]] = []
        self.calls: list[Call] = []
        self._repeats = False
        self._next: Answer | None = None
        self._server = JsonServer(self._handle)
        self.url = self._server.url

    # -- the counterpart

    def adapter(self, *, login: bool = True, **options: Any) -> WebmentionIo:
        return WebmentionIo(self.login(login=login, **options))

    def login(self, *, login: bool = True, **options: Any) -> Login:
        given = {"server": self.url, "domain": DOMAIN} | options
        return Login("mentions", given, {"token": TOKEN} if login else {}, 30.0)

    def posts(self) -> list[str]:
        return []

    def lose_answer(self) -> NoReturn:
        raise NotImplementedError

    delay_answer = lose_post = refuse_picture = empty_page = lose_answer

    def refuse_login(self) -> None:
        self.token = "reset"

    def rate_limit(self, seconds: int) -> None:
        self._next = Answer(429, {"error": "rate_limited"}, {"Retry-After": str(seconds)})

    def fail(self, status: int) -> None:
        self._next = Answer(status, {"error": "on demand"})

    def answer(self, body: object, status: int = 200) -> None:
        """The next question is answered with this."""
        self._next = Answer(status, body)

    def mention(self, text: str) -> None:
        number = len(self.mentions) + 1
        self.add(f"https://reader{number}.example/post", content={"text": text, "html": f"<p>{text}</p>"})

    def act(self, kind: str) -> None:
        if kind in _BRIDGED:
            prop, act, url = _BRIDGED[kind]
            source = f"https://brid.gy/{act}/mastodon/@ada@example.social/1/{url.rpartition('/')[2]}"
            self.add(
                source, prop, url=url, author={"type": "card", "name": "Bob", "url": "https://example.social/@bob"}
            )
        else:
            self.add("https://reader.example/post", _PROPERTIES[kind])

    def repeat_page(self) -> None:
        self._repeats = True

    def close(self) -> None:
        self._server.close()

    def add(self, source: str, prop: str = "mention-of", **fields: Any) -> dict[str, Any]:
        """Receive a mention; what is not given is as the service has it when the page says nothing."""
        told = {
            "type": "entry",
            "author": {"type": "card", "name": None, "photo": None, "url": None},
            "url": source,
            "published": None,
            "wm-received": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "wm-id": 1_700_000 + len(self.mentions),
            "wm-source": source,
            "wm-target": TARGET,
            "wm-protocol": "webmention",
            prop: TARGET,
            "wm-property": prop,
            "wm-private": False,
        }
        self.mentions.append(told | {name.replace("wm_", "wm-"): value for name, value in fields.items()})
        return self.mentions[-1]

    # -- the server

    def _handle(self, call: Call) -> Answer:
        self.calls.append(call)
        ordered, self._next = self._next, None
        if ordered:
            return ordered
        if call.path != "/api/mentions.jf2":
            return Answer(404, {"error": "not_found"})
        if call.query.get("token") != self.token:
            return Answer(401, {"error": "forbidden", "error_description": "Access token was not valid"})
        if call.query.get("domain") != DOMAIN:
            return Answer(200, {"type": "feed", "name": "Webmentions", "children": []})
        since = 0 if self._repeats else int(call.query.get("since_id", 0))
        found = [mention for mention in self.mentions if mention["wm-id"] > since]
        if call.query.get("sort-dir", "down") == "down":
            found.reverse()
        size = min(int(call.query.get("per-page", 20)), 1000)
        return Answer(200, {"type": "feed", "name": "Webmentions", "children": found[:size]})
