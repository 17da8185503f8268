"""One person's whole world in a folder and in this process: settings, feeds, networks, and a clock that stands still.

Every run opens the state anew, as a new process would. What a network or a disk does instead of its work is scripted.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from pieces import NOON

from ledger.book import Book
from ledger.entry import Direction, Entry, Identity, Kind
from ledger.store.base import Document, StoreError
from ledger.store.tiny import TinyStore
from ledger.store.upgrades import Upgrades
from platforms import memory, text
from platforms.base import Actor, Interaction, Limits, Login, Page, PostRef, Request
from platforms.errors import PlatformError
from platforms.memory import LIMITS, Memory
from syndicator import networks, run
from syndicator.outbox import Outbox, Post
from syndicator.report import Report
from syndicator.settings import Settings, parse
from syndicator.upgrades import UPGRADES
from syndicator.workspace import Workspace

#: No limit of any kind, as settings.
FREE = {
    "first_run": 100,
    "spread": False,
    "min_gap": "0m",
    "quiet": "",
    "jitter": "0m",
    "stagger": "0m",
    "grace": "0m",
    "author_gap": "0m",
    "per_day": 100,
    "mix": {"own": 1, "curated": 1, "notes": 1},
}
MINE = "https://robin.example"

#: What a network does before its own work: an error to raise, something to do, or nothing.
Step = BaseException | Callable[[], object] | None


class Clock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


class Script:
    """What happens at each call of one account's network, and which calls there were."""

    def __init__(self) -> None:
        self.steps: dict[str, list[Step]] = {}
        self.calls: list[tuple[str, object]] = []
        self.troubles: list[PlatformError] = []
        self.trouble: PlatformError | None = None  # of every call, while it lasts

    def __setitem__(self, call: str, steps: list[Step]) -> None:
        self.steps[call] = steps

    def called(self, call: str) -> list[object]:
        return [what for name, what in self.calls if name == call]

    def take(self, call: str, what: object) -> None:
        self.calls.append((call, what))
        steps = self.steps.get(call, [])
        step = steps.pop(0) if steps else None
        if error := step if isinstance(step, BaseException) else self.trouble:
            raise error
        if step:
            step()


_SCRIPTS: dict[str, Script] = {}


class Scripted(Memory):
    """The memory network, doing what its script says first."""

    def __init__(self, login: Login) -> None:
        super().__init__(login)
        self._script = _SCRIPTS.setdefault(str(login.options["file"]), Script())

    def publish(self, request: Request) -> PostRef:
        self._script.take("publish", request.key)
        return super().publish(request)

    def find(self, request: Request) -> PostRef | None:
        self._script.take("find", request.key)
        return super().find(request)

    def delete(self, ref: PostRef) -> None:
        self._script.take("delete", ref.id)
        super().delete(ref)

    def interactions(self, cursor: str | None) -> Page:
        self._script.take("interactions", cursor)
        return super().interactions(cursor)

    def reactions(self, ref: PostRef) -> Iterator[Interaction]:
        self._script.take("reactions", ref.id)
        return super().reactions(ref)


class Charging(Scripted):
    """Takes money for posts, more for one with a link, and for each page it reads from, as X does."""

    limits = Limits(
        length=280, count="x", source="", read_on="", price_usd=0.015, price_with_url_usd=0.2, price_read_usd=0.01
    )

    def __init__(self, login: Login) -> None:
        super().__init__(login)
        self._meter = login.meter

    def publish(self, request: Request) -> PostRef:
        settle = self._meter.reserve("posts", text.price(str(request.payload["text"]), self.limits), request.key)
        ref = super().publish(request)
        settle(text.price(str(request.payload["text"]), self.limits))
        return ref

    def find(self, request: Request) -> PostRef | None:
        found = super().find(request)
        if not found:
            self._meter.release(request.key)
        return found

    def interactions(self, cursor: str | None) -> Page:
        settle = self._meter.reserve("reads", 0.01, "interactions")
        page = super().interactions(cursor)
        settle(0.01 if page.interactions else 0.0)
        return page


class Brief(Scripted):
    """Has room for short addresses only."""

    limits = Limits(length=40, count="characters", source="", read_on="")


class Locked(Scripted):
    """Needs a credential."""

    credential = ("token",)


