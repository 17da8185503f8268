"""The plan keeps every cap, gap, quiet hour and budget, whatever it is given, and says why it passes things over."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import msgspec
import pytest
from pieces import FREE, LONDON, NOON, article, channel, judgement, note

from platforms.base import Limits
from syndicator.articles import Article
from syndicator.judging.base import Judgement
from syndicator.plan import Past, Plan, plan
from syndicator.settings import Mix
from syndicator.settings import Plan as Pacing
from syndicator.sources.base import Source
from syndicator.times import Clock, Quiet, Span

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
PAID = Limits(length=280, count="x", source="", read_on="", price_usd=0.015, price_with_url_usd=0.2)


def made(
    found: Sequence[Judgement],
    pacing: Pacing = FREE,
    past: Sequence[Past] = (),
    now: datetime = NOON,
    zone: ZoneInfo = LONDON,
    **changes: object,
) -> Plan:
    """The plan of one account."""
    return plan([channel(pacing=pacing, **changes)], {"demo": found}, past, now=now, zone=zone)


def reasons(of: Plan) -> dict[str, str]:
    return {each.article: each.reason for each in of.skipped}


def pacing(**changes: object) -> Pacing:
    return msgspec.structs.replace(FREE, **changes)


def written(count: int, now: datetime = NOON, **changes: object) -> list[Judgement]:
    """Articles by as many people, the first the best."""
    return [
        judgement(article(f"https://p{n}.example/a", published=now - timedelta(hours=1), **changes), 0.9 - n / 100)
        for n in range(count)
    ]


# --- Cases


def test_of_three_shares_in_a_row_at_most_two_return_favours() -> None:
    """p0 to p4 are owed and the best; p5 and p6 are owed nothing."""
    owed = {f"p{n}.example" for n in range(5)}
    found = plan([channel(pacing=FREE)], {"demo": written(7)}, [], now=NOON, zone=LONDON, owed=owed)
    assert [each.article.site[:2] for each in found.planned] == ["p0", "p1", "p5", "p2", "p3", "p6", "p4"]
    found = plan([channel(pacing=FREE)], {"demo": written(4)}, [], now=NOON, zone=LONDON, owed=owed)
    assert [each.article.site[:2] for each in found.planned] == ["p0", "p1"]
    assert "one in three is for somebody who is owed nothing" in reasons(found)["https://p2.example/a"]


def test_returns_that_went_out_count_and_so_do_those_to_come() -> None:
    """Two by hand, before and after: a third between them waits for its turn."""
    past = [
        Past("demo", f"https://out.example/{hours}", "curated", "out.example", NOON + hours * HOUR, returns=True)
        for hours in (-1, 5)
    ]
    slots = pacing(slots=(Clock("11:00"), Clock("15:00"), Clock("17:00")))
    judged = {"demo": written(2)}
    found = plan([channel(pacing=slots)], judged, past, now=NOON, zone=LONDON, owed={"p0.example"})
    assert [each.article.site for each in found.planned] == ["p1.example", "p0.example"]


def test_the_best_go_first() -> None:
    found = made(written(3)[::-1], pacing(slots=(Clock("13:00"), Clock("18:00"))))
    assert [each.article.url for each in found.planned] == ["https://p0.example/a", "https://p1.example/a"]
    assert reasons(found) == {"https://p2.example/a": "no free slot: others come first"}


def test_what_has_the_same_time_stays_in_the_order_it_was_picked() -> None:
    mine = [judgement(article(f"https://robin.example/{n}", kind="own"), 0.4 - n / 100) for n in range(2)]
    found = made([*written(4)[::-1], *mine], pacing(mix=Mix(own=0.3, curated=0.7, notes=0)))
    assert len({each.when for each in found.planned}) == 1
    told = [re.search(r"(\w+) has (\d+) of the last (\d+)", each.why[1]).groups() for each in found.planned]
    assert [int(total) for _, _, total in told] == list(range(6))
    for kind in ("own", "curated"):
        scores = [each.judgement.score for each in found.planned if each.article.kind == kind]
        assert scores == sorted(scores, reverse=True)
        assert [int(count) for each, count, _ in told if each == kind] == list(range(len(scores)))


def test_what_was_shared_there_is_not_shared_again_even_if_it_was_stopped() -> None:
    past = [
        Past("demo", "https://p0.example/a", "curated", "p0.example", NOON - 9 * DAY),
        Past("demo", "https://p1.example/a", "curated", "p1.example", NOON - 9 * DAY, live=False),
        Past("other", "https://p2.example/a", "curated", "p2.example", NOON - 9 * DAY),
    ]
    found = made(written(3), past=past)
    assert [each.article.url for each in found.planned] == ["https://p2.example/a"]
    assert set(reasons(found).values()) == {"already shared here"}


def test_a_stopped_post_takes_no_slot() -> None:
    stopped = Past("demo", "https://old.example/a", "curated", "old.example", NOON, live=False)
    slot = pacing(slots=(Clock("12:00"),))
    assert len(made(written(3), slot, [stopped]).planned) == 2
    assert len(made(written(3), slot, [replace(stopped, live=True)]).planned) == 1


def test_posts_by_hand_in_the_future_keep_their_gap() -> None:
    coming = Past("demo", "https://old.example/a", "curated", "old.example", NOON + timedelta(minutes=50))
    found = made(written(3), pacing(min_gap=Span(hours=1)), [coming])
    assert found.planned[0].when == NOON + timedelta(minutes=110)


@pytest.mark.parametrize("how", [{"per_day": 0}, {"quiet": Quiet("00:00-23:59"), "slots": (Clock("12:00"),)}])
def test_an_account_that_may_never_post_has_an_empty_plan_and_says_so_of_each(how: dict[str, object]) -> None:
    found = made(written(2), pacing(**how))
    assert found.planned == ()
    assert len(reasons(found)) == 2


def test_with_one_minute_awake_posts_fall_into_that_minute() -> None:
    found = made(written(3), pacing(quiet=Quiet("00:00-23:59")))
    assert {each.when.strftime("%H:%M") for each in found.planned} == {"23:59"}


def test_no_accounts_no_articles_no_plan() -> None:
    assert plan([], {}, [], now=NOON, zone=LONDON) == Plan()
    assert made([]) == Plan()


def test_a_held_account_says_why_of_every_article() -> None:
    past = [Past("demo", "https://p0.example/a", "curated", "p0.example", NOON - 9 * DAY)]
    found = made(written(2), past=past, held="the token was refused")
    assert found.planned == ()
    assert reasons(found) == {
        "https://p0.example/a": "already shared here",
        "https://p1.example/a": "the token was refused",
    }


def test_turned_down_articles_keep_their_reason() -> None:
    found = made([judgement(article(), 0.9, rejected="excluded by 'giveaway'")])
    assert found.planned == ()
    assert reasons(found) == {"https://ada.example/a": "excluded by 'giveaway'"}


def test_every_account_is_told_its_own_reasons() -> None:
    bad, good = judgement(article(), 0.9, rejected="too old"), written(1)
    channels = [channel("one"), channel("two", held="refused")]
    found = plan(channels, {"one": [bad, *good], "two": [bad, *good]}, [], now=NOON, zone=LONDON)
    assert [(each.account, each.reason) for each in found.skipped] == [
        ("one", "too old"),
        ("two", "too old"),
        ("two", "refused"),
    ]


def test_grace_lets_typos_be_mended_first() -> None:
    fresh = judgement(article(published=NOON - timedelta(minutes=5)))
    (planned,) = made([fresh], pacing(grace=Span(minutes=15))).planned
    assert planned.when - fresh.article.dated >= timedelta(minutes=15)
    told = made([fresh], pacing(grace=Span(minutes=15), slots=(Clock("12:05"),)))
    assert "grace" in reasons(told)["https://ada.example/a"]


def test_what_will_be_too_old_by_its_slot_is_not_planned() -> None:
    ageing = judgement(article(published=NOON - timedelta(hours=23)))
    late = pacing(max_age=Span(days=1), slots=(Clock("18:00"),))
    assert made([ageing], late).planned == ()
    assert len(made([ageing], pacing(max_age=Span(days=1))).planned) == 1


def test_nobody_is_shared_twice_within_the_author_gap_but_i_may_be() -> None:
    two = [judgement(article(f"https://ada.example/{n}"), 0.5) for n in range(2)]
    mine = [judgement(article(f"https://me.example/{n}", kind="own"), 1.0) for n in range(2)]
    found = made(two + mine, pacing(author_gap=Span(days=3)))
    assert Counter(each.article.site for each in found.planned) == {"ada.example": 1, "me.example": 2}
    assert "author_gap" in next(reason for reason in reasons(found).values())


def test_the_author_gap_is_kept_to_posts_of_the_past_and_of_those_to_come() -> None:
    for when in (NOON - timedelta(hours=40), NOON + timedelta(hours=40)):
        past = [Past("demo", "https://ada.example/x", "curated", "ada.example", when)]
        assert made([judgement(article())], pacing(author_gap=Span(days=3)), past).planned == ()


def test_my_own_post_may_follow_somebody_of_the_same_site_but_not_the_other_way_round() -> None:
    """As when I write for a magazine that I read, or my site is a place on somebody's host."""
    both = [
        judgement(article("https://ada.example/hers"), 0.5),
        judgement(article("https://ada.example/mine", kind="own")),
    ]
    gap = pacing(author_gap=Span(days=3), min_gap=Span(hours=1), mix=Mix(own=1, curated=1, notes=1))
    hers_is_lacking = [Past("demo", "https://me.example/x", "own", "me.example", NOON - DAY)]
    found = made(both, gap, hers_is_lacking)
    assert [each.article.kind for each in found.planned] == ["curated", "own"]
    assert [each.when - NOON for each in found.planned] == [timedelta(), timedelta(hours=1)]
    mine_is_lacking = [Past("demo", "https://bob.example/x", "curated", "bob.example", NOON - DAY)]
    found = made(both, gap, mine_is_lacking)
    assert [each.article.kind for each in found.planned] == ["own"]
    assert "author_gap" in reasons(found)["https://ada.example/hers"]


