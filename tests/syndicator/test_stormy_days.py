"""Five days of real runs, every half hour, with outages and bursts: no rule is broken. `test_month` has a whole month.

What a post's time, its place in the day and its neighbours may be is reckoned here from the posts alone.
"""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise

import pytest
from counterparts import feed_server
from stormy_days import (
    BUDGET_USD,
    CHATTY_PER_DAY,
    HOUR,
    LIMITED,
    LINE,
    OFF,
    PACES,
    RUNS,
    SILENT,
    ZONE,
    Days,
    Sent,
)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Days]:
    with pytest.MonkeyPatch.context() as patch, feed_server.running("0.0.0.0") as server:
        # A disk's waits are no part of this; that nothing is lost without power is shown by those who trace the calls.
        patch.setattr(os, "fsync", lambda _file: None)
        lived = Days(tmp_path_factory.mktemp("days"), patch, server)
        lived.live()
        counts = Counter(sent.post.account for sent in lived.sent)
        told = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
        print(
            f"\nfive days in {lived.seconds:.0f} s: {len(lived.reports)} runs in {RUNS} half hours, {len(lived.dates)}"
            f" articles; posts: {told}; failed tries: {lived.failed}; the sites answered {dict(lived.web.answers)}"
        )
        yield lived


def of(lived: Days, name: str) -> list[Sent]:
    return [sent for sent in lived.sent if sent.post.account == name]


def days(sent: Iterable[Sent]) -> Counter:
    return Counter(each.at.astimezone(ZONE).date() for each in sent)


def test_the_days_were_busy_and_troubled(lived: Days) -> None:
    assert len(of(lived, "pond")) > 12
    assert len(of(lived, "lake")) > 10
    assert lived.failed > 2
    assert lived.web.answers["304"] > 100, "most sources had nothing new most of the time"


def test_no_run_met_a_bug_and_all_trouble_was_told(lived: Days) -> None:
    assert [report.bugs for report in lived.reports if report.bugs] == []
    in_storms = [r for r in lived.reports if any(storm.rages(r.started) for storm in (*LINE, *SILENT, *LIMITED))]
    assert any(report.errors for report in in_storms)


@pytest.mark.parametrize("name", PACES)
def test_every_post_kept_its_times(name: str, lived: Days) -> None:
    sent, pace = of(lived, name), lived.pace(name)
    assert max(days(sent).values()) <= pace.per_day
    assert not [each.at for each in sent if pace.quiet.covers(each.at.astimezone(ZONE))]
    assert min(later.at - earlier.at for earlier, later in pairwise(sent)) >= pace.min_gap
    ages = [each.at - lived.dates[each.post.article] for each in sent if each.post.kind != "notes"]
    assert pace.grace <= min(ages)
    assert max(ages) <= pace.max_age


@pytest.mark.parametrize("name", PACES)
def test_nothing_and_nobody_came_too_often(name: str, lived: Days) -> None:
    sent, pace = of(lived, name), lived.pace(name)
    assert set(Counter(each.post.article for each in sent).values()) == {1}, "the notes need not come round"
    by_site: dict[str, list[Sent]] = {}
    for each in sent:
        if each.post.kind == "curated":
            by_site.setdefault(each.post.site, []).append(each)
    assert len(by_site) > 5
    gaps = [later.at - earlier.at for posts in by_site.values() for earlier, later in pairwise(posts)]
    assert min(gaps, default=pace.author_gap) >= pace.author_gap
    chatty = [each for each in sent if each.post.source == lived.web.url(lived.chatty, "/feed.xml")]
    assert max(days(chatty).values(), default=0) <= CHATTY_PER_DAY
    shared = Counter(lived.world.shared(name))
    assert set(shared.values()) == {1}, "the network has each post once"
    assert shared.total() == len(sent)


def test_no_link_went_out_on_two_accounts_together(lived: Days) -> None:
    by_article: dict[str, list[Sent]] = {}
    for each in lived.sent:
        by_article.setdefault(each.post.article, []).append(each)
    pairs = [pair for found in by_article.values() for pair in combinations(found, 2)]
    assert len(pairs) > 5
    assert min(abs(one.at - other.at) for one, other in pairs) >= lived.pace("pond").stagger


def test_the_budget_was_kept(lived: Days) -> None:
    spent: Counter[str] = Counter()
    for each in of(lived, "well"):
        spent[f"{each.at:%Y-%m}"] += each.post.price_usd
    print(f"well: {dict(spent)} of ${BUDGET_USD:.2f}")
    assert max(spent.values()) > BUDGET_USD - 0.5, "there was more to say than money for it"
    assert max(spent.values()) <= BUDGET_USD + 1e-9


def test_after_an_outage_there_was_no_heap(lived: Days) -> None:
    for storm in (*OFF, *LINE):
        end = storm.since + storm.lasting
        for name in PACES:
            assert not [each for each in of(lived, name) if storm.since <= each.at < end], "it posted in a storm"
            assert sum(end <= each.at < end + HOUR for each in of(lived, name)) <= 1
    for storm in (*SILENT, *LIMITED):
        assert not [each for each in of(lived, str(storm.who)) if storm.rages(each.at)]


def test_everything_is_booked_once(lived: Days) -> None:
    strangers = Counter(each.post.article for each in lived.sent if each.post.kind == "curated")
    assert Counter(entry.url for entry in lived.world.given()) == strangers
    assert Counter(entry.kind for entry in lived.world.received()) == {"like": sum(lived.happened.values())}
