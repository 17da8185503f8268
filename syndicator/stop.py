"""Ending early because a signal asks for it: SIGTERM from whoever started the run, or Ctrl-C.

The first signal is kept until somebody asks for it with `check`, between two things that must not be torn apart: two
posts, two pages, two stages. Only where nothing is done but wait and read (`waiting`) it breaks off at once. So what is
in hand is finished and stored, and nothing is half done. The second signal ends the process as if nobody had listened,
which is what a crash is, and as harmless.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType

import msgspec

#: Of these, each system has those that it has.
SIGNALS = (signal.SIGINT, signal.SIGTERM)
Handler = signal.Handlers | Callable[[int, FrameType | None], None]
#: What happens at a signal while nobody listens for it.
_NOBODYS = (signal.SIG_DFL, signal.default_int_handler)


class Stopped(BaseException):
    """A signal asks to end. It is no Exception: nothing that deals with failures may take it for one."""

    def __init__(self, number: int) -> None:
        self.signal = signal.Signals(number)
        super().__init__(f"stopped by {self.signal.name}")

    @property
    def exit_code(self) -> int:
        """What a shell makes of a process that a signal ended: 130 for Ctrl-C, 143 for SIGTERM."""
        return 128 + self.signal


class _Heard(msgspec.Struct):
    """Signals are the whole process's, and so is what is known of them."""

    number: int = 0
    may_raise: bool = False
    second: Handler = signal.SIG_DFL


_heard = _Heard()


@contextmanager
def listening(also: Iterable[signal.Signals] = (), *, second: Handler = signal.SIG_DFL) -> Iterator[None]:
    """Keep the first signal for `check` and `waiting`, until the block ends. Other threads than the main one can't.

    What whoever started the process has it ignore (a shell, Ctrl-C of what it runs in the background) stays ignored.
    Within a block that listens, another one changes nothing. `second` is what a second signal does.
    """
    heeded = [number for number in (*SIGNALS, *also) if signal.getsignal(number) in _NOBODYS]
    if not heeded or threading.current_thread() is not threading.main_thread():
        yield
        return
    _heard.second = second
    before = {number: signal.signal(number, _hear) for number in heeded}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        _heard.number, _heard.may_raise = 0, False


def is_asked() -> bool:
    """Whether a signal asks to end, for whoever has something in hand to put away before `check`."""
    return _heard.number != 0


def check() -> None:
    """Raise Stopped if a signal asked for it."""
    if _heard.number:
        raise Stopped(_heard.number)


@contextmanager
def waiting() -> Iterator[None]:
    """A block that may be broken off anywhere: it waits and reads, and changes nothing. Raises Stopped."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    outer, _heard.may_raise = _heard.may_raise, True
    try:
        check()
        yield
    finally:
        _heard.may_raise = outer


def _hear(number: int, _frame: FrameType | None) -> None:
    for each in signal.valid_signals():
        if signal.getsignal(each) is _hear:
            signal.signal(each, _heard.second)
    _heard.number = number
    if _heard.may_raise:
        _heard.may_raise = False
        raise Stopped(number)