def test_people_with_places_on_one_host_are_different_authors() -> None:
    found = made(
        [judgement(article(f"https://medium.com/@{who}/x")) for who in ("ada", "bob")], pacing(author_gap=Span(days=3))
    )
    assert len(found.planned) == 2


@pytest.mark.parametrize(("budget", "posts"), [(0.0, 0), (0.19, 0), (0.2, 1), (0.6, 3), (None, 4)])
def test_the_budget_is_not_passed(budget: float | None, posts: int) -> None:
    found = made(written(4), limits=PAID, budget_usd=budget)
    assert len(found.planned) == posts
    assert all("budget" in reason for reason in reasons(found).values())


def test_notes_cost_too() -> None:
    notes = [judgement(note(str(n))) for n in range(3)] + [judgement(note("link", "see https://w3.org"))]
    found = made(notes, limits=PAID, budget_usd=0.035)
    assert [each.price_usd for each in found.planned] == [0.015, 0.015]
    dear = made(notes[-1:], pacing(note_gap=Span(days=30)), limits=PAID, budget_usd=1.0)
    assert [each.price_usd for each in dear.planned] == [0.2]


def test_notes_come_round_the_longest_unused_first() -> None:
    past = [Past("demo", f"note:{n}", "notes", "", NOON - n * DAY) for n in (40, 50, 20)]
    found = made(
        [judgement(note(str(n))) for n in (20, 40, 50, 99)],
        pacing(note_gap=Span(days=30), min_gap=Span(minutes=1)),
        past,
    )
    assert [each.article.url for each in found.planned] == ["note:99", "note:50", "note:40"]
    assert "30d" in reasons(found)["note:20"]


