"""What a run that is killed works in: a folder with one account, its network, and a web with something to share."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

from counterparts import feed_server, pictures
from counterparts.desk import SETTINGS, Desk, item, rss
from counterparts.feed_server import FeedServer
from counterparts.page_server import page

from ledger.store.tiny import TinyStore
from platforms import memory
from platforms.base import Actor, Interaction
from syndicator.outbox import Outbox, Post
from tests.platforms.contract import CANNOT, Counterpart, open_counterpart

#: How many articles are due at once.
ARTICLES = 3


class MemoryFile:
    """The memory network, outliving its processes in a file."""

    def __init__(self, folder: Path) -> None:
        self.options = {"file": str(folder / "pond.jsonl")}

    def posts(self) -> list[str]:
        return [post["text"] for post in memory.world("there", self.options["file"]).posts()]

    def mention(self, text: str) -> None:
        act = Interaction("mention", Actor("bob@memory", "bob"), id=text, text=text)
        memory.world("there", self.options["file"]).interact(act)

    def close(self) -> None:
        memory.forget("there")


@dataclass(frozen=True)
class Place:
    """One folder with one account, and the network it is on."""

    name: str
    desk: Desk
    world: Counterpart | MemoryFile
    web: FeedServer

    @property
    def folder(self) -> Path:
        return self.desk.folder

    def store(self, name: str) -> TinyStore:
        return TinyStore(self.folder / "data" / f"{name}.jsonl", scratch=True)

    def posts(self) -> list[Post]:
        return list(Outbox(self.store("state")))

    def published(self) -> dict[str, int]:
        """How often each article is on the network."""
        texts = self.world.posts()
        return {self.web.url(f"/{n}"): sum(f"part {n}" in text for text in texts) for n in range(1, ARTICLES + 1)}


def serve(web: FeedServer) -> None:
    """A feed that links to the owner, and its pages, each with a picture."""
    to_me = "<![CDATA[" + 'As <a href="https://robin.example/{0}">Robin</a> says of trees. ' * 9 + "]]>"
    numbers = range(1, ARTICLES + 1)
    items = [item(n, link=web.url(f"/{n}"), body=to_me.replace("{0}", str(n))) for n in numbers]
    web.routes["/feed.xml"] = feed_server.body(rss(*items, site=web.url("/")).encode())
    for n in numbers:
        head = f'<meta property="og:image" content="/{n}.jpg">'
        web.routes[f"/{n}"] = page(f"Pruning code like apple trees, part {n}", head)
        web.routes[f"/{n}.jpg"] = pictures.answer(pictures.picture(size=(90, 90)))


@contextmanager
def placed(name: str, folder: Path, web: FeedServer) -> Iterator[Place]:
    """A fresh folder and a fresh network, on which somebody has named the account."""
    folder.mkdir()
    world = MemoryFile(folder) if name == "memory" else open_counterpart(name, folder)
    fetch = f'[fetch]\nallow_private = ["{web.server_address[0]}"]\nconcurrency = 1\n\n'
    desk = Desk(folder, fetch + SETTINGS.replace('"ada.xml"', f'"{web.url("/feed.xml")}"'))
    if isinstance(world, MemoryFile):
        desk.add_account("there", name, world.options, {})
    elif name == "linkblog":
        desk.add_account("there", name, {"folder": str(folder / "public")}, {})
    else:
        # Discord's own address can't be led here from another process; a webhook's can.
        login = world.login(**({"url": world.url.replace("http://", "json://")} if name == "apprise" else {}))
        desk.add_account("there", name, login.options, login.secrets)
    if (name, "mention") not in CANNOT:
        for number in range(2):
            world.mention(f"Have you seen this? ({number})")
    try:
        yield Place(name, desk, world, web)
    finally:
        world.close()
        rmtree(folder)
