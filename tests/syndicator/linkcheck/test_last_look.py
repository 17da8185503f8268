"""Which of two posts of one page goes out, without a network: the one that is out, else the one that is due first."""

from datetime import timedelta

import pytest
from pieces import NOON, article, post

from syndicator.articles import Catalogue
from syndicator.linkcheck.checked import Check
from syndicator.linkcheck.last_look import held_back, put_off, twin_of
from syndicator.outbox import State

A, B = "https://ada.example/a", "https://ada.example/b"
LATER = NOON + timedelta(hours=1)
ONE = Catalogue([article(A, aliases=(B,))])
TWO = Catalogue([article(A), article(B, title="Another")])


@pytest.mark.parametrize(
    ("other", "repeats"),
    [
        (post(A, when=NOON), True),
        (post(A, when=LATER + timedelta(hours=1)), False),
        (post(A, when=LATER + timedelta(hours=1), state=State.POSTED), True),
        (post(A, when=LATER + timedelta(hours=1), state=State.UNKNOWN), True),
        (post(A, "elsewhere"), False),
        (post(B), False),
    ],
)
def test_a_post_repeats_what_goes_before_it_on_its_account(other: object, repeats: bool) -> None:
    mine = post(B, when=LATER)
    assert (twin_of(mine, [mine, other], ONE) is other) is repeats
    assert twin_of(mine, [mine, other], TWO) is None


def test_of_two_that_are_due_together_the_one_saved_first_goes_first() -> None:
    for first, second in ((post(A), post(B)), (post(B), post(A))):
        assert twin_of(second, [first, second], ONE) is first
        assert twin_of(first, [first, second], ONE) is None


def test_a_page_that_no_run_has_the_time_for_does_not_keep_its_post_for_ever() -> None:
    waits, run = post(A), timedelta(minutes=10)
    early = put_off(waits, NOON + timedelta(hours=71), run)
    assert (early.state, early.due) == (State.QUEUED, NOON + timedelta(hours=71) + run)
    late = put_off(early, NOON + timedelta(hours=72), run)
    assert late.state is State.EXPIRED
    assert late.history[-1].why == "its page could not be looked at: the time of the run was up; so for 3d"


@pytest.mark.parametrize("state", [State.POSTED, State.QUEUED])
def test_what_led_to_the_same_place_when_it_was_planned_is_a_twin(state: State) -> None:
    there = ("https://bo.example/x", "https://bo.example/x")
    first, second = post(A, state=state, whereabouts=there), post(B, when=LATER, whereabouts=there)
    assert twin_of(second, [first, second], TWO) is first
    assert twin_of(second, [first, post(B, when=LATER)], TWO) is first
    assert twin_of(post(B, when=LATER), [first, second], TWO) is None, "nobody knows where it leads"


def test_however_late_a_page_may_be_asked_again_its_post_is_decided_on_after_three_days() -> None:
    end = NOON + timedelta(days=3)
    check = Check(url=A, at=NOON, verdict="unsure", reason="no", since=NOON, again=NOON + timedelta(days=365))
    held = held_back(post(A), check, NOON)
    assert (held.state, held.due) == (State.QUEUED, end)
    assert held_back(held, check, end).state is State.EXPIRED
