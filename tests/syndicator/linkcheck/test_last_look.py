"""Which of two posts of one page goes out, without a network: the one that is out, else the one that is due first."""

from datetime import timedelta

import pytest
from pieces import NOON, article, post

from syndicator.articles import Catalogue
from syndicator.linkcheck.last_look import twin_of
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
