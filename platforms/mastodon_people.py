"""People on a Mastodon server: who follows whom, who somebody is, who boosted and liked a post."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from platforms.abilities import Profile, Relation
from platforms.base import Actor, Interaction, PostRef
from platforms.mastodon_accounts import Home, actor, count, parts, profile, relation, same_address
from platforms.mastodon_refusals import Gone, NoSuchCall
from platforms.mastodon_server import Server

#: How many relations are asked for at once; Mastodon allows more, but an address has only so much room.
_AT_ONCE = 40


def following(server: Server, me: Mapping[str, Any]) -> Iterator[Actor]:
    """Everybody the account (its JSON) follows."""
    return _everybody(server, me, "following")


def followers(server: Server, me: Mapping[str, Any]) -> Iterator[Actor]:
    """Everybody who follows the account (its JSON)."""
    return _everybody(server, me, "followers")


def _everybody(server: Server, me: Mapping[str, Any], listed: str) -> Iterator[Actor]:
    path = f"/api/v1/accounts/{quote(str(me['id']), safe='')}/{listed}"
    with server.able_to("list who follows whom"):
        for row in server.walk(path, lambda: count(me.get(f"{listed}_count"))):
            if who := actor(row, server.home):
                yield who


def relations(server: Server, ids: Sequence[str]) -> Mapping[str, Relation]:
    """How the account stands to others, by their ids; those the server doesn't know are left out."""
    found: dict[str, Relation] = {}
    with server.able_to("tell how accounts stand to each other"):
        for start in range(0, len(ids), _AT_ONCE):
            query = urlencode([("id[]", one) for one in ids[start : start + _AT_ONCE]])
            rows = server.ask("GET", f"/api/v1/accounts/relationships?{query}").rows()
            found |= {str(row["id"]): relation(row) for row in rows if str(row["id"]) in ids}
    return found


def find_account(server: Server, who: str) -> Profile | None:
    """Who has this id, handle or profile page; None when nobody does. Strangers are looked for where they live."""
    handle, page = who.removeprefix("@"), who.startswith(("https://", "http://"))
    if "@" not in who and not page and (found := _asked(server, f"/api/v1/accounts/{quote(who, safe='')}")):
        return found
    if not page and (found := _asked(server, f"/api/v1/accounts/lookup?{urlencode({'acct': handle})}")):
        return found
    query = urlencode({"q": who, "type": "accounts", "resolve": "true", "limit": "5"})
    with server.able_to("look people up"):
        rows = parts(server.ask("GET", f"/api/v2/search?{query}").mapping(), "accounts")
    wanted = who if page else handle
    return next((profile(row, server.home) for row in rows if _is(row, wanted, server.home)), None)


def _is(account: Mapping[str, Any], wanted: str, home: Home) -> bool:
    """Whether an account has this handle, or this page or address; a page may be written as /@name or /users/name."""
    found = actor(account, home)
    if found is None:
        return False
    if same_address(wanted, (found.url, account.get("uri"))) or wanted.lower() == found.handle.lower():
        return True
    name = found.handle.partition("@")[0].lower()
    with suppress(ValueError):
        asked, host = urlsplit(wanted.rstrip("/").lower()), urlsplit(found.url.lower()).netloc
        return host == asked.netloc != "" and asked.path.rpartition("/")[2].removeprefix("@") == name
    return False


def _asked(server: Server, path: str) -> Profile | None:
    with suppress(Gone, NoSuchCall):
        return profile(server.ask("GET", path).mapping(), server.home)
    return None


def reactions(server: Server, ref: PostRef) -> Iterator[Interaction]:
    """Boosts and likes of a post, to the last. Mastodon tells no times and no ids of these."""
    path = f"/api/v1/statuses/{quote(ref.id, safe='')}"
    for kind, listed, counted in (
        ("boost", "reblogged_by", "reblogs_count"),
        ("like", "favourited_by", "favourites_count"),
    ):
        with server.able_to("tell who boosted and liked"), suppress(Gone):
            for row in server.walk(f"{path}/{listed}", partial(_count, server, path, counted)):
                if who := actor(row, server.home):
                    yield Interaction(kind, who, target=ref.url or ref.id)


def _count(server: Server, path: str, name: str) -> int | None:
    return count(server.ask("GET", path).mapping().get(name))
