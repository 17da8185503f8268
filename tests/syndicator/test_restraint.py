"""What was planned and waited keeps the rules it was planned by; what its owner asked for by hand may pass them."""

from datetime import timedelta

import msgspec
import pytest
from pieces import FREE, LONDON, NOON, channel, post

from syndicator import byhand
from syndicator.outbox import SHARED, Change, Post, State
from syndicator.pace import Facts, keep_pace
from syndicator.times import Span

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RULES = msgspec.structs.replace(
    FREE, author_gap=Span(days=3), note_gap=Span(days=30), max_age=Span(days=10), catch_up="trickle"
)
NOTE = {"kind": "notes", "article": "note:1", "site": ""}


def planned(name: str, **changes: object) -> Post:
    """A post that a run planned, and that was approved by noon."""
    given = {
        "article": f"https://ada.example/{name}",
        "when": NOON - HOUR,
        "history": (Change(NOON - 2 * HOUR, State.AWAITING, "planned"),),
        **changes,
    }
    return post(id=name, **given)


def posted(name: str, ago: timedelta, **changes: object) -> Post:
    return planned(
        name, state=State.POSTED, when=NOON - ago, history=(Change(NOON - ago, State.POSTED, "published"),), **changes
    )


def kept(*posts: Post, **facts: object) -> dict[str, Post]:
    """The posts after their pace was kept at noon, under `RULES`."""
    changed = keep_pace(posts, [channel(pacing=RULES)], LONDON, NOON, Facts(HOUR, **facts))
    assert keep_pace(changed, [channel(pacing=RULES)], LONDON, NOON, Facts(HOUR, **facts)) == []
    return {each.id: each for each in (*posts, *changed)}


def test_nobody_is_shared_twice_within_the_author_gap_by_approving_both() -> None:
    found = kept(planned("a"), planned("b"), planned("c", site="bob.example"))
    assert [found[name].when for name in "abc"] == [NOON - HOUR, NOON + 3 * DAY, NOON - HOUR]
    assert "author_gap" in found["b"].history[-1].why


def test_an_author_who_was_shared_meanwhile_waits_for_the_gap() -> None:
    assert kept(posted("a", DAY), planned("b"))["b"].when == NOON + 2 * DAY
    assert kept(posted("a", 3 * DAY), planned("b"))["b"].when == NOON - HOUR
    assert kept(posted("a", DAY), planned("b", kind="own"))["b"].when == NOON - HOUR, "mine may follow"


def test_a_note_that_was_posted_meanwhile_rests() -> None:
    assert kept(posted("a", 10 * DAY, **NOTE), planned("b", **NOTE))["b"].when == NOON + 20 * DAY


def test_a_source_has_its_cap_and_the_rest_waits_for_another_day() -> None:
    feed, others = "https://chatty.example/feed", [f"p{n}.example" for n in range(3)]
    posts = [planned(f"p{n}", site=site, source=feed) for n, site in enumerate(others)]
    found = kept(posted("out", HOUR, source=feed), *posts, rations={feed: 2})
    midnight = NOON.replace(hour=0) + DAY
    assert [found[f"p{n}"].when for n in range(3)] == [NOON - HOUR, midnight, midnight]
    assert "per_day of the source" in found["p1"].history[-1].why


@pytest.mark.parametrize("state", [State.AWAITING, State.QUEUED])
def test_what_grew_too_old_while_it_waited_expires(state: State) -> None:
    old = planned("a", state=state)
    found = kept(old, dated={old.article: NOON - 11 * DAY})["a"]
    assert found.state is State.EXPIRED
    assert "10d (max_age)" in found.history[-1].why
    assert kept(old, dated={old.article: NOON - 9 * DAY})["a"] == old


def test_one_that_was_tried_is_left_to_the_patience_with_its_network() -> None:
    tried = planned("a", attempts=2, retry_at=NOON - HOUR / 2)
    assert kept(tried, dated={tried.article: NOON - 11 * DAY})["a"] == tried


def test_a_note_waits_for_approval_no_longer_than_an_article_and_has_no_age_after_it() -> None:
    since = (Change(NOON - 11 * DAY, State.AWAITING, "planned"),)
    waiting = planned("a", state=State.AWAITING, history=since, **NOTE)
    assert kept(waiting)["a"].state is State.EXPIRED
    approved = byhand.approve(waiting, NOON)
    assert kept(approved)["a"] == approved


def test_what_its_owner_wants_out_may_pass_these_rules() -> None:
    shared = planned("b", history=(Change(NOON - 40 * DAY, State.QUEUED, SHARED),))
    assert kept(posted("a", HOUR), shared)["b"] == shared
    expired = planned("c", state=State.EXPIRED)
    retried = byhand.retry(expired, NOON)
    assert kept(posted("a", HOUR), retried, dated={expired.article: NOON - 40 * DAY})["c"] == retried
    unknown = planned("d", state=State.UNKNOWN)
    settled = byhand.settle(unknown, None, NOON)
    assert kept(posted("a", HOUR), settled)["d"] == settled
