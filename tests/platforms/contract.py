"""What the contract suites share: the counterpart of each network, what it can do, and what it can't and why.

To join: write `tests/counterparts/<module>.py` with a class that follows `Counterpart` and is made from an empty
folder, and add one line to `COUNTERPARTS`. A fault the network can't have is listed in `CANNOT` with the reason and its
method raises NotImplementedError. Faults hold for the next write only (`lose_answer`, `delay_answer`, `rate_limit`,
`fail`); `refuse_login` and `refuse_picture` hold for good.
"""

from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Protocol

import pytest
from counterparts.pictures import picture

from platforms.abilities import Picture
from platforms.base import Card, Draft, Publisher, Request
from platforms.errors import PlatformError


class Counterpart(Protocol):
    """A network to talk to, with its faults at hand."""

    name: str

    def adapter(self, *, login: bool = True) -> Publisher:
        """A fresh adapter, as in a new process; `login=False`: without any secret."""

    def posts(self) -> list[str]:
        """The texts now visible on the network, oldest first."""

    def lose_answer(self) -> None:
        """The next publish is carried out, and its answer never arrives."""

    def refuse_login(self) -> None:
        """The server accepts the credential no more."""

    def rate_limit(self, seconds: int) -> None:
        """The next publish is refused until `seconds` from now."""

    def fail(self, status: int) -> None:
        """The next publish is answered with this HTTP status and not carried out."""

    def mention(self, text: str) -> None:
        """Somebody else names the account in a post with this text; only asked of a network that reports."""

    def somebody_writes(self, text: str) -> str:
        """Somebody else writes a public post; gives their handle. Only asked of a network whose timelines are read."""

    def act(self, kind: str) -> None:
        """Somebody else does this (a kind of the ledger) to the account's newest post, or follows the account."""

    def delay_answer(self) -> None:
        """The next publish is carried out, and its answer comes only after the time of adapters made from now on."""

    def repeat_page(self) -> None:
        """From now on every page of what others did is told as if nothing of it had been asked for before."""

    def empty_page(self) -> None:
        """The next page of what others did is empty, though more follows."""

    def lose_post(self) -> None:
        """The account's newest post is gone from the network, and what others did to it is still told."""

    def refuse_picture(self) -> None:
        """The network refuses every picture from now on."""

    def close(self) -> None:
        """Stop everything that was started."""


#: name of the network in the registry → "module:Class", called with an empty folder
COUNTERPARTS: dict[str, str] = {
    "apprise": "counterparts.fake_chat:FakeChat",
    "bluesky": "counterparts.fake_bluesky:FakeBluesky",
    "hackernews": "counterparts.fake_news:FakeHackerNews",
    "linkblog": "counterparts.local:LinkblogWorld",
    "lobsters": "counterparts.fake_news:FakeLobsters",
    "mastodon": "counterparts.fake_mastodon:MastodonWorld",
    "memory": "counterparts.local:MemoryWorld",
    "micropub": "counterparts.fake_micropub:FakeMicropub",
    "webmention.io": "counterparts.fake_webmention_io:FakeWebmentionIo",
    "x": "counterparts.fake_x:FakeX",
}

#: What a server can do wrong.
FAULTS = ("lose_answer", "delay_answer", "refuse_login", "rate_limit", "fail", "refuse_picture")
#: What a network can tell of others: `tell KIND` is asked where a test needs to hear of that kind.
KINDS = ("like", "boost", "reply", "quote", "follow")
TOLD = ("mention", "somebody_writes", "repeat_page", "empty_page", "lose_post", *(f"tell {kind}" for kind in KINDS))
ASKED = (*FAULTS, *TOLD, "find", "whoami")

#: (network, method of its counterpart, or `find` and `whoami` of its adapter) → why it can't be asked for that
CANNOT: dict[tuple[str, str], str] = {
    **{("linkblog", fault): "it is a folder: no server, no login" for fault in FAULTS},
    **{("linkblog", what): "nobody can do anything on it" for what in TOLD},
    **{("memory", fault): "it lives in this process: no server, no login" for fault in FAULTS},
    **{("apprise", what): "its adapter reports nothing" for what in TOLD},
    ("apprise", "refuse_picture"): "its adapter sends no pictures",
    ("apprise", "whoami"): "a chat's URL can only be tried by sending something to it",
    ("apprise", "find"): "a chat can't be read back, nor can a message be taken back",
    **{("micropub", what): "its adapter reports nothing" for what in TOLD if what != "lose_post"},
    ("micropub", "refuse_picture"): "its adapter sends no pictures",
    **{("webmention.io", f"tell {kind}"): "no webmention says so" for kind in ("quote", "follow")},
    ("webmention.io", "empty_page"): "an empty page is its last: there is nothing to go on from",
    ("webmention.io", "lose_post"): "a page that is gone is its owner's: the service goes on telling what it has",
    **{
        (network, what): reason
        for network in ("hackernews", "lobsters")
        for what, reason in {
            "refuse_login": "it asks for no login",
            "empty_page": "an empty page is its last: there is nothing to go on from",
            "lose_post": "its stories are others' posts",
            **{f"tell {kind}": "it tells of submissions and shares" for kind in KINDS},
        }.items()
    },
    **{("x", f"tell {kind}"): "X tells it by lists of people, for money" for kind in ("like", "boost", "follow")},
    ("x", "refuse_picture"): "its adapter sends no pictures",
    **{("memory", what): "its pages are cut from one list" for what in ("repeat_page", "empty_page")},
}


def open_counterpart(name: str, folder: Path) -> Counterpart:
    """Start the named network on loopback (or in memory)."""
    module, _, attribute = COUNTERPARTS[name].partition(":")
    return getattr(import_module(module), attribute)(folder)


def needs(world: Counterpart, what: str) -> None:
    """Skip, and say why, when this network's counterpart can't do that."""
    if reason := CANNOT.get((world.name, what)):
        pytest.skip(f"{world.name}: {reason}")


def publishes(world: Counterpart) -> None:
    """Skip where posts can't go."""
    if not isinstance(world.adapter(), Publisher):
        pytest.skip(f"{world.name}: its adapter only reports")


def draft(number: int = 1) -> Draft:
    """A share of an article, as composed for any network: the URL is in the text and in the card."""
    url = f"https://ada.example/posts/{number}?a=1&b=2"
    card = Card(url=url, title=f"Gardening & code, part {number}", description="On <pruning>", site="Ada’s garden")
    return Draft(text=f"Gardening & code, part {number} 🌱\n{url}", url=url, card=card, language="en")


def request(adapter: Publisher, number: int = 1, *, key: str = "", now: datetime | None = None) -> Request:
    return adapter.prepare(draft(number), key or f"key-{number}", now or datetime.now(UTC))


def a_picture() -> Picture:
    """A photograph as the pipeline makes them ready for any network."""
    return Picture(picture("JPEG", (640, 400)), "image/jpeg", 640, 400, "A bed of beans")


def said(error: PlatformError) -> PlatformError:
    """The error, checked to name whom it concerns and what happened."""
    assert error.subject
    assert error.problem
    return error
