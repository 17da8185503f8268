"""Listening for signals: within another listener, beside whoever listens already, and what a second signal does."""

import signal

import pytest

from syndicator import stop


def test_a_signal_that_comes_within_an_inner_block_is_still_known_outside() -> None:
    with stop.listening():
        with stop.listening():
            signal.raise_signal(signal.SIGTERM)
        with pytest.raises(stop.Stopped) as told:
            stop.check()
    assert told.value.exit_code == 143
    assert not stop.is_asked()


def test_a_second_signal_does_what_it_is_to_do() -> None:
    again: list[int] = []
    before = signal.getsignal(signal.SIGTERM)
    with stop.listening([signal.SIGHUP], second=lambda number, _: again.append(number)):
        signal.raise_signal(signal.SIGHUP)
        signal.raise_signal(signal.SIGTERM)
        with pytest.raises(stop.Stopped, match="SIGHUP"):
            stop.check()
    assert again == [signal.SIGTERM]
    assert signal.getsignal(signal.SIGTERM) is before


def test_whoever_listens_already_goes_on_listening() -> None:
    heard: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: heard.append(number))
    try:
        with stop.listening():
            signal.raise_signal(signal.SIGTERM)
            assert not stop.is_asked()
    finally:
        signal.signal(signal.SIGTERM, before)
    assert heard == [signal.SIGTERM]
