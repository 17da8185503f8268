"""Who is who on Bluesky: profiles, followers, relations, and who liked or reposted a post. Reads only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from platforms.abilities import Profile, Relation
from platforms.base import Actor, Interaction, Json, PostRef
from platforms.bluesky_wire import actor, mapping, mappings, profile, reaction, relation
from platforms.errors import AuthFailed, Rejected, Unreachable
from platforms.xrpc import Refused, Xrpc

#: So many accounts `getRelationships` takes at a time (its lexicon).
_AT_A_TIME = 30
#: So many empty pages in a row, and a list is given up.
_PATIENCE = 20


def whoami(xrpc: Xrpc) -> Profile:
    """Whose session it is: a call that every server knows, even one without the Bluesky app."""
    said = xrpc.query("com.atproto.server.getSession", {})
    if said.get("active") is False:
        state = str(said.get("status") or "not active")
        raise AuthFailed(xrpc.subject, f"the account is {state}", "see to it in the Bluesky app")
    who = profile({name: said.get(name) for name in ("did", "handle")})
    if who is None:
        raise Unreachable(xrpc.subject, "the server does not say whose session it is")
    return who


def look_up(xrpc: Xrpc, handle: str) -> Profile | None:
    """The profile of a handle or DID; None when nobody has it, or their server has locked the account."""
    try:
        return profile(xrpc.query("app.bsky.actor.getProfile", {"actor": handle.removeprefix("@").lower()}))
    except Refused:
        return None


def resolve(xrpc: Xrpc, handle: str) -> str:
    """The DID of a handle; empty when it leads to none."""
    try:
        did = str(xrpc.query("com.atproto.identity.resolveHandle", {"handle": handle}).get("did") or "")
    except (Rejected, Unreachable):  # a 5xx may mean that the server of this very handle is down
        return ""
    return did if did.startswith("did:") else ""


def everybody(xrpc: Xrpc, method: str, part: str) -> Iterator[Actor]:
    """The account's followers or those it follows, to the last."""
    for said in _walk(xrpc, method, {"actor": xrpc.did}, part):
        if who := actor(said):
            yield who


def relations(xrpc: Xrpc, dids: Sequence[str]) -> dict[str, Relation]:
    """How the account stands to others; who is unknown to the network, or no DID, is left out."""
    others = iter([did for did in dict.fromkeys(dids) if did.startswith("did:")])
    found: dict[str, Relation] = {}
    while some := list(islice(others, _AT_A_TIME)):
        answer = xrpc.query("app.bsky.graph.getRelationships", {"actor": xrpc.did, "others": list(some)})
        for said in mappings(answer.get("relationships")):
            if said.get("did") in some:
                found[said["did"]] = relation(said)
    return found


def reactions(xrpc: Xrpc, ref: PostRef) -> Iterator[Interaction]:
    """Likes and reposts of a post of mine. Only likes have times. A post that is gone has none of either."""
    for kind, method, part in (("like", "getLikes", "likes"), ("boost", "getRepostedBy", "repostedBy")):
        try:
            for said in _walk(xrpc, f"app.bsky.feed.{method}", {"uri": ref.id}, part):
                act = reaction(kind, said, ref.url)
                if act and act.actor.id != xrpc.did:
                    yield act
        except Refused as refusal:
            if refusal.name not in {"NotFound", "RecordNotFound"}:
                raise


def _walk(xrpc: Xrpc, method: str, parameters: Mapping[str, Json], part: str) -> Iterator[Mapping[str, Any]]:
    """Every item of a list, each person once. Unreachable when its pages lead in a circle."""
    known: set[str] = set()
    place, places, empty = None, set[str](), 0
    while True:
        answer = xrpc.query(method, {**parameters, "limit": 100} | ({"cursor": place} if place else {}))
        items = mappings(answer.get(part))
        news = [item for item in items if _did(item) not in known]
        known.update(map(_did, news))
        yield from news
        place, empty = str(answer.get("cursor") or ""), 0 if items else empty + 1
        if not place:
            return
        if place in places or (items and not news) or empty >= _PATIENCE:
            raise Unreachable(xrpc.subject, f"{method} tells the same again and again")
        places.add(place)


def _did(item: Mapping[str, Any]) -> str:
    return str(mapping(item.get("actor")).get("did") or item.get("did") or "")