def test_notes_come_round_within_a_plan_that_reaches_far_enough() -> None:
    daily = pacing(slots=(Clock("12:00"),), note_gap=Span(days=3))
    notes = [judgement(note(str(n))) for n in range(2)]
    found = plan([channel(pacing=daily)], {"demo": notes}, [], now=NOON, zone=LONDON, horizon=timedelta(days=7))
    urls = [each.article.url for each in found.planned]
    assert [(each.when - NOON).days for each in found.planned] == [0, 1, 3, 4, 6, 7]
    assert urls == [*urls[:2]] * 3
    assert found.skipped == ()


def test_a_kind_without_a_share_in_the_mix_is_not_planned() -> None:
    found = made([*written(1), judgement(note("1"))], pacing(mix=Mix(own=0, curated=1, notes=0)))
    assert [each.article.kind for each in found.planned] == ["curated"]
    assert "no notes posts" in reasons(found)["note:1"]


def test_the_same_slot_passed_by_is_free_once() -> None:
    """The run comes 20 minutes after the slot, and again later: one post, not two."""
    slots = pacing(slots=(Clock("11:40"),))
    (first,) = made(written(3), slots).planned[:1]
    assert first.when == NOON
    past = [Past("demo", first.article.url, "curated", first.article.site, NOON)]
    again = made(written(3), slots, past, now=NOON + timedelta(minutes=30))
    assert all(each.when > NOON + timedelta(hours=12) for each in again.planned)


