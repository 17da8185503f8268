"""A small PDS with one account: sessions, records and blobs as a Bluesky server keeps them, and its faults on demand.

Not checked here: signatures of tokens, real CIDs (they are made from JSON, not CBOR), handles, the AppView.
"""

import base64
import hashlib
import itertools
import json
import re
import time
from pathlib import Path

from counterparts.json_server import Answer, Call, JsonServer
from counterparts.post_lexicon import POST, flaw

from platforms.base import Login
from platforms.bluesky import Bluesky

DID = "did:plc:ada234567ada234567ada234"
HANDLE = "ada.test"
PASSWORD = "abcd-efgh-ijkl-mnop"
TID = re.compile(r"[2-7a-j][2-7a-z]{12}")


class Fault(Exception):
    """An error answer."""

    def __init__(self, status: int, error: str, message: str = "", headers: dict[str, str] | None = None) -> None:
        super().__init__(error)
        self.answer = Answer(status, {"error": error, "message": message or error}, headers or {})


class FakeBluesky:
    """The counterpart of `platforms.bluesky`; adapters share one kept session, as runs of one account do."""

    name = "bluesky"

    def __init__(self, _folder: Path | None = None, *, lifetime: int = 7200) -> None:
        self.lifetime = lifetime  # seconds an access token is valid
        self.logins = self.refreshes = 0
        self.calls: list[str] = []
        self.session: str | None = None
        self.password = PASSWORD
        self.records: dict[str, dict] = {}
        self.blobs: dict[str, tuple[str, int]] = {}
        self.notifications: list[dict] = []
        self._numbers = itertools.count(1)
        self._tokens: dict[str, str] = {}  # token → scope
        self._next: Fault | str | None = None
        self._server = JsonServer(self._handle)
        self.url = self._server.url

    # -- the counterpart

    def adapter(self, *, login: bool = True, **options: str) -> Bluesky:
        return Bluesky(self.login(login=login, **options))

    def login(self, *, login: bool = True, timeout: float = 5.0, **options: str) -> Login:
        def keep(session: str) -> None:
            self.session = session

        secrets = {"token": PASSWORD} if login else {}
        settings = {"server": self.url, "handle": HANDLE} | options
        return Login("sky", settings, secrets, timeout, lambda: self.session, keep)

    def posts(self) -> list[str]:
        return [record["text"] for record in self.records.values()]

    def lose_answer(self) -> None:
        self._next = "lose"

    def refuse_login(self) -> None:
        self.password = "changed"
        self.expire(refresh=True)

    def rate_limit(self, seconds: int) -> None:
        reset = {"ratelimit-reset": str(int(time.time()) + seconds), "ratelimit-policy": "5000;w=3600"}
        self._next = Fault(429, "RateLimitExceeded", "Rate Limit Exceeded", reset)

    def fail(self, status: int) -> None:
        self._next = Fault(status, "InvalidRequest" if status == 400 else "InternalServerError", "on demand")

    def mention(self, text: str) -> None:
        self.notify("mention", "bea", text=f"@{HANDLE} {text}")

    def close(self) -> None:
        self._server.close()

    def expire(self, *, refresh: bool = False) -> None:
        """End the access tokens handed out so far, and the refresh tokens too."""
        kinds = {"access", "refresh"} if refresh else {"access"}
        self._tokens = {token: "expired" if scope in kinds else scope for token, scope in self._tokens.items()}

    def notify(self, reason: str, who: str, *, subject: str = "", text: str = "", record: dict | None = None) -> str:
        """Tell of something that somebody did now, one second after the last; gives the URI of their record."""
        at = f"2026-11-02T12:{len(self.notifications) // 60:02}:{len(self.notifications) % 60:02}.000Z"
        collections = {"like": "feed.like", "repost": "feed.repost", "follow": "graph.follow"}
        collection = "app.bsky." + collections.get(reason, "feed.post")
        told = {
            "uri": f"at://did:plc:{who}/{collection}/3k{len(self.notifications):011}",
            "cid": cid({"at": at}),
            "author": {"did": f"did:plc:{who}", "handle": f"{who}.test", "displayName": who.title()},
            "reason": reason,
            "record": record or {"$type": collection, "createdAt": at} | ({"text": text} if text else {}),
            "isRead": False,
            "indexedAt": at,
        }
        self.notifications.insert(0, told | ({"reasonSubject": subject} if subject else {}))
        return told["uri"]

    # -- the server

    def _handle(self, call: Call) -> Answer | None:
        method = call.path.removeprefix("/xrpc/").rpartition(".")[2]
        self.calls.append(method)
        serve = getattr(self, "_" + re.sub("[A-Z]", lambda capital: "_" + capital[0].lower(), method), None)
        if serve is None:
            return Fault(501, "MethodNotImplemented", "Method Not Implemented").answer
        ordered, self._next = (self._next, None) if method == "putRecord" else (None, self._next)
        if isinstance(ordered, Fault):
            return ordered.answer
        try:
            content = serve(call)
        except Fault as fault:
            return fault.answer
        return None if ordered == "lose" else Answer(200, content)

    def _issue(self) -> dict:
        tokens = {}
        for scope, lifetime in (("access", self.lifetime), ("refresh", 90 * 86_400)):
            claims = {"scope": scope, "sub": DID, "exp": int(time.time()) + lifetime, "jti": str(next(self._numbers))}
            parts = ({"typ": "at+jwt", "alg": "HS256"}, claims, "signature")
            token = ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
            self._tokens[token] = scope
            tokens[f"{scope}Jwt"] = token
        return {**tokens, "handle": HANDLE, "did": DID, "active": True}

    def _allowed(self, call: Call, scope: str = "access") -> str:
        token = (call.headers.get("Authorization") or "").removeprefix("Bearer ")
        if not token:
            raise Fault(401, "AuthMissing", "Authentication Required")
        if self._tokens.get(token) == "expired":
            raise Fault(400, "ExpiredToken", "Token has expired")
        if self._tokens.get(token) != scope:
            raise Fault(400, "InvalidToken", "Token could not be verified")
        return token

    def _create_session(self, call: Call) -> dict:
        self.logins += 1
        if self.logins > 30:
            raise Fault(429, "RateLimitExceeded", headers={"ratelimit-reset": str(int(time.time()) + 300)})
        if call.json["identifier"] not in {HANDLE, DID} or call.json["password"] != self.password:
            raise Fault(401, "AuthenticationRequired", "Invalid identifier or password")
        return self._issue()

    def _refresh_session(self, call: Call) -> dict:
        self._tokens[self._allowed(call, "refresh")] = "expired"
        self.refreshes += 1
        return self._issue()

    def _get_session(self, call: Call) -> dict:
        self._allowed(call)
        return {"handle": HANDLE, "did": DID, "active": True}

    def _put_record(self, call: Call) -> dict:
        self._allowed(call)
        rkey, record, old = self._incoming(call)
        if old is not None and old != record and "swapRecord" in call.json and call.json["swapRecord"] is None:
            raise Fault(400, "InvalidSwap", f"Record was at {cid(old)}")
        self.records[rkey] = record
        return {"uri": uri(rkey), "cid": cid(record)}

    def _create_record(self, call: Call) -> dict:
        self._allowed(call)
        rkey, record, old = self._incoming(call)
        if old is not None:
            raise Fault(500, "InternalServerError", "Internal Server Error")
        self.records[rkey] = record
        return {"uri": uri(rkey), "cid": cid(record)}

    def _incoming(self, call: Call) -> tuple[str, dict, dict | None]:
        rkey, record = call.json["rkey"], call.json["record"]
        self._own(call.json)
        if not TID.fullmatch(rkey):
            raise Fault(400, "InvalidRequest", f"Invalid record key for {POST}: not a TID")
        if problem := flaw(record, self.blobs):
            raise Fault(400, "InvalidRequest", f"Invalid {POST} record: {problem}")
        return rkey, record, self.records.get(rkey)

    def _get_record(self, call: Call) -> dict:
        self._own(call.query)
        rkey = call.query["rkey"]
        if rkey not in self.records:
            raise Fault(400, "RecordNotFound", f"Could not locate record: {uri(rkey)}")
        return {"uri": uri(rkey), "cid": cid(self.records[rkey]), "value": self.records[rkey]}

    def _delete_record(self, call: Call) -> dict:
        self._allowed(call)
        self._own(call.json)
        self.records.pop(call.json["rkey"], None)
        return {}

    def _list_records(self, call: Call) -> dict:
        self._own(call.query)
        newest = sorted(self.records, reverse=True)[: int(call.query.get("limit", 50))]
        return {
            "records": [{"uri": uri(rkey), "cid": cid(r), "value": r} for rkey in newest for r in [self.records[rkey]]]
        }

    def _upload_blob(self, call: Call) -> dict:
        self._allowed(call)
        if len(call.body) > 5_242_880:
            raise Fault(413, "PayloadTooLarge", "request entity too large")
        mime, link = call.headers["Content-Type"], cid(call.body, 0x55)
        self.blobs[link] = (mime, len(call.body))
        return {"blob": {"$type": "blob", "ref": {"$link": link}, "mimeType": mime, "size": len(call.body)}}

    def _list_notifications(self, call: Call) -> dict:
        self._allowed(call)
        older = [one for one in self.notifications if one["indexedAt"] < call.query.get("cursor", "9")]
        page = older[: int(call.query.get("limit", 50))]
        return {"notifications": page} | ({"cursor": page[-1]["indexedAt"]} if page else {})

    @staticmethod
    def _own(place: dict) -> None:
        if place["repo"] not in {DID, HANDLE} or place["collection"] != POST:
            raise Fault(400, "InvalidRequest", f"Could not find repo: {place['repo']}")


def uri(rkey: str) -> str:
    return f"at://{DID}/{POST}/{rkey}"


def cid(content: dict | bytes, codec: int = 0x71) -> str:
    data = content if isinstance(content, bytes) else json.dumps(content, sort_keys=True).encode()
    multihash = bytes((0x01, codec, 0x12, 0x20)) + hashlib.sha256(data).digest()
    return "b" + base64.b32encode(multihash).decode().lower().rstrip("=")
