"""What is older than it may be kept goes, and no balance jumps."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st
from pieces import NOON
from small_world import MINE, SmallWorld

from ledger.entry import Direction, Entry, Identity, Kind
from ledger.retention import outdated
from ledger.rules import Rules
from ledger.settle import settle
from syndicator.settings import SettingsError

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
ADA, RULES, KEPT = Identity("web", "ada.example"), Rules(), timedelta(days=730)
RECEIVED, GIVEN = Direction.RECEIVED, Direction.GIVEN


def act(direction: Direction, kind: Kind, days: float, number: int = 0) -> Entry:
    at = NOW - timedelta(days=days)
    return Entry(direction, kind, ADA, at, at, f"https://ada.example/{number}", f"https://robin.example/{number}")


def left(entries: Sequence[Entry]) -> tuple[list[Entry], float]:
    """What is kept, and what the balance was off by at most."""
    settlement = settle(entries, NOW, RULES)
    gone = {entry.key for entry in outdated(settlement, NOW - KEPT, RULES)}
    lost = sum(abs(line.counts) for line in settlement.lines if line.entry.key in gone)
    return [entry for entry in entries if entry.key not in gone], lost


def test_what_is_old_and_done_with_goes() -> None:
    old = [act(RECEIVED, Kind.LINK, 800), act(GIVEN, Kind.SHARE, 790, 1), act(RECEIVED, Kind.LIKE, 740, 2)]
    young = [act(RECEIVED, Kind.LINK, 600, 3), act(RECEIVED, Kind.BOOST, 3, 4)]
    assert left([*old, *young])[0] == young


def test_what_still_pays_for_something_younger_stays_with_it() -> None:
    pair = [act(GIVEN, Kind.LINK, 740), act(RECEIVED, Kind.LINK, 400, 1)]
    assert left(pair)[0] == pair


acts = st.builds(
    act,
    st.sampled_from(list(Direction)),
    st.sampled_from([Kind.LINK, Kind.BOOST, Kind.LIKE, Kind.SHARE, Kind.REPLY]),
    st.integers(0, 1500),
    st.integers(0, 6),
)


@for_any(st.lists(acts, max_size=14, unique_by=lambda entry: entry.key))
def test_no_balance_jumps(entries: list[Entry]) -> None:
    kept, lost = left(entries)
    before, after = settle(entries, NOW, RULES), settle(kept, NOW, RULES)
    assert lost < RULES.forgive_below * max(1, len(entries) - len(kept))
    assert after.balance == pytest.approx(before.balance, abs=lost + 1e-9)
    assert {line.entry.key for line in after.open} == {line.entry.key for line in before.open}
    assert all(entry.when < NOW - KEPT for entry in entries if entry not in kept)


def test_a_run_drops_them_and_says_so_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = SmallWorld(tmp_path, monkeypatch)
    assert NOON == NOW
    small.open().book.append([act(RECEIVED, Kind.LINK, 800), act(RECEIVED, Kind.LINK, 100, 1)])
    assert small.run().alarms == ["1 act of over 730d ago no longer kept in the ledger"]
    assert [entry.my_url for entry in small.received()] == ["https://robin.example/1"]
    assert small.run(hours=1).alarms == []
    small.ledger = {"retention": "400d"}
    with pytest.raises(SettingsError, match="548d"):
        small.run()


def test_a_link_without_a_date_is_not_booked_anew_years_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = SmallWorld(tmp_path, monkeypatch)
    body = f"<description><![CDATA[<a href='{MINE}/a'>x</a>]]></description>"
    undated = f"<item><title>%s</title><link>https://ada.example/a</link>{body}</item>"
    small.feed("ada", undated % "Pruning")
    small.run()
    assert [entry.my_url for entry in small.received()] == [f"{MINE}/a"]
    small.feed("ada", undated % "Pruning, edited")
    report = small.run(days=740, refresh=True)
    assert small.received() == [], report
    small.feed("ada", undated % "Pruning, edited once more")
    assert small.run(days=1, refresh=True).alarms == []
    assert small.received() == []
