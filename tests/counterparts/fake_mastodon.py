"""Mastodon: mastodon-mock on a free loopback port, behind a wire that can fail the way real ones do.

The wire adds what the mock lacks: an answer that is lost after the server has done its work, and a rate limit's end as
ISO-8601, as real servers say it.
"""

import asyncio
import logging
import threading
import time
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from re import sub
from typing import Any

import requests
import uvicorn
from mastodon import Mastodon as Client
from mastodon_mock.app import create_app
from mastodon_mock.config import DatabaseConfig, MastodonMockConfig
from mastodon_mock.testing.seed import DEFAULT_TEST_SEED

from platforms.base import Login
from platforms.mastodon import Mastodon

TOKEN = "alice_token"
POSTING = {"methods": ["POST"], "path": "/api/v1/statuses"}


class Wire:
    """An ASGI application in front of another."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.lose_next = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def told(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [_as_real_servers_say(*header) for header in message["headers"]]
            await send(message)

        async def lost(message: Any) -> None:
            pass

        posting = scope["type"] == "http" and (scope["method"], scope["path"]) == ("POST", "/api/v1/statuses")
        if self.lose_next and posting:
            self.lose_next = False
            await self.app(scope, receive, lost)
            send.__self__.transport.abort()  # uvicorn's connection: reset without a byte of answer
            await asyncio.sleep(0)
            return
        await self.app(scope, receive, told)


def _as_real_servers_say(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    if name.lower() == b"x-ratelimit-reset":
        value = datetime.fromtimestamp(int(value), UTC).isoformat(timespec="microseconds").encode()
    return name, value


class MastodonWorld:
    name = "mastodon"

    def __init__(self, folder: Path) -> None:
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        seeded = MastodonMockConfig(
            database=DatabaseConfig(path=":memory:"), seed=DEFAULT_TEST_SEED, media_storage_path=str(folder / "media")
        )
        self.wire = Wire(create_app(seeded))
        self.server = uvicorn.Server(uvicorn.Config(self.wire, host="127.0.0.1", port=0, log_config=None))
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        while not self.server.started:
            assert self.thread.is_alive(), "mastodon-mock did not start"
            time.sleep(0.005)
        port = self.server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"

    def login(self, token: str = TOKEN) -> Login:
        return Login("fosstodon", {"server": self.url}, {"token": token} if token else {}, timeout=60)

    def adapter(self, *, login: bool = True) -> Mastodon:
        return Mastodon(self.login() if login else self.login(token=""))

    def client(self, token: str = TOKEN) -> Client:
        """Mastodon.py for `alice_token`, `bob_token` or `carol_token`: what people do on this server."""
        return Client(api_base_url=self.url, access_token=token)

    def posts(self) -> list[str]:
        reader = self.client("bob_token")
        alice = reader.account_lookup("alice")
        pages = reader.fetch_remaining(reader.account_statuses(alice, limit=40))
        return [unescape(sub(r"<br ?/?>", "\n", status.content)) for status in reversed(pages)]

    def lose_answer(self) -> None:
        self.wire.lose_next = True

    def refuse_login(self) -> None:
        requests.post(f"{self.url}/oauth/revoke", data={"token": TOKEN}, timeout=60).raise_for_status()

    def rate_limit(self, seconds: int) -> None:
        self._fault(1, POSTING, type="ratelimit", headers={"X-RateLimit-Reset": str(int(time.time()) + seconds)})

    def fail(self, status: int) -> None:
        self._fault(1, POSTING, status=status, body={"error": "Validation failed: the server's own words"})

    def malform(self) -> None:
        """The next publish is answered with something that is no JSON."""
        self._fault(1, POSTING, type="malformed")

    def mention(self, text: str) -> None:
        self.client("bob_token").status_post(f"@alice {text}")

    def close(self) -> None:
        self.server.should_exit = True
        self.thread.join(5)

    def _fault(self, count: int, match: dict[str, Any], **effect: Any) -> None:
        rule = {"match": match, "effect": {"type": "status"} | effect, "count": count}
        requests.post(f"{self.url}/api/v1/_mock/faults", json=rule, timeout=60).raise_for_status()
