"""What a run that is killed works in: a folder with accounts, their networks, and a web with something to share."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import Protocol, runtime_checkable

from counterparts import feed_server, pictures
from counterparts.desk import SETTINGS, Desk, item, rss
from counterparts.feed_server import FeedServer
from counterparts.page_server import page

from ledger.store.tiny import TinyStore
from platforms import memory
from platforms.base import Actor, Interaction
from syndicator.outbox import Outbox, Post
from syndicator.upgrades import open_state
from tests.platforms.contract import CANNOT, Counterpart, open_counterpart

#: The articles that are due at once. Ada, who wrote the first two, links to the owner; Carl, who wrote the last, is
#: owed nothing: of three shares in a row one is for somebody like him.
PAGES = ("/1", "/2", "/~carl/3")


@runtime_checkable
class Forgetful(Protocol):
    """A network that tells a repeated post by itself, but not for ever."""

    def forget(self) -> None:
        """What was posted so far, may be posted again from now on."""


class MemoryFile:
    """The memory network, outliving its processes in a file."""

    def __init__(self, folder: Path, account: str) -> None:
        self.account, self.options = account, {"file": str(folder / f"{account}.jsonl")}

    def posts(self) -> list[str]:
        return [post["text"] for post in memory.world(self.account, self.options["file"]).posts()]

    def mention(self, text: str) -> None:
        act = Interaction("mention", Actor("bob@memory", "bob"), id=text, text=text)
        memory.world(self.account, self.options["file"]).interact(act)

    def close(self) -> None:
        memory.forget(self.account)


@dataclass(frozen=True)
class Place:
    """One folder with its accounts, and the network each of them is on: what it is called, and the network itself."""

    desk: Desk
    networks: Mapping[str, str]
    worlds: Mapping[str, Counterpart | MemoryFile]
    web: FeedServer

    @property
    def folder(self) -> Path:
        return self.desk.folder

    def store(self, name: str) -> TinyStore:
        if name == "state":
            return open_state(self.folder / "data", scratch=True)
        return TinyStore(self.folder / "data" / f"{name}.jsonl", scratch=True)

    def posts(self) -> list[Post]:
        return list(Outbox(self.store("state")))

    def published(self) -> dict[tuple[str, str], int]:
        """How often each article is on each account's network."""
        texts = {account: world.posts() for account, world in self.worlds.items()}
        return {
            (account, self.web.url(path)): sum(f"part {n}" in text for text in texts[account])
            for account in self.worlds
            for n, path in enumerate(PAGES, 1)
        }

    def an_hour_later(self) -> None:
        """What a killed run had not put in its place is old when the next one comes, and what it had sent is too."""
        for path in self.folder.rglob(".*.new"):
            os.utime(path, (0, 0))
        for world in self.worlds.values():
            if isinstance(world, Forgetful):
                world.forget()


def serve(web: FeedServer) -> None:
    """A feed that links to the owner, and its pages, each with a picture."""
    to_me = 'As <a href="https://robin.example/{0}">Robin</a> says of trees. '
    mine = ["<![CDATA[" + to_me.format(n) * 9 + "]]>" if "~" not in path else "" for n, path in enumerate(PAGES, 1)]
    items = [item(n, link=web.url(path), body=mine[n - 1]) for n, path in enumerate(PAGES, 1)]
    web.routes["/feed.xml"] = feed_server.body(rss(*items, site=web.url("/")).encode())
    for n, path in enumerate(PAGES, 1):
        head = f'<meta property="og:image" content="/{n}.jpg">'
        web.routes[path] = page(f"Pruning code like apple trees, part {n}", head)
        web.routes[f"/{n}.jpg"] = pictures.answer(pictures.picture(size=(90, 90)))


@contextmanager
def placed(networks: Mapping[str, str], folder: Path, web: FeedServer) -> Iterator[Place]:
    """A fresh folder with these accounts and fresh networks, on which somebody has named them."""
    folder.mkdir()
    fetch = f'[fetch]\nallow_private = ["{web.server_address[0]}"]\nconcurrency = 1\n\n'
    # The log is written again and again: it is one network's alone, so that there are not many more places to die at.
    log = "" if "memory" in networks.values() else '[run]\nlog = ""\n\n'
    desk = Desk(folder, log + fetch + SETTINGS.replace('"ada.xml"', f'"{web.url("/feed.xml")}"'))
    worlds = {account: _joined(desk, account, name) for account, name in networks.items()}
    try:
        yield Place(desk, networks, worlds, web)
    finally:
        for world in worlds.values():
            world.close()
        rmtree(folder)


def _joined(desk: Desk, account: str, name: str) -> Counterpart | MemoryFile:
    """A fresh network of this name with an account on it."""
    world = MemoryFile(desk.folder, account) if name == "memory" else open_counterpart(name, desk.folder)
    if isinstance(world, MemoryFile):
        desk.add_account(account, name, world.options, {})
    elif name == "linkblog":
        desk.add_account(account, name, {"folder": str(desk.folder / "public")}, {})
    else:
        # Discord's own address can't be led here from another process; a webhook's can.
        login = world.login(**({"url": world.url.replace("http://", "json://")} if name == "apprise" else {}))
        desk.add_account(account, name, login.options, login.secrets)
    if (name, "mention") not in CANNOT:
        for number in range(2):
            world.mention(f"Have you seen this? ({number})")
    return world
