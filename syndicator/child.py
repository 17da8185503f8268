"""How to start a process of our own that does one kind of work for this one."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

_GLANCE = 0.5  # seconds


def command(program: str) -> tuple[str, ...]:
    """The command for a program that finds the modules this process finds, and nothing in the folder it is in."""
    return (sys.executable, "-c", f"import sys; sys.path[:] = sys.argv[1:]; {program}", *sys.path)


def stay_with_parent() -> None:
    """For such a process: leave signals to the one that started it, and end soon after it, however that ended.

    Ctrl-C reaches all processes of a terminal, SIGTERM all of a service; what is in hand when it comes is no failure.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_watch, args=(os.getppid(),), name="parent", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:  # on Windows it never changes
        time.sleep(_GLANCE)
    os._exit(1)
