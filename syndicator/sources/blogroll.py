"""The values of a blogroll: Subscriptions, and everything that kept others from becoming one."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec


class Subscription(msgspec.Struct, frozen=True, omit_defaults=True):
    """One feed of a blogroll. `url` is where it is (http, https or file), `site` the page it belongs to.

    `kind` is the outline's `type` (usually "rss", whatever the format). `tags` come from `category`, a hierarchy as
    `Boston/Weather`. `folders` are the texts of the outlines around it, outermost first. A feed that stands in several
    folders has the first one here, and the paths of the others among its tags.
    """

    url: str
    title: str = ""
    site: str = ""
    kind: str = "rss"
    tags: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Where a file is not as it should be; line and column count from 1."""

    line: int
    column: int | None
    message: str

    def __str__(self) -> str:
        return f"line {self.line}" + (f", column {self.column}" if self.column else "") + f": {self.message}"


@dataclass(frozen=True, slots=True)
class Skip:
    """An outline that gives no feed: `url` as written (perhaps its page), and why."""

    url: str
    reason: str
    title: str = ""
    line: int = 0


class Include(msgspec.Struct, frozen=True, omit_defaults=True):
    """An outline that stands for another outline file, whose feeds belong into `folders`: its own text is the last."""

    url: str
    title: str = ""
    folders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Blogroll:
    """What an OPML file holds. `sources` has every feed once, `duplicates` the URLs that came again.

    `wellformed` is False when the file had to be recovered: `problems` then says where. `whole` is False when it
    breaks off, or is something else than a blogroll: then it can't tell which feeds are gone.
    """

    title: str = ""
    sources: tuple[Subscription, ...] = ()
    problems: tuple[Problem, ...] = ()
    wellformed: bool = True
    whole: bool = True
    includes: tuple[Include, ...] = ()
    skipped: tuple[Skip, ...] = ()
    duplicates: tuple[str, ...] = ()
