"""A process that is gone in the midst of writing to the disk."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from ledger.store.tiny import TinyStore
from ledger.store.upgrades import Upgrade

STEPS = ("open", "write", "fsync", "ftruncate", "link", "unlink", "replace", "mkdir")


def die_at(step: int, act: Callable[[TinyStore], None], path: Path, upgrades: Sequence[Upgrade] = ()) -> int | None:
    """Do it in a forked process that is gone before its `step`-th call to the disk; None if it never got that far.

    A write that dies writes half of its bytes first.
    """
    child = os.fork()
    if child == 0:
        left = step

        def fatal(name: str) -> Callable[..., object]:
            real = getattr(os, name)

            def call(*given: object, **named: object) -> object:
                nonlocal left
                left -= 1
                if left < 0:
                    if name == "write":
                        real(given[0], bytes(given[1])[: len(bytes(given[1])) // 2])  # type: ignore[call-overload]
                    os._exit(9)
                return real(*given, **named)

            return call

        for name in STEPS:
            setattr(os, name, fatal(name))
        act(TinyStore(path, upgrades=upgrades))
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, 9)
    return status or None