def test_after_an_outage_of_a_day_one_slot_is_caught_up_not_all() -> None:
    slots = pacing(slots=tuple(Clock(f"{hour:02}:00") for hour in range(6, 12)))
    found = made(written(9), slots)
    assert [each.when for each in found.planned if each.when == NOON] == [NOON]
    assert len([each for each in found.planned if each.when.date() == NOON.date()]) == 1


def from_feed(article: Article) -> Source:
    """Every article counts for the feed it was seen in; two posts a day may come from the chatty one."""
    return Source(article.source, article.kind, per_day=2 if "chatty" in article.source else None)


def test_a_source_has_its_own_cap_on_each_account_and_day() -> None:
    feed = "https://chatty.example/feed"
    chatty = [judgement(article(f"https://p{n}.example/{n}", source=feed), 0.9) for n in "abc"]
    past = [
        Past(
            "demo",
            "https://p9.example/x",
            "curated",
            "p9.example",
            NOON - timedelta(hours=1),
            source=feed,
        )
    ]
    channels = [channel("demo"), channel("other")]
    judged = {"demo": [*chatty, *written(2)], "other": chatty}
    found = plan(channels, judged, past, now=NOON, zone=LONDON, horizon=timedelta(hours=6), source_of=from_feed)
    counted = Counter((each.account, each.source) for each in found.planned)
    assert counted == {
        ("demo", "https://chatty.example/feed"): 1,
        ("other", "https://chatty.example/feed"): 2,
        ("demo", "https://ada.example/feed"): 2,
    }
    assert "2 posts a day" in reasons(found)[chatty[0].article.url]
    tomorrow = plan(channels[:1], judged, past, now=NOON + DAY, zone=LONDON, source_of=from_feed)
    assert sum("chatty" in each.source for each in tomorrow.planned) == 3, "two on that day, one after midnight"


def test_accounts_share_the_same_link_apart_from_each_other_and_a_second_plan_says_the_same() -> None:
    gap = pacing(stagger=Span(minutes=5), min_gap=Span(hours=1))
    channels = [channel(f"acct{n}", gap) for n in range(5)]
    found = plan(channels, {each.name: written(1) for each in channels}, [], now=NOON, zone=LONDON)
    times = sorted(each.when for each in found.planned)
    assert len(times) == 5
    assert min(b - a for a, b in pairwise(times)) >= timedelta(minutes=5)
    assert max(times) - NOON <= timedelta(minutes=45)
    assert plan(channels, {each.name: written(1) for each in channels}, [], now=NOON, zone=LONDON) == found


@pytest.mark.parametrize(("stagger", "at_once"), [(0, 3), (5, 1)])
def test_accounts_keep_apart_by_their_stagger_whatever_gap_they_need_themselves(stagger: int, at_once: int) -> None:
    channels = [channel(f"acct{n}", pacing(stagger=Span(minutes=stagger), min_gap=Span())) for n in range(3)]
    found = plan(channels, {each.name: written(1) for each in channels}, [], now=NOON, zone=LONDON)
    assert [each.when for each in found.planned].count(NOON) == at_once


