"""Deadlines: each called once when its time has come, in the order of their times, unless it was called off."""

import threading
from time import monotonic

import pytest

from syndicator.sources.deadlines import Deadlines


def test_deadlines_are_met_in_the_order_of_their_times(monkeypatch: pytest.MonkeyPatch) -> None:
    deadlines, met, last, now = Deadlines(), list[str](), threading.Event(), monotonic()
    with deadlines._changed, monkeypatch.context() as stopped:  # all are set at one time, and before any is called
        stopped.setattr("syndicator.sources.deadlines.monotonic", lambda: now)
        deadlines.call_in(0.003, last.set)
        deadlines.call_in(0.002, lambda: met.append("second"))
        deadlines.call_in(0.001, lambda: met.append("first"))
    assert last.wait(60)
    assert met == ["first", "second"]


def test_an_earlier_deadline_does_not_wait_for_a_later_one() -> None:
    deadlines, called = Deadlines(), threading.Event()
    deadlines.call_in(3_600, lambda: None)
    deadlines.call_in(0.01, called.set)
    assert called.wait(60)


def test_what_was_called_off_is_not_called() -> None:
    deadlines, met, last = Deadlines(), list[str](), threading.Event()
    with deadlines._changed:
        off = deadlines.call_in(0, lambda: met.append("off"))
        deadlines.call_off(off)
        deadlines.call_off(off)
        deadlines.call_in(0.001, last.set)
    assert last.wait(60)
    assert met == []


def test_one_thread_serves_many() -> None:
    deadlines, before = Deadlines(), set(threading.enumerate())
    for _ in range(100):
        deadlines.call_in(60, lambda: None)
    assert len(set(threading.enumerate()) - before) == 1
