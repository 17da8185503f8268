"""The tables of a settings file: what each key means, its default, and what values it may have.

Checks of one table stand in its own `__post_init__`; ValueError says what is wrong and what to write instead.
"""

from __future__ import annotations

import math
import re
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from ledger.rules import weights_with
from ledger.who import UnknownWho, identity
from syndicator.judging.weights import weights_with as part_weights
from syndicator.settings.table import Table
from syndicator.times import Span


class Zone(ZoneInfo):
    """A named time zone."""


_LANGUAGE = r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8}){0,3}"
#: What `urls` can compare pages with; its own word would cost every command the time to load it.
_SITE = r"(?i)https?://[^\s/?#]+\S*|[^\s/:@?#.]+(\.[^\s/:@?#.]+)+\.?(:\d+)?([/?#]\S*)?"


class Me(Table, frozen=True):
    """The owner. `sites` are mine: links to them are favours to me, and nobody shares them on my behalf."""

    name: str = ""
    sites: tuple[str, ...] = ()
    timezone: Zone = Zone("UTC")
    language: str = "en"

    def __post_init__(self) -> None:
        """Sites that pages can lie on, and a language by its code."""
        for site in self.sites:
            if not re.fullmatch(_SITE, site):
                raise ValueError(f'{site!r} in sites is no web address; write for example "https://ada.example"')
        if not is_language(self.language):
            raise ValueError(f"language = {self.language!r} is no language code; write for example en or pt-BR")


def is_language(code: str) -> bool:
    """Whether this is written as the code of a language (BCP 47): `en`, `pt-BR`, `de_at`."""
    return re.fullmatch(_LANGUAGE, code) is not None


class SourceTable(Table, frozen=True):
    """One `[[sources]]`: a feed, an OPML blogroll, or a file of notes.

    `per_day` is the most that an account may share of it in a day; of a blogroll, of each of its feeds.
    With `comment_first` its articles wait so long (`comment_wait`) for a comment before they are shared.
    `comments` is where those on my own site can be read: found by itself ("auto"), a feed or WordPress's REST API
    there, or not at all ("off").
    """

    kind: Literal["own", "curated", "notes"]
    feed: str = ""
    opml: str = ""
    file: str = ""
    title: str = ""
    tags: tuple[str, ...] = ()
    weight: float = 1.0
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    comment_first: bool = False
    comment_wait: Span = Span(days=2)
    per_day: int | None = None
    comments: str = "auto"

    def __post_init__(self) -> None:
        """Exactly one address, of the sort that the kind reads."""
        wanted = {"own": ("feed",), "curated": ("feed", "opml"), "notes": ("file",)}[self.kind]
        given = [key for key in ("feed", "opml", "file") if getattr(self, key)]
        if len(given) != 1 or given[0] not in wanted:
            has = f", and has {' and '.join(given)}" if given else ""
            raise ValueError(
                f"a source of kind {self.kind!r} needs {' or '.join(wanted)}{has}; write one of: {', '.join(wanted)}"
            )
        if not 0 <= self.weight <= 10:
            raise ValueError("weight must lie between 0 and 10")
        if self.per_day is not None and self.per_day < 1:
            raise ValueError("per_day of a source must be at least 1; to share nothing of it, remove the source")
        if self.comments not in {"auto", "off"} and not _is_web(self.comments):
            raise ValueError(
                f'comments = "{self.comments}" is no address; write "auto", "off", or the address of a feed'
            )
        if self.comments != "auto" and self.kind != "own":
            raise ValueError("comments are read on sources of kind 'own' alone; remove this key")
        for pattern in (*self.include, *self.exclude):
            _check_pattern(pattern)


class Judge(Table, frozen=True):
    """What makes an article worth sharing. `weights` are the most that each named part can add, as proportions.

    `languages` admits articles in these besides mine and those of my own posts, `*` in any; `block` lists sites never
    shared, with all that lies below them; with `paywalled` what only subscribers can read is shared too.
    """

    weights: dict[str, float] = msgspec.field(default_factory=dict)
    languages: tuple[str, ...] = ()
    block: tuple[str, ...] = ()
    paywalled: bool = False

    def __post_init__(self) -> None:
        """Parts that a score has, languages by their codes, and sites that can be told."""
        part_weights(self.weights)
        for language in self.languages:
            if not re.fullmatch(r"\*|[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", language):
                raise ValueError(f'{language!r} is no language code; write for example "fr", or "*" for all')
        for site in self.block:
            if "." not in _host(site) or " " in site:
                raise ValueError(f'{site!r} in block is no site; write for example "tabloid.example"')