def test_an_account_keeps_apart_from_what_another_one_has_just_posted() -> None:
    gap = pacing(stagger=Span(minutes=5), min_gap=Span(hours=1))
    past = [Past("other", "https://p0.example/a", "curated", "p0.example", NOON - timedelta(minutes=1))]
    (found,) = made(written(1), gap, past).planned
    assert timedelta(minutes=4) <= found.when - NOON <= timedelta(minutes=9)


def test_what_is_due_and_not_out_yet_goes_out_now_and_keeps_its_gap() -> None:
    waiting = Past("demo", "https://old.example/a", "curated", "old.example", NOON - timedelta(hours=5), due=True)
    found = made(written(1), pacing(min_gap=Span(hours=1)), [waiting])
    assert [each.when for each in found.planned] == [NOON + timedelta(hours=1)]


def test_notes_never_used_come_in_another_order_on_each_account() -> None:
    notes = [judgement(note(str(n))) for n in range(9)]
    hourly = pacing(min_gap=Span(hours=1), note_gap=Span(days=30))
    channels = [channel(name, hourly) for name in ("one", "two")]
    found = plan(channels, {each.name: notes for each in channels}, [], now=NOON, zone=LONDON)
    orders = [[each.article.url for each in found.planned if each.account == name] for name in ("one", "two")]
    assert orders[0] != orders[1]
    assert sorted(orders[0]) == sorted(orders[1])


def test_slots_in_the_quiet_hours_are_said_to_be_the_reason() -> None:
    found = made(written(1), pacing(slots=(Clock("23:00"),), quiet=Quiet("22:00-07:30")))
    assert reasons(found) == {"https://p0.example/a": "all slots of this account lie in its quiet hours (22:00-07:30)"}


# --- Two months of runs


def lived(pacing: Pacing, zone: ZoneInfo, days: int = 60, seed: int = 1, own_every: int = 3) -> list[Past]:
    """Run every 30 minutes for so many days from before a change of the clock; what is due is posted."""
    random, past, found = Random(seed), [], []
    start = datetime(2026, 10, 1, tzinfo=UTC)
    notes: list[Article] = [note(str(n)) for n in range(25)]
    for step in range(days * 48):
        now = start + timedelta(minutes=30 * step, seconds=7)
        if step % 6 == 0:
            mine = step % (48 * own_every) < 12
            who = "me.example" if mine else f"p{random.randint(0, 60)}.example"
            about = article(f"https://{who}/{step}", kind="own" if mine else "curated", published=now)
            found.append(judgement(about, round(random.random(), 3)))
        found = [each for each in found if now - each.article.dated <= pacing.max_age]
        planned = made([*found, *map(judgement, notes)], pacing, past, now, zone).planned
        due = [each.article for each in planned if each.when <= now]
        past += [Past("demo", each.url, each.kind, each.site, now) for each in due]
    return past


@pytest.mark.parametrize("spread", [True, False])
def test_sixty_days_keep_every_promise_and_the_mix(spread: bool) -> None:
    normal = Pacing(spread=spread)
    posts = lived(normal, LONDON, own_every=1)
    times = [each.when for each in posts]
    per_day = Counter(when.astimezone(LONDON).date() for when in times)
    assert max(per_day.values()) <= 6
    assert sum(per_day.values()) / 60 > 4.5
    assert not any(normal.quiet.covers(when.astimezone(LONDON)) for when in times)
    assert min(later - earlier for earlier, later in pairwise(times)) >= normal.min_gap
    kinds = Counter(each.kind for each in posts)
    shares = {kind: kinds[kind] / len(posts) for kind in kinds}
    assert shares == {kind: pytest.approx(getattr(normal.mix, kind), abs=0.04) for kind in ("own", "curated", "notes")}
    by_site: dict[str, list[datetime]] = {}
    for each in posts:
        if each.kind == "curated":
            by_site.setdefault(each.site, []).append(each.when)
    gaps = [b - a for whens in by_site.values() for a, b in pairwise(whens)]
    assert min(gaps) >= normal.author_gap
    articles = [each.article for each in posts if each.kind != "notes"]
    assert len(articles) == len(set(articles))
