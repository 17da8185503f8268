"""A small server that speaks Mastodon's API in part, with the account of Ada; what it does in its own way are `Habits`.

Posts and notifications, people and pictures are here; how it lets somebody log in is in `fake_mastodon_kin_login`.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from counterparts.fake_mastodon_habits import KINDS, Habits, decimal
from counterparts.fake_mastodon_kin_login import Logins
from counterparts.json_server import Answer, Call, JsonServer

__all__ = ["BOB", "KINDS", "Kin"]

BOB = {"id": "b0b", "acct": "bob@other.example", "url": "https://other.example/@bob", "display_name": "Bob"}


@dataclass
class Kin:
    """One such server."""

    habits: Habits
    statuses: list[dict[str, Any]] = field(default_factory=list)  # oldest first
    notices: list[Any] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)
    people: int = 45
    reactions: int = 1
    lose_next: bool = False
    fail_next: int = 0
    calls: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._keys: dict[str, dict[str, Any]] = {}
        self._made = 0
        self.logins = Logins(self.habits)
        self._server = JsonServer(self.handle)
        self.url = self._server.url
        self.close = self._server.close

    def happen(self, kind: str = "favourite", **more: Any) -> str:
        """Something is told to Ada; gives its id."""
        _, at = self._next()
        identity = self.habits.notes(self._made)
        told = {"id": identity, "type": kind, "created_at": at, "account": BOB, "status": None}
        self.notices.append(told | more)
        return identity

    def handle(self, call: Call) -> Answer | None:
        self.calls.append(f"{call.method} {call.path}")
        answer = self._answer(call)
        return _undressed(answer) if answer and self.habits.laravel and not _wants_json(call) else answer

    def _answer(self, call: Call) -> Answer | None:
        habits = self.habits
        if call.path.endswith(habits.lacks):
            return Answer(*habits.lacking)
        if call.path in {"/api/v1/instance", "/api/v2/instance"}:
            said = habits.v2 if "v2" in call.path else habits.v1
            return Answer(*habits.lacking) if said is None else Answer(200, {"version": habits.version, **said})
        if (answer := self.logins.handle(call)) is not None:
            return answer
        if call.path in habits.media and call.method == "POST":
            identity, _ = self._next()
            self.pictures[identity] = call.body
            return Answer(200, {"id": identity, "url": f"{self.url}/{identity}"})
        if call.path.startswith("/api/v1/statuses"):
            return self._status(call)
        if call.path == "/api/v1/notifications":
            if habits.refuses(call.query.get("min_id", "1")):
                words = "The min id field must be at least 1."
                return Answer(500, {"message": words, "errors": {"min_id": [words]}})
            return self._listed(call, self.notices)
        return self._person(call)

    def _person(self, call: Call) -> Answer:
        me = {"id": "1", "acct": "ada", "url": f"{self.url}/@ada", "note": "<p>Gardens</p>"}
        if not self.habits.sparse:
            counts = {"followers_count": self.people, "following_count": self.people}
            me |= counts | {"bot": False, "fields": [{"name": "Blog", "value": "none"}]}
        match call.path.removeprefix("/api/v1/accounts"), call.method:
            case "/verify_credentials", "GET":
                return Answer(200, me)
            case "/1/statuses", "GET":
                return self._listed(call, self.statuses)
            case (("/1/followers" | "/1/following"), "GET"):
                return self._listed_people(call, self.people)
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
            return self._listed_people(call, self.reactions)
        if call.method == "GET" and found and not what:
            counts = {"reblogs_count": self.reactions, "favourites_count": self.reactions}
            return Answer(200, found[0] | ({} if self.habits.sparse else counts))
        if self.habits.laravel:
            return self._nothing_found(call, identity)
        return Answer(404, b"" if self.habits.sparse else {"error": "Record not found"})

    def _nothing_found(self, call: Call, identity: str) -> Answer:
        if call.method == "GET":
            return Answer(404, b"")
        return Answer(500, {"error": f"No query results for model [App\\Status] {identity}"})

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
        if len(said.get("spoiler_text", "")) > self.habits.warning:
            words = f"The spoiler text field must not be greater than {self.habits.warning} characters."
            return Answer(500, {"message": words, "errors": {"spoiler_text": [words]}})
        if self.habits.pictures_only and "media_ids[]" not in said:
            return Answer(403, {"error": "Empty statuses are not allowed"})
        identity, at = self._next()
        text = said["status"].replace("&", "&amp;").replace("\n", "<br>")
        made = {"id": identity, "content": f"<p>{text}</p>", "uri": f"{self.url}/s/{identity}"}
        made |= {} if self.habits.sparse else {"created_at": at, "url": f"{self.url}/@ada/{identity}"}
        made |= {"spoiler_text": said["spoiler_text"]} if "spoiler_text" in said else {}
        made |= {"media_attachments": [said["media_ids[]"]]} if "media_ids[]" in said else {}
        self.statuses.append(made)
        self._keys[key] = made
        if self.lose_next:
            self.lose_next = False
            return None
        return Answer(200, made)

    def _listed_people(self, call: Call, size: int) -> Answer:
        """People, of whom some servers list in other ways than posts."""
        people = [{"id": decimal(n), "acct": f"p{n}", "url": f"{self.url}/@p{n}"} for n in range(size)]
        if self.habits.links != "swapped":
            return self._listed(call, people)
        query = call.query
        start, most = int(query.get("cursor", "0")), min(int(query.get("limit", "10")), 80)
        links = {"next": start - most} if start else {}
        links |= {"prev": start + most} if start + most < size else {}
        told = [f'<{self.url}{call.path}?limit={most}&cursor={at}>; rel="{rel}"' for rel, at in links.items()]
        return Answer(200, people[start : start + most], {"Link": ", ".join(told)} if told else {})

    def _listed(self, call: Call, rows: list[Any]) -> Answer:
        """A page of a list, newest first, as this kind of server gives it."""
        habits, query = self.habits, call.query
        ids = [one["id"] if isinstance(one, dict) and "id" in one else "" for one in rows]
        size = habits.always or min(int(query.get("limit", "20")), habits.page)
        start, end = 0, len(rows)
        if habits.links == "page":
            end = max(0, end - size * (int(query.get("page", "1")) - 1))
        if habits.max_id and query.get("max_id"):
            end = _place(ids, query["max_id"], end)
        if habits.min_id != "ignored" and query.get("min_id"):
            start = _place(ids, query["min_id"], 0)
            start += habits.min_id != "from" and ids[start : start + 1] == [query["min_id"]]
        forwards = habits.min_id in {"after", "rising"} and "min_id" in query
        page = rows[start:end][:size] if forwards else rows[start:end][-size:]
        headers = {}
        if page and habits.links != "none" and not forwards and end - start > size:
            onward = (
                {"page": int(query.get("page", "1")) + 1} if habits.links == "page" else {"max_id": ids[end - size]}
            )
            headers["Link"] = f'<{self.url}{call.path}?{urlencode({"limit": size, **onward})}>; rel="next"'
        return Answer(200, page if forwards and habits.min_id == "rising" else page[::-1], headers)

    def _next(self) -> tuple[str, str]:
        self._made += 1
        at = datetime.now(UTC) + timedelta(milliseconds=self._made)
        return self.habits.ids(self._made), at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _place(ids: list[str], one: str, otherwise: int) -> int:
    """Where an id is in a list, or would be among numbers or other ids that rise."""
    if one in ids:
        return ids.index(one)
    known = [each for each in ids if each]
    if one.isdecimal() and all(each.isdecimal() for each in known):
        earlier = [int(each) < int(one) for each in known]
    elif known == sorted(known):
        earlier = [each < one for each in known]
    else:
        return otherwise
    return 0 if not any(earlier) else ids.index(known[sum(earlier) - 1]) + 1


def _wants_json(call: Call) -> bool:
    return "json" in (call.headers["Accept"] or "")


def _undressed(answer: Answer) -> Answer:
    """What a refusal looks like to who doesn't ask for JSON: a redirect, or a page."""
    if answer.status < 400:
        return answer
    said = answer.body if isinstance(answer.body, dict) else {}
    html = {"Content-Type": "text/html"}
    if said.get("error") == "Unauthenticated.":
        return Answer(302, b"<!doctype html>", {"Location": "/login"} | html)
    if "errors" in said:
        return Answer(302, b"<!doctype html>", {"Location": "/"} | html)
    return Answer(answer.status, b"<!doctype html><title>Sorry</title>", html)
