"""Mastodon: mastodon-mock on a free loopback port, behind a wire that can fail the way real ones do."""

import logging
import threading
import time
from collections.abc import Callable
from html import unescape
from pathlib import Path
from re import sub
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
import uvicorn
from counterparts.fake_mastodon_wire import Wire
from mastodon import Mastodon as Client
from mastodon_mock.app import create_app
from mastodon_mock.config import DatabaseConfig, MastodonMockConfig
from mastodon_mock.db.models import Account, Idempotency, Notification, Status, utcnow
from mastodon_mock.testing.seed import DEFAULT_TEST_SEED
from requests import Response

from platforms.base import Login
from platforms.mastodon import Mastodon

TOKEN = "alice_token"
#: Seconds that an adapter waits for an answer which comes too late.
LATE = 1.5
POSTING = {"methods": ["POST"], "path": "/api/v1/statuses"}


class MastodonWorld:
    name = "mastodon"

    def __init__(self, folder: Path) -> None:
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        seeded = MastodonMockConfig(
            database=DatabaseConfig(path=":memory:"), seed=DEFAULT_TEST_SEED, media_storage_path=str(folder / "media")
        )
        self.app = create_app(seeded)
        self.wire = Wire(self.app)
        self.server = uvicorn.Server(uvicorn.Config(self.wire, host="127.0.0.1", port=0, log_config=None))
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        while not self.server.started:
            assert self.thread.is_alive(), "mastodon-mock did not start"
            time.sleep(0.005)
        port = self.server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"

    def login(self, token: str = TOKEN) -> Login:
        timeout = LATE if self.wire.hold_next else 60
        return Login("fosstodon", {"server": self.url}, {"token": token} if token else {}, timeout=timeout)

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

    def forget(self) -> None:
        """The time is over for which the server keeps idempotency keys."""
        with self.app.state.session_factory() as session:
            session.query(Idempotency).delete()
            session.commit()

    def lose_answer(self) -> None:
        self.wire.lose_next = True

    def refuse_login(self) -> None:
        requests.post(f"{self.url}/oauth/revoke", data={"token": TOKEN}, timeout=60).raise_for_status()

    def rate_limit(self, seconds: int) -> None:
        self.fault(1, POSTING, type="ratelimit", headers={"X-RateLimit-Reset": str(int(time.time()) + seconds)})

    def fail(self, status: int) -> None:
        self.fault(1, POSTING, status=status, body={"error": "Validation failed: the server's own words"})

    def malform(self) -> None:
        """The next publish is answered with something that is no JSON."""
        self.fault(1, POSTING, type="malformed")

    def mention(self, text: str) -> None:
        self.client("bob_token").status_post(f"@alice {text}")

    def somebody_writes(self, text: str) -> str:
        self.client("bob_token").status_post(text)
        found = self.adapter().profile("bob")
        assert found
        return found.actor.handle

    def act(self, kind: str) -> None:
        """Bob does it, to Alice's newest post or to Alice."""
        bob = self.client("bob_token")
        alice = bob.account_lookup("alice")
        if kind == "follow":
            bob.account_follow(alice)
            return
        if kind == "recommend":
            self._notify("added_to_collection", None)
            return
        post = bob.account_statuses(alice, exclude_reblogs=True)[0]
        acts: dict[str, Callable[[], object]] = {
            "boost": lambda: bob.status_reblog(post),
            "like": lambda: bob.status_favourite(post),
            "reply": lambda: bob.status_post("@alice Read it twice, thank you", in_reply_to_id=post),
            "mention": lambda: bob.status_post("@alice Have you seen this?"),
            "quote": lambda: self._notify("quote", bob.status_post("This!", quoted_status_id=post)),
        }
        if kind not in acts:
            raise NotImplementedError(f"nobody can {kind} on Mastodon")
        acts[kind]()

    def delay_answer(self) -> None:
        """The next adapter has little time, and the server doesn't answer before that is up."""
        self.wire.hold_next = True

    def repeat_page(self) -> None:
        self.wire.repeat = True

    def empty_page(self) -> None:
        self.wire.empty_next = 1

    def lose_post(self) -> None:
        alice = self.client("bob_token").account_lookup("alice")
        self.wire.lost.add(str(self.client("bob_token").account_statuses(alice, exclude_reblogs=True)[0].id))

    def refuse_picture(self) -> None:
        self.wire.refuse_pictures = True

    def authorize(self, address: str, account: str = "alice") -> Response:
        """What a person's browser does with the page of a login: allow it. Gives the page where that ends."""
        query = dict(parse_qsl(urlsplit(address).query))
        requests.get(address, timeout=60).raise_for_status()
        self.wire.authorized(f"mockcode_{account}", query.get("code_challenge", ""))
        where = address.partition("?")[0]
        return requests.post(where, data=query | {"username": account}, timeout=60)

    def close(self) -> None:
        self.server.should_exit = True
        self.thread.join(5)

    def fault(self, count: int, match: dict[str, Any], **effect: Any) -> None:
        """The next so many requests that match fail, as mastodon-mock describes it."""
        rule = {"match": match, "effect": {"type": "status"} | effect, "count": count}
        requests.post(f"{self.url}/api/v1/_mock/faults", json=rule, timeout=60).raise_for_status()

    def _notify(self, kind: str, status: Any) -> None:
        """Tell Alice of something that the mock tells nobody of."""
        with self.app.state.session_factory() as session:
            people = {one.username: one.id for one in session.query(Account)}
            about = session.get(Status, int(status.id)).id if status else None
            told = {"account_id": people["alice"], "from_account_id": people["bob"], "created_at": utcnow()}
            session.add(Notification(type=kind, status_id=about, **told))
            session.commit()
