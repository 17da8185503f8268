"""What missed its time goes out in its turn, or not at all; never in a heap and never at night."""

from datetime import datetime, timedelta
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pieces import LONDON, NOON, channel, post

from syndicator.outbox import SHARED, Change, Post, State
from syndicator.pace import EXPIRES_AFTER, Facts, keep_pace
from syndicator.settings import Plan
from syndicator.slots import allowed, free_times
from syndicator.times import Clock, Quiet, Span

NIGHT = NOON.replace(hour=3)
#: A run every half hour.
RUNS = Facts(timedelta(minutes=30))
STRICT = Plan(per_day=6, min_gap=Span(minutes=90), quiet=Quiet("22:00-07:30"), jitter=Span(), catch_up="trickle")


def queued(number: int, when: datetime, **changes: object) -> Post:
    """A link that was shared by hand."""
    given = {"article": f"https://ada.example/{number}", "history": (Change(when, State.QUEUED, SHARED),), **changes}
    return post(id=f"p{number}", account="demo", when=when, **given)


def pacing(**changes: object) -> Plan:
    return msgspec.structs.replace(STRICT, **changes)


def test_eight_posts_that_slept_through_an_outage_do_not_go_out_at_once() -> None:
    late = [queued(number, NIGHT - timedelta(hours=20 - number)) for number in range(8)]
    changed = keep_pace(late, [channel("demo", pacing=STRICT)], LONDON, NIGHT, RUNS)
    assert len(changed) == 8
    times = sorted(each.when for each in changed)
    assert times[0] > NIGHT
    assert not any(STRICT.quiet.covers(when.astimezone(LONDON)) for when in times)
    assert all(after - before >= STRICT.min_gap for before, after in pairwise(times))
    assert all("no time was free" in each.history[-1].why for each in changed)


def test_one_that_is_due_now_goes_now_and_the_next_waits_for_the_gap() -> None:
    first, second = queued(1, NOON - timedelta(minutes=3)), queued(2, NOON - timedelta(minutes=2))
    [moved] = keep_pace([second, first], [channel("demo", pacing=STRICT)], LONDON, NOON, RUNS)
    assert moved.id == "p2"
    assert moved.when >= NOON + STRICT.min_gap


@pytest.mark.parametrize(
    ("catch_up", "late", "state"),
    [
        ("expire", timedelta(hours=5), State.QUEUED),
        ("expire", EXPIRES_AFTER + timedelta(minutes=1), State.EXPIRED),
        ("trickle", timedelta(days=9), State.QUEUED),
        ("skip", timedelta(minutes=40), State.QUEUED),
        ("skip", timedelta(hours=2), State.CANCELLED),
    ],
)
def test_catch_up_decides_what_a_late_post_is_worth(catch_up: str, late: timedelta, state: State) -> None:
    one = queued(1, NOON - late)
    changed = keep_pace([one], [channel("demo", pacing=pacing(catch_up=catch_up))], LONDON, NOON, RUNS)
    assert (changed or [one])[0].state is state


@pytest.mark.parametrize(
    ("catch_up", "interval", "late", "state"),
    [
        ("skip", timedelta(hours=2), timedelta(hours=2), State.QUEUED),
        ("skip", timedelta(hours=2), timedelta(hours=5), State.CANCELLED),
        ("expire", timedelta(days=1), timedelta(hours=25), State.QUEUED),
        ("expire", timedelta(days=1), timedelta(days=2, minutes=1), State.EXPIRED),
    ],
)
def test_where_runs_are_rare_a_post_is_late_when_runs_were_missed(
    catch_up: str, interval: timedelta, late: timedelta, state: State
) -> None:
    one = queued(1, NOON - late)
    changed = keep_pace([one], [channel("demo", pacing=pacing(catch_up=catch_up))], LONDON, NOON, Facts(interval))
    assert (changed or [one])[0].state is state


def test_other_accounts_and_posts_that_are_not_due_are_left_alone() -> None:
    posts = [queued(1, NOON + timedelta(hours=1)), post(id="x", account="other", when=NOON - timedelta(hours=9))]
    assert keep_pace(posts, [channel("demo", pacing=STRICT)], LONDON, NIGHT, RUNS) == []


