"""What Mastodon's JSON says of people: accounts, profiles, relationships. Pure.

Fields: https://docs.joinmastodon.org/entities/Account/ and /Relationship/. Servers that only resemble Mastodon leave
out what they like, and strangers write what they like: everything is checked, and nothing is without bounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from platforms.abilities import Profile, Relation
from platforms.base import Actor
from platforms.mastodon_html import Content

#: Characters of a name or an address.
_NAME = 500
_FIELDS = 50
#: Gives a server's domain, or "".
Home: TypeAlias = Callable[[], str]
#: What an account can be besides a person's: https://docs.joinmastodon.org/entities/Account/#group and following.
_MARKS = ("group", "memorial", "suspended", "limited")


def actor(account: Mapping[str, Any], home: Home = str) -> Actor | None:
    """Who an account is; None without an id or a name. `id` is the server's own.

    `home` gives the domain of the server's own accounts; it is asked for those alone, and may not know.
    """
    handle = str(account.get("acct") or account.get("username") or "")[:_NAME]
    if not handle or not account.get("id"):
        return None
    url = str(account.get("url") or "")[:_NAME]
    if "@" not in handle and (host := home() or _host(url or str(account.get("uri") or ""))):
        handle = f"{handle}@{host}"  # the server leaves its own name out
    name = str(account.get("display_name") or "")[:_NAME]
    return Actor(handle, str(account["id"]), url, name, account.get("bot") is True)


def profile(account: Mapping[str, Any], home: Home = str) -> Profile | None:
    """What an account says of itself; None where it is none. `verified` are the links its server has checked."""
    who = actor(account, home)
    if who is None:
        return None
    note = Content(account.get("note"))
    rows = parts(account, "fields")[:_FIELDS]
    links = {link: bool(row.get("verified_at")) for row in rows for link in _links_of(row)}
    moved = actor(part(account, "moved"), home)
    return Profile(
        who,
        text="\n".join(filter(None, (note.text, *map(_line, rows)))),
        links=tuple(dict.fromkeys((*links, *note.links[:_FIELDS]))),
        verified=tuple(link for link, checked in links.items() if checked),
        moved_to=moved.handle if moved else "",
        marks=_marks(account),
        created=time(account.get("created_at")),
        posts=count(account.get("statuses_count")),
        followers=count(account.get("followers_count")),
        following=count(account.get("following_count")),
    )


def _marks(account: Mapping[str, Any]) -> tuple[str, ...]:
    """What the server says the account is; servers of other kinds tell a group by its type."""
    is_group = str(account.get("actor_type") or "").lower() == "group"
    return tuple(mark for mark in _MARKS if account.get(mark) is True or (is_group and mark == "group"))


def relation(said: Mapping[str, Any]) -> Relation:
    """How an account and mine stand to each other."""
    return Relation(
        following=said.get("following") is True,
        followed_by=said.get("followed_by") is True,
        blocked=any(said.get(key) is True for key in ("blocking", "blocked_by", "domain_blocking")),
        endorsed=said.get("endorsed") is True,
    )


def part(payload: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object inside of another; empty where there is none."""
    inner = payload.get(name)
    return inner if isinstance(inner, Mapping) else {}


def parts(payload: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The objects of a list inside of another; empty where there is none."""
    inner = payload.get(name)
    return [one for one in inner if isinstance(one, Mapping)] if isinstance(inner, list) else []


def count(said: object) -> int | None:
    """A number of things, if it is one."""
    return said if isinstance(said, int) and not isinstance(said, bool) and said >= 0 else None


def time(said: object) -> datetime | None:
    """A time as UTC, from ISO-8601 or from what the SDK made of it; None where it is neither."""
    try:
        at = datetime.fromisoformat(said) if isinstance(said, str) else said
        if not isinstance(at, datetime):
            return None
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def same_address(wanted: str, said: Iterable[object]) -> bool:
    """Whether one of these is the address that is wanted, but for a slash at its end."""
    return wanted.rstrip("/") in {str(one or "").rstrip("/") for one in said}


def _line(row: Mapping[str, Any]) -> str:
    """A field of a profile as a line: people write there what they wish, and what they don't."""
    return f"{Content(row.get('name')).text}: {Content(row.get('value')).text}"[:_NAME]


def _links_of(row: Mapping[str, Any]) -> list[str]:
    """The links in a field's value; the value itself where a server sends no HTML."""
    value = Content(row.get("value"))
    return value.links or [text for text in value.text.split()[:1] if text.startswith(("https://", "http://"))]


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""
