"""What `ledger why` shows: lines that fit the terminal in any script, and sum to what `owe` says."""

import re
from datetime import UTC

import pytest
from favours import ADA, ADA_SITE, NOW, given, ledgers, received
from hypothesis import given as for_any
from hypothesis import settings

from ledger.entry import Identity
from ledger.owe import explain, owe
from ledger.people import People, Person
from ledger.rules import Rules
from ledger.suggest import Offer
from syndicator.cli import owed, reckoned
from syndicator.cli.fitted import cells

RULES = Rules()
MANY = (ADA, ADA_SITE, *(Identity("mastodon", f"アダ{n}@とても.長い.サーバー.example") for n in range(5)))
PEOPLE = People([Person("ada", "アダ・ラブレス", MANY, roles=("friend",), spam_signs=("new account",))])
OFFERS = {ADA_SITE: (Offer(ADA_SITE, "https://ada.example/1", "One", NOW, 0.5, topics=0.7),)}
ENTRIES = [
    *(received("boost", day, my_url=f"https://me.example/{day}", trust=0.3) for day in (20, 21, 22)),
    received("link", 30, ADA_SITE, url="https://ada.example/9", my_url="https://me.example/1"),
    received("link", 30.1, ADA_SITE, url="https://ada.example/9", my_url="https://me.example/1", channel="feed"),
    given("share", 10, ADA_SITE, url="https://ada.example/3"),
    given("reply", 9, url="https://example.social/@ada/1"),
]


def why(width: int, entries=ENTRIES) -> list[str]:
    person = PEOPLE.of(ADA)
    return list(reckoned.settlement_lines(person, *explain(person, entries, NOW, RULES, (), OFFERS), UTC, width))


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_every_line_fits_and_an_address_stays_whole(width: int) -> None:
    too_long = [line.strip() for line in why(width) if cells(line) > width]
    assert [line for line in too_long if " " in line] == []
    assert all(f"    {url}" in why(width) for entry in ENTRIES for url in (entry.url, entry.my_url) if url)


def test_who_it_is_stands_on_one_line_where_there_is_room_and_else_below_the_name() -> None:
    assert why(80)[0] == "アダ・ラブレス"
    assert why(80)[1].startswith("     @ada@example.social, ada.example,")
    assert why(400)[0] == owed.named(PEOPLE.of(ADA))


def test_width_is_used_where_there_is_some() -> None:
    assert len(why(200)) < len(why(80)) < len(why(40))
    assert any(re.search(r"counts +\+\d.*of which \d.*is left$", line) for line in why(200))


@pytest.mark.parametrize("width", [80, 200])
def test_the_lines_sum_to_what_the_list_shows(width: int) -> None:
    [debt] = owe(PEOPLE, ENTRIES, NOW, RULES, OFFERS)
    shown = sum_of(why(width))
    assert shown == pytest.approx(debt.open, abs=0.0005 * len(ENTRIES))
    assert f"balance {debt.open:+.3f}" in why(width)
    assert f"{debt.open:.1f} open" in "\n".join(owed.lines([debt], UTC, known=1, more=0, width=width))


@settings(max_examples=30)
@for_any(ledgers(ADA, ADA_SITE))
def test_so_they_do_whatever_happened(entries) -> None:
    debts = owe(PEOPLE, entries, NOW, RULES, OFFERS)
    lines = why(80, entries)
    assert [line for line in lines if cells(line) > 80 and " " in line.strip()] == []
    for debt in debts:
        assert sum_of(lines) == pytest.approx(debt.open, abs=0.0005 * len(entries) + 1e-9)


def sum_of(lines: list[str]) -> float:
    """The last column of the arithmetic, added up as a reader would."""
    return sum(float(found[1]) for line in lines if (found := re.search(r"counts +([+-]\d+\.\d{3})", line)))
