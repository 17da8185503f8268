"""The story of the demonstration, as `config/demo/story.toml` tells it: who writes what, who does what, and when. Pure.

Its times are days and hours since a dawn, so that the same story can be put into any fortnight.
"""

from __future__ import annotations

import re
import tomllib
from datetime import timedelta
from itertools import chain
from typing import Any, Literal

import msgspec

#: What people do: the ledger's kinds, and what no ledger books by that name.
Does = Literal["boost", "follow", "like", "recommend", "reply", "share", "unfollow", "write"]

#: Whose story it is.
OWNER = "robin"
DAYS = 14


class Moment(timedelta):
    """A time of the story since the dawn of its day 0, written as `3 10:20`: on day 3, at 10:20."""

    @classmethod
    def parse(cls, text: str) -> Moment:
        """Read one; ValueError says what one looks like."""
        if not (found := re.fullmatch(r"(-?\d+) (\d\d):(\d\d)", text)):
            raise ValueError(f"{text!r} is no time of a story; write for example 3 10:20")
        day, hour, minute = map(int, found.groups())
        return cls(days=day, hours=hour, minutes=minute)


class Blog(msgspec.Struct, frozen=True):
    """A blog and who writes it."""

    title: str
    author: str


class Written(msgspec.Struct, frozen=True):
    """One article of a blog; `text` is HTML."""

    at: Moment
    blog: str
    page: str
    title: str
    text: str

    @property
    def url(self) -> str:
        """Where it would be on the web."""
        return f"https://{self.blog}.example/{self.page}"


class Person(msgspec.Struct, frozen=True):
    """Somebody on the network; with a `site`, the network knows that it is theirs."""

    name: str
    site: str = ""


class Act(msgspec.Struct, frozen=True):
    """Somebody does something. `to` is the page it is about, or whom Robin follows; `page` their own post."""

    at: Moment
    who: str
    does: Does
    to: str = ""
    page: str = ""
    says: str = ""


class Story(msgspec.Struct, frozen=True):
    """All of it. `runs` are the times of day at which the timer starts a run."""

    runs: tuple[str, ...]
    blogs: dict[str, Blog]
    articles: tuple[Written, ...]
    people: dict[str, Person]
    acts: tuple[Act, ...]

    def events(self) -> list[Written | Act]:
        """What happens, in the order of time; what was there before day 1 comes first."""
        return sorted(chain(self.articles, self.acts), key=lambda event: event.at)

    def runs_of(self, day: int) -> list[Moment]:
        """When the runs of a day are."""
        return [Moment.parse(f"{day} {time}") for time in self.runs]

    def article(self, page: str) -> Written:
        """The article of that page."""
        return next(each for each in self.articles if each.page == page)


def read(text: str) -> Story:
    """Read a story. msgspec.ValidationError for one that is none."""
    return msgspec.convert(tomllib.loads(text), Story, dec_hook=_moment)


def _moment(kind: type[Any], value: object) -> object:
    assert kind is Moment
    return Moment.parse(str(value))
