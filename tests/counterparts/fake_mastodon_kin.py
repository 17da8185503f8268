"""Servers that speak Mastodon's API in part: each with gaps and habits that its documents or bug reports tell of.

One small server with `Habits` for each kind; none of them is the real program. What matters is that every gap is met
somewhere: missing instance endpoints, odd versions, ids of all shapes, fields left out, notifications of unknown types,
rows that are none, `min_id`, `max_id` and `limit` ignored, pages linked by other means or not at all.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from counterparts.json_server import Answer, Call, JsonServer

BOB = {"id": "b0b", "acct": "bob@other.example", "url": "https://other.example/@bob", "display_name": "Bob"}
ULID = "01HX7J5ZK3QW8V2N4R6T"


def decimal(number: int) -> str:
    return str(115_400_000_000_000_000 + number)


def ulid(number: int) -> str:
    return f"{ULID}{number:06d}"


def flake(number: int) -> str:
    return f"AbGzQ3c{number:011x}"


def digest(number: int) -> str:
    return hashlib.md5(str(number).encode(), usedforsecurity=False).hexdigest()


def uuid(number: int) -> str:
    return str(UUID(digest(number)))


@dataclass(frozen=True)
class Habits:
    """What one kind of server does in its own way."""

    version: str
    ids: Callable[[int], str]
    v2: dict[str, Any] | None = None
    v1: dict[str, Any] | None = None
    keys: str = "ignored"  # or "kept", "refused" (a repeat is a 400), "broken" (a repeat is a 500)
    pictures_only: bool = False
    media: tuple[str, ...] = ("/api/v1/media", "/api/v2/media")
    min_id: bool = True
    max_id: bool = True
    page: int = 80  # the most a page holds, whatever `limit` says
    always: int = 0  # the size of all pages, whatever `limit` says
    links: str = "max_id"  # or "page", "none"
    lacks: tuple[str, ...] = ()  # ends of paths
    lacking: tuple[int, Any] = (404, {"error": "Record not found"})
    sparse: bool = False  # leaves out every field it can


PLAIN = {"configuration": {"statuses": {"max_characters": 2000, "characters_reserved_per_url": 23}}}

KINDS = {
    "pixelfed": Habits(
        version="3.5.3 (compatible; Pixelfed 0.12.11)",
        ids=decimal,
        v2=PLAIN,
        keys="refused",
        pictures_only=True,
        page=40,
        links="page",
        lacks=("/endorse", "/pin"),
    ),
    "gotosocial": Habits(
        version="0.17.3+git-9b2f3c1",
        ids=ulid,
        v2={"configuration": {"statuses": {"max_characters": 5000, "characters_reserved_per_url": 25}}},
        page=80,
        lacks=("/endorse", "/pin"),
        lacking=(404, {"error": "Not Found: 404 page not found"}),
    ),
    "akkoma": Habits(
        version="2.7.2 (compatible; Akkoma 3.13.2-0-g050bc74)",
        ids=flake,
        v1={"version": "2.7.2 (compatible; Akkoma 3.13.2)", "max_toot_chars": 5000, "description_limit": 5000},
        page=40,
        lacks=("/endorse",),
        lacking=(404, {"error": "Not implemented"}),
    ),
    "snac": Habits(
        version="snac",
        ids=digest,
        min_id=False,
        always=20,
        links="none",
        media=("/api/v1/media",),
        lacks=("/followers", "/reblogged_by", "/endorse", "/pin", "/lookup", "/search"),
        lacking=(404, b""),
        sparse=True,
    ),
    "snac that can't page": Habits(
        version="",
        ids=digest,
        min_id=False,
        max_id=False,
        always=60,
        links="none",
        lacks=("/followers", "/reblogged_by", "/endorse", "/pin", "/lookup", "/search", "/relationships"),
        lacking=(501, b"<h1>Not Implemented</h1>"),
        sparse=True,
    ),
    "takahe": Habits(
        version="0.11.0",
        ids=uuid,
        v1=PLAIN | {"version": "takahe/0.11.0"},
        keys="broken",
        page=40,
        lacks=("/endorse", "/pin", "/reblogged_by", "/relationships"),
        lacking=(404, b"<h1>Not Found</h1>"),
    ),
}


@dataclass
class Kin:
    """One such server, with the account of Ada."""

    habits: Habits
    statuses: list[dict[str, Any]] = field(default_factory=list)  # oldest first
    notices: list[Any] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)
    people: int = 45
    lose_next: bool = False
    fail_next: int = 0
    calls: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._keys: dict[str, dict[str, Any]] = {}
        self._made = 0
        self._server = JsonServer(self.handle)
        self.url = self._server.url
        self.close = self._server.close

    def happen(self, kind: str = "favourite", **more: Any) -> str:
        """Something is told to Ada; gives its id."""
        identity, at = self._next()
        told = {"id": identity, "type": kind, "created_at": at, "account": BOB, "status": None}
        self.notices.append(told | more)
        return identity

    def handle(self, call: Call) -> Answer | None:
        self.calls.append(f"{call.method} {call.path}")
        habits = self.habits
        if call.path.endswith(habits.lacks):
            return Answer(*habits.lacking)
        if call.path in {"/api/v1/instance", "/api/v2/instance"}:
            said = habits.v2 if "v2" in call.path else habits.v1
            return Answer(*habits.lacking) if said is None else Answer(200, {"version": habits.version, **said})
        if call.path in habits.media and call.method == "POST":
            identity, _ = self._next()
            self.pictures[identity] = call.body
            return Answer(200, {"id": identity, "url": f"{self.url}/{identity}"})
        if call.path.startswith("/api/v1/statuses"):
            return self._status(call)
        if call.path == "/api/v1/notifications":
            return self._listed(call, self.notices)
        return self._person(call)

    def _person(self, call: Call) -> Answer:
        me = {"id": "1", "acct": "ada", "url": f"{self.url}/@ada", "note": "<p>Gardens</p>"}
        if not self.habits.sparse:
            me |= {"followers_count": self.people, "bot": False, "fields": [{"name": "Blog", "value": "none"}]}
        match call.path.removeprefix("/api/v1/accounts"), call.method:
            case "/verify_credentials", "GET":
                return Answer(200, me)
            case "/1/statuses", "GET":
                return self._listed(call, self.statuses)
            case (("/1/followers" | "/1/following"), "GET"):
                people = [{"id": decimal(n), "acct": f"p{n}", "url": f"{self.url}/@p{n}"} for n in range(self.people)]
                return self._listed(call, people)
            case "/relationships", "GET":
                asked = [value for name, value in call.pairs if name == "id[]"]
                return Answer(200, [{"id": one, "following": True} for one in asked])
            case "/lookup", "GET":
                found = call.query["acct"] == BOB["acct"]
                return Answer(200, BOB) if found else Answer(404, {"error": "Record not found"})
        return Answer(404, {"error": "Record not found"})

    def _status(self, call: Call) -> Answer | None:
        identity, _, what = call.path.removeprefix("/api/v1/statuses").strip("/").partition("/")
        if call.method == "POST" and not identity:
            return self._post(call)
        found = [one for one in self.statuses if one["id"] == identity]
        if call.method == "DELETE" and found:
            self.statuses.remove(found[0])
            return Answer(200, found[0])
        if what in {"reblogged_by", "favourited_by"} and found:
            return self._listed(call, [BOB])
        return Answer(404, {"error": "Record not found"})

    def _post(self, call: Call) -> Answer | None:
        said = dict(parse_qsl(call.body.decode()))
        key = call.headers["Idempotency-Key"]
        if key in self._keys and self.habits.keys != "ignored":
            repeated = {
                "kept": Answer(200, self._keys[key]),
                "refused": Answer(400, {"error": "Duplicate idempotency key."}),
                "broken": Answer(500, {"error": "Internal server error"}),
            }
            return repeated[self.habits.keys]
        if self.fail_next:
            status, self.fail_next = self.fail_next, 0
            return Answer(status, {"error": "later"})
        if self.habits.pictures_only and "media_ids[]" not in said:
            return Answer(403, {"error": "Empty statuses are not allowed"})
        identity, at = self._next()
        text = said["status"].replace("&", "&amp;").replace("\n", "<br>")
        made = {"id": identity, "content": f"<p>{text}</p>", "uri": f"{self.url}/s/{identity}"}
        made |= {} if self.habits.sparse else {"created_at": at, "url": f"{self.url}/@ada/{identity}"}
        made |= {"media_attachments": [said["media_ids[]"]]} if "media_ids[]" in said else {}
        self.statuses.append(made)
        self._keys[key] = made
        if self.lose_next:
            self.lose_next = False
            return None
        return Answer(200, made)

    def _listed(self, call: Call, rows: list[Any]) -> Answer:
        """A page of a list, newest first, as this kind of server gives it."""
        habits, query = self.habits, call.query
        ids = [one["id"] if isinstance(one, dict) and "id" in one else "" for one in rows]
        size = habits.always or min(int(query.get("limit", "20")), habits.page)
        start, end = 0, len(rows)
        if habits.links == "page":
            end = max(0, end - size * (int(query.get("page", "1")) - 1))
        if habits.max_id and query.get("max_id") in ids:
            end = ids.index(query["max_id"])
        if habits.min_id and query.get("min_id") in ids:
            start = ids.index(query["min_id"]) + 1
        forwards = habits.min_id and "min_id" in query
        page = rows[start:end][:size] if forwards else rows[start:end][-size:]
        headers = {}
        if page and habits.links != "none" and not forwards and end - start > size:
            onward = (
                {"page": int(query.get("page", "1")) + 1} if habits.links == "page" else {"max_id": ids[end - size]}
            )
            headers["Link"] = f'<{self.url}{call.path}?{urlencode({"limit": size, **onward})}>; rel="next"'
        return Answer(200, page[::-1], headers)

    def _next(self) -> tuple[str, str]:
        self._made += 1
        at = datetime.now(UTC) + timedelta(milliseconds=self._made)
        return self.habits.ids(self._made), at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
