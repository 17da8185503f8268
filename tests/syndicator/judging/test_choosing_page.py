"""docs/choosing.md tells the truth: its table of weights is the code's, and every part has the file that it names."""

import re
from pathlib import Path

import pytest

from syndicator.judging.weights import WEIGHTS, weights_with

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "choosing.md").read_text("utf-8")
ROWS = re.findall(r"^\| `(\w+)` \| ([\d.]+) \|.*\| `(\w+\.py)` \|$", PAGE, re.MULTILINE)


def test_the_table_of_weights_is_the_code_s() -> None:
    assert {name: float(weight) for name, weight, _ in ROWS} == dict(WEIGHTS)
    assert [name for name, _, _ in ROWS] == list(WEIGHTS)
    assert sum(WEIGHTS.values()) == pytest.approx(1)


def test_every_part_has_its_file() -> None:
    assert all((ROOT / "syndicator" / "judging" / file).is_file() for _, _, file in ROWS)


def test_changed_weights_are_scaled_to_sum_to_one() -> None:
    mixed = weights_with({"relevance": 0.5, "reactions": 0})
    assert sum(mixed.values()) == pytest.approx(1)
    assert mixed["reactions"] == 0
    assert mixed["relevance"] / mixed["source"] == pytest.approx(0.5 / WEIGHTS["source"])


@pytest.mark.parametrize(
    ("own", "problem"),
    [
        ({"relevnce": 1.0}, "the parts are source, trust, freshness"),
        ({"trust": -1.0}, "between 0 and 1000"),
        ({"trust": float("nan")}, "between 0 and 1000"),
        (dict.fromkeys(WEIGHTS, 0.0), "can't all be zero"),
    ],
)
def test_impossible_weights_are_named(own: dict[str, float], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        weights_with(own)
