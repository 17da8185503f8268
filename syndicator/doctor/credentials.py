"""Where secrets lie, and where they should not. No finding has one in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from syndicator import logs, secrets
from syndicator.doctor.finding import Finding, error, fault, ok
from syndicator.settings import Settings, SettingsError

#: Shorter values would be found everywhere.
_SHORTEST = 8
_LOGIN_IN_ADDRESS = re.compile(r"://[^/\s:@\"']{1,200}:[^/\s:@\"']{1,200}@")
_RENEW = "take it out there, and have the network give you a new one, since others may have seen it"


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at the file of secrets, and for its values in files that people pass on."""
    folder = settings.data_folder
    try:
        held = {name: secrets.secrets_of(name, folder) for name in settings.accounts}
        secrets.secrets_of("", folder)
    except SettingsError as problem:
        yield error("credentials", problem, "mend it, or remove it and log in again: syndicator login ACCOUNT")
        return
    if (folder / "secrets.toml").exists():
        yield ok("credentials", f"{folder / 'secrets.toml'} is for its owner alone")
    readable = [settings.path, *sorted(_logs(settings)), *folder.glob("*.jsonl")]
    for path in readable:
        yield from _leaks(path, held)
    if _LOGIN_IN_ADDRESS.search(settings.path.read_text(encoding="utf-8")):
        yield fault("credentials", f"{settings.path}: an address in it holds a password", _RENEW)


def _logs(settings: Settings) -> set[Path]:
    """The log, its older files, and what timers write beside the settings."""
    log = settings.log_file
    ours = {log, *logs.older_files(log)} if log else set()
    return {*ours, *settings.data_folder.glob("*.log"), *settings.home.glob("*.log")}


def _leaks(path: Path, held: Mapping[str, Mapping[str, str]]) -> Iterator[Finding]:
    try:
        content = path.read_bytes()
    except OSError:
        return
    for name, parts in held.items():
        for part, value in parts.items():
            if len(value) >= _SHORTEST and value.encode() in content:
                yield fault("credentials", f"{path}: the {part} of {name} stands in it", _RENEW)
