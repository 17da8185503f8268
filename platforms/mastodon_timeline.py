"""Statuses on a Mastodon server as somebody wrote them: others' recent ones, and what the account's own did for others.

Fields: https://docs.joinmastodon.org/entities/Status/. The account's own statuses are read as notifications are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from platforms.abilities import TheirPost
from platforms.base import Actor, Interaction, Page
from platforms.errors import Unsupported
from platforms.mastodon_accounts import actor, count, part, parts, time
from platforms.mastodon_html import Content
from platforms.mastodon_notices import Listing, walk
from platforms.mastodon_people import find_account
from platforms.mastodon_refusals import Gone, NoSuchCall
from platforms.mastodon_server import Server
from platforms.mastodon_wire import ref

#: The most that one page of statuses has.
_LIMIT = "40"
#: Characters of a status, and links of it, that are looked at.
_TEXT, _LINKS = 5000, 10
#: Of younger answers the status they answer is asked for, so that it is known by its own address.
_RECENT = timedelta(days=30)


def posts(server: Server, handle: str) -> tuple[TheirPost, ...]:
    """Somebody's own public statuses, newest first; empty for nobody."""
    try:
        found = find_account(server, handle)
    except Unsupported:
        found = None
    if found is None:
        return ()
    path = f"/api/v1/accounts/{quote(found.actor.id, safe='')}/statuses"
    with server.able_to("show what somebody wrote"):
        rows = server.page(path, {"exclude_replies": "true", "exclude_reblogs": "true", "limit": _LIMIT}).rows()
    told = [post for row in rows if (post := _their_post(row))]
    return tuple(sorted(told, key=lambda post: post.at, reverse=True))


def _their_post(status: Mapping[str, Any]) -> TheirPost | None:
    at = time(status.get("created_at"))
    is_public = status.get("visibility") in {"public", None}
    if at is None or not is_public or status.get("reblog") or status.get("in_reply_to_id"):
        return None
    return TheirPost(
        ref=ref(status),
        at=at,
        text=Content(status.get("content")).text[:_TEXT],
        links=tuple(_links(status)),
        language=str(status.get("language") or ""),
        warning=str(status.get("spoiler_text") or "")[:_TEXT] or ("sensitive" if status.get("sensitive") else ""),
        boosts=count(status.get("reblogs_count")),
        likes=count(status.get("favourites_count")),
        boosted=status.get("reblogged") is True,
        liked=status.get("favourited") is True,
    )


def diary(server: Server, me: str, cursor: str | None, now: datetime | None = None) -> Page:
    """What the account's own statuses did for others, from the cursor on."""
    path = f"/api/v1/accounts/{quote(me, safe='')}/statuses"
    since = (now or datetime.now(UTC)) - _RECENT
    return walk(server, Listing(path, _LIMIT, lambda status: _done(server, status, me, since)), cursor)


def _done(server: Server, status: Mapping[str, Any], me: str, since: datetime) -> Iterator[Interaction]:
    """The acts that one status of the account is; what only one person may see is none."""
    mine, at = ref(status), time(status.get("created_at"))
    if boosted := part(status, "reblog"):
        yield from _act("boost", server, part(boosted, "account"), me, mine.id, "", _address(boosted), at)
        return
    if status.get("visibility") == "direct":
        return
    if status.get("in_reply_to_id"):
        yield from _answer(server, status, me, since)
        return
    quoted = part(part(status, "quote"), "quoted_status")
    if quoted:
        yield from _act("quote", server, part(quoted, "account"), me, mine.id, mine.url, _address(quoted), at)
    for mention in parts(status, "mentions")[:_LINKS]:
        yield from _act("mention", server, mention, me, mine.id, mine.url, "", at)
    for link in _links(status):
        yield Interaction("share", Actor(link, url=link, network="web"), mine.id, mine.url, link, at)


def _answer(server: Server, status: Mapping[str, Any], me: str, since: datetime) -> Iterator[Interaction]:
    """An answer to somebody: the writer of the status it answers, who is mostly among those it names."""
    whom = str(status.get("in_reply_to_account_id") or "")
    if whom == me:
        return
    mine, at, target = ref(status), time(status.get("created_at")), str(status["in_reply_to_id"])
    writer = next((one for one in parts(status, "mentions") if str(one.get("id")) == whom), {})
    if at and at >= since:
        with suppress(Gone, NoSuchCall):
            asked = server.ask("GET", f"/api/v1/statuses/{quote(target, safe='')}").mapping()
            target, writer = _address(asked) or target, part(asked, "account") or writer
    yield from _act("reply", server, writer, me, mine.id, mine.url, target, at)


def _act(
    kind: str,
    server: Server,
    whose: Mapping[str, Any],
    me: str,
    act: str,
    url: str,
    target: str,
    at: datetime | None,
) -> Iterator[Interaction]:
    who = actor(whose, server.home)
    if who and who.id != me:
        yield Interaction(kind, who, act, url, target, at)


def _links(status: Mapping[str, Any]) -> list[str]:
    """Where a status leads: its links, but for people, tags and what it quotes; else its card."""
    inside = {str(one.get("url") or "") for name in ("mentions", "tags") for one in parts(status, name)}
    inside.add(_address(part(part(status, "quote"), "quoted_status")))
    links = (*Content(status.get("content")).links, str(part(status, "card").get("url") or ""))
    web = [link for link in links if link.startswith(("https://", "http://")) and link not in inside]
    own = [link for link in web if link in links[:-1]]
    return list(dict.fromkeys(own or web))[:_LINKS]


def _address(status: Mapping[str, Any]) -> str:
    return str(status.get("url") or status.get("uri") or "")
