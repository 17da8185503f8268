"""A small Bluesky server with one account: sessions, records and blobs as a PDS keeps them, and its faults on demand.

What it tells of others is in `fake_bluesky_view`. Records, questions and answers are held to the lexicons where those
are at hand. Not checked here: signatures of tokens, real CIDs (they are made from JSON, not CBOR), handles.
"""

import base64
import itertools
import json
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path

from counterparts import fake_bluesky_lexicons as lexicons
from counterparts.fake_bluesky_ids import DID, HANDLE, PASSWORD, POST, Fault, cid
from counterparts.fake_bluesky_view import FakeView, uri
from counterparts.json_server import Answer, Call, JsonServer
from counterparts.post_lexicon import flaw, missing_blob

from platforms.base import Login
from platforms.bluesky import Bluesky

__all__ = ["DID", "HANDLE", "PASSWORD", "POST", "TID", "FakeBluesky", "Fault", "cid", "uri"]

TID = re.compile(r"[2-7a-j][2-7a-z]{12}")
#: What a PDS serves without the AppView.
BARE = {"create_session", "refresh_session", "get_session", "put_record", "create_record", "get_record"}
BARE |= {"delete_record", "list_records", "upload_blob", "resolve_handle"}


class FakeBluesky(FakeView):
    """The counterpart of `platforms.bluesky`; adapters share one kept session, as runs of one account do."""

    name = "bluesky"

    def __init__(self, _folder: Path | None = None, *, lifetime: int = 7200) -> None:
        super().__init__()
        self.lifetime = lifetime  # seconds an access token is valid
        self.patience = 5.0  # seconds an adapter waits
        self.scope = "com.atproto.appPass"
        self.home = ""  # where the account's own server is, if it is another than the one to log in at
        self.logins = self.refreshes = 0
        self.calls: list[str] = []
        self.session: str | None = None
        self.password = PASSWORD
        self.records = self.repo.setdefault(POST, {})
        self.blobs: dict[str, tuple[str, int]] = {}
        self.bare = False
        self._numbers = itertools.count(1)
        self._tokens: dict[str, str] = {}  # token → scope
        self._next: Fault | str | None = None
        self._no_pictures = False
        self._closing = threading.Event()
        self._server = JsonServer(self._handle)
        self.url = self._server.url

    # -- the counterpart

    def adapter(self, *, login: bool = True, **options: object) -> Bluesky:
        return Bluesky(self.login(login=login, **options))

    def login(self, *, login: bool = True, timeout: float = 0.0, **options: object) -> Login:
        def keep(session: str) -> None:
            self.session = session

        secrets = {"token": PASSWORD} if login else {}
        settings = {"server": self.url, "handle": HANDLE} | options
        return Login("sky", settings, secrets, timeout or self.patience, lambda: self.session, keep)

    def posts(self) -> list[str]:
        return [record["text"] for record in self.records.values()]

    def lose_answer(self) -> None:
        self._next = "lose"

    def delay_answer(self) -> None:
        self.patience = 0.5
        self._next = "delay"

    def refuse_picture(self) -> None:
        self._no_pictures = True

    def refuse_login(self) -> None:
        self.password = "changed"
        self.expire(refresh=True)

    def rate_limit(self, seconds: int) -> None:
        reset = {"ratelimit-reset": str(int(time.time()) + seconds), "ratelimit-policy": "5000;w=3600"}
        self._next = Fault(429, "RateLimitExceeded", "Rate Limit Exceeded", reset)

    def fail(self, status: int) -> None:
        self._next = Fault(status, "InvalidRequest" if status == 400 else "InternalServerError", "on demand")

    def close(self) -> None:
        self._closing.set()
        self._server.close()

    def expire(self, *, refresh: bool = False) -> None:
        """End the access tokens handed out so far, and the refresh tokens too."""
        kinds = {"access", "refresh"} if refresh else {"access"}
        self._tokens = {token: "expired" if scope in kinds else scope for token, scope in self._tokens.items()}

    # -- the server

    def _handle(self, call: Call) -> Answer | None:
        nsid = call.path.removeprefix("/xrpc/")
        method = nsid.rpartition(".")[2]
        self.calls.append(method)
        name = re.sub("[A-Z]", lambda capital: "_" + capital[0].lower(), method)
        serve = getattr(self, f"_{name}", None)
        if serve is None or (self.bare and name not in BARE):
            return Fault(501, "MethodNotImplemented", "Method Not Implemented").answer
        if status := self.methods_missing.get(method):
            return Fault(status, "Gone", "not here").answer
        ordered, self._next = (self._next, None) if method == "putRecord" else (None, self._next)
        if isinstance(ordered, Fault):
            return ordered.answer
        try:
            content = self._checked(nsid, call, serve)
        except Fault as fault:
            return fault.answer
        return None if ordered == "lose" else Answer(200, content, after=self._closing if ordered == "delay" else None)

    def _checked(self, nsid: str, call: Call, serve: Callable[[Call], dict]) -> dict:
        """What is asked and what is answered, both held to the lexicon."""
        if nsid.startswith("app.bsky."):
            self._allowed(call)
        if problem := call.method == "GET" and lexicons.question_flaw(nsid, call.pairs):
            raise Fault(400, "InvalidRequest", f"Error: {problem}")
        content = serve(call)
        if problem := lexicons.answer_flaw(nsid, content):
            raise Fault(500, "FakeIsWrong", f"{nsid}: {problem}")
        return content

    def _issue(self) -> dict:
        tokens = {}
        for scope, lifetime in (("access", self.lifetime), ("refresh", 90 * 86_400)):
            right = self.scope if scope == "access" else "com.atproto.refresh"
            claims = {"scope": right, "sub": DID, "exp": int(time.time()) + lifetime, "jti": str(next(self._numbers))}
            parts = ({"typ": "at+jwt", "alg": "HS256"}, claims, "signature")
            token = ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
            self._tokens[token] = scope
            tokens[f"{scope}Jwt"] = token
        service = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": self.home or self.url}
        document = {"@context": ["https://www.w3.org/ns/did/v1"], "id": DID, "service": [service]}
        return {**tokens, "handle": HANDLE, "did": DID, "didDoc": document, "active": True}

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
        record, old = self._incoming(call)
        if old is not None and old != record and "swapRecord" in call.json and call.json["swapRecord"] is None:
            raise Fault(400, "InvalidSwap", f"Record was at {cid(old)}")
        return self._keep(call, record)

    def _create_record(self, call: Call) -> dict:
        self._allowed(call)
        record, old = self._incoming(call)
        if old is not None:
            raise Fault(500, "InternalServerError", "Internal Server Error")
        return self._keep(call, record)

    def _keep(self, call: Call, record: dict) -> dict:
        collection, rkey = call.json["collection"], call.json["rkey"]
        self.repo.setdefault(collection, {})[rkey] = record
        return {"uri": uri(collection, rkey), "cid": cid(record)}

    def _incoming(self, call: Call) -> tuple[dict, dict | None]:
        collection, rkey, record = (call.json[name] for name in ("collection", "rkey", "record"))
        self._own(call.json)
        if not TID.fullmatch(rkey):
            raise Fault(400, "InvalidRequest", f"Invalid record key for {collection}: not a TID")
        if record["$type"] != collection:
            raise Fault(400, "InvalidRequest", f"Invalid $type: expected {collection}, got {record['$type']}")
        if problem := lexicons.record_flaw(record) or (flaw(record) if collection == POST else ""):
            raise Fault(400, "InvalidRequest", f"Invalid {collection} record: {problem}")
        if problem := missing_blob(record, self.blobs):
            raise Fault(400, *problem)
        return record, self.repo.get(collection, {}).get(rkey)

    def _get_record(self, call: Call) -> dict:
        self._own(call.query)
        where = uri(call.query["collection"], call.query["rkey"])
        record = self.repo.get(call.query["collection"], {}).get(call.query["rkey"])
        if record is None:
            raise Fault(400, "RecordNotFound", f"Could not locate record: {where}")
        return {"uri": where, "cid": cid(record), "value": record}

    def _delete_record(self, call: Call) -> dict:
        self._allowed(call)
        self._own(call.json)
        self.repo.get(call.json["collection"], {}).pop(call.json["rkey"], None)
        return {}

    def _list_records(self, call: Call) -> dict:
        self._own(call.query)
        collection = call.query["collection"]
        newest = sorted(self.repo.get(collection, {}).items(), reverse=True)[: int(call.query.get("limit", 50))]
        return {"records": [{"uri": uri(collection, rkey), "cid": cid(each), "value": each} for rkey, each in newest]}

    def _upload_blob(self, call: Call) -> dict:
        self._allowed(call)
        if self._no_pictures:
            raise Fault(400, "BlobTooLarge", "This file is too large")
        if len(call.body) > 5_242_880:
            raise Fault(413, "PayloadTooLarge", "request entity too large")
        mime, link = call.headers["Content-Type"], cid(call.body, 0x55)
        self.blobs[link] = (mime, len(call.body))
        return {"blob": {"$type": "blob", "ref": {"$link": link}, "mimeType": mime, "size": len(call.body)}}

    @staticmethod
    def _own(place: dict) -> None:
        if place["repo"] not in {DID, HANDLE}:
            raise Fault(400, "InvalidRequest", f"Could not find repo: {place['repo']}")
