"""What holds for the whole process of a command."""

from __future__ import annotations

import atexit
import gc

#: So many more objects than were freed make the collector look again; Python's own 700 has it look all through a start.
_MANY = 50_000


def collect_seldom() -> None:
    """Have the garbage collector look seldom, and not once more at the end: what a command makes it mostly keeps."""
    gc.set_threshold(_MANY)
    atexit.register(gc.freeze)
