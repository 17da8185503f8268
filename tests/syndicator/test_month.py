"""A month of runs, every half hour, with outages and bursts: no rule is broken, and the mix is what was asked for.

Each run keeps the pace of what waits, plans, queues and publishes; reading feeds and judging are left out.
"""

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from pieces import article, judgement, note

from ledger.store.tiny import memory_store
from platforms import memory
from platforms.base import Draft, Limits, Login, PostRef, Request
from platforms.errors import PlatformError, RateLimited, Unreachable
from syndicator import accounts
from syndicator.articles import Article, Catalogue
from syndicator.choose import Choice
from syndicator.enqueue import enqueue
from syndicator.judging.base import Judgement
from syndicator.outbox import LIVING, Outbox, Post
from syndicator.outcomes import Failed, Posted
from syndicator.pace import Facts, keep_pace
from syndicator.plan import Channel, plan
from syndicator.publish import publish, settle
from syndicator.settings import Plan
from syndicator.sources.base import Source
from syndicator.times import Clock

ZONE = ZoneInfo("Europe/London")
#: The clock goes back on the 25th.
START = datetime(2026, 10, 10, tzinfo=UTC)
STEP, HOUR, DAY = timedelta(minutes=30), timedelta(hours=1), timedelta(days=1)
RUNS = 30 * 48
#: When the machine is off, and when one account's network is silent or wants to be left alone.
OFF = [(START + 4 * DAY + 6 * HOUR, 20 * HOUR), (START + 17 * DAY, 52 * HOUR)]
SILENT = [("pond", START + 9 * DAY, 30 * HOUR), ("lake", START + 12 * DAY, 5 * HOUR)]
LIMITED = [("well", START + 20 * DAY, 9 * HOUR)]
BURSTS = (2 * 48 + 20, 6 * 48 + 30, 19 * 48 + 10, 25 * 48)
CHATTY = "https://chatty.example/feed"
PAID = Limits(length=280, count="x", source="", read_on="", price_usd=0.015, price_with_url_usd=0.2)
BUDGET_USD = 8.0
PACES = {
    "pond": Plan(),
    "lake": Plan(slots=tuple(map(Clock, ("08:10", "11:00", "14:30", "17:45", "21:55"))), per_day=5, catch_up="trickle"),
    "well": Plan(spread=False, per_day=4, catch_up="skip"),
}


class Sent(NamedTuple):
    """One post as it went out."""

    at: datetime
    post: Post


class Stormy(memory.Memory):
    """The memory network under a weather."""

    def __init__(self, name: str) -> None:
        super().__init__(Login(name))
        self.trouble: PlatformError | None = None

    def publish(self, request: Request) -> PostRef:
        if self.trouble:
            raise self.trouble
        return super().publish(request)

    def find(self, request: Request) -> PostRef | None:
        if self.trouble:
            raise self.trouble
        return super().find(request)


class Month:
    """Three accounts with paces of their own; my blog, what others write, and one who talks a lot."""

    def __init__(self) -> None:
        self.random, self.outbox = Random(7), Outbox(memory_store())
        self.networks = {name: Stormy(name) for name in PACES}
        self.found: list[Judgement] = []
        self.notes = [judgement(note(str(n))) for n in range(40)]
        self.sent: list[Sent] = []
        self.failed = 0

    def live(self) -> None:
        """Run by run, unless the machine is off."""
        for number in range(RUNS):
            now = START + STEP * number + timedelta(seconds=self.random.randint(0, 50))
            self.found += [judgement(each, round(self.random.random(), 3)) for each in self._written(number, now)]
            if not any(since <= now < since + lasting for since, lasting in OFF):
                self._run(now)

    def _written(self, number: int, now: datetime) -> Iterator[Article]:
        """What is published at a time: some every day, and now and then a lot."""
        if number % 24 == 11:
            yield article(f"https://robin.example/{number}", kind="own", published=now)
        if number % 8 == 0:
            yield article(f"https://chatty.example/{number}", published=now, source=CHATTY)
        for index in range(25 if number in BURSTS else self.random.random() < 0.24):
            yield article(f"https://p{self.random.randint(0, 70)}.example/{number}-{index}", published=now)

    def _run(self, now: datetime) -> None:
        for name, network in self.networks.items():
            network.trouble = _trouble(name, now)
        for name in PACES:
            self._tell(name, settle(self.outbox, name, self.networks[name], lambda: now), now)
        posts = list(self.outbox)
        channels = [self._channel(name, posts) for name in PACES]
        self.outbox.save(*keep_pace(posts, channels, ZONE, now, Facts(STEP)))
        recent = [each for each in self.found if now - each.article.dated <= 10 * DAY]
        past = accounts.past(self.outbox, Catalogue())
        made = plan(
            channels,
            {name: [*recent, *self.notes] for name in PACES},
            past,
            now=now,
            zone=ZONE,
            horizon=timedelta(),  # what is due now is the same however far a plan looks ahead
            source_of=lambda each: Source(each.source, each.kind, per_day=1 if each.source == CHATTY else None),
        )
        drafts = {(each.account, each.article.url): Draft(each.article.title) for each in made.planned}
        enqueue(self.outbox, Choice(made, drafts), (), now)
        for name in PACES:
            self._tell(name, publish(self.outbox, name, self.networks[name], lambda: now), now)

    def _channel(self, name: str, posts: Iterable[Post]) -> Channel:
        if name != "well":
            return Channel(name, "memory", PACES[name], memory.LIMITS)
        return Channel(
            name,
            "memory",
            PACES[name],
            PAID,
            BUDGET_USD - sum(each.price_usd for each in posts if each.account == name and each.state in LIVING),
        )

    def _tell(self, name: str, outcomes: Iterable[object], now: datetime) -> None:
        for outcome in outcomes:
            self.failed += isinstance(outcome, Failed)
            if isinstance(outcome, Posted):
                self.sent.append(Sent(now, outcome.post))


