"""How to start a process of our own that does one kind of work for this one."""

from __future__ import annotations

import sys


def command(program: str) -> tuple[str, ...]:
    """The command for a program that finds the modules this process finds, and nothing in the folder it is in."""
    return (sys.executable, "-c", f"import sys; sys.path[:] = sys.argv[1:]; {program}", *sys.path)
