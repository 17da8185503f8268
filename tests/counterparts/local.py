"""The counterparts of networks that live on this machine: the network itself, looked at from the other side."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from platforms.abilities import TheirPost
from platforms.base import Actor, Interaction, Login, PostRef
from platforms.linkblog import Linkblog
from platforms.memory import Memory, forget, world


class _NoFaults:
    """No wire and no login: none of the faults of a server."""

    def lose_answer(self) -> NoReturn:
        raise NotImplementedError

    def refuse_login(self) -> NoReturn:
        raise NotImplementedError

    def rate_limit(self, seconds: int) -> NoReturn:
        raise NotImplementedError

    def fail(self, status: int) -> NoReturn:
        raise NotImplementedError

    def delay_answer(self) -> NoReturn:
        raise NotImplementedError

    def refuse_picture(self) -> NoReturn:
        raise NotImplementedError

    def repeat_page(self) -> NoReturn:
        raise NotImplementedError

    def empty_page(self) -> NoReturn:
        raise NotImplementedError


class MemoryWorld(_NoFaults):
    name = "memory"

    def __init__(self, folder: Path) -> None:
        self.account = str(folder)

    def adapter(self, *, login: bool = True) -> Memory:
        return Memory(Login(self.account))

    def posts(self) -> list[str]:
        return [post["text"] for post in world(self.account).posts()]

    def mention(self, text: str) -> None:
        self._happens("mention", "", text)

    def somebody_writes(self, text: str) -> str:
        who = Actor("bob@memory", "bob")
        number = len(world(self.account).written())
        links = tuple(word for word in text.split() if word.startswith("https://"))
        ref = PostRef(f"b{number}", f"memory://bob/{number}")
        world(self.account).write(who, TheirPost(ref, datetime.now(UTC), text, links))
        return who.handle

    def act(self, kind: str) -> None:
        posts = world(self.account).posts()
        self._happens(kind, f"memory://{self.account}/{posts[-1]['id']}" if posts and kind != "follow" else "")

    def lose_post(self) -> None:
        world(self.account).record("delete", id=world(self.account).posts()[-1]["id"])

    def _happens(self, kind: str, target: str, text: str = "") -> None:
        identity = str(len(world(self.account).interactions()))
        world(self.account).interact(
            Interaction(kind, Actor("bob@memory", "bob"), id=identity, target=target, at=datetime.now(UTC), text=text)
        )

    def refuse_picture(self) -> None:
        world(self.account).refuse("picture")

    def close(self) -> None:
        forget(self.account)


class LinkblogWorld(_NoFaults):
    name = "linkblog"

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "public"

    def adapter(self, *, login: bool = True) -> Linkblog:
        return Linkblog(Login("links", {"folder": str(self.folder), "title": "Ada’s links"}))

    def posts(self) -> list[str]:
        if not (self.folder / "feed.json").exists():
            return []
        items = json.loads((self.folder / "feed.json").read_text("utf-8"))["items"]
        return [f"{item.get('title', '')}\n{item['content_text']}" for item in reversed(items)]

    def mention(self, text: str) -> NoReturn:
        raise NotImplementedError

    def somebody_writes(self, text: str) -> NoReturn:
        raise NotImplementedError

    def act(self, kind: str) -> NoReturn:
        raise NotImplementedError

    def lose_post(self) -> NoReturn:
        raise NotImplementedError

    def close(self) -> None:
        pass
