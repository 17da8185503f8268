"""Deadlines: each called once when its time has come, in the order of their times, unless it was called off."""

import threading

from syndicator.sources.deadlines import Deadlines


def test_deadlines_are_met_in_the_order_of_their_times() -> None:
    deadlines, met, last = Deadlines(), list[str](), threading.Event()
    deadlines.call_in(0.06, last.set)
    deadlines.call_in(0.04, lambda: met.append("second"))
    deadlines.call_in(0.02, lambda: met.append("first"))
    assert last.wait(30)
    assert met == ["first", "second"]


def test_what_was_called_off_is_not_called() -> None:
    deadlines, met, last = Deadlines(), list[str](), threading.Event()
    off = deadlines.call_in(0.01, lambda: met.append("off"))
    deadlines.call_off(off)
    deadlines.call_off(off)
    deadlines.call_in(0.03, last.set)
    assert last.wait(30)
    assert met == []


def test_one_thread_serves_many() -> None:
    deadlines, before = Deadlines(), set(threading.enumerate())
    for _ in range(100):
        deadlines.call_in(60, lambda: None)
    assert len(set(threading.enumerate()) - before) == 1
