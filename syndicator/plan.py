"""What to post where and when: the one fork of the pipeline. A pure function of judgements, past posts and a time.

Each account gets the best articles it may have, at times from `slots`, in the proportions of its `mix`. Whatever is not
planned is skipped with a reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import msgspec

from platforms import text
from platforms.base import Limits
from syndicator.articles import Article
from syndicator.judging.base import Judgement
from syndicator.judging.difference import difference
from syndicator.mix import KINDS, MIX_WINDOW, most_lacking, reason
from syndicator.settings import Plan as Pacing
from syndicator.slots import free_times
from syndicator.sources.base import SourceKind
from syndicator.times import span_text

_OTHERS_FIRST = "no free slot: others come first"


@dataclass(frozen=True, slots=True)
class Channel:
    """One account as the planner sees it. `held` says why nothing can be posted there; `budget_usd` is what is left."""

    name: str
    platform: str
    pacing: Pacing
    limits: Limits
    budget_usd: float | None = None
    held: str = ""


@dataclass(frozen=True, slots=True)
class Past:
    """A post that exists, is on its way, or (`live` false) was stopped: its article is settled on that account.

    Only live ones take up time and count for gaps, caps and the mix.
    """

    account: str
    article: str
    kind: SourceKind
    site: str
    when: datetime
    live: bool = True


@dataclass(frozen=True, slots=True)
class Planned:
    """One article for one account at one time (UTC), with the reasons. `price_usd` is what the network will charge."""

    account: str
    platform: str
    article: Article
    when: datetime
    judgement: Judgement
    why: tuple[str, ...]
    price_usd: float = 0.0


class Skipped(msgspec.Struct, frozen=True):
    """An article passed over on one account, and why."""

    account: str
    article: str
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be posted, by time and in the order of picking, the best first; and what was passed over."""

    planned: tuple[Planned, ...] = ()
    skipped: tuple[Skipped, ...] = ()


def plan(
    channels: Sequence[Channel],
    judged: Mapping[str, Sequence[Judgement]],
    past: Sequence[Past],
    *,
    now: datetime,
    zone: ZoneInfo,
    horizon: timedelta = timedelta(days=1),
) -> Plan:
    """Plan every account from `now` to `now + horizon`. `judged` holds each account's judgements by its name."""
    skipped: list[Skipped] = []
    planned: list[Planned] = []
    for channel in channels:
        good = [each for each in judged[channel.name] if not each.rejected]
        skipped += [
            Skipped(channel.name, each.article.url, each.rejected) for each in judged[channel.name] if each.rejected
        ]
        desk = _Desk(channel, good, [each for each in past if each.account == channel.name], now)
        planned += desk.fill(zone, now + horizon)
        skipped += desk.left_over()
    planned.sort(key=lambda each: each.when)  # stable: what has the same time stays in the order it was picked
    return Plan(tuple(planned), tuple(skipped))


def price(limits: Limits, article: Article) -> float:
    """What one network charges for sharing an article, in US dollars. A bare domain in a note is a link as well."""
    return limits.price_with_url_usd if article.kind != "notes" else text.price(article.title, limits)


