"""What a network may be able to do besides publishing and reporting: small protocols that an adapter follows or not.

Whoever needs an ability asks `isinstance(adapter, Graph)`. Every method may raise any `PlatformError`; Unsupported says
that this server lacks what its network has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from platforms.base import Actor, Interaction, Limits, Page, PostRef, Request

#: What a person can have done for somebody on a network, each after saying yes to it.
Act = Literal["boost", "like", "reply", "follow", "endorse", "share"]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture ready to be sent: within the network's limits, of a type it takes, without metadata."""

    content: bytes = field(repr=False)
    type: str
    width: int
    height: int
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """What an account says of itself, and what its server vouches for.

    `text` is its description as plain text, with the rows of its table if it has one, `links` its own links; `verified`
    those that the network has proven to lead back (a rel=me link, a domain handle). `moved_to` is the handle it moved
    to; `marks` are the network's own words for what is special about the account: a group, limited, labelled as spam.
    Counts and `created` are None where the network does not say. `doubt` is what a `whoami` could not prove.
    """

    actor: Actor
    text: str = ""
    links: tuple[str, ...] = ()
    verified: tuple[str, ...] = ()
    moved_to: str = ""
    marks: tuple[str, ...] = ()
    created: datetime | None = None
    posts: int | None = None
    followers: int | None = None
    following: int | None = None
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """How one account and mine stand to each other, as the network says."""

    following: bool = False
    followed_by: bool = False
    blocked: bool = False
    endorsed: bool = False


@runtime_checkable
class Enricher(Protocol):
    """Has things to do on the network before a post's first try, and can do with less when the network refuses some."""

    def enrich(self, request: Request, picture: Picture | None) -> Request:
        """Upload the picture and look up who is named in the text; gives the request that will be sent.

        What comes of it is stored before the post is sent. Doing it again is harmless: nothing of it is visible.
        """

    def simpler(self, request: Request) -> Request | None:
        """The same post with less to refuse: without its picture, then with the link in its text instead of a card.

        None when there is nothing to leave out. Pure, and still the same post: `find` knows both.
        """


@runtime_checkable
class Witness(Protocol):
    """Can tell whose credential it has: the cheapest call that proves it works."""

    def whoami(self) -> Profile:
        """The account's own profile."""


@runtime_checkable
class Expiring(Protocol):
    """Has a credential that may run out, and that only a person can renew."""

    def expires(self) -> datetime | None:
        """When, as far as the credential itself says; None where it does not. Asks nobody."""


@runtime_checkable
class LimitsReader(Protocol):
    """Each server has limits of its own, and says so."""

    def read_limits(self) -> Limits:
        """What this server allows; needs no login."""


@runtime_checkable
class Directory(Protocol):
    """Can look somebody up."""

    def profile(self, handle: str) -> Profile | None:
        """Who has this handle (or id) now; None when nobody does."""


@runtime_checkable
class Graph(Protocol):
    """Knows who follows whom. A walk is complete when its iterator ends; one that breaks off raises."""

    def followers(self) -> Iterator[Actor]:
        """Everybody who follows the account."""

    def following(self) -> Iterator[Actor]:
        """Everybody the account follows."""

    def relations(self, ids: Sequence[str]) -> Mapping[str, Relation]:
        """How the account stands to others, by their ids; those the network does not know are left out."""


@runtime_checkable
class Audience(Protocol):
    """Can name who boosted and liked one of the account's own posts."""

    def reactions(self, ref: PostRef) -> Iterator[Interaction]:
        """Boosts and likes of a post, to the last; of one that is gone, what is still known. Times only where told."""


@dataclass(frozen=True, slots=True)
class TheirPost:
    """A public post that somebody else wrote, as one would look at it before passing it on.

    `text` is plain, `links` the pages it leads to. `boosts` and `likes` are None where the network does not say;
    `boosted` and `liked` tell whether this account did so already. `warning` is its content warning.
    """

    ref: PostRef
    at: datetime
    text: str = ""
    links: tuple[str, ...] = ()
    language: str = ""
    warning: str = ""
    boosts: int | None = None
    likes: int | None = None
    boosted: bool = False
    liked: bool = False


@runtime_checkable
class Timeline(Protocol):
    """Can tell what somebody wrote lately."""

    def posts(self, handle: str) -> tuple[TheirPost, ...]:
        """Their own recent public posts, newest first, one page of them; no replies, no boosts. Empty for nobody."""


@runtime_checkable
class Diary(Protocol):
    """Can tell what the account itself did for others on the network, by whatever app or hand."""

    def done(self, cursor: str | None) -> Page:
        """Boosts, replies, quotes and mentions by the account after `cursor`, oldest first where the network allows.

        The actor of each is whom it was done to, `target` their post, `url` mine. Links that the account's posts lead
        to come as `share`, with the page as `target` and an actor on `web`.
        """


@runtime_checkable
class Doer(Protocol):
    """Can carry out acts towards others. Only ever called after a person said yes to the very act."""

    @property
    def acts(self) -> frozenset[Act]:
        """What it can do."""

    def do(self, act: Act, target: str, text: str = "") -> str:
        """Do it to a post or an account (`target`: id or URL), give the id of what was done. Twice is like once."""

    def undo(self, act: Act, target: str) -> None:
        """Take it back; what was not done, or is gone, is no error."""


@runtime_checkable
class Intents(Protocol):
    """Has a web page where a person can do an act with one click."""

    def intent(self, act: Act, target: str = "", text: str = "") -> str:
        """The address of that page. `target` is a post or an account, `text` what it shall say. Pure."""


class Asker(Protocol):
    """The person at the keyboard, while an account is being logged in."""

    def say(self, text: str) -> None:
        """Tell something."""

    def text(self, prompt: str) -> str:
        """Ask for a line that anybody may see."""

    def secret(self, prompt: str) -> str:
        """Ask for a line that is not shown while it is typed."""

    def browse(self, url: str) -> None:
        """Open a page in the browser, or show its address where there is none."""


@runtime_checkable
class Enroller(Protocol):
    """Has a way of its own to get a credential.

    Networks without one are asked for the parts of `credential`; their `where` says how a person comes by them.
    """

    def enroll(self, ask: Asker) -> Mapping[str, str]:
        """Obtain a credential with the person's help: its parts by name. The caller checks and keeps it."""
