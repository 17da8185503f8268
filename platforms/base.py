"""The seam between networks and everything else: publishing, reporting, and the values that cross the seam.

An adapter carries values to its SDK and back; it decides nothing. What a network can do is data (`Limits`), so that a
plan or a preview can be made without logging in; what else some networks can do is in `abilities`. Every value is
frozen, every time aware and UTC, every id an opaque string.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias, runtime_checkable

if TYPE_CHECKING:
    from platforms.errors import PlatformError

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

#: How a network counts the length of a text; `platforms.text.length` implements each.
CountRule = Literal["characters", "graphemes", "x", "mastodon"]

#: What money goes to: sending posts, looking whether they arrived and taking them back; or reading what others do.
Purpose = Literal["posts", "reads"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one network allows, as data, with the page that states it.

    `length` is in units of `count`; `max_bytes` is UTF-8 bytes; `url_length` is what any http(s) URL counts on networks
    that reserve a fixed length. `card` says who makes the link preview, `image_types` which pictures may be sent. With
    `warnings` a post can be hidden behind a content warning, which counts for its length. Prices are US dollars: for
    one post, for each item read (posts of and to the account, others', users), and for deleting a post.
    """

    length: int | None
    count: CountRule
    source: str
    read_on: str
    max_bytes: int | None = None
    url_length: int | None = None
    card: Literal["client", "server", "none"] = "none"
    images: int = 0
    image_bytes: int | None = None
    image_pixels: int | None = None
    image_types: tuple[str, ...] = ("image/jpeg", "image/png")
    thumb_bytes: int | None = None
    alt_length: int | None = None
    warnings: bool = False
    languages: int = 0
    price_usd: float = 0.0
    price_with_url_usd: float = 0.0
    price_read_usd: float = 0.0
    price_read_other_usd: float = 0.0
    price_user_usd: float = 0.0
    price_delete_usd: float = 0.0

    @property
    def charges(self) -> bool:
        """Whether anything costs money there."""
        return any((self.price_usd, self.price_with_url_usd, self.price_read_usd, self.price_user_usd))


@dataclass(frozen=True, slots=True)
class Card:
    """A link preview. `image` is the URL of a picture; `author`, `site` and `site_url` credit its writer and place."""

    url: str
    title: str
    description: str = ""
    image: str | None = None
    image_alt: str = ""
    site: str = ""
    site_url: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture to attach to a post: where it is, and what it shows to those who can't see it."""

    url: str
    alt: str


@dataclass(frozen=True, slots=True)
class Draft:
    """The exact content for one account. `text` is what readers see, URL included where the network wants it there.

    `image` is attached to the post, other than the picture of its card.
    """

    text: str
    url: str | None = None
    card: Card | None = None
    language: str | None = None
    visibility: str = "public"
    warning: str = ""
    image: Image | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """What an adapter will send, decided before the first try and stored, so that every try sends the same.

    `key` makes the post recognisable on the network (idempotency key, record key); `payload` is the adapter's own;
    `created` is when the request was made, the earliest time the post can have on the network.
    """

    key: str
    payload: Mapping[str, Any]
    created: datetime


@dataclass(frozen=True, slots=True)
class PostRef:
    """Where a published post lives: the network's own id (opaque) and the URL a person can open."""

    id: str
    url: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did something, as the network names them. `id` is stable across renames where the network has such an id.

    `network` is where they live, if that is another than the one which tells of them; `web` for a site.
    """

    handle: str
    id: str = ""
    url: str = ""
    name: str = ""
    bot: bool = False
    network: str = ""


@dataclass(frozen=True, slots=True)
class Interaction:
    """What a network or a page said somebody did.

    `kind` is one of the ledger's kinds. `id` is the network's own id of the act (opaque, may be empty), `url` the page
    where the act can be seen, `target` the post or page of mine it was done to. `at` is None when the network gives no
    time: none is invented. `trust` in (0, 1] is how far this evidence is believed (a search hit less than a
    notification); `secondhand` marks a like or boost of somebody else's share of mine, `private` what not everybody may
    see, or what was done to it.
    """

    kind: str
    actor: Actor
    id: str = ""
    url: str = ""
    target: str = ""
    at: datetime | None = None
    text: str = ""
    trust: float = 1.0
    secondhand: bool = False
    private: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One page of interactions. `cursor` is opaque: only the adapter reads it, the book stores it.

    `trouble` is what kept a part of what there is from being read, where the cursor leads on all the same.
    """

    interactions: tuple[Interaction, ...]
    cursor: str | None
    more: bool = False
    trouble: PlatformError | None = None


class Meter(Protocol):
    """Keeps what an account spends on a network that charges for calls."""

    def reserve(self, what: Purpose, usd: float, key: str, *, ordered: bool = False) -> Callable[[float], None]:
        """Book the most that a call can cost before it is made; OverBudget if there is less for it.

        `key` names the call: made again, in whatever process, it takes the place of a try of which nobody knows what it
        did cost. What is `ordered` by a person just now is counted and never refused. Gives a function to tell once
        what the call did cost in the end; never called, it counts in full.
        """

    def release(self, key: str) -> None:
        """Take back what is booked for a call of which is known by now that nothing came of it."""


class NoMeter:
    """For networks that charge nothing."""

    def reserve(self, what: Purpose, usd: float, key: str, *, ordered: bool = False) -> Callable[[float], None]:
        """Book nothing."""
        return lambda usd: None

    def release(self, key: str) -> None:
        """There is nothing to take back."""


FREE = NoMeter()


@dataclass(frozen=True, slots=True)
class Login:
    """What an adapter needs to act for one account. Secrets are left out of `repr`.

    `options` are the account's own settings (server, handle, folder …), `secrets` its credentials by name.
    `timeout` is seconds for one network call. `recall` and `keep` hold one opaque session string between runs, for
    networks that count logins. `limits` are what this very server allows, where it was asked; `meter` keeps what is
    spent where calls cost money.
    """

    account: str
    options: Mapping[str, Json] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    timeout: float = 20.0
    recall: Callable[[], str | None] = field(default=lambda: None, repr=False)
    keep: Callable[[str], None] = field(default=lambda _session: None, repr=False)
    limits: Limits | None = None
    meter: Meter = field(default_factory=lambda: FREE, repr=False)


@runtime_checkable
class Publisher(Protocol):
    """Can publish. Every method but `prepare` may raise any `PlatformError`.

    The class attribute `visibilities` lists which a post can have there; where it is missing every post is public.
    """

    @property
    def limits(self) -> Limits:
        """What this network allows; needs no login."""

    def prepare(self, draft: Draft, key: str, now: datetime) -> Request:
        """Turn a draft into the exact request; pure, no network. `key` is unique to the post and the same for ever."""

    def publish(self, request: Request) -> PostRef:
        """Send it once. After `Unreachable` or `Duplicate` the caller must `find` before it sends again."""

    def find(self, request: Request) -> PostRef | None:
        """Read back whether the request took effect; None means surely not. Raises `Unsupported` if unknowable."""

    def delete(self, ref: PostRef) -> None:
        """Delete a post; a post that is already gone is no error."""


@runtime_checkable
class Reporter(Protocol):
    """Can tell what others did, from a cursor on."""

    def interactions(self, cursor: str | None) -> Page:
        """Read the next page after `cursor` (None: from the start), oldest first where the network allows."""