@dataclass
class _Desk:
    """One account's planning: what is open, what was posted, and what it has cost so far."""

    channel: Channel
    good: Sequence[Judgement]
    past: list[Past]
    now: datetime
    open: dict[str, Judgement] = field(default_factory=dict)
    repeated: list[str] = field(default_factory=list)
    by_site: dict[str, list[datetime]] = field(default_factory=dict)
    last_use: dict[str, datetime] = field(default_factory=dict)
    spent: float = 0.0

    def __post_init__(self) -> None:
        for post in self.past:
            self._remember(post)
        self.past = [post for post in self.past if post.live]
        for each in self.good:
            url = each.article.url
            if each.article.kind != "notes" and url in self.last_use:
                self.repeated.append(url)
            else:
                self.open[url] = each

    def _remember(self, post: Past) -> None:
        if post.live:
            self.by_site.setdefault(post.site, []).append(post.when)
        self.last_use[post.article] = max(self.last_use.get(post.article, post.when), post.when)

    def fill(self, zone: ZoneInfo, until: datetime) -> list[Planned]:
        """Give every free time its best article."""
        if self.channel.held:
            return []
        planned: list[Planned] = []
        taken = [each.when for each in self.past]
        for when in free_times(self.channel.pacing, zone, self.channel.name, taken, self.now, until):
            if not self.open:
                break
            if choice := self._choose(when):
                taken.append(when)
                planned.append(self._take(*choice, when))
        return planned

    def left_over(self) -> list[Skipped]:
        """Why each good article was not planned here."""
        name = self.channel.name
        return [Skipped(name, url, "already shared here") for url in self.repeated] + [
            Skipped(name, url, self.channel.held or self._obstacle(each.article, self.now) or _OTHERS_FIRST)
            for url, each in self.open.items()
        ]

    def _choose(self, when: datetime) -> tuple[Judgement, str] | None:
        """The best article of the kind that the mix lacks most, and why it is the best."""
        for kind in most_lacking(self.channel.pacing.mix, self._recent()):
            if kind == "notes":
                able = (each for each in self._ranked[kind] if self._may(each, when))
                if note := min(able, key=lambda each: (self._last_use(each.article), each.article.url), default=None):
                    return note, "the note that rested longest"
                continue
            able = (each for each in self._ranked[kind] if self._may(each, when))
            if best := next(able, None):
                return best, difference(best, next(able, None))
        return None

    def _may(self, each: Judgement, when: datetime) -> bool:
        return each.article.url in self.open and not self._obstacle(each.article, when)

    @cached_property
    def _ranked(self) -> Mapping[SourceKind, Sequence[Judgement]]:
        """What is open, by kind, the best first."""
        best = sorted(
            self.open.values(), key=lambda each: (each.score, each.article.dated, each.article.url), reverse=True
        )
        return {kind: [each for each in best if each.article.kind == kind] for kind in KINDS}

    def _take(self, choice: Judgement, won: str, when: datetime) -> Planned:
        article = choice.article
        cost = price(self.channel.limits, article)
        why = (won, reason(self.channel.pacing.mix, self._recent(), article.kind))
        self.spent += cost
        self.past.append(Past(self.channel.name, article.url, article.kind, article.site, when))
        self._remember(self.past[-1])
        del self.open[article.url]
        return Planned(self.channel.name, self.channel.platform, article, when, choice, why, cost)

    def _obstacle(self, article: Article, when: datetime) -> str:
        """Why this article may not go out on this account at that time; empty when it may."""
        pacing = self.channel.pacing
        if not getattr(pacing.mix, article.kind):
            return f"the mix of this account has no {article.kind} posts"
        if article.kind == "notes":
            rested = when - self._last_use(article) >= pacing.note_gap
            return self._too_dear(article) if rested else f"this note was posted within {span_text(pacing.note_gap)}"
        if when - article.dated < pacing.grace:
            return f"published less than {span_text(pacing.grace)} ago (grace)"
        if when - article.dated > pacing.max_age:
            return f"older than {span_text(pacing.max_age)} by then"
        if article.kind == "curated" and self._author_seen(article.site, when):
            return f"{article.site} was shared within {span_text(pacing.author_gap)} (author_gap)"
        return self._too_dear(article)

    def _too_dear(self, article: Article) -> str:
        budget = self.channel.budget_usd
        if budget is None:
            return ""
        cost = price(self.channel.limits, article)
        if self.spent + cost <= budget + 1e-9:
            return ""
        return f"${cost:.2f} would pass what is left of the monthly budget (${max(budget - self.spent, 0):.2f})"

    def _author_seen(self, site: str, when: datetime) -> bool:
        seen = self.by_site.get(site)
        return seen is not None and any(abs(when - other) < self.channel.pacing.author_gap for other in seen)

    def _last_use(self, article: Article) -> datetime:
        return self.last_use.get(article.url, datetime.min.replace(tzinfo=UTC))

    def _recent(self) -> list[SourceKind]:
        return [each.kind for each in sorted(self.past, key=lambda each: each.when)[-MIX_WINDOW:]]


def _worth(each: Judgement) -> tuple[float, datetime, str]:
    """What articles are ranked by; the newer of two equal ones first."""
    return each.score, each.article.dated, each.article.url
