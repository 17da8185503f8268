"""The benchmarks still run: each once, on next to nothing. What they measure is nobody's business here."""

import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[2] / "bench"


@pytest.mark.skipif(sys.platform != "linux", reason="the hosts are addresses that only Linux has")
def test_fetch() -> None:
    done = subprocess.run(
        [sys.executable, str(BENCH / "fetch.py"), "--hosts", "6"], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines()[1:]]
    twice = {(look, who) for look in ("first", "steady") for who in ("bare", "feedparser", "read", "run")}
    assert {(row[0], row[1]) for row in rows} == twice | {("idle", "version"), ("idle", "run")}


def test_plan() -> None:
    done = subprocess.run(
        [sys.executable, str(BENCH / "plan.py"), "--candidates", "300", "--times", "1", "--profile"],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert " planned, " in done.stdout
    assert "times that" in done.stdout


def test_linkblog() -> None:
    done = subprocess.run(
        [sys.executable, str(BENCH / "linkblog.py"), "--entries", "60", "--times", "1"],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert "60 entries" in done.stdout


def test_startup() -> None:
    done = subprocess.run(
        [sys.executable, str(BENCH / "startup.py"), "--times", "1", "--entries", "20"],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert "bare typer" in done.stdout
    assert "ledger owe" in done.stdout


def test_collect() -> None:
    done = subprocess.run(
        [sys.executable, str(BENCH / "collect.py"), "--entries", "300", "--people", "150", "--times", "1"],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert "booked 100 acts in 1 turns" in done.stdout
    assert "ledger collect, nothing new" in done.stdout
