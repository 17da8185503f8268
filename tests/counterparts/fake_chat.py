"""A small chat server: Discord's webhooks, with faults on demand; any other service's messages are only kept.

Apprise's plugins know their services' addresses as constants; while this runs they lead here.
"""

import re
import threading
import time
from pathlib import Path
from typing import Any, NoReturn

from apprise.plugins.discord import NotifyDiscord
from apprise.plugins.slack import NotifySlack
from apprise.plugins.telegram import NotifyTelegram
from counterparts.json_server import Answer, Call, JsonServer

from platforms.apprise import Apprise
from platforms.base import Login

WEBHOOK, TOKEN = "1234567890", "token-of-the-webhook"
URL = f"discord://{WEBHOOK}/{TOKEN}"
_WHERE = {
    NotifyDiscord: "notify_url",
    NotifySlack: "webhook_url",
    NotifyTelegram: "notify_url",
}


class FakeChat:
    """The counterpart of `platforms.apprise`."""

    name = "apprise"

    def __init__(self, _folder: Path | None = None) -> None:
        self.token = TOKEN
        self.messages: list[str] = []
        self.calls: list[Call] = []
        self._next: list[Answer | str] = []
        self._late = threading.Event()
        self._server = JsonServer(self._handle)
        self.url = self._server.url
        self._real = {plugin: getattr(plugin, name) for plugin, name in _WHERE.items()}
        NotifyDiscord.notify_url = f"{self.url}/api/webhooks"
        NotifySlack.webhook_url = f"{self.url}/services"
        NotifyTelegram.notify_url = f"{self.url}/bot"

    # -- the counterpart

    def adapter(self, *, login: bool = True, url: str = URL) -> Apprise:
        return Apprise(self.login(login=login, url=url))

    def login(self, *, login: bool = True, url: str = URL) -> Login:
        # A late answer never comes before the test ends: there is no use in waiting long for it.
        timeout = 0.5 if "delay" in self._next else 30.0
        return Login("chat", {}, {"url": url} if login else {}, timeout)

    def posts(self) -> list[str]:
        return [re.sub(r"\\(.)", r"\1", text) for text in self.messages]

    def lose_answer(self) -> None:
        self._next = ["lose"]

    def delay_answer(self) -> None:
        self._next = ["delay"]

    def refuse_login(self) -> None:
        self.token = "deleted"

    def rate_limit(self, seconds: int, **headers: str) -> None:
        """Discord's plugin tries a second time at once: that is refused as well."""
        body = {"message": "You are being rate limited.", "retry_after": float(seconds), "global": False}
        self._next = [Answer(429, body, headers)] * 2

    def rate_limit_by_headers(self, seconds: int) -> None:
        reset = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(time.time()) + seconds)}
        self.rate_limit(seconds, **reset)

    def fail(self, status: int, message: str = "on demand") -> None:
        self._next = [Answer(status, {"message": message, "code": 0})]

    def answer(self, answer: Answer) -> None:
        """The next message is answered with this and not kept."""
        self._next = [answer]

    def mention(self, text: str) -> NoReturn:
        raise NotImplementedError

    act = repeat_page = empty_page = lose_post = refuse_picture = mention

    def close(self) -> None:
        for plugin, real in self._real.items():
            setattr(plugin, _WHERE[plugin], real)
        self._late.set()
        self._server.close()

    # -- the server

    def _handle(self, call: Call) -> Answer | None:
        self.calls.append(call)
        if call.path.startswith("/api/webhooks/") and call.path != f"/api/webhooks/{WEBHOOK}/{self.token}":
            return Answer(404, {"message": "Unknown Webhook", "code": 10015})
        ordered = self._next.pop(0) if self._next else None
        if isinstance(ordered, Answer):
            return ordered
        self.messages.append(_text(call))
        if ordered == "delay":
            return Answer(200, {}, after=self._late)
        ok: Any = b"ok" if call.path.startswith("/services") else {"ok": True}
        return None if ordered == "lose" else Answer(200, ok)


def _text(call: Call) -> str:
    said = call.json
    attached = (said.get("attachments") or [{}])[0]
    return str(said.get("content") or said.get("text") or said.get("message") or attached.get("text") or "")
