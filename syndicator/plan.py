"""What to post where and when: the one fork of the pipeline. A pure function of judgements, past posts and a time.

Each account gets the best articles it may have, at times from `slots`, in the proportions of its `mix`. Whatever is not
planned is skipped with a reason.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from platforms import text
from platforms.base import Limits
from syndicator.articles import Article
from syndicator.judging.base import Judgement
from syndicator.judging.difference import difference
from syndicator.mix import KINDS, MIX_WINDOW, is_third_return, most_lacking, reason
from syndicator.planned import Channel, Moment, Past, Plan, Planned, Skipped, SourceOf, as_of, elsewhere, first_seen_in
from syndicator.slots import allowed, apart, free_times, silenced
from syndicator.sources.base import SourceKind
from syndicator.times import span_text

__all__ = ["Channel", "Past", "Plan", "Planned", "Skipped", "plan", "price"]

_OTHERS_FIRST = "no free slot: others come first"


def plan(
    channels: Sequence[Channel],
    judged: Mapping[str, Sequence[Judgement]],
    past: Sequence[Past],
    *,
    now: datetime,
    zone: ZoneInfo,
    horizon: timedelta = timedelta(days=1),
    source_of: SourceOf = first_seen_in,
    owed: Collection[str] = frozenset(),
) -> Plan:
    """Plan every account from `now` to `now + horizon`. `judged` holds each account's judgements by its name.

    Earlier accounts choose first: what they share, later ones share a while apart from it. Of three shares in a row on
    an account, at most two are of sites that are `owed`.
    """
    past = as_of(past, now)
    moment = Moment(now, now + horizon, zone, source_of, owed)
    skipped: list[Skipped] = []
    planned: list[Planned] = []
    for channel in channels:
        good = [each for each in judged[channel.name] if not each.rejected]
        skipped += [
            Skipped(channel.name, each.article.url, each.rejected) for each in judged[channel.name] if each.rejected
        ]
        mine = [each for each in past if each.account == channel.name]
        desk = _Desk(channel, good, mine, moment, elsewhere(channel, past, planned))
        planned += desk.fill()
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
    moment: Moment
    elsewhere: Mapping[str, Sequence[datetime]]
    open: dict[str, Judgement] = field(default_factory=dict)
    repeated: list[str] = field(default_factory=list)
    by_site: dict[str, list[datetime]] = field(default_factory=dict)
    by_source: Counter[tuple[str, date]] = field(default_factory=Counter)
    last_use: dict[str, datetime] = field(default_factory=dict)
    awaiting: set[str] = field(default_factory=set)
    planned: set[str] = field(default_factory=set)
    taken: list[datetime] = field(default_factory=list)
    spent: float = 0.0

    def __post_init__(self) -> None:
        for post in self.past:
            self._remember(post)
        self.past = [post for post in self.past if post.live]
        self.taken = [post.when for post in self.past]
        for each in self.good:
            url = each.article.url
            if each.article.kind != "notes" and url in self.last_use:
                self.repeated.append(url)
            else:
                self.open[url] = each

    def _remember(self, post: Past) -> None:
        if post.live:
            self.by_site.setdefault(post.site, []).append(post.when)
            self.by_source[post.source, self._day(post.when)] += 1
        self.awaiting |= {post.article} if post.awaiting else set()
        self.last_use[post.article] = max(self.last_use.get(post.article, post.when), post.when)

    def fill(self) -> list[Planned]:
        """Give every free time its best article."""
        if self.channel.held:
            return []
        planned: list[Planned] = []
        pacing, name, moment = self.channel.pacing, self.channel.name, self.moment
        for slot in free_times(pacing, moment.zone, name, self.taken, moment.now, moment.until):
            if not self.open:
                break
            if choice := self._choose(slot):
                planned.append(self._take(*choice))
        return planned

    def left_over(self) -> list[Skipped]:
        """Why each good article was not planned here."""
        name = self.channel.name
        whole = self.channel.held or self._never()
        return [Skipped(name, url, "already shared here") for url in self.repeated] + [
            Skipped(name, url, whole or self._obstacle(each.article, self.moment.now) or _OTHERS_FIRST)
            for url, each in self.open.items()
            if url not in self.planned
        ]

    def _never(self) -> str:
        """Why this account has no time at all, if it has none by its settings."""
        pacing = self.channel.pacing
        if pacing.per_day == 0:
            return "per_day = 0: this account posts nothing by itself"
        if pacing.slots and len(silenced(pacing)) == len(pacing.slots):
            return f"all slots of this account lie in its quiet hours ({pacing.quiet})"
        return ""

    def _choose(self, slot: datetime) -> tuple[Judgement, datetime, str] | None:
        """The best article of the kind that the mix lacks most, its time, and why it is the best."""
        for kind in most_lacking(self.channel.pacing.mix, self._recent()):
            able = ((each, when) for each in self._ranked[kind] if (when := self._time_for(each, slot)))
            if kind == "notes":
                if note := min(able, key=lambda found: self._rest(found[0].article), default=None):
                    return *note, "the note that rested longest"
            elif best := next(able, None):
                return *best, difference(best[0], next((each for each, _ in able), None))
        return None

    def _time_for(self, each: Judgement, slot: datetime) -> datetime | None:
        """When this article may have the slot: a little later where it is shared elsewhere; None when it may not."""
        article = each.article
        if article.url not in self.open or self._obstacle(article, slot):
            return None
        pacing, others = self.channel.pacing, self.elsewhere.get(article.url, ())
        when = apart(pacing, self.channel.name, article.url, others, slot)
        if when == slot:
            return slot
        free = when <= self.moment.until and allowed(pacing, self.moment.zone, self.taken, when)
        return when if free and not self._obstacle(article, when) else None

    @cached_property
    def _ranked(self) -> Mapping[SourceKind, Sequence[Judgement]]:
        """What is open, by kind, the best first."""
        best = sorted(
            self.open.values(), key=lambda each: (each.score, each.article.dated, each.article.url), reverse=True
        )
        return {kind: [each for each in best if each.article.kind == kind] for kind in KINDS}

    def _take(self, choice: Judgement, when: datetime, won: str) -> Planned:
        article = choice.article
        source = self.moment.source_of(article).url
        cost = price(self.channel.limits, article)
        why = (won, reason(self.channel.pacing.mix, self._recent(), article.kind))
        self.spent += cost
        self.taken.append(when)
        returns = article.kind == "curated" and article.site in self.moment.owed
        self.past.append(
            Past(self.channel.name, article.url, article.kind, article.site, when, source=source, returns=returns)
        )
        self._remember(self.past[-1])
        self.planned.add(article.url)
        if article.kind != "notes":  # a note may come round again
            del self.open[article.url]
        return Planned(self.channel.name, self.channel.platform, article, when, choice, why, cost, source)

    def _obstacle(self, article: Article, when: datetime) -> str:
        """Why this article may not go out on this account at that time; empty when it may."""
        pacing = self.channel.pacing
        if not getattr(pacing.mix, article.kind):
            return f"the mix of this account has no {article.kind} posts"
        if article.kind == "notes":
            return self._unrested(article, when) or self._rationed(article, when) or self._too_dear(article)
        if when - article.dated < pacing.grace:
            return f"published less than {span_text(pacing.grace)} ago (grace)"
        if when - article.dated > pacing.max_age:
            return f"older than {span_text(pacing.max_age)} by then"
        if article.kind == "curated" and self._author_seen(article.site, when):
            return f"{article.site} was shared within {span_text(pacing.author_gap)} (author_gap)"
        if article.site in self.moment.owed and is_third_return(self._curated(), when):
            return "favours were returned by the shares around it: one in three is for somebody who is owed nothing"
        return self._rationed(article, when) or self._too_dear(article)

    def _unrested(self, note: Article, when: datetime) -> str:
        if note.url in self.awaiting:
            return "this note waits to be approved here"
        gap, rest = self.channel.pacing.note_gap, when - self._last_use(note)
        return "" if rest >= gap and rest else f"this note was posted within {span_text(gap)}"

    def _rationed(self, article: Article, when: datetime) -> str:
        source = self.moment.source_of(article)
        if source.per_day is None or self.by_source[source.url, self._day(when)] < source.per_day:
            return ""
        return f"its source may have {source.per_day} posts a day here (per_day of the source)"

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

    def _rest(self, note: Article) -> tuple[datetime, bytes]:
        """What notes are ordered by: the last use, and among those never used an order of each account's own."""
        return self._last_use(note), hashlib.sha256(f"{self.channel.name} {note.url}".encode()).digest()

    def _day(self, when: datetime) -> date:
        return when.astimezone(self.moment.zone).date()

    def _curated(self) -> list[tuple[datetime, bool]]:
        return [(each.when, each.returns) for each in self.past if each.kind == "curated"]

    def _recent(self) -> list[SourceKind]:
        return [each.kind for each in sorted(self.past, key=lambda each: each.when)[-MIX_WINDOW:]]
