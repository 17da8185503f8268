"""The real Bluesky network on loopback: a PLC directory, a PDS and the AppView, with a faulty line to the PDS.

`bluesky_network/install.py` installs it. It is started once for all tests of a session; each counterpart is a new
account on it, and its neighbour `bea.test` is who does things to others.
"""

import atexit
import base64
import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest
from atproto_client import Client
from counterparts.fake_bluesky_feed import linked
from counterparts.faulty_proxy import Answered, Asked, FaultyProxy, Forward, late, lost

from platforms.base import Login
from platforms.bluesky import Bluesky

FOLDER = Path(__file__).parent / "bluesky_network"
POST = "app.bsky.feed.post"
JSON = {"Content-Type": "application/json; charset=utf-8"}
PASSWORD = "abcd-efgh-ijkl-mnop"
ADMIN = base64.b64encode(b"admin:admin-pass").decode()
#: Of the adapter; a late answer comes later than this.
PATIENCE = 10.0
SHORT_PATIENCE = 1.5

Fault = Callable[[Asked, Forward], Answered]


@dataclass(frozen=True)
class Person:
    """An account, signed in past the faulty line."""

    client: Client
    did: str
    handle: str

    def create(self, collection: str, **record: object) -> str:
        """Write a record now; gives its URI."""
        now = self.client.get_current_time_iso()
        content = {"$type": collection, "createdAt": now} | record
        body = {"repo": self.did, "collection": collection, "record": content}
        return self.client.com.atproto.repo.create_record(body).uri

    def posts(self) -> list[dict]:
        """The account's posts as references with their text, oldest first."""
        query = {"repo": self.did, "collection": POST, "limit": 100, "reverse": True}
        found = self.client.com.atproto.repo.list_records(query).records
        return [{"uri": each.uri, "cid": each.cid, "text": each.value.text} for each in found]


