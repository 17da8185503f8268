"""The explanations are true: their arithmetic is done again here, and the numbers in them are those of the code."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from walkthrough import SHOWN, blocks
from written import ROOT

from ledger.rules import Rules
from syndicator import settings

DEBTS = (ROOT / "docs" / "explanation" / "debts.md").read_text("utf-8")
PRIVACY = (ROOT / "docs" / "explanation" / "privacy.md").read_text("utf-8")
WORTH = {"link": 10, "share": 7, "comment": 5}
RULES = Rules()


def _acts() -> dict[str, tuple[float, float]]:
    """What each act of the page's example was worth on its day, and its age in days."""
    said = "\n".join(block.body for block in blocks(DEBTS))
    found = re.findall(r"\$ ledger (?:add|give) (\w+) .* --at (\S+)", said)
    moments = {kind: datetime.fromisoformat(at).replace(tzinfo=ZoneInfo("Europe/London")) for kind, at in found}
    return {kind: (WORTH[kind], (SHOWN - at) / timedelta(days=1)) for kind, at in moments.items()}


def test_the_example_of_a_debt_is_reckoned_as_the_page_says():
    values = {kind: worth * 2 ** (-age / 180) for kind, (worth, age) in _acts().items()}
    rest = values["link"] - values["share"]
    assert rest < 0.25, "forgiven"
    urgency = 1 + min(1, _acts()["comment"][1] / 14)
    for shown in (
        f"10 × 0.500 (age) = {values['link']:.3f}, of which {rest:.3f} is left",
        f"{values['share']:.3f} returned by the share",
        f"5 × {values['comment'] / 5:.3f} (age) = {values['comment']:.3f}, of which {values['comment']:.3f} is left",
        f"balance +{values['comment']:.3f}",
        f"rank {values['comment'] * urgency:.3f} = {values['comment']:.3f} open × 1 affinity × {urgency:.3f} urgency",
    ):
        assert shown in DEBTS


def test_formulas_in_the_text_come_out_as_it_says():
    found = re.findall(r"(\d+) × 2\^\(−(\d+)/(\d+)\) = ([\d.]+)", DEBTS)
    assert found
    for worth, age, half_life, result in found:
        assert f"{int(worth) * 2 ** (-int(age) / int(half_life)):.2f}" == result


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (DEBTS, f"after `half_life`, {RULES.half_life.days}\ndays, it counts half"),
        (DEBTS, f"`threshold` of {RULES.threshold:g} points"),
        (DEBTS, f"under\n{RULES.forgive_below:g}, or older than {RULES.forgive_after.days // 30} months"),
        (DEBTS, f"({RULES.cadence.days} days)"),
        (DEBTS, f"{ {3: 'three'}[RULES.cooldown.days] } days after you did something"),
        (DEBTS, f"by {settings.Ledger().reciprocity_lift:g} at most"),
        (DEBTS, f"is worth {RULES.weights['link']:g} points on its day, a comment {RULES.weights['comment']:g}"),
        (DEBTS, f"a share {RULES.weights['share']:g};"),
        (PRIVACY, f"{settings.Ledger().retention.days // 30} months (`retention`"),
    ],
)
def test_numbers_in_the_text_are_those_of_the_code(text, sentence):
    assert sentence in text
