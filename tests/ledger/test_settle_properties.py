"""What must hold for any ledger: nothing is overpaid, order does not matter, time does not unmatch."""

from collections import defaultdict
from datetime import timedelta

import pytest
from favours import NOW, ledgers
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger.entry import Direction
from ledger.rules import Rules
from ledger.settle import settle
from ledger.settlement import State

RULES = Rules()
CLOSE = 1e-9


def payments(settled):
    return {(pay.received.key, pay.given.key): pay.value for line in settled.lines for pay in line.payments}


@given(ledgers(), st.randoms())
def test_the_order_of_arrival_does_not_matter(entries, chance):
    shuffled = list(entries)
    chance.shuffle(shuffled)
    assert settle(shuffled, NOW, RULES) == settle(entries, NOW, RULES)


@given(ledgers())
def test_collecting_twice_changes_nothing(entries):
    assert settle(entries * 2, NOW, RULES) == settle(entries, NOW, RULES)


@given(ledgers())
def test_nothing_is_paid_beyond_what_was_received_or_given(entries):
    settled = settle(entries, NOW, RULES)
    paid = defaultdict(float)
    for (received, gift), value in payments(settled).items():
        paid[received] += value
        paid[gift] += value
    for line in settled.lines:
        assert line.left >= 0
        if line.state is not State.REPEAT:
            assert paid[line.entry.key] + line.left == pytest.approx(line.value, abs=CLOSE)


@given(ledgers())
def test_both_sides_of_a_payment_tell_the_same(entries):
    settled = settle(entries, NOW, RULES)
    sides = defaultdict(list)
    for line in settled.lines:
        for pay in line.payments:
            sides[pay.received.key, pay.given.key].append((line.entry.direction, pay.value))
            assert line.entry in (pay.received, pay.given)
    for told in sides.values():
        assert {direction for direction, _ in told} == set(Direction)
        assert len({value for _, value in told}) == 1


@given(ledgers(), st.integers(0, 700))
def test_matched_favours_stay_matched_as_time_passes(entries, days):
    """Later, every payment is there again at its faded value; more may have been paid only by follows kept since."""
    entries = [entry for entry in entries if entry.when <= NOW]  # what is told later may be better news of the same act
    later = NOW + timedelta(days=days)
    faded = 2 ** (-days / 180)
    now_paid, later_paid = payments(settle(entries, NOW, RULES)), payments(settle(entries, later, RULES))
    for pair, value in now_paid.items():
        assert later_paid[pair] == pytest.approx(value * faded, abs=CLOSE)


def without_repeats(entries):
    """The same ledger with a page of its own for each act."""
    pages = {entry.key: f"https://pages.example/{number}" for number, entry in enumerate(entries)}
    own = [
        replace(entry, url=pages[entry.key], my_url=f"{pages[entry.key]}/mine", native_id="", in_return_for="")
        for entry in entries
    ]
    keys = {old.key: new.key for old, new in zip(entries, own, strict=True)}
    return [replace(new, in_return_for=keys.get(old.in_return_for, "")) for old, new in zip(entries, own, strict=True)]


@given(ledgers(), st.integers(0, 900))
def test_what_was_paid_by_then_is_still_paid_now(entries, days):
    """A look back with only what was known then shows no payment that a look today does not show."""
    entries = without_repeats(entries)
    then = NOW - timedelta(days=days)
    faded = 2 ** (-days / 180)
    now_paid = payments(settle(entries, NOW, RULES))
    for pair, value in payments(settle(entries, then, RULES)).items():
        assert now_paid[pair] == pytest.approx(value * faded, abs=CLOSE)


@given(ledgers())
def test_the_lines_sum_to_the_balance(entries):
    settled = settle(entries, NOW, RULES)
    assert sum(line.counts for line in settled.lines) == pytest.approx(settled.balance, abs=CLOSE)
    opened = sum(line.left for line in settled.open)
    credit = sum(line.left for line in settled.credit)
    assert opened - credit == pytest.approx(settled.balance, abs=CLOSE)


@given(ledgers())
def test_each_value_is_the_product_of_its_named_factors(entries):
    for line in settle(entries, NOW, RULES, credibility=0.5).lines:
        if line.same_as is None:
            factors = line.weight * line.entry.trust * line.credibility * line.diminishing * line.decay
            assert line.value == pytest.approx(factors, abs=CLOSE)


@given(ledgers())
def test_another_half_life_changes_values_but_not_the_entries_told(entries):
    slow, quick = settle(entries, NOW, RULES), settle(entries, NOW, Rules(half_life=timedelta(days=30)))
    assert [line.entry for line in slow.lines] == [line.entry for line in quick.lines]
    for one, other in zip(slow.lines, quick.lines, strict=True):
        assert other.value <= one.value + CLOSE


@given(ledgers(), st.floats(0.01, 3650))
@settings(max_examples=50)
def test_a_gift_never_makes_a_debt_grow(entries, days):
    """Without its gifts a ledger is owed at least as much."""
    rules = Rules(half_life=timedelta(days=days))
    received = [entry for entry in entries if entry.direction is Direction.RECEIVED]
    everything = settle(entries, NOW, rules)
    assert sum(line.left for line in everything.open) <= settle(received, NOW, rules).balance + CLOSE
