"""Opens a page in the browser of whoever sits at the terminal. Effects: starts their browser."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping


def open_page(url: str) -> bool:
    """Open a web page, if a person is there to see it; tell whether a browser was started."""
    is_web = url.startswith(("https://", "http://"))
    if not (is_web and sys.stdin.isatty() and sys.stdout.isatty() and has_display(os.environ, sys.platform)):
        return False
    import webbrowser

    try:
        return webbrowser.open(url)
    except webbrowser.Error:
        return False


def has_display(environment: Mapping[str, str], platform: str) -> bool:
    """Whether windows can be shown where this runs: not on a server, nor at the far end of a remote shell. Pure."""
    if platform in ("darwin", "win32"):
        return not environment.get("SSH_CONNECTION")
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))