class Endless(Scripted):
    """Has always more to tell."""

    def interactions(self, cursor: str | None) -> Page:
        self._script.take("interactions", cursor)
        number = int(cursor or 0)
        return Page((Interaction("like", Actor(f"p{number}"), id=str(number)),), str(number + 1), more=True)


class Standing(Scripted):
    """Tells everything again and again, and says each time that there is more."""

    def interactions(self, cursor: str | None) -> Page:
        page = super().interactions(None)
        return Page(page.interactions, "here", more=True)


class Circling(Scripted):
    """Tells everything again and again, each time from another place."""

    def interactions(self, cursor: str | None) -> Page:
        page = super().interactions(None)
        return Page(page.interactions, str(int(cursor or 0) + 1), more=True)


class Troubled(Scripted):
    """Tells of its script's troubles, page by page."""

    def interactions(self, cursor: str | None) -> Page:
        page = super().interactions(cursor)
        troubles = self._script.troubles
        return replace(page, trouble=troubles.pop(0) if troubles else None)


class Paged(Scripted):
    """Tells who reacted to a post one by one, each by a call of its own."""

    def reactions(self, ref: PostRef) -> Iterator[Interaction]:
        for act in super().reactions(ref):
            self._script.take("page", act.actor.id)
            yield act


class Spacious(Scripted):
    """Its server says that it has room for more than others."""

    def __init__(self, login: Login) -> None:
        super().__init__(login)
        self.limits = login.limits or LIMITS

    def read_limits(self) -> Limits:
        self._script.take("read_limits", None)
        return replace(LIMITS, length=5000)


class FullDisk(TinyStore):
    """A store in which one collection can't be written."""

    def __init__(self, path: Path, collection: str, upgrades: Upgrades = ()) -> None:
        super().__init__(path, upgrades=upgrades)
        self._full = collection

    def put(self, collection: str, key: str, document: Any) -> None:
        self.put_many(collection, {key: document})

    def put_many(self, collection: str, documents: Any) -> None:
        if documents and collection == self._full:
            raise StoreError("the disk is full")
        super().put_many(collection, documents)


class Watched(TinyStore):
    """A store that does something each time a collection is about to be changed."""

    def __init__(self, path: Path, collection: str, act: Callable[[], object]) -> None:
        super().__init__(path)
        self._collection, self._act = collection, act

    def put_many(self, collection: str, documents: Any) -> None:
        if collection == self._collection:
            self._act()
        super().put_many(collection, documents)

    def delete(self, collection: str, keys: Iterable[str]) -> None:
        if collection == self._collection:
            self._act()
        super().delete(collection, keys)


def entry(link: str, *links: str, title: str = "", guid: str = "", hours: float = 3, words: int = 100) -> str:
    """One RSS item, so many hours old at noon, that links to other pages."""
    body = "leaf " * words + " ".join(f'<a href="{each}">there</a>' for each in links)
    return f"""<item><title>{title or "About " + link}</title><link>{link}</link>
    <guid isPermaLink="false">{guid or link}</guid>
    <pubDate>{format_datetime(NOON - timedelta(hours=hours))}</pubDate>
    <description><![CDATA[{body}]]></description></item>"""


def remark(link: str, text: str, hours: float = 3) -> str:
    """One RSS item without a title, as microblogs give it."""
    when = format_datetime(NOON - timedelta(hours=hours))
    return f"<item><link>{link}</link><pubDate>{when}</pubDate><description>{text}</description></item>"


