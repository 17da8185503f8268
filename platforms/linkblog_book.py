"""The values of a linkblog: whose it is, its entries, and on which page of the archive each of them stays. Pure.

Pages are filled from the oldest entry on, and an entry keeps its page for ever: its address never changes, and a new
entry touches the last page alone.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec

#: Entries on the front page, in the feeds and on a full page of the archive.
PAGE = 50


class Link(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry, all of it plain text; addresses are http(s) or empty. `page` counts from 1; 0: not given one yet."""

    key: str
    at: datetime  # UTC, whole seconds
    title: str
    comment: str
    url: str
    description: str
    site: str
    site_url: str
    language: str
    author: str = ""
    page: Annotated[int, msgspec.Meta(ge=0)] = 0

    @property
    def anchor(self) -> str:
        """Its name on the page."""
        return anchor(self.key)

    @property
    def when(self) -> str:
        """Its time as both feeds write it."""
        return f"{self.at:%Y-%m-%dT%H:%M:%SZ}"

    @property
    def file(self) -> str:
        """The page it stays on, within the folder."""
        return f"archive/{self.page}.html"


class Book(msgspec.Struct, forbid_unknown_fields=True):
    """What `links.json` holds, newest first. `id` is the feeds' own, for ever."""

    version: int
    id: str
    links: list[Link]

    def arrange(self) -> None:
        """Put the entries into order, and those that are new to the list onto the last page, or one behind it."""
        filled = Counter(link.page for link in self.links if link.page)
        last = max(filled, default=1)
        for at, link in sorted(enumerate(self.links), key=lambda each: _age(each[1])):
            if not link.page:
                last += filled[last] >= PAGE
                filled[last] += 1
                self.links[at] = msgspec.structs.replace(link, page=last)
        self.links.sort(key=_age, reverse=True)

    def pages(self) -> dict[int, list[Link]]:
        """The pages that hold something, from the first on; each with its entries, newest first."""
        found = defaultdict(list)
        for link in self.links:
            found[link.page].append(link)
        return dict(sorted(found.items()))

    def get(self, key: str) -> Link | None:
        """The entry with this key."""
        return next((link for link in self.links if link.key == key), None)


@dataclass(frozen=True, slots=True)
class Site:
    """Whose linkblog it is. `url` is where the folder is on the web, ending in a slash, or empty; days are `zone`'s.

    `author_url` is the owner's own site, or empty. `blogroll` tells that there is a `blogroll.opml` beside the pages.
    """

    title: str
    author: str
    language: str
    url: str
    zone: ZoneInfo
    author_url: str = ""
    blogroll: bool = False

    def address(self, file: str) -> str:
        """Where a file of the folder is on the web; empty while nobody says where the folder is."""
        return f"{self.url}{file}" if self.url else ""

    def place(self, link: Link) -> str:
        """Where an entry is on the web, for ever; empty while nobody says where the folder is."""
        return self.address(f"{link.file}#{link.anchor}")

    def day(self, link: Link) -> date:
        """The owner's day on which it was shared."""
        return link.at.astimezone(self.zone).date()


def anchor(key: str) -> str:
    """The name on its page of the entry with this key."""
    return "l" + hashlib.sha256(key.encode()).hexdigest()[:12]


def _age(link: Link) -> tuple[datetime, str]:
    return link.at, link.key
