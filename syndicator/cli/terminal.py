"""What the outputs of this process can show: characters, colours, something that moves. Knows no command."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Mapping


def prepare() -> None:
    """Let outputs that lack a character (cp1252, ASCII) show a `?` in its place; by default Python would raise."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def shows_everything() -> bool:
    """Whether stdout has all of Unicode."""
    return (getattr(sys.stdout, "encoding", None) or "utf-8").lower().startswith("utf")


def is_watched() -> bool:
    """Whether a person sees stderr, on a terminal that can redraw a line."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def is_coloured(environment: Mapping[str, str], *, terminal: bool) -> bool:
    """Whether to colour: as $NO_COLOR, else $FORCE_COLOR says, else on a terminal that is not dumb. Pure.

    See https://no-color.org and https://force-color.org.
    """
    if environment.get("NO_COLOR"):
        return False
    return bool(environment.get("FORCE_COLOR")) or (terminal and environment.get("TERM") != "dumb")
