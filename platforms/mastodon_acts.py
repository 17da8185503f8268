"""What a person can have done on Mastodon towards others, after saying yes to the very act."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import quote, urlencode

from platforms.abilities import Act
from platforms.errors import Rejected, Unreachable, Unsupported
from platforms.mastodon_accounts import part, parts, same_address
from platforms.mastodon_people import find_account
from platforms.mastodon_refusals import Forbidden, Gone, NoSuchCall
from platforms.mastodon_server import Server
from platforms.mastodon_wire import says_the_same

#: What is done to posts, and how it is taken back, as the SDK calls it; the same for accounts.
_TO_POSTS: dict[Act, tuple[str, str]] = {
    "boost": ("status_reblog", "status_unreblog"),
    "like": ("status_favourite", "status_unfavourite"),
}
_TO_ACCOUNTS: dict[Act, tuple[str, str]] = {
    "follow": ("account_follow", "account_unfollow"),
    "endorse": ("account_endorse", "account_unendorse"),
}
#: What servers before 4.4, and those that follow them, call it.
_OLDER = {
    "account_endorse": "account_pin",
    "account_unendorse": "account_unpin",
}
ACTS: frozenset[Act] = frozenset({*_TO_POSTS, *_TO_ACCOUNTS, "reply"})
#: As many of those to whom a status is shown may see an answer to it.
_AS_VISIBLE = frozenset({"public", "unlisted", "private", "direct"})


def do(server: Server, act: Act, target: str) -> str:
    """Do it to a post (id or URL) or an account (id, handle or URL); gives the id of the boost, else of the target."""
    call, _ = _calls(server, act)
    found = _target(server, act, target)
    if not found:
        raise Gone(server.name, f"{target} is not to be found")
    try:
        said = _call(server, call, found)
    except Rejected as error:
        if act == "endorse":
            remedy = "only somebody who is followed can be endorsed: follow first"
            raise Rejected(server.name, error.problem, remedy) from error
        raise
    return str(said.get("id") or found) if isinstance(said, dict) else found


def answer(server: Server, me: str, target: str, text: str) -> str:
    """Answer a status in these words, for the same readers and behind the same warning; gives the answer's id.

    `me` is the id of the account, by which an answer that is there already is known: servers keep a key for an hour at
    most, if at all.
    """
    found = _target(server, "reply", target)
    if not found:
        raise Gone(server.name, f"{target} is not to be found")
    path = f"/api/v1/statuses/{quote(found, safe='')}"
    with suppress(NoSuchCall):
        for each in parts(server.ask("GET", f"{path}/context").mapping(), "descendants"):
            is_mine = str(part(each, "account").get("id")) == me and str(each.get("in_reply_to_id")) == found
            if is_mine and says_the_same(each, {"status": text}):
                return str(each["id"])
    asked = server.ask("GET", path).mapping()
    visibility = str(asked.get("visibility"))
    key = hashlib.sha256(f"{found}\x1f{text}".encode()).hexdigest()
    said = server.call(
        "status_post",
        text,
        in_reply_to_id=found,
        visibility=visibility if visibility in _AS_VISIBLE else None,
        spoiler_text=str(asked.get("spoiler_text") or "") or None,
        idempotency_key=key,
    )
    if not isinstance(said, dict) or not said.get("id"):
        raise Unreachable(server.name, "the answer is no status", "look whether the answer is there")
    return str(said["id"])


def undo(server: Server, act: Act, target: str) -> None:
    """Take it back; what was not done, or is gone, is no error."""
    _, call = _calls(server, act)
    found = _target(server, act, target)
    if found:
        with suppress(Gone):
            _call(server, call, found)


def _calls(server: Server, act: Act) -> tuple[str, str]:
    known = _TO_POSTS | _TO_ACCOUNTS
    if act not in known:
        raise Unsupported(server.name, f"{act} is not for this network")
    return known[act]


def _call(server: Server, call: str, found: str) -> Any:
    try:
        return _allowed(server, call, found)
    except (Gone, NoSuchCall) as error:
        if call in _OLDER:
            with server.able_to("do that"):
                return _allowed(server, _OLDER[call], found)
        if isinstance(error, Gone):
            raise
        raise Unsupported(server.name, f"this server can't do that: {error.problem}") from error


def _allowed(server: Server, call: str, found: str) -> Any:
    """Do it; what this one person forbids says nothing of the login."""
    try:
        return server.call(call, found)
    except Forbidden as error:
        if "scope" in error.problem:
            raise
        raise Rejected(server.name, error.problem) from error


def _target(server: Server, act: Act, target: str) -> str:
    """The id by which the account's server knows a post or an account; empty where it knows none."""
    if act in _TO_ACCOUNTS:
        if "@" not in target and "/" not in target:
            return target
        found = find_account(server, target)
        return found.actor.id if found else ""
    if "/" not in target:
        return target
    query = urlencode({"q": target, "type": "statuses", "resolve": "true", "limit": "5"})
    with server.able_to("find a post by its address"):
        statuses = parts(server.ask("GET", f"/api/v2/search?{query}").mapping(), "statuses")
    return next((str(status["id"]) for status in statuses if status.get("id") and _is(server, status, target)), "")


def _is(server: Server, status: Mapping[str, Any], target: str) -> bool:
    """Whether a status that a search gave is the one at an address: by its own, or by where this server shows it."""
    if same_address(target, (status.get("url"), status.get("uri"))):
        return True
    return target.startswith(f"{server.address}/") and target.rstrip("/").rpartition("/")[2] == str(status["id"])