class Network:
    """The processes of the network."""

    def __init__(self, home: Path) -> None:
        command = [home / "bin" / "node", FOLDER / "network.mjs"]
        self._process = subprocess.Popen(
            [str(part) for part in command],
            cwd=home,
            env={**os.environ, "LOG_ENABLED": "false"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.urls = self._answer()
        self._numbers = itertools.count(1)

    def settle(self) -> None:
        """Wait until the AppView knows all that the PDS has."""
        assert self._process.stdin
        self._process.stdin.write("settle\n")
        self._process.stdin.flush()
        assert self._answer() == {"settled": True}

    def account(self) -> "Person":
        """A new account, signed in."""
        client, handle = Client(self.urls["pds"]), f"user{next(self._numbers)}.test"
        made = {"handle": handle, "email": f"{handle}@mail.test", "password": PASSWORD}
        did = client.com.atproto.server.create_account(made).did
        client.login(handle, PASSWORD, fetch_bsky_profile=False)
        return Person(client, did, handle)

    @cached_property
    def bea(self) -> "Person":
        """Somebody else."""
        return self.account()

    def close(self) -> None:
        """End them all."""
        assert self._process.stdin
        self._process.stdin.close()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def _answer(self) -> dict:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the Bluesky network ended by itself, with code {self._process.wait(5)}")
        return json.loads(line)


@cache
def network() -> Network:
    """The one network of this session; skips where it is not installed, which CI does not accept."""
    sys.path.insert(0, str(FOLDER))
    try:
        import install
    finally:
        sys.path.remove(str(FOLDER))
    if not install.is_installed():
        how = "no Bluesky network here: python3 tests/counterparts/bluesky_network/install.py installs it (0.8 GB)"
        if os.environ.get("CI"):
            pytest.fail(how)
        pytest.skip(how)
    started = Network(install.HOME)
    atexit.register(started.close)
    return started


class RealBluesky:
    """The counterpart of `platforms.bluesky`: an account of its own on the network."""

    name = "bluesky"

    def __init__(self, _folder: Path | None = None) -> None:
        self.network = network()
        self.pds = self.network.urls["pds"]
        self.me = self.network.account()
        self.session: str | None = None
        self.asked: list[str] = []
        self._patience = PATIENCE
        self._next: dict[str, Fault] = {}
        self._repeating = self._empty_next = False
        self._unsettled = True  # of the account itself the AppView hears in its own time
        self.proxy = FaultyProxy(self.pds, self._step)
        self.url = self.proxy.url

    # -- the counterpart

    def adapter(self, *, login: bool = True, **options: object) -> Bluesky:
        self.settle()
        return Bluesky(self.login(login=login, **options))

    def login(self, *, login: bool = True, timeout: float = 0.0, **options: object) -> Login:
        def keep(session: str) -> None:
            self.session = session

        secrets = {"token": PASSWORD} if login else {}
        settings = {"server": self.url, "handle": self.me.handle} | options
        return Login("sky", settings, secrets, timeout or self._patience, lambda: self.session, keep)

    def posts(self) -> list[str]:
        return [post["text"] for post in self.me.posts()]

    def lose_answer(self) -> None:
        self._next["putRecord"] = lambda asked, forward: lost(forward(asked))

    def delay_answer(self) -> None:
        self._patience = SHORT_PATIENCE
        self._next["putRecord"] = lambda asked, forward: late(forward(asked), 2 * SHORT_PATIENCE)

    def refuse_login(self) -> None:
        """A new password, as the operator of the server sets it. Tokens handed out before live on, so none is kept."""
        admin = {"Authorization": f"Basic {ADMIN}"}
        body = {"did": self.me.did, "password": "something-else"}
        httpx.post(
            f"{self.pds}/xrpc/com.atproto.admin.updateAccountPassword", json=body, headers=admin
        ).raise_for_status()
        self.session = None

    def rate_limit(self, seconds: int) -> None:
        headers = {
            "ratelimit-limit": "5000",
            "ratelimit-remaining": "0",
            "ratelimit-reset": str(int(time.time()) + seconds),
            "ratelimit-policy": "5000;w=3600",
        }
        self._next["putRecord"] = lambda *_: _error(429, "RateLimitExceeded", "Rate Limit Exceeded", headers)

    def fail(self, status: int) -> None:
        name = "InvalidRequest" if status == 400 else "InternalServerError"
        self._next["putRecord"] = lambda *_: _error(status, name, "on demand")

    def mention(self, text: str) -> None:
        words = f"@{self.me.handle} {text}"
        feature = {"$type": "app.bsky.richtext.facet#mention", "did": self.me.did}
        facet = {"index": {"byteStart": 0, "byteEnd": len(self.me.handle) + 1}, "features": [feature]}
        self._by_bea(POST, text=words, facets=[facet])

    def act(self, kind: str) -> None:
        if kind == "follow":
            self._by_bea("app.bsky.graph.follow", subject=self.me.did)
            return
        self.settle()  # nobody answers what the AppView has not seen: it would not tell of such an answer
        newest = self.me.posts()[-1]
        post = {"uri": newest["uri"], "cid": newest["cid"]}
        embed = {"$type": "app.bsky.embed.record", "record": post}
        acts: dict[str, tuple[str, dict]] = {
            "like": ("app.bsky.feed.like", {"subject": post}),
            "boost": ("app.bsky.feed.repost", {"subject": post}),
            "reply": (POST, {"text": "I agree", "reply": {"root": post, "parent": post}}),
            "quote": (POST, {"text": "read this", "embed": embed}),
        }
        collection, record = acts[kind]
        self._by_bea(collection, **record)

    def somebody_writes(self, text: str) -> str:
        self.write(text, **linked(text))
        self.settle()
        return self.other.handle

    def repeat_page(self) -> None:
        self._repeating = True

    def empty_page(self) -> None:
        self._empty_next = True

    def lose_post(self) -> None:
        newest = self.me.posts()[-1]["uri"]
        self.me.client.delete_post(newest)
        self._unsettled = True

    def refuse_picture(self) -> None:
        self._next["uploadBlob"] = lambda *_: _error(400, "BlobTooLarge", "This file is too large")

    @property
    def other(self) -> Person:
        """Who does things to others here."""
        return self.network.bea

    def write(self, text: str, **more: object) -> str:
        """A post of somebody else; gives its URI."""
        self._unsettled = True
        return self.network.bea.create(POST, text=text, **more)

    def written(self, collection: str) -> list[dict]:
        """The account's own records, oldest first."""
        query = {"repo": self.me.did, "collection": collection, "limit": 100, "reverse": True}
        found = httpx.get(f"{self.pds}/xrpc/com.atproto.repo.listRecords", params=query).json()["records"]
        return [each["value"] for each in found]

    def settle(self) -> None:
        """Wait until the network knows all that was written so far."""
        if self._unsettled:
            self.network.settle()
            self._unsettled = False

    def close(self) -> None:
        self.proxy.close()

    # -- the line

    def _by_bea(self, collection: str, **record: object) -> None:
        self.network.bea.create(collection, **record)
        self._unsettled = True

    def _step(self, asked: Asked, forward: Forward) -> Answered:
        method = urlsplit(asked.path).path.rpartition(".")[2]
        self.asked.append(method)
        self._unsettled = self._unsettled or asked.method == "POST"
        if fault := self._next.get(method):
            if method != "uploadBlob":
                del self._next[method]
            return fault(asked, forward)
        if method == "listNotifications":
            return self._page(asked, forward)
        answered = forward(asked)
        # The account's own server, as the session names it, is behind this line too.
        return replace(answered, body=answered.body.replace(self.pds.encode(), self.url.encode()))

    def _page(self, asked: Asked, forward: Forward) -> Answered:
        where = urlsplit(asked.path)
        query = dict(parse_qsl(where.query))
        before = query.pop("cursor", "").removeprefix("empty ")
        if self._empty_next:
            self._empty_next = False
            return Answered(200, json.dumps({"notifications": [], "cursor": f"empty {before}"}).encode(), JSON)
        kept = {"cursor": before} if before and not self._repeating else {}
        path = where._replace(query=urlencode(query | kept)).geturl()
        answered = forward(replace(asked, path=path))
        if not self._repeating:
            return answered
        told = json.loads(answered.body) | {"cursor": "again"}
        return replace(answered, body=json.dumps(told).encode())


def _error(status: int, name: str, message: str, headers: Mapping[str, str] | None = None) -> Answered:
    return Answered(status, json.dumps({"error": name, "message": message}).encode(), {**JSON, **(headers or {})})
