"""A network that needs no keys: posts live in this process, or in a file that outlives it.

For the first try, demonstrations and tests. It behaves like the plainest network there is: it ignores idempotency keys
(publishing twice gives two posts), so exactly-once has to come from `find`. It is a Reporter and an Audience as
well: what others did is scripted through its `World`. Who decides what to post, and when, is elsewhere.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

from platforms.abilities import Profile
from platforms.base import Actor, Draft, Interaction, Limits, Login, Page, PostRef, Request
from platforms.errors import Unreachable

LIMITS = Limits(
    length=500,
    count="graphemes",
    source="this network is part of the program: it allows what an average network allows",
    read_on="2026-11-01",
    card="client",
    languages=1,
)
PAGE = 40  # interactions per page, about what real networks give


class _Log(Protocol):
    """Events in the order they happened."""

    def read(self) -> list[dict[str, Any]]: ...

    def append(self, event: dict[str, Any]) -> None: ...


class _InProcess:
    """Events in a list, gone with the process."""

    def __init__(self) -> None:
        self._events: list[dict[str, Any]] = []

    def read(self) -> list[dict[str, Any]]:
        return list(self._events)

    def append(self, event: dict[str, Any]) -> None:
        self._events.append(event)


class _InFile:
    """Events in an append-only file of JSON Lines; several processes may append."""

    _one_at_a_time = threading.Lock()

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> list[dict[str, Any]]:
        try:
            lines = self._path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return []
        return [event for line in lines if (event := _event(line)) is not None]

    def append(self, event: dict[str, Any]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        # The line feed in front ends a line that a killed process left torn: that event was never acknowledged.
        line = b"\n" + json.dumps(event, ensure_ascii=False).encode()
        with self._one_at_a_time, self._path.open("ab", buffering=0) as file:
            file.write(line)
            os.fsync(file.fileno())


def _event(line: bytes) -> dict[str, Any] | None:
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) else None


class World:
    """What exists on the network, for one account: look at its posts, script what others do."""

    def __init__(self, log: _Log) -> None:
        self._log = log

    def posts(self) -> list[dict[str, Any]]:
        """The posts that are visible now, oldest first, each with id, key, at, text, url and the card's title."""
        events = self._log.read()
        deleted = {event["id"] for event in events if event["act"] == "delete"}
        return [event for event in events if event["act"] == "post" and event["id"] not in deleted]

    def interact(self, interaction: Interaction, *, told: bool = True) -> None:
        """Somebody does something: the adapter reports it from now on. Not `told`: only the post itself knows."""
        what = asdict(interaction) | {"at": interaction.at and interaction.at.isoformat()}
        self._log.append({"act": "interaction", "told": what} | ({} if told else {"silent": True}))

    def interactions(self, *, silent: bool = False) -> list[Interaction]:
        """All that was scripted, in the order it was; with `silent`, also what nobody was told."""
        done = [event for event in self._log.read() if event["act"] == "interaction"]
        return [_interaction(event["told"]) for event in done if silent or not event.get("silent")]

    def record(self, act: str, **what: Any) -> None:
        """Append what the account itself did."""
        self._log.append({"act": act, **what})


_WORLDS: dict[str, World] = {}


def world(account: str, file: str | None = None) -> World:
    """The world of an account: the same one for every adapter of this process, or of every process with that file."""
    if file:
        return World(_InFile(Path(file)))
    return _WORLDS.setdefault(account, World(_InProcess()))


def forget(account: str) -> None:
    """End the world of an account that lives in this process only."""
    _WORLDS.pop(account, None)


class Memory:
    """Publisher, Reporter, Audience and Witness. Option `file`: path of a JSON Lines file to keep the world in."""

    limits = LIMITS

    def __init__(self, login: Login) -> None:
        file = login.options.get("file")
        self._account = login.account
        self._world = world(login.account, str(file) if file else None)

    def prepare(self, draft: Draft, key: str, now: datetime) -> Request:
        """The payload is the post as it will be kept."""
        title = draft.card.title if draft.card else ""
        return Request(key, {"text": draft.text, "url": draft.url, "title": title, "language": draft.language}, now)

    def publish(self, request: Request) -> PostRef:
        """Add a post, also when the same request was published before."""
        post = uuid4().hex
        self._record("post", id=post, key=request.key, at=request.created.isoformat(), **request.payload)
        return self._ref(post)

    def find(self, request: Request) -> PostRef | None:
        """The oldest visible post that was made from this request."""
        return next((self._ref(post["id"]) for post in self._world.posts() if post["key"] == request.key), None)

    def delete(self, ref: PostRef) -> None:
        """Hide the post."""
        self._record("delete", id=ref.id)

    def interactions(self, cursor: str | None) -> Page:
        """What was scripted, oldest first. The cursor is the number of interactions already read."""
        start = int(cursor or 0)
        told = self._world.interactions()
        page = told[start : start + PAGE]
        return Page(tuple(page), str(start + len(page)), more=len(told) > start + PAGE)

    def reactions(self, ref: PostRef) -> Iterator[Interaction]:
        """Likes and boosts of a post, in the order they were scripted; a deleted post has none."""
        if any(post["id"] == ref.id for post in self._world.posts()):
            for act in self._world.interactions(silent=True):
                if act.kind in {"like", "boost"} and act.target == ref.url:
                    yield act

    def whoami(self) -> Profile:
        """The account, which is called what the settings call it."""
        return Profile(Actor(self._account, self._account, f"memory://{self._account}"))

    def _record(self, act: str, **what: Any) -> None:
        try:
            self._world.record(act, **what)
        except OSError as error:
            remedy = "make room, or choose another `file` for this account"
            raise Unreachable(self._account, f"the world could not be written: {error}", remedy) from error

    def _ref(self, post: str) -> PostRef:
        return PostRef(post, f"memory://{self._account}/{post}")


def _interaction(told: dict[str, Any]) -> Interaction:
    at = told["at"] and datetime.fromisoformat(told["at"])
    return Interaction(**(told | {"actor": Actor(**told["actor"]), "at": at}))
