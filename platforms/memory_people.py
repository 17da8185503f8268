"""Others on the memory network: what they wrote, and what the account did for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from platforms.abilities import Act, Relation, TheirPost
from platforms.base import Actor, Interaction, Page
from platforms.memory_world import World

ACTS: frozenset[Act] = frozenset({"boost", "like", "reply", "follow", "endorse"})

#: Acts of the account, and what they are called in its diary; the others leave no trace there.
_TOLD = {"boost": "boost", "reply": "reply"}


def do(world: World, account: str, act: Act, target: str, text: str) -> str:
    """Do it, unless it was done; gives its id."""
    for event in _done(world):
        if (event["kind"], event["target"]) == (act, target):
            return str(event["id"])
    made = f"memory://{account}/did/{uuid4().hex}"
    world.record("did", id=made, kind=act, target=target, text=text, at=datetime.now(UTC).isoformat())
    return made


def undo(world: World, act: Act, target: str) -> None:
    """Take it back."""
    world.record("undid", kind=act, target=target)


def posts(world: World, handle: str) -> tuple[TheirPost, ...]:
    """What somebody wrote, newest first, with what the account did to it."""
    acts = {(event["kind"], event["target"]) for event in _done(world)}
    theirs = [post for who, post in world.written() if who.handle == handle]
    return tuple(
        TheirPost(
            ref=post.ref,
            at=post.at,
            text=post.text,
            links=post.links,
            language=post.language,
            warning=post.warning,
            boosts=post.boosts,
            likes=post.likes,
            boosted=("boost", post.ref.url) in acts,
            liked=("like", post.ref.url) in acts,
        )
        for post in sorted(theirs, key=lambda post: post.at, reverse=True)
    )


def diary(world: World, account: str, cursor: str | None, size: int) -> Page:
    """What the account did, oldest first; the cursor is the number of its acts already read."""
    acts = list(_diary(world, account))
    start = int(cursor or 0)
    page = acts[start : start + size]
    return Page(tuple(page), str(start + len(page)), more=len(acts) > start + size)


def _diary(world: World, account: str) -> Iterator[Interaction]:
    authors = {post.ref.url: who for who, post in world.written()}
    authors |= {act.url: act.actor for act in world.interactions() if act.url}
    for event in world.events("did", "post"):
        at = datetime.fromisoformat(event["at"])
        if event["act"] == "post":
            if url := event["url"]:
                mine = f"memory://{account}/{event['id']}"
                where = Actor(url, url=url, network="web")
                yield Interaction("share", where, id=event["id"], url=mine, target=url, at=at)
        elif (kind := _TOLD.get(event["kind"])) and (who := authors.get(event["target"])):
            yield Interaction(kind, who, id=event["id"], url=event["id"], target=event["target"], at=at)


def followers(world: World) -> list[Actor]:
    """Those who followed the account and did not leave since."""
    there: dict[str, Actor] = {}
    for event in world.events("interaction", "left"):
        if event["act"] == "left":
            there.pop(event["who"], None)
        elif event["told"]["kind"] == "follow":
            who = Actor(**event["told"]["actor"])
            there[who.id or who.handle] = who
    return list(there.values())


def following(world: World) -> list[Actor]:
    """Those whom the account follows, as far as they ever did something that tells who they are."""
    known = {who.id or who.handle: who for act in world.interactions(silent=True) for who in (act.actor,)}
    targets = [str(event["target"]) for event in _done(world) if event["kind"] == "follow"]
    return [known.get(target) or Actor(target, target) for target in targets]


def relations(world: World, ids: Sequence[str]) -> Mapping[str, Relation]:
    """How the account stands to others; the network knows everybody who is named."""
    theirs = {who.id or who.handle for who in followers(world)}
    mine = {who.id or who.handle for who in following(world)}
    return {one: Relation(following=one in mine, followed_by=one in theirs) for one in ids}


def _done(world: World) -> Sequence[dict[str, Any]]:
    """What the account did and did not take back."""
    standing: dict[tuple[str, str], dict[str, Any]] = {}
    for event in world.events("did", "undid"):
        what = event["kind"], event["target"]
        if event["act"] == "did":
            standing[what] = event
        else:
            standing.pop(what, None)
    return list(standing.values())
