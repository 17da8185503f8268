"""What Mastodon's JSON means in our words: notifications and statuses. Pure: no SDK, no network.

Fields: https://docs.joinmastodon.org/entities/Notification/ and /Status/. A notification's status can be null, and on
servers that only resemble Mastodon anything can be missing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from platforms.base import Interaction, PostRef
from platforms.mastodon_accounts import Home, actor, part, parts, time
from platforms.mastodon_html import Content

#: The visibilities that everybody sees; `unlisted` is called "quiet public" by now.
_PUBLIC = ("public", "unlisted")
_WITHOUT_STATUS = frozenset({"follow", "recommend"})


def interaction(payload: Mapping[str, Any], me: str | None, home: Home = str) -> Interaction | None:
    """What a notification, or a status of somebody else's, says was done for me; None if nothing was, or by nobody.

    `me` is the id of my account on that server: a mention is a reply if it answers a status of mine (of anybody, when
    `me` is None); `home` gives the server's domain. Targets are URLs where the server gives them, else ids.
    """
    kind, status, target = _act(payload, me)
    who = actor(part(payload, "account"), home)
    if not kind or not who:
        return None
    seen = status or {}
    return Interaction(
        kind=kind,
        actor=who,
        id=str(payload.get("id") or ""),
        url=str(seen.get("url") or seen.get("uri") or ""),
        target=str(target or ""),
        at=time(payload.get("created_at")),
        text=Content(seen.get("content")).text,
        private=_is_private(kind, payload),
    )


def _is_private(kind: str, payload: Mapping[str, Any]) -> bool:
    """Whether not everybody may see the status in which it was done, or to which.

    Where a server does not say, nobody is to learn of it; but nobody can boost what is not public.
    """
    if kind in _WITHOUT_STATUS:
        return False
    said = (part(payload, "status") if payload.get("type") else payload).get("visibility")
    return said not in _PUBLIC and (said is not None or kind != "boost")


def _act(payload: Mapping[str, Any], me: str | None) -> tuple[str, Mapping[str, Any] | None, object]:
    """The ledger's kind (empty: none), the status in which it was done, and what of mine it was done to."""
    status = part(payload, "status")
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
            return "recommend", part(payload, "collection"), ""
        case None:
            return _status_act(payload, me)
    return "", None, ""


def _status_act(status: Mapping[str, Any], me: str | None) -> tuple[str, Mapping[str, Any] | None, object]:
    if boosted := part(status, "reblog"):
        return "boost", status, _address(boosted)
    if quoted := _quoted(status):
        return "quote", status, quoted
    if answer := _answer(status, me):
        return answer[0], status, answer[1]
    named = any(str(mention.get("id")) == me for mention in parts(status, "mentions"))
    return "mention" if named else "", status, ""


def _answer(status: Mapping[str, Any], me: str | None) -> tuple[str, str] | None:
    target = status.get("in_reply_to_id")
    mine = me is None or str(status.get("in_reply_to_account_id")) == me
    return ("reply", str(target)) if target and mine else None


def _quoted(status: Mapping[str, Any]) -> str:
    quote = part(status, "quote")
    return _address(part(quote, "quoted_status")) or str(quote.get("quoted_status_id") or "")


def _address(status: Mapping[str, Any]) -> str:
    return str(status.get("url") or status.get("uri") or status.get("id") or "")


def ref(status: Mapping[str, Any]) -> PostRef:
    """Where a status lives."""
    return PostRef(str(status["id"]), str(status.get("url") or status.get("uri") or ""))


def made_from(status: Mapping[str, Any], payload: Mapping[str, Any]) -> bool:
    """Whether a status can be what became of a request's payload: it links to the same article, or says the same.

    Boosts of others' posts and answers to them are not, nor is what other people may see.
    """
    if status.get("reblog") or status.get("in_reply_to_id") or not _as_visible(status, payload):
        return False
    if url := payload["url"]:
        links = {
            str(link).rstrip("/") for link in (*Content(status.get("content")).links, part(status, "card").get("url"))
        }
        if str(url).rstrip("/") in links:
            return True
    return says_the_same(status, payload)


def says_the_same(status: Mapping[str, Any], payload: Mapping[str, Any]) -> bool:
    """Whether a status has the words of a request's payload."""
    return _words(Content(status.get("content")).text) == _words(str(payload["status"]))


def _as_visible(status: Mapping[str, Any], payload: Mapping[str, Any]) -> bool:
    """Whether the same people may see both, where it is said; of limited accounts what is public becomes unlisted."""
    told, asked = status.get("visibility"), payload.get("visibility")
    return not told or not asked or told == asked or {told, asked} == {"public", "unlisted"}


def _words(text: str) -> str:
    """The text with white space folded and mentions without their server, as a server shows them."""
    return " ".join(re.sub(r"(@\w(?:[\w.-]*\w)?)@[\w.-]*\w", r"\1", text).split())


def path_of(url: str | None) -> str | None:
    """The path and query of a link to go on at: it is asked on the account's own server, whatever server it names."""
    where = urlsplit(url or "")
    return f"{where.path}?{where.query}" if where.path.startswith("/") else None


def onward_of(links: Mapping[str, str]) -> str:
    """By which relation the first page of a list links to the one behind it: Pixelfed calls it `prev` for people.

    On Mastodon `prev` leads to what is newer than the page, by an id.
    """
    back = {name for name, _ in parse_qsl(urlsplit(links.get("prev", "")).query)}
    return "prev" if "next" not in links and back and not back & {"since_id", "min_id"} else "next"
