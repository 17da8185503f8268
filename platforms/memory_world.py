"""The world of the memory network: what exists there, in this process or in a file, and how tests change it."""

from __future__ import annotations

import json
import os
import tempfile
import threading
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol

from platforms.abilities import TheirPost
from platforms.base import Actor, Interaction, PostRef

#: What the network can be told to refuse: uploading a picture, or a post that has one, or that has a link card.
Part = Literal["upload", "picture", "card"]


class _Log(Protocol):
    """Events in the order they happened."""

    def read(self) -> list[dict[str, Any]]: ...

    def append(self, event: dict[str, Any]) -> None: ...

    def probe(self) -> None: ...


class _InProcess:
    """Events in a list, gone with the process."""

    def __init__(self) -> None:
        self._events: list[dict[str, Any]] = []

    def read(self) -> list[dict[str, Any]]:
        return list(self._events)

    def append(self, event: dict[str, Any]) -> None:
        self._events.append(event)

    def probe(self) -> None:
        """There is nothing that could be wrong."""


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

    def probe(self) -> None:
        """Open the file, or make another where it would come to be, which is gone at once."""
        if self._path.exists():
            self._path.open("ab").close()
            return
        there = next(folder for folder in self._path.absolute().parents if folder.exists())
        tempfile.TemporaryFile(dir=there).close()

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
        """The posts that are visible now, oldest first: id, key, at, text, url, the card's title, perhaps a picture."""
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

    def write(self, who: Actor, post: TheirPost) -> None:
        """Somebody else writes a post."""
        self._log.append({"act": "theirs", "who": asdict(who), "post": asdict(post) | {"at": post.at.isoformat()}})

    def written(self) -> list[tuple[Actor, TheirPost]]:
        """What others wrote, in the order it was scripted."""
        return [(Actor(**event["who"]), _their_post(event["post"])) for event in self.events("theirs")]

    def leave(self, who: str) -> None:
        """Somebody (by id, or handle where they have none) unfollows the account."""
        self._log.append({"act": "left", "who": who})

    def events(self, *acts: str) -> list[dict[str, Any]]:
        """All that happened of these kinds, in order."""
        return [event for event in self._log.read() if event["act"] in acts]

    def refuse(self, part: Part, url: str = "") -> None:
        """From now on the network refuses this, in posts of one link or of any."""
        self._log.append({"act": "refuse", "part": part, "url": url})

    def refuses(self, part: Part, url: object) -> bool:
        """Whether it does."""
        refusals = (event for event in self._log.read() if event["act"] == "refuse")
        return any(each["part"] == part and each["url"] in ("", url) for each in refusals)

    def probe(self) -> None:
        """See that the file of this world, if it has one, can be written; leaves nothing behind. Else OSError."""
        self._log.probe()

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


def _interaction(told: dict[str, Any]) -> Interaction:
    at = told["at"] and datetime.fromisoformat(told["at"])
    return Interaction(**(told | {"actor": Actor(**told["actor"]), "at": at}))


def _their_post(told: dict[str, Any]) -> TheirPost:
    at, links = datetime.fromisoformat(told["at"]), tuple(told["links"])
    return TheirPost(**(told | {"ref": PostRef(**told["ref"]), "at": at, "links": links}))
