"""What Mastodon's JSON means in our words: notifications, statuses, accounts. Pure: no SDK, no network.

Fields: https://docs.joinmastodon.org/entities/Notification/ and /Status/. A notification's status can be null.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from platforms.base import Actor, Interaction, PostRef


def interaction(payload: Mapping[str, Any], me: str | None) -> Interaction | None:
    """What a notification, or a status of somebody else's, says was done for me; None if nothing was.

    `me` is the id of my account on that server: a mention is a reply if it answers a status of mine (of anybody, when
    `me` is None). Targets are URLs where the server gives them, else ids.
    """
    kind, status, target = _act(payload, me)
    if not kind:
        return None
    seen = status or {}
    return Interaction(
        kind=kind,
        actor=_actor(payload["account"]),
        id=str(payload["id"]),
        url=str(seen.get("url") or seen.get("uri") or ""),
        target=str(target or ""),
        at=time(payload.get("created_at")),
        text=Content(seen.get("content")).text,
    )


def _act(payload: Mapping[str, Any], me: str | None) -> tuple[str, Mapping[str, Any] | None, object]:
    """The ledger's kind (empty: none), the status in which it was done, and what of mine it was done to."""
    status = payload.get("status") or {}
    match payload.get("type"):
        case "mention":
            kind, target = _answer(status, me) or ("mention", "")
            return kind, status, target
        case "quote":
            return "quote", status, _quoted(status)
        case "reblog":
            return "boost", None, _address(status)
        case "favourite":
            return "like", None, _address(status)
        case "follow":
            return "follow", None, ""
        case "added_to_collection":
            return "recommend", payload.get("collection"), ""
        case None:
            return _status_act(payload, me)
    return "", None, ""


def _status_act(status: Mapping[str, Any], me: str | None) -> tuple[str, Mapping[str, Any] | None, object]:
    if status.get("reblog"):
        return "boost", status, _address(status["reblog"])
    if quoted := _quoted(status):
        return "quote", status, quoted
    if answer := _answer(status, me):
        return answer[0], status, answer[1]
    named = any(str(mention["id"]) == me for mention in status.get("mentions") or ())
    return "mention" if named else "", status, ""


def _answer(status: Mapping[str, Any], me: str | None) -> tuple[str, str] | None:
    target = status.get("in_reply_to_id")
    mine = me is None or str(status.get("in_reply_to_account_id")) == me
    return ("reply", str(target)) if target and mine else None


def _quoted(status: Mapping[str, Any]) -> str:
    quote = status.get("quote") or {}
    return _address(quote.get("quoted_status") or {}) or str(quote.get("quoted_status_id") or "")


def _address(status: Mapping[str, Any]) -> str:
    return str(status.get("url") or status.get("uri") or status.get("id") or "")


def _actor(account: Mapping[str, Any]) -> Actor:
    url = str(account.get("url") or "")
    handle = str(account["acct"])
    if "@" not in handle and (host := urlsplit(url or str(account.get("uri") or "")).netloc):
        handle = f"{handle}@{host}"  # the server leaves its own name out
    name = str(account.get("display_name") or "")
    return Actor(handle, str(account["id"]), url, name, bool(account.get("bot")))


def ref(status: Mapping[str, Any]) -> PostRef:
    """Where a status lives."""
    return PostRef(str(status["id"]), str(status.get("url") or status.get("uri") or ""))


def made_from(status: Mapping[str, Any], payload: Mapping[str, Any]) -> bool:
    """Whether a status is what became of a request's payload: it links to the same article, or says the same."""
    if status.get("reblog"):
        return False  # somebody else's, boosted
    content = Content(status.get("content"))
    card = status.get("card") or {}
    if url := payload["url"]:
        links = {str(link).rstrip("/") for link in (*content.links, card.get("url"))}
        if str(url).rstrip("/") in links:
            return True
    return _words(content.text) == _words(str(payload["status"]))


def _words(text: str) -> str:
    """The text with white space folded and mentions without their server, as a server shows them."""
    return " ".join(re.sub(r"(@\w(?:[\w.-]*\w)?)@[\w.-]*\w", r"\1", text).split())


def time(said: object) -> datetime | None:
    """A time as UTC, from ISO-8601 or from what the SDK made of it; None stays None."""
    at = datetime.fromisoformat(said) if isinstance(said, str) else said
    if not isinstance(at, datetime):
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def number(said: object, section: str, name: str) -> int | None:
    """A limit from an instance's configuration, if it is there and is one."""
    part = said.get(section) if isinstance(said, Mapping) else None
    value = part.get(name) if isinstance(part, Mapping) else None
    return value if isinstance(value, int) and value >= 0 else None


class Content(HTMLParser):
    """A status's HTML as text and links."""

    def __init__(self, html: object) -> None:
        super().__init__()
        self.links: list[str] = []
        self._parts: list[str] = []
        self.feed(str(html or ""))
        self.close()

    @property
    def text(self) -> str:
        """What a reader sees."""
        return "".join(self._parts).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect links and line breaks."""
        if tag == "a":
            self.links += [value for name, value in attrs if name == "href" and value]
        elif tag in {"br", "p"}:
            self._parts.append("\n")

    def handle_data(self, data: str) -> None:
        """Collect text."""
        self._parts.append(data)
