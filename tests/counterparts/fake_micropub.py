"""A small website with a Micropub endpoint: JSON and forms, its own list of posts, faults on demand.

It answers as the standard and its extensions say; where known servers differ, an attribute says which one it is like.
Not here: media, updates, drafts.
"""

import itertools
import threading
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from re import sub
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from counterparts.json_server import Answer, Call, JsonServer

from platforms.base import Login
from platforms.micropub import Micropub

TOKEN = "token-of-the-site"
TARGETS = [{"uid": "linkedin", "name": "LinkedIn (Ada)"}, {"uid": "threads", "name": "Threads (@ada)"}]


class FakeMicropub:
    """The counterpart of `platforms.micropub`."""

    name = "micropub"

    def __init__(self, _folder: Path | None = None) -> None:
        self.token = TOKEN
        self.made: list[dict[str, Any]] = []  # every post, oldest first, with its properties as they were sent
        self.calls: list[Call] = []
        self.targets: list[Any] = list(TARGETS)
        self.config: dict[str, Any] = {"syndicate-to": self.targets}
        self.lists = True  # whether it answers q=source without an address
        self.pages = 10  # posts on a page when no number is asked for
        self.cursors = False  # pages by cursor, as Indiekit does; else by offset, as WordPress does
        self.forms_only = False  # as micro.blog documents
        self.deletes = True
        self.broken: Answer | None = None  # what the endpoint answers to everything
        self.page: Answer = Answer(200, b'<link rel="micropub" href="/endpoint?as=ada">')
        self._numbers = itertools.count(1)
        self._next: Answer | str | None = None
        self._late = threading.Event()
        self._server = JsonServer(self._handle)
        self.url = self._server.url

    # -- the counterpart

    def adapter(self, *, login: bool = True, **options: Any) -> Micropub:
        return Micropub(self.login(login=login, **options))

    def login(self, *, login: bool = True, **options: Any) -> Login:
        # A late answer never comes before the test ends: there is no use in waiting long for it.
        timeout = 0.5 if self._next == "delay" else 30.0
        secrets = {"token": TOKEN} if login else {}
        return Login("site", {"server": self.url, "syndicate_to": []} | options, secrets, timeout)

    def posts(self) -> list[str]:
        return [shown(post["properties"]["content"][0]) for post in self.made if not post.get("deleted")]

    def lose_answer(self) -> None:
        self._next = "lose"

    def delay_answer(self) -> None:
        self._next = "delay"

    def refuse_login(self) -> None:
        self.token = "revoked"

    def rate_limit(self, seconds: int) -> None:
        self._next = Answer(429, {"error": "too_many_requests"}, {"Retry-After": str(seconds)})

    def fail(self, status: int, error: str = "invalid_request", words: str = "on demand") -> None:
        self._next = Answer(status, {"error": error, "error_description": words})

    def answer(self, answer: Answer) -> None:
        """The next publish is answered with this and not carried out."""
        self._next = answer

    def mention(self, text: str) -> NoReturn:
        raise NotImplementedError

    act = repeat_page = empty_page = refuse_picture = mention

    def lose_post(self) -> None:
        self.made[-1]["deleted"] = True

    def close(self) -> None:
        self._late.set()
        self._server.close()

    # -- the server

    def _handle(self, call: Call) -> Answer | None:
        self.calls.append(call)
        if call.path != "/endpoint":
            gone = any(post.get("deleted") and post["url"] == f"{self.url}{call.path}" for post in self.made)
            return Answer(404, b"") if gone else self.page
        if self.broken:
            return self.broken
        if call.query.get("as") != "ada" and not self.forms_only:
            return Answer(404, {"error": "not_found"})
        if call.headers.get("Authorization") != f"Bearer {self.token}":
            return Answer(401, {"error": "unauthorized"})
        return self._tell(call.query) if call.method == "GET" else self._do(call)

    def _do(self, call: Call) -> Answer | None:
        kind = call.headers["Content-Type"].partition(";")[0]
        if kind == "application/json":
            sent = call.json
        else:
            pairs = parse_qsl(call.body.decode(), keep_blank_values=True)
            sent = {"type": ["h-entry"], "properties": {}} | {
                name: value for name, value in pairs if name in ("action", "url")
            }
            for name, value in pairs:
                sent["properties"].setdefault(name.removesuffix("[]"), []).append(value)
        if sent.get("action") == "delete":
            return self._delete(sent["url"])
        ordered, self._next = self._next, None
        answer = ordered if isinstance(ordered, Answer) else self._create(sent, kind)
        if ordered == "delay":
            return Answer(answer.status, answer.body, answer.headers, self._late)
        return None if ordered == "lose" else answer

    def _create(self, sent: dict[str, Any], kind: str) -> Answer:
        properties = sent["properties"]
        if self.forms_only and kind == "application/json":
            return Answer(400, {"error": "invalid_request", "error_description": "missing content"})
        known = {each["uid"] if isinstance(each, dict) else each for each in self.targets}
        asked = [uid for uid in properties.get("mp-syndicate-to", []) if uid or not self.forms_only]
        if unknown := set(asked) - known:
            return Answer(400, {"error": "invalid_request", "error_description": f"Unknown targets: {unknown}"})
        number = next(self._numbers)
        post = {"url": f"{self.url}/{number}", "published": datetime.now(UTC).isoformat(), "properties": properties}
        self.made.append(post)
        return Answer(201, {}, {"Location": f"/{number}"})

    def _delete(self, url: str) -> Answer:
        post = self._find(url)
        if not self.deletes:
            return Answer(400, {"error": "invalid_request", "error_description": "delete is not supported"})
        if post is None:
            return Answer(400, {"error": "invalid_request", "error_description": f"{url} not found"})
        post["deleted"] = True
        return Answer(204, b"")

    def _find(self, url: str) -> dict[str, Any] | None:
        return next((post for post in self.made if post["url"] == url and not post.get("deleted")), None)

    def _tell(self, query: dict[str, str]) -> Answer:
        match query:
            case {"q": "config"}:
                return Answer(200, self.config)
            case {"q": "syndicate-to"}:
                return Answer(200, {"syndicate-to": self.targets})
            case {"q": "source", "url": url}:
                post = self._find(url) if self.lists else None
                return Answer(200, item(post)) if post else Answer(400, {"error": "invalid_request"})
            case {"q": "source"} if self.lists:
                return self._list(query)
        return Answer(400, {"error": "invalid_request", "error_description": "unknown query"})

    def _list(self, query: dict[str, str]) -> Answer:
        newest = [post for post in reversed(self.made) if not post.get("deleted")]
        start = int(query.get("after" if self.cursors else "offset", 0))
        end = start + min(int(query.get("limit", self.pages)), self.pages)
        paging = {"after": str(end)} if self.cursors and end < len(newest) else {}
        return Answer(200, {"items": [item(post) for post in newest[start:end]], "paging": paging})


def item(post: dict[str, Any]) -> dict[str, Any]:
    """A post as the standard tells of it: every property is a list."""
    published = [post["published"]] if post["published"] else []
    return {"type": ["h-entry"], "properties": post["properties"] | {"url": [post["url"]], "published": published}}


def shown(content: object) -> str:
    """What a reader sees of a post's content, HTML or text."""
    text = content["html"] if isinstance(content, dict) else str(content)
    return unescape(sub(r"<[^>]*>", "", sub(r"<br>|</summary>", "\n", text)))