def _trouble(name: str, now: datetime) -> PlatformError | None:
    if any(who == name and since <= now < since + lasting for who, since, lasting in SILENT):
        return Unreachable(name, "no answer")
    ends = (since + lasting for who, since, lasting in LIMITED if who == name and since <= now < since + lasting)
    return next((RateLimited(name, "slow down", retry_at=end) for end in ends), None)


@pytest.fixture(scope="module")
def month() -> Month:
    for name in PACES:
        memory.forget(name)
    lived, began = Month(), time.monotonic()
    lived.live()
    counts = Counter(sent.post.account for sent in lived.sent)
    told = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
    print(
        f"a month in {time.monotonic() - began:.0f} s: {RUNS} half hours, posts: {told}; failed tries: {lived.failed}"
    )
    return lived


def of(month: Month, name: str) -> list[Sent]:
    return [sent for sent in month.sent if sent.post.account == name]


def days(sent: Iterable[Sent]) -> Counter:
    return Counter(each.at.astimezone(ZONE).date() for each in sent)


def test_the_month_was_busy_and_troubled(month: Month) -> None:
    assert len(of(month, "pond")) > 120
    assert len(of(month, "lake")) > 100
    assert month.failed > 5


@pytest.mark.parametrize("name", PACES)
def test_every_post_kept_its_times(name: str, month: Month) -> None:
    sent, pacing = of(month, name), PACES[name]
    dates = {each.article.url: each.article.dated for each in month.found}
    assert max(days(sent).values()) <= pacing.per_day
    assert not [each.at for each in sent if pacing.quiet.covers(each.at.astimezone(ZONE))]
    assert min(later.at - earlier.at for earlier, later in pairwise(sent)) >= pacing.min_gap
    ages = [each.at - dates[each.post.article] for each in sent if each.post.kind != "notes"]
    assert pacing.grace <= min(ages)
    assert max(ages) <= pacing.max_age


@pytest.mark.parametrize("name", PACES)
def test_nothing_and_nobody_came_too_often(name: str, month: Month) -> None:
    sent, pacing = of(month, name), PACES[name]
    assert set(Counter(each.post.article for each in sent).values()) == {1}, "forty notes need not come round"
    by_site: dict[str, list[datetime]] = {}
    for each in sent:
        if each.post.kind == "curated":
            by_site.setdefault(each.post.site, []).append(each.at)
    gaps = [later - earlier for times in by_site.values() for earlier, later in pairwise(times)]
    assert min(gaps, default=pacing.author_gap) >= pacing.author_gap
    assert max(days(each for each in sent if each.post.source == CHATTY).values(), default=0) <= 1
    assert len(memory.world(name).posts()) == len(sent), "the network has each post once"


def test_no_link_went_out_on_two_accounts_together(month: Month) -> None:
    by_article: dict[str, list[Sent]] = {}
    for each in month.sent:
        by_article.setdefault(each.post.article, []).append(each)
    pairs = [pair for found in by_article.values() for pair in combinations(found, 2)]
    assert len(pairs) > 50
    assert min(abs(one.at - other.at) for one, other in pairs) >= timedelta(minutes=5)


@pytest.mark.parametrize("name", ["pond", "lake"])
def test_the_mix_is_within_two_points_of_the_setting_at_the_end(name: str, month: Month) -> None:
    last = Counter(each.post.kind for each in of(month, name)[-50:])
    print(f"{name}: {dict(last)} of the last 50")
    for kind in ("own", "curated", "notes"):
        assert abs(last[kind] / 50 - getattr(PACES[name].mix, kind)) <= 0.02


def test_the_budget_was_kept(month: Month) -> None:
    spent = sum(each.post.price_usd for each in of(month, "well"))
    print(f"well: ${spent:.2f} of ${BUDGET_USD:.2f}")
    assert BUDGET_USD - 0.2 <= spent <= BUDGET_USD + 1e-9


def test_after_an_outage_there_was_no_heap(month: Month) -> None:
    for since, lasting in OFF:
        for name in PACES:
            assert sum(since + lasting <= each.at < since + lasting + HOUR for each in of(month, name)) <= 1
