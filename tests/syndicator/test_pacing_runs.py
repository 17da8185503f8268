"""Pacing in whole runs, each a new process to the state: caps and gaps across days, outages, hands and sources."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from pieces import LONDON, NOON
from small_world import SmallWorld, entry

from platforms.errors import Unreachable
from syndicator import byhand, networks, run
from syndicator.outbox import Outbox, State
from syndicator.share import queue_link

DAY = timedelta(days=1)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    return SmallWorld(tmp_path, monkeypatch)


def sent(world: SmallWorld, account: str = "pond") -> list[datetime]:
    """When an account's posts went out, on the owner's clock."""
    posts = [each for each in world.posts() if each.account == account and each.state is State.POSTED]
    return sorted(each.happened.astimezone(LONDON) for each in posts)


def share(world: SmallWorld, *urls: str) -> None:
    for url in urls:
        space = world.open()
        assert queue_link(space, networks.open_accounts(space), url, say="Read this").posts


def test_cap_gap_and_quiet_hours_hold_across_restarts_and_days(world: SmallWorld) -> None:
    world.me["timezone"] = "Europe/London"
    world.account()
    world.plan |= {"per_day": 3, "min_gap": "2h", "quiet": "22:00-07:30"}
    world.feed("ada", *(entry(f"https://ada.example/{n}") for n in range(30)))
    for _ in range(3 * 24):
        world.run(hours=1)
    times = sent(world)
    assert Counter(each.date() for each in times) == {NOON.date() + DAY * n: 3 for n in range(4)}
    assert min(later - earlier for earlier, later in pairwise(times)) >= timedelta(hours=2)
    assert not [each for each in times if each.hour >= 22 or (each.hour, each.minute) < (7, 30)]


@pytest.mark.parametrize(
    ("catch_up", "off", "ends"),
    [
        ("expire", 30, {State.EXPIRED: 3}),
        ("expire", 20, {State.POSTED: 3}),
        ("trickle", 24 * 20, {State.POSTED: 3}),
        ("skip", 30, {State.CANCELLED: 3}),
    ],
)
def test_what_waits_when_the_machine_is_off_expires_trickles_or_is_skipped(
    world: SmallWorld, catch_up: str, off: int, ends: dict[State, int]
) -> None:
    world.account()
    world.plan |= {"slots": ["13:00", "13:30", "14:00"], "min_gap": "30m", "catch_up": catch_up}
    for _ in range(4):
        world.run(minutes=10)
    share(world, *(f"https://ada.example/{n}" for n in range(3)))
    world.clock.move(hours=1 + off)
    back = world.clock()
    report = world.run()
    assert len(report.retimed) == (3 if State.POSTED not in ends else 2), "the run tells of each"
    for _ in range(30):
        world.run(minutes=30)
    assert Counter(each.state for each in world.posts()) == ends
    assert all(later - earlier >= timedelta(minutes=30) for earlier, later in pairwise(sent(world)))
    assert all(each >= back for each in sent(world))
    reasons = [each.history[-1].why for each in world.posts()]
    assert State.POSTED in ends or all("catch_up" in why for why in reasons)


def test_a_share_by_hand_may_pass_the_cap_of_its_source_and_counts_for_it(world: SmallWorld) -> None:
    world.account()
    world.plan["first_run"] = 0
    world.feed("ada", *(entry(f"https://ada.example/{n}") for n in range(4)), per_day=1)
    world.run()
    share(world, "https://ada.example/0", "https://ada.example/1")
    world.feed("ada", entry("https://ada.example/new", hours=0))
    world.run(minutes=10)
    assert world.shared() == ["https://ada.example/0", "https://ada.example/1"], "a hand has passed the cap of one"
    [planned] = run.rehearse(world.open(scratch=True)).choice.plan.planned
    assert planned.article.url == "https://ada.example/new"
    assert planned.when.date() == NOON.date() + DAY, "and nothing more of its source comes today"
    world.run(days=1)
    assert world.shared()[2:] == ["https://ada.example/new"]


@pytest.mark.parametrize("gap", ["60m", "0m"])
def test_two_accounts_do_not_post_one_link_in_the_same_run(world: SmallWorld, gap: str) -> None:
    world.account("pond"), world.account("lake")
    world.plan |= {"stagger": "20m", "min_gap": gap}
    world.feed("ada", entry("https://ada.example/1"))
    for _ in range(6):
        world.run(minutes=10)
    [pond], [lake] = sent(world), sent(world, "lake")
    assert timedelta(minutes=20) <= lake - pond <= timedelta(minutes=50)


def test_a_plan_for_days_ahead_is_what_the_runs_till_then_post(world: SmallWorld) -> None:
    """If nothing new comes: the same articles in the same order, each within a run of its time."""
    world.account()
    world.plan |= {"per_day": 2, "spread": True, "jitter": "30m", "min_gap": "60m", "quiet": "22:00-07:30"}
    world.feed("ada", *(entry(f"https://ada.example/{n}") for n in range(20)))
    ahead = run.rehearse(world.open(scratch=True), at=NOON + 3 * DAY).choice.plan.planned
    again = run.rehearse(world.open(scratch=True), at=NOON + 3 * DAY).choice.plan.planned
    assert [(each.article.url, each.when) for each in ahead] == [(each.article.url, each.when) for each in again]
    assert len({each.when.date() for each in ahead}) == 5
    for _ in range(3 * 24):
        world.run(hours=1)
    posts = sorted((each for each in world.posts() if each.state is State.POSTED), key=lambda each: each.happened)
    assert len(posts) >= 6
    for promised, post in zip(ahead, posts, strict=False):
        assert promised.article.url == post.article
        assert timedelta() <= post.happened - promised.when <= timedelta(hours=1)


def test_a_run_that_is_slow_does_not_post_in_the_quiet_hours(world: SmallWorld) -> None:
    script = world.account()
    world.plan["quiet"] = "22:00-07:30"
    world.clock.move(hours=9, minutes=50)
    share(world, *(f"https://ada.example/{n}" for n in range(3)))
    script["publish"] = [lambda: world.clock.move(minutes=20)]
    world.run()
    assert len(world.shared()) == 1
    assert Counter(each.state for each in world.posts()) == {State.POSTED: 1, State.QUEUED: 2}
    world.run()
    world.run(hours=9, minutes=20)
    assert len(world.shared()) == 3


def test_a_note_that_is_too_long_for_an_account_is_passed_over_there(world: SmallWorld) -> None:
    world.account("pond"), world.account("lake", "brief")
    world.notes("This is where I keep a list of good blogs: https://robin.example/blogroll")
    report = world.run()
    assert (len(world.shared("pond")), len(world.shared("lake"))) == (1, 0)
    assert ["[on brief]" in each.reason for each in report.choice.plan.skipped if each.account == "lake"] == [True]


@pytest.mark.parametrize("hours", [2, 10, 23])
def test_a_plan_for_later_today_has_what_is_posted_until_then(world: SmallWorld, hours: int) -> None:
    world.account()
    world.plan |= {"min_gap": "3h"}
    world.feed("ada", *(entry(f"https://ada.example/{n}") for n in range(20)))
    ahead = run.rehearse(world.open(scratch=True), at=NOON + timedelta(hours=hours)).choice.plan.planned
    assert ahead[0].when == NOON
    assert ahead[-1].when - NOON == timedelta(hours=(24 + hours) // 3 * 3)


def approve(world: SmallWorld) -> None:
    outbox = Outbox(world.open().state)
    outbox.save(*(byhand.approve(each, world.clock()) for each in outbox.in_state(State.AWAITING)))


def test_runs_every_two_hours_skip_nothing_that_was_approved_in_between(world: SmallWorld) -> None:
    world.account(approve="ask")
    world.plan["catch_up"] = "skip"
    world.feed("ada", entry("https://ada.example/1"))
    world.run()
    approve(world)
    world.run(hours=2)
    assert world.shared() == ["https://ada.example/1"]


def test_a_network_that_is_silent_once_does_not_make_a_post_late(world: SmallWorld) -> None:
    script = world.account()
    world.plan["catch_up"] = "skip"
    for _ in range(4):
        world.run(hours=2)
    share(world, "https://ada.example/1")
    script["publish"] = [Unreachable("pond", "nobody answers")]
    world.run()
    world.run(hours=2)
    assert world.shared() == ["https://ada.example/1"]


def test_a_daily_run_posts_what_was_shared_right_after_the_one_before(world: SmallWorld) -> None:
    world.account()
    world.run()
    world.clock.move(minutes=15)
    share(world, "https://ada.example/1")
    world.run(days=1, minutes=5)
    assert world.shared() == ["https://ada.example/1"]


def test_notes_that_nobody_approves_do_not_pile_up_and_leave_in_the_end(world: SmallWorld) -> None:
    world.account(approve="ask")
    world.plan |= {"note_gap": "4d", "max_age": "10d"}
    world.notes("A thought that keeps")
    for _ in range(9):
        world.run(days=1)
    assert [each.state for each in world.posts()] == [State.AWAITING]
    for _ in range(3):
        world.run(days=1)
    assert Counter(each.state for each in world.posts()) == {State.EXPIRED: 1, State.AWAITING: 1}
    assert "nobody approved it" in next(each for each in world.posts() if each.state is State.EXPIRED).history[-1].why


def test_what_is_approved_in_a_heap_keeps_the_rules_it_was_planned_by(world: SmallWorld) -> None:
    """One author each day, as the author gap lets a plan do; then all are approved at once."""
    world.account(approve="ask")
    world.plan |= {"author_gap": "1d", "max_age": "20d"}
    for day in range(3):
        world.feed("ada", *(entry(f"https://ada.example/{n}", hours=3 - 24 * n) for n in range(day + 1)))
        world.run(days=1)
    assert len(world.posts()) == 3
    approve(world)
    world.run()
    assert len(world.shared()) == 1
    [reason] = {each.history[-1].why.partition(": ")[2] for each in world.posts() if each.state is State.QUEUED}
    assert reason == "ada.example was shared within 1d (author_gap)"
    for _ in range(5):
        world.run(days=1)
    times = sent(world)
    assert len(times) == 3
    assert min(later - earlier for earlier, later in pairwise(times)) >= DAY