LONGEST_CREDIT = 100
#: A handle runs on into what follows it without a space, and is none after most signs.
_STANDS_ALONE = r"([^{}]*[\s(])?\{author\}([),:;!?]?(\s[^{}]*)?)"


class Credit(Table, frozen=True):
    """Whether a share names the author of the article in the network's own syntax, and whom never.

    `text` is how, with `{author}` for the handle; nobody is named twice within `gap`. `never` lists handles, as WHO.
    """

    mention: bool = True
    text: str = "by {author}"
    gap: Span = Span(days=7)
    never: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """The words must name the author, on one line; and those never to be named must be told."""
        if "{author}" not in self.text or "\n" in self.text:
            raise ValueError('the text of credit must be one line that has {author}; write for example "by {author}"')
        if len(self.text) > LONGEST_CREDIT or not re.fullmatch(_STANDS_ALONE, self.text):
            raise ValueError('{author} in the text of credit must stand by itself, once, as in "by {author}"')
        for who in self.never:
            try:
                identity(who)
            except UnknownWho as error:
                raise ValueError(f"never: {error}") from None


class Ledger(Table, frozen=True):
    """How favours are reckoned."""

    half_life: Span = Span(days=180)
    threshold: float = 3.0
    suggestions_per_day: int = 5
    reciprocity_lift: float = 0.15
    retention: Span = Span(days=730)
    weights: dict[str, float] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a half-life of nothing, unknown weights, a lift that outweighs quality, dropping what is open."""
        if self.half_life <= Span():
            raise ValueError("half_life must be longer than nothing")
        if not 0 <= self.threshold < math.inf or self.suggestions_per_day < 0:
            raise ValueError("threshold and suggestions_per_day must be zero or more")
        if self.retention < Span(days=548):
            raise ValueError("retention must be 548d or more: until then an act may wait for a return")
        weights_with(self.weights)
        if not 0 <= self.reciprocity_lift <= 0.5:
            raise ValueError("reciprocity_lift must lie between 0 and 0.5: it re-orders, it does not choose")


class Fetch(Table, frozen=True):
    """How feeds are fetched. `timeout` is the deadline for one whole feed.

    A source is asked again no sooner than `least_interval` and no later than `most_interval`, each in its own rhythm.
    `check_links` has pages looked at before they are shared.
    """

    concurrency: int = 32
    timeout: Span = Span(seconds=20)
    user_agent_contact: str = ""
    allow_private: tuple[str, ...] = ()
    least_interval: Span = Span(minutes=15)
    most_interval: Span = Span(days=1)
    check_links: bool = True

    def __post_init__(self) -> None:
        """At least one request at a time, some time for it, intervals in order, exemptions that can be followed."""
        if self.concurrency < 1 or self.timeout <= Span():
            raise ValueError("concurrency must be at least 1 and timeout longer than nothing")
        if self.least_interval > self.most_interval:
            raise ValueError("least_interval must not be longer than most_interval")
        try:
            _check_exempt(self.allow_private)
        except ValueError as error:
            raise ValueError(f"allow_private: {error}") from None


# What few settings ask for is imported then: every command reads the settings first.


def _is_web(address: str) -> bool:
    from syndicator import urls

    return urls.is_web(address)


def _host(site: str) -> str:
    from syndicator import urls

    return urls.host(site)


def _check_exempt(hosts: tuple[str, ...]) -> None:
    if hosts:
        from syndicator.sources.guard import Guard

        Guard(hosts)


def _check_pattern(pattern: str) -> None:
    if not pattern.strip():
        raise ValueError("an empty word would match everything; remove it")
    if len(pattern) > 2 and pattern.startswith("/") and pattern.endswith("/"):
        try:
            re.compile(pattern[1:-1])
        except re.error as error:
            raise ValueError(f"{pattern!r} is not a regular expression: {error}") from None
