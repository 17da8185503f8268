"""A network that needs no keys: posts live in this process, or in a file that outlives it.

For the first try, demonstrations and tests. It behaves like the plainest network there is: it ignores idempotency keys
(publishing twice gives two posts), so exactly-once has to come from `find`. It reports as well: what others did and
wrote, and what the network refuses, is scripted through its `World`. Who decides what to post, and
when, is elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from platforms import memory_people, text
from platforms.abilities import Act, Picture, Profile, Relation, TheirPost
from platforms.base import Actor, Draft, Interaction, Limits, Login, Page, PostRef, Request
from platforms.errors import Rejected, Unreachable, Unsupported
from platforms.memory_world import Part, forget, world

__all__ = ["LIMITS", "PAGE", "Memory", "forget", "world"]

LIMITS = Limits(
    length=500,
    count="graphemes",
    source="this network is part of the program: it allows what an average network allows",
    read_on="2026-11-01",
    card="client",
    images=4,
    image_bytes=2_000_000,
    thumb_bytes=1_000_000,
    alt_length=1500,
    languages=1,
    warnings=True,
)
PAGE = 40  # interactions per page, about what real networks give

#: Where in a payload the parts of a post are that the network may refuse.
_PARTS: dict[Part, str] = {"picture": "picture", "card": "title"}


class Memory:
    """Publisher, Enricher, Reporter, Audience, Witness, Graph, Timeline, Diary, Doer.

    Option `file`: a JSON Lines file to keep its world in.
    """

    visibilities = ("public", "unlisted", "private", "direct")
    limits = LIMITS
    acts: frozenset[Act] = memory_people.ACTS

    def __init__(self, login: Login) -> None:
        file = login.options.get("file")
        self._account = login.account
        self._world = world(login.account, str(file) if file else None)

    def prepare(self, draft: Draft, key: str, now: datetime) -> Request:
        """The payload is the post as it will be kept."""
        title = draft.card.title if draft.card else ""
        said = {"text": draft.text, "url": draft.url, "title": title, "language": draft.language}
        return Request(key, said | ({"warning": draft.warning} if draft.warning else {}), now)

    def enrich(self, request: Request, picture: Picture | None) -> Request:
        """Upload the picture, which nobody sees till it is posted."""
        if picture is None:
            return request
        if self._world.refuses("upload", request.payload["url"]):
            raise Rejected(self._account, "this picture is not taken")
        name = sha256(picture.content).hexdigest()[:16]
        self._record("upload", id=name, bytes=len(picture.content))
        shown = {"id": name, "type": picture.type, "width": picture.width, "height": picture.height, "alt": picture.alt}
        return replace(request, payload={**request.payload, "picture": shown})

    def simpler(self, request: Request) -> Request | None:
        """Without the picture, then without the card."""
        said = dict(request.payload)
        if said.pop("picture", None) is None:
            url, words = said["url"], str(said["text"])
            if not (said["title"] and url):
                return None
            if url not in words:
                words = text.shorten(words, lambda shorter: text.fits(f"{shorter}\n{url}", LIMITS)) + f"\n{url}"
            said |= {"title": "", "text": words}
        return replace(request, payload=said)

    def publish(self, request: Request) -> PostRef:
        """Add a post, also when the same request was published before."""
        self._judge(request.payload)
        with self._writing():
            post = sha256(f"{request.key} {len(self._world.events('post'))}".encode()).hexdigest()[:12]
            at = request.created.isoformat()
            self._world.record("post", id=post, key=request.key, at=at, **request.payload)
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

    def followers(self) -> Iterator[Actor]:
        """Who followed the account, as it was scripted, and did not leave."""
        yield from memory_people.followers(self._world)

    def following(self) -> Iterator[Actor]:
        """Those whom the account follows."""
        yield from memory_people.following(self._world)

    def relations(self, ids: Sequence[str]) -> Mapping[str, Relation]:
        """How the account stands to others, by their ids."""
        return memory_people.relations(self._world, ids)

    def posts(self, handle: str) -> tuple[TheirPost, ...]:
        """What somebody wrote, as it was scripted."""
        return memory_people.posts(self._world, handle)

    def done(self, cursor: str | None) -> Page:
        """What the account did, oldest first."""
        return memory_people.diary(self._world, self._account, cursor, PAGE)

    def do(self, act: Act, target: str, text: str = "") -> str:
        """Do it, once."""
        if act not in self.acts:
            raise Unsupported(self._account, f"there is no way to {act} here")
        with self._writing():
            return memory_people.do(self._world, self._account, act, target, text)

    def undo(self, act: Act, target: str) -> None:
        """Take it back."""
        with self._writing():
            memory_people.undo(self._world, act, target)

    def whoami(self) -> Profile:
        """The account, which is called what the settings call it; proven by a file that can be written."""
        with self._writing():
            self._world.probe()
        return Profile(Actor(self._account, self._account, f"memory://{self._account}"))

    def _judge(self, payload: Mapping[str, Any]) -> None:
        for part, key in _PARTS.items():
            if payload.get(key) and self._world.refuses(part, payload["url"]):
                raise Rejected(self._account, f"posts with a {part} are not taken")

    def _record(self, act: str, **what: Any) -> None:
        with self._writing():
            self._world.record(act, **what)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            remedy = "make room, or choose another `file` for this account"
            raise Unreachable(self._account, f"the world could not be written: {error}", remedy) from error

    def _ref(self, post: str) -> PostRef:
        return PostRef(post, f"memory://{self._account}/{post}")
