"""Whether my own sharing has become an exchange: how many of my shares are returns, and how soon they come."""

from datetime import timedelta

import pytest
from favours import ADA, ADA_SITE, BOB, NOW, given, received

from ledger.entry import Entry, Identity
from ledger.people import People, Person
from ledger.pod import returned, sharing
from ledger.rules import Rules

HOUR = 1 / 24


def somebody(number: int) -> Identity:
    return Identity("web", f"p{number}.example")


def favour_and_return(number: int, after: float, days: float = 10) -> list[Entry]:
    """A link to me, and a share in return so many days after it."""
    who = somebody(number)
    return [
        received("link", days, who, url=f"https://p{number}.example/mine"),
        given("share", days - after, who, url=f"https://p{number}.example/a"),
    ]


def gift(number: int, days: float = 10) -> Entry:
    return given("share", days, somebody(number), url=f"https://p{number}.example/a")


def warnings(*entries: Entry, people: tuple[Person, ...] = ()) -> tuple[str, ...]:
    return sharing(People(people), entries, NOW, Rules()).warnings


def returns(count: int, after: float = 3) -> list[Entry]:
    return [entry for number in range(count) for entry in favour_and_return(number, after)]


def test_over_half_of_the_shares_being_returns_is_told():
    assert warnings(*returns(3), gift(8), gift(9)) == ("3 of your 5 shares in the last 30 days returned a favour",)
    assert warnings(*returns(3), gift(7), gift(8), gift(9)) == (), "half is not over half"
    assert warnings(*returns(4)) == (), "four shares tell nothing yet"


def test_returns_within_an_hour_by_the_median_are_told():
    gifts = [gift(number) for number in range(20, 29)]
    quick = returns(2, after=0.9 * HOUR)
    told = ("half of your 3 returns in the last 30 days came within an hour",)
    assert warnings(*quick, *favour_and_return(7, 5), *gifts) == told
    assert warnings(*quick, *gifts) == (), "two tell nothing yet"
    assert warnings(*quick, *favour_and_return(7, 5), *favour_and_return(8, 5), *gifts) == ()


def test_only_the_last_thirty_days_count():
    old = [entry for number in range(5) for entry in favour_and_return(number, 3, days=34)]
    assert warnings(*old) == ()
    assert sharing(People(), old, NOW - timedelta(days=2), Rules()).warnings != ()


def test_a_share_through_many_accounts_is_one_and_a_like_is_none():
    page = "https://p1.example/a"
    twice = [given("share", 7 + n * HOUR, somebody(1), url=page, my_url=f"https://me/{n}") for n in (0, 1)]
    shares = sharing(People(), [*twice, given("like", 2)], NOW, Rules())
    assert shares.delays == (None,)


def test_a_return_to_another_handle_of_the_same_person_is_a_return():
    ada = Person("ada", "Ada", (ADA, ADA_SITE))
    entries = [received("boost", 5), given("share", 3, ADA_SITE, url="https://ada.example/a"), given("share", 3, BOB)]
    assert sharing(People([ada]), entries, NOW, Rules()).delays == (timedelta(days=2), None)
    assert returned(People([ada]), entries, NOW, Rules()) == {"https://ada.example/a"}
    assert returned(People(), entries, NOW, Rules()) == frozenset()


@pytest.mark.parametrize("kind", ["share", "boost", "quote", "link", "submit"])
def test_the_delay_is_told_from_the_latest_favour_that_was_returned(kind):
    entries = [received("like", 9), received("like", 6, my_url="https://me/2"), given(kind, 4)]
    assert sharing(People(), entries, NOW, Rules()).returns == (timedelta(days=2),)
