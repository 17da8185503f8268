"""Whose turn it is to write a journal: one process at a time holds its lock file, and a process that dies lets go.

Where the system has `flock` it is asked itself: filelock does the same through the same call, so both keep each other
out, but takes as long for it as the rest of a write, and longer than that to be imported.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from time import monotonic, sleep

from ledger.store import durable

#: Seconds between two looks at a lock that somebody holds.
_PAUSE = 0.01

if sys.platform == "win32":

    class Turns:
        """The lock file at `path`; `patience` is how many seconds to wait for another process."""

        def __init__(self, path: Path, patience: float) -> None:
            from filelock import FileLock

            self._lock = FileLock(path, patience, mode=durable.PRIVATE, thread_local=False, poll_interval=_PAUSE)

        def take(self) -> bool:
            """Wait for the lock; False when it was held for longer than the patience. OSError passes through."""
            from filelock import Timeout

            try:
                self._lock.acquire()
            except Timeout:
                return False
            return True

        def give_up(self) -> None:
            """Let the next one have it."""
            self._lock.release()

else:
    import fcntl

    class Turns:
        """The lock file at `path`; `patience` is how many seconds to wait for another process."""

        def __init__(self, path: Path, patience: float) -> None:
            self._path, self._patience = str(path), patience
            self._held = -1

        def take(self) -> bool:
            """Wait for the lock; False when it was held for longer than the patience. OSError passes through."""
            deadline = monotonic() + self._patience
            while not self._try():
                if monotonic() >= deadline:
                    return False
                sleep(_PAUSE)
            return True

        def give_up(self) -> None:
            """Let the next one have it."""
            held, self._held = self._held, -1
            os.close(held)  # which unlocks it

        def _try(self) -> bool:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, durable.PRIVATE)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if os.fstat(descriptor).st_nlink:  # else somebody removed the file, and the next one will make another
                    self._held = descriptor
                    return True
            except BlockingIOError:
                pass
            except BaseException:
                os.close(descriptor)
                raise
            os.close(descriptor)
            return False
