"""The states of a post, and that what is stored is what is read."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import product
from pathlib import Path

import pytest
from pieces import NOON, post

from ledger.store.tiny import TinyStore, memory_store
from platforms.base import Card, Draft, PostRef, Request
from syndicator.outbox import LIVING, TRANSITIONS, Change, IllegalMove, Outbox, Post, State, move, post_id

#: Every step a post can take, written out a second time: the table must not change by accident.
STEPS = {
    "awaiting": "queued cancelled expired posted",
    "queued": "sending cancelled expired posted",
    "sending": "posted queued rejected unknown",
    "unknown": "posted queued cancelled",
    "rejected": "queued posted",
    "expired": "queued posted",
    "cancelled": "queued posted",
    "posted": "deleted",
    "deleted": "",
}
EVERYTHING = post(
    draft=Draft(
        "Text é 🎉\nhttps://ada.example/a",
        "https://ada.example/a",
        Card("https://ada.example/a", "T", "D", "https://ada.example/p.png", "alt", "Ada", "https://ada.example/"),
        "en",
        "unlisted",
        "warning",
    ),
    state=State.POSTED,
    history=(Change(NOON, State.QUEUED, "planned"), Change(NOON + timedelta(seconds=3), State.POSTED, "published")),
    why=("mix", "score"),
    score=0.75,
    price_usd=0.2,
    attempts=2,
    retry_at=NOON + timedelta(minutes=5),
    request=Request("key", {"text": "x", "nested": {"n": [1, 2.5, None, True]}}, NOON),
    ref=PostRef("1", "https://net.example/1"),
    error="once",
    booked=True,
    in_return_for="entry",
)


@pytest.mark.parametrize(("before", "after"), list(product(State, State)))
def test_a_post_takes_the_steps_of_the_table_and_no_other(before: State, after: State) -> None:
    found = post(state=before)
    if after.value in STEPS[before].split():
        moved = move(found, after, "because", NOON, error="e")
        assert (moved.state, moved.error, moved.history) == (after, "e", (Change(NOON, after, "because"),))
    else:
        with pytest.raises(IllegalMove, match=f"{found.id} is {before}: it can't become {after}"):
            move(found, after, "because", NOON)


def test_every_state_is_in_the_table_and_only_what_is_posted_is_ever_final() -> None:
    assert set(TRANSITIONS) == set(State)
    assert [state for state in State if not TRANSITIONS[state]] == [State.DELETED]


def test_nothing_is_sent_but_what_is_queued_and_what_was_deleted_stays_so() -> None:
    assert {state for state in State if State.POSTED not in TRANSITIONS[state]} == {State.POSTED, State.DELETED}
    assert {state for state in State if State.SENDING in TRANSITIONS[state]} == {State.QUEUED}


def test_what_may_be_on_the_network_counts_as_shared() -> None:
    assert {State.SENDING, State.POSTED, State.UNKNOWN} <= LIVING
    assert State.DELETED not in LIVING


@pytest.mark.parametrize("found", [post(), EVERYTHING], ids=["little", "everything"])
def test_a_post_comes_back_from_the_disk_as_it_was(found: Post, tmp_path: Path) -> None:
    store = TinyStore(tmp_path / "state.jsonl")
    Outbox(store).save(found)
    store.close()
    again = TinyStore(tmp_path / "state.jsonl")
    assert Outbox(again).get(found.id) == found
    again.close()


def test_times_of_another_zone_are_still_the_same_moment() -> None:
    outbox = Outbox(memory_store())
    local = datetime(2026, 11, 2, 13, tzinfo=timezone(timedelta(hours=1)))
    outbox.save(post(when=local))
    (found,) = outbox
    assert found.when == local == datetime(2026, 11, 2, 12, tzinfo=UTC)


def test_a_post_that_is_not_there_is_none() -> None:
    assert Outbox(memory_store()).get("nothing") is None


def test_an_article_has_one_id_on_an_account_and_a_note_one_for_each_turn() -> None:
    ids = [
        post_id("a", "https://ada.example/a"),
        post_id("b", "https://ada.example/a"),
        post_id("a", "https://ada.example/b"),
        post_id("a", "note:1", 1),
        post_id("a", "note:1", 2),
        post_id("a", "note:11"),
    ]
    assert len(set(ids)) == len(ids)
    assert post_id("a", "note:1", 0) == post_id("a", "note:1")


def test_adding_leaves_what_is_there_and_gives_only_what_is_new() -> None:
    outbox = Outbox(memory_store())
    sent = post(state=State.POSTED)
    outbox.save(sent)
    new = post("https://ada.example/b")
    assert outbox.add([post(), new]) == [new]
    assert outbox.get(sent.id) == sent
    assert outbox.add([post(), new]) == []


def test_the_same_post_twice_in_one_addition_is_stored_once() -> None:
    outbox = Outbox(memory_store())
    outbox.add([post(), post()])
    assert len(list(outbox)) == 1


def test_posts_by_state_come_by_due_time() -> None:
    outbox = Outbox(memory_store())
    late = post("https://ada.example/1", when=NOON, retry_at=NOON + timedelta(hours=2))
    early = post("https://ada.example/2", when=NOON + timedelta(hours=1))
    waiting = post("https://ada.example/3", state=State.AWAITING)
    outbox.save(late, early, waiting)
    assert outbox.in_state(State.QUEUED) == [early, late]
    assert outbox.in_state(State.QUEUED, State.AWAITING) == [waiting, early, late]
    assert outbox.of(late.article) == [late]


def test_posts_that_are_due_together_come_in_the_order_they_were_first_saved() -> None:
    outbox = Outbox(memory_store())
    posts = [post(f"https://ada.example/{number}") for number in range(9)]
    outbox.save(*posts)
    outbox.save(posts[0])
    assert outbox.in_state(State.QUEUED) == posts


def test_a_post_happened_when_it_was_posted_and_before_that_when_it_is_due() -> None:
    queued = post(retry_at=NOON + timedelta(hours=1))
    assert queued.happened == NOON + timedelta(hours=1)
    sent = move(queued, State.SENDING, "try 1", NOON + timedelta(hours=2))
    posted = move(sent, State.POSTED, "published", NOON + timedelta(hours=3))
    assert posted.happened == NOON + timedelta(hours=3)
    assert move(posted, State.DELETED, "unshared", NOON + timedelta(days=3)).happened == posted.happened