def test_a_link_that_waits_on_several_accounts_goes_out_on_one_after_the_other() -> None:
    names = ["one", "two", "three"]
    posts = {name: post(account=name, when=NOON - timedelta(minutes=9)) for name in names}
    channels = [channel(name, pacing=STRICT) for name in names]
    sent: dict[str, datetime] = {}
    for step in range(6):
        now = NOON + timedelta(minutes=30 * step)
        for changed in keep_pace(list(posts.values()), channels, LONDON, now, RUNS):
            posts[changed.account] = changed
        for name, each in posts.items():
            if each.state is State.QUEUED and each.due <= now:
                sent[name] = now
                history = (*each.history, Change(now, State.POSTED, "published"))
                posts[name] = msgspec.structs.replace(each, state=State.POSTED, history=history)
    assert [sent[name] - NOON for name in names] == [timedelta(minutes=30) * n for n in range(3)]


@given(
    st.lists(st.integers(-4000, 600), min_size=1, max_size=12, unique=True),
    st.integers(0, 60 * 24),
    st.sampled_from(["expire", "trickle", "skip"]),
    st.booleans(),
)
def test_whatever_waits_what_goes_now_keeps_every_rule(
    minutes: list[int], start: int, catch_up: str, spread: bool
) -> None:
    now = NOON.replace(hour=0) + timedelta(minutes=start)
    rules = pacing(catch_up=catch_up, spread=spread)
    posts = {str(each.id): each for each in (queued(n, now + timedelta(minutes=m)) for n, m in enumerate(minutes))}
    for changed in keep_pace(list(posts.values()), [channel("demo", pacing=rules)], LONDON, now, RUNS):
        posts[changed.id] = changed
    going = [each for each in posts.values() if each.state is State.QUEUED and each.due <= now]
    assert len(going) <= 1
    assert not going or allowed(rules, LONDON, [], now)
    again = keep_pace(list(posts.values()), [channel("demo", pacing=rules)], LONDON, now, RUNS)
    assert again == [], "a second look changes nothing"


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"spread": False},
        {"spread": False, "catch_up": "trickle"},
        {"min_gap": Span(minutes=140)},
        {"slots": (Clock("09:00"), Clock("10:30"), Clock("12:00"), Clock("13:30")), "spread": True},
    ],
    ids=["spread", "as soon as possible", "trickle", "long gap", "slots a gap apart"],
)
def test_a_week_of_runs_off_the_minute_sends_each_share_once_and_about_when_it_was_promised(
    changes: dict[str, object],
) -> None:
    """Fifteen links shared at once, a run every half hour at seven past: nothing starves, nothing overtakes much."""
    rules = pacing(**{"catch_up": "expire", "jitter": Span(minutes=10), **changes})
    posts: dict[str, Post] = {}
    taken: list[datetime] = []
    times = free_times(rules, LONDON, "demo", taken, NOON, NOON + timedelta(days=30))
    promised: dict[str, datetime] = {}
    for number in range(15):
        when = next(times)
        taken.append(when)
        promised[f"p{number}"] = when
        posts[f"p{number}"] = queued(number, when)
    sent: dict[str, datetime] = {}
    for step in range(7 * 48):
        now = NOON + timedelta(minutes=7 + 30 * step, seconds=step % 4)
        for changed in keep_pace(list(posts.values()), [channel("demo", pacing=rules)], LONDON, now, RUNS):
            posts[changed.id] = changed
        for each in [each for each in posts.values() if each.state is State.QUEUED and each.due <= now]:
            assert allowed(rules, LONDON, list(sent.values()), now)
            sent[each.id] = now
            history = (*each.history, Change(now, State.POSTED, "published"))
            posts[each.id] = msgspec.structs.replace(each, state=State.POSTED, history=history)
    assert len(sent) == 15
    assert max(sent[name] - promised[name] for name in sent) <= timedelta(hours=12)
    assert max(len(each.history) for each in posts.values()) <= 6, "none is moved over and over"
