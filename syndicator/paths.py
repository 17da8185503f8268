"""Paths as people write them on each system: with `~`, with a drive, as the address of a file. Text in, paths out.

Pure, but that `~` is the home of who runs this. Each takes the `flavour` of path that the system has.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import TypeVar

_P = TypeVar("_P", bound=PurePath)

#: `C:\blogs` and `C:/blogs`; `c:x`, which is relative to wherever that drive stands, is none.
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
#: What no web address begins with: somebody means a file.
_PLACE = re.compile(r"[A-Za-z]:[\\/]|\\\\|~(?=[\\/])|\.{1,2}[\\/]|/(?!/)")


def path_of(written: str, flavour: type[_P]) -> _P:
    """The path that is written, or that the address of a file (`file:///C:/blogs/a%20feed.xml`) names.

    `file:notes.txt` is a relative path. A home that is not known stays the `~somebody` that was written.
    """
    if written[:5].lower() != "file:":
        return flavour(os.path.expanduser(written))  # noqa: PTH111  Path's raises where there is no such user
    from urllib.parse import unquote  # seldom needed, and every command loads this module

    rest = written[5:]
    if rest.startswith("//"):
        server, slash, rest = rest[2:].partition("/")
        rest = slash + unquote(rest) if server.lower() in {"", "localhost"} else f"//{server}{slash}{unquote(rest)}"
    if rest.startswith("/") and _DRIVE.match(rest, 1):
        rest = rest[1:]
    return flavour(os.path.expanduser(rest))  # noqa: PTH111


def address_of(place: str, flavour: type[_P], here: _P) -> str:
    """The `file:` address of what somebody named as a place on this machine, seen from `here`; "" for anything else."""
    if not _PLACE.match(place):
        return ""
    path = here / path_of(place, flavour)
    return path.as_uri() if path.is_absolute() else ""


def has_drive(written: str) -> bool:
    """Whether this is an absolute path of Windows, and no address with a scheme of one letter."""
    return _DRIVE.match(written) is not None


def config_folder(platform: str, environment: Mapping[str, str], home: Path) -> Path:
    """Where a person's settings lie on a system, named as `sys.platform` names it.

    See https://learn.microsoft.com/windows/apps/design/app-settings/store-and-retrieve-app-data (roaming), Apple's
    File System Programming Guide, and https://specifications.freedesktop.org/basedir-spec/latest/.
    """
    if platform == "win32":
        named = environment.get("APPDATA", "")
        return (Path(named) if named else home / "AppData" / "Roaming") / "syndicator"
    if platform == "darwin":
        return home / "Library" / "Application Support" / "syndicator"
    named = environment.get("XDG_CONFIG_HOME", "")
    return (Path(named) if named else home / ".config") / "syndicator"