class SmallWorld:
    """Settings are changed as the dictionaries that their file would give."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for adapter in (Scripted, Charging, Brief, Locked, Endless, Standing, Circling, Paged, Spacious, Troubled):
            monkeypatch.setitem(networks.ADAPTERS, adapter.__name__.lower(), f"small_world:{adapter.__name__}")
        self.folder = folder
        self.clock = Clock()
        self.me: dict[str, Any] = {"name": "Robin", "sites": [MINE]}
        self.sources: list[dict[str, Any]] = []
        self.accounts: dict[str, dict[str, Any]] = {}
        self.plan: dict[str, Any] = dict(FREE)
        self.ledger: dict[str, Any] = {}
        self.fetch: dict[str, Any] = {}
        self.judge: dict[str, Any] = {}
        self.credit: dict[str, Any] = {}
        self.timing: dict[str, Any] = {}
        self.digest: dict[str, Any] = {}

    # --- What there is

    def feed(self, name: str, *entries: str, kind: str = "curated", says: str = "", **source: Any) -> None:
        """Write the feed of `name`.example, which `says` more of itself, and subscribe to it at the first time."""
        about = f"<title>{name}</title><link>https://{name}.example/</link>{says}"
        text = f'<rss version="2.0"><channel>{about}{"".join(entries)}</channel></rss>'
        (self.folder / f"{name}.xml").write_text(text, encoding="utf-8")
        if all(known.get("feed") != f"{name}.xml" for known in self.sources):
            self.sources.append({"kind": kind, "feed": f"{name}.xml", **source})

    def unsubscribe(self, name: str) -> None:
        self.sources = [known for known in self.sources if known.get("feed") != f"{name}.xml"]

    def notes(self, *texts: str) -> None:
        (self.folder / "notes.txt").write_text("\n\n".join(texts), encoding="utf-8")
        self.sources.append({"kind": "notes", "file": "notes.txt"})

    def account(self, name: str = "pond", platform: str = "scripted", **options: Any) -> Script:
        """Have an account; gives the script of its network."""
        self.accounts[name] = {"platform": platform, "file": f"{name}.jsonl", **options}
        return _SCRIPTS.setdefault(self._file(name), Script())

    def happens(self, account: str, *acts: Interaction, told: bool = True) -> None:
        """Others do something on a network; not `told`: there is no notification of it."""
        for act in acts:
            memory.world(account, self._file(account)).interact(act, told=told)

    def is_owed(self, site: str, *, points: int = 10) -> None:
        """Somebody linked to me, so often that so many points are open."""
        self.open().book.append(
            Entry(
                Direction.RECEIVED, Kind.LINK, Identity("web", site), NOON, NOON, f"https://{site}/{n}", f"{MINE}/{n}"
            )
            for n in range(points // 10)
        )

    # --- Running

    def settings(self) -> Settings:
        names = ("me", "sources", "accounts", "plan", "ledger", "fetch", "judge", "credit", "digest")
        tables = {name: getattr(self, name) for name in names} | {"run": self.timing}
        return parse(tables, self.folder / "syndicator.toml")

    def open(self, *, scratch: bool = False) -> Workspace:
        """The world as a new process finds it."""
        return Workspace(self.settings(), clock=self.clock, scratch=scratch)

    def run(self, *, refresh: bool = False, **by: float) -> Report:
        """One run, so much later than what was before."""
        self.clock.move(**by)
        return run.run(self.open(), refresh=refresh)

    def with_full_disk(self, collection: str) -> Workspace:
        """The world on a disk that has no room for one collection, of the state or of the ledger."""
        space = self.open()
        space.__dict__["state"] = FullDisk(self._data / "state.jsonl", collection, UPGRADES)
        space.__dict__["book"] = Book(FullDisk(self._data / "ledger.jsonl", collection))
        return space

    def with_watched_ledger(self, collection: str, act: Callable[[], object]) -> Workspace:
        """The world with something that happens just before a collection of the ledger is changed."""
        space = self.open()
        space.__dict__["book"] = Book(Watched(self._data / "ledger.jsonl", collection, act))
        return space

    # --- What came of it

    def shared(self, account: str = "pond") -> list[str]:
        """The addresses (of notes: the texts) that are to be seen on an account, oldest first."""
        posts = memory.world(account, self._file(account)).posts()
        return [post["url"] or post["text"] for post in posts]

    def posts(self) -> list[Post]:
        return list(Outbox(self.open().state))

    def given(self) -> list[Entry]:
        return [each for each in self.open().book.entries() if each.direction is Direction.GIVEN]

    def received(self) -> list[Entry]:
        return [each for each in self.open().book.entries() if each.direction is Direction.RECEIVED]

    def stored(self, collection: str) -> dict[str, Document]:
        """The documents of one collection of the state."""
        return dict(self.open().state.scan(collection))

    def files(self) -> dict[str, bytes]:
        """Every file there is."""
        return {str(path): path.read_bytes() for path in self._paths()}

    def _paths(self) -> Iterator[Path]:
        return (path for path in sorted(self.folder.rglob("*")) if path.is_file())

    def _file(self, account: str) -> str:
        return str((self.folder / f"{account}.jsonl").absolute())

    @property
    def _data(self) -> Path:
        return self.settings().data_folder
