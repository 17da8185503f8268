"""The tables of a settings file: what each key means, its default, and what values it may have.

Checks of one table stand in its own `__post_init__`; ValueError says what is wrong and what to write instead.
"""

from __future__ import annotations

import math
import re
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import UNSET, UnsetType

from ledger.rules import weights_with
from syndicator import urls
from syndicator.judging.weights import weights_with as part_weights
from syndicator.sources.guard import Guard
from syndicator.times import Clock, Quiet, Span


class Zone(ZoneInfo):
    """A named time zone."""


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the settings file; a key it does not know is an error."""


class Me(Table, frozen=True):
    """The owner. `sites` are mine: links to them are favours to me, and nobody shares them on my behalf."""

    name: str = ""
    sites: tuple[str, ...] = ()
    timezone: Zone = Zone("UTC")
    language: str = "en"


class SourceTable(Table, frozen=True):
    """One `[[sources]]`: a feed, an OPML blogroll, or a file of notes."""

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

    def __post_init__(self) -> None:
        """Exactly one address, of the sort that the kind reads."""
        wanted = {"own": ("feed",), "curated": ("feed", "opml"), "notes": ("file",)}[self.kind]
        given = [key for key in ("feed", "opml", "file") if getattr(self, key)]
        if len(given) != 1 or given[0] not in wanted:
            raise ValueError(f"a source of kind {self.kind!r} needs one of: {', '.join(wanted)}")
        if not 0 <= self.weight <= 10:
            raise ValueError("weight must lie between 0 and 10")
        for pattern in (*self.include, *self.exclude):
            _check_pattern(pattern)


class Mix(Table, frozen=True):
    """Shares of own posts, others' links and notes; only their proportion counts."""

    own: float = 0.2
    curated: float = 0.7
    notes: float = 0.1

    def __post_init__(self) -> None:
        """No share is negative, and one at least is not zero."""
        shares = (self.own, self.curated, self.notes)
        if not all(0 <= share <= 1000 for share in shares) or not any(shares):
            raise ValueError("the shares of mix must lie between 0 and 1000, and not all be zero")


class Plan(Table, frozen=True):
    """Pacing and choice, for every account that does not say otherwise."""

    per_day: int = 6
    min_gap: Span = Span(minutes=90)
    quiet: Quiet = Quiet("22:00-07:30")
    slots: tuple[Clock, ...] = ()
    spread: bool = True
    jitter: Span = Span(minutes=10)
    mix: Mix = Mix()
    max_age: Span = Span(days=10)
    grace: Span = Span(minutes=15)
    author_gap: Span = Span(days=3)
    note_gap: Span = Span(days=30)
    first_run: int = 0
    catch_up: Literal["expire", "trickle", "skip"] = "expire"
    topics: tuple[str, ...] = ()
    min_score: float = 0.35

    def __post_init__(self) -> None:
        """Refuse counts and scores that mean nothing."""
        if self.per_day < 0 or self.first_run < 0:
            raise ValueError("per_day and first_run must be zero or more")
        if not 0 <= self.min_score <= 1:
            raise ValueError("min_score must lie between 0 and 1")
        if not all(topic.strip() for topic in self.topics):
            raise ValueError("a topic must have a word; remove the empty one")


class AccountTable(Table, frozen=True):
    """One `[accounts.NAME]`: a network's own options, and any key of `[plan]` for this account alone."""

    platform: str
    server: str = ""
    handle: str = ""
    visibility: Literal["public", "unlisted", "private", "direct"] = "public"
    template: str = ""
    approve: Literal["auto", "ask"] = "auto"
    monthly_budget_usd: float | None = None
    folder: str = ""
    title: str = ""
    url: str = ""
    file: str = ""
    per_day: int | UnsetType = UNSET
    min_gap: Span | UnsetType = UNSET
    quiet: Quiet | UnsetType = UNSET
    slots: tuple[Clock, ...] | UnsetType = UNSET
    spread: bool | UnsetType = UNSET
    jitter: Span | UnsetType = UNSET
    mix: Mix | UnsetType = UNSET
    max_age: Span | UnsetType = UNSET
    grace: Span | UnsetType = UNSET
    author_gap: Span | UnsetType = UNSET
    note_gap: Span | UnsetType = UNSET
    first_run: int | UnsetType = UNSET
    catch_up: Literal["expire", "trickle", "skip"] | UnsetType = UNSET
    topics: tuple[str, ...] | UnsetType = UNSET
    min_score: float | UnsetType = UNSET

    def __post_init__(self) -> None:
        """A template may only name what a draft has, a budget is an amount, and a server an address."""
        for field in re.findall(r"{([^{}]*)}", self.template):
            if field not in TEMPLATE_FIELDS:
                known = ", ".join("{" + name + "}" for name in TEMPLATE_FIELDS)
                raise ValueError(f"the template names {{{field}}}; it may use {known}")
        if self.monthly_budget_usd is not None and not 0 <= self.monthly_budget_usd < math.inf:
            raise ValueError("monthly_budget_usd must be zero or more")
        if self.server and not self.server.startswith(("https://", "http://")):
            raise ValueError(f"the server {self.server!r} is no address; write https://{self.server}")
        self.plan(Plan())

    def plan(self, common: Plan) -> Plan:
        """The pacing of this account: its own keys over the common ones."""
        own = {key: getattr(self, key) for key in Plan.__struct_fields__ if getattr(self, key) is not UNSET}
        return msgspec.structs.replace(common, **own)


TEMPLATE_FIELDS = ("title", "url", "author", "site", "summary", "tags")


class Judge(Table, frozen=True):
    """What makes an article worth sharing. `weights` are the most that each named part can add, as proportions.

    `languages` admits articles in these besides mine and those of my own posts, `*` in any; `block` lists sites never
    shared, with all that lies below them; with `paywalled` what only subscribers can read is shared too.
    """

    weights: dict[str, float] = {}
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
            if "." not in urls.host(site) or " " in site:
                raise ValueError(f'{site!r} in block is no site; write for example "tabloid.example"')


class Ledger(Table, frozen=True):
    """How favours are reckoned."""

    half_life: Span = Span(days=180)
    threshold: float = 3.0
    suggestions_per_day: int = 5
    reciprocity_lift: float = 0.15
    weights: dict[str, float] = {}

    def __post_init__(self) -> None:
        """Refuse a half-life of nothing, unknown weights, and a lift that could outweigh quality."""
        if self.half_life <= Span():
            raise ValueError("half_life must be longer than nothing")
        if not 0 <= self.threshold < math.inf or self.suggestions_per_day < 0:
            raise ValueError("threshold and suggestions_per_day must be zero or more")
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
            Guard(self.allow_private)
        except ValueError as error:
            raise ValueError(f"allow_private: {error}") from None


def _check_pattern(pattern: str) -> None:
    if not pattern.strip():
        raise ValueError("an empty word would match everything; remove it")
    if len(pattern) > 2 and pattern.startswith("/") and pattern.endswith("/"):
        try:
            re.compile(pattern[1:-1])
        except re.error as error:
            raise ValueError(f"{pattern!r} is not a regular expression: {error}") from None
