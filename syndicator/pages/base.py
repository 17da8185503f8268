"""The values of reading a page: what it says of itself, and where its author can be credited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Credit:
    """Where a page says its author is: `handle` on `network` ("mastodon", "bluesky", "x", "web"), and what said so.

    Handles are written as the ledger writes them: `ada@example.social`, `ada.bsky.social`, `ada`, `ada.example`.
    """

    network: str
    handle: str
    via: Literal["fediverse:creator", "twitter:creator", "rel=me", "h-card"]


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What one page says. Texts are plain, white space folded, free of control characters; addresses are absolute.

    `url` is where it was read. `canonical` is its rel=canonical, "" where it names none or one that can't be meant.
    `image_alt` describes `image`. `language` is a BCP 47 tag. `words` counts its visible text. `paywall` and `missing`
    are what makes it look as if it is not free to read, or not there at all (a soft 404, a parked domain), in words;
    "" where nothing does. `adult` says that it rates itself so. `refresh` is where the page sends every reader at once.
    """

    url: str
    canonical: str = ""
    title: str = ""
    description: str = ""
    site_name: str = ""
    author: str = ""
    language: str | None = None
    image: str = ""
    image_alt: str = ""
    published: datetime | None = None
    credits: tuple[Credit, ...] = ()
    words: int = 0
    paywall: str = ""
    missing: str = ""
    adult: bool = False
    refresh: str = ""
