"""Where secrets lie, and where they should not. No finding has one in it."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from syndicator import secrets
from syndicator.doctor import leaks
from syndicator.doctor.finding import Finding, error, fault, mind, ok
from syndicator.settings import Settings, SettingsError

_LOGIN_IN_ADDRESS = re.compile(r"://[^/\s:@\"']{1,200}:[^/\s:@\"']{1,200}@")
_RENEW = "take it out there, and have the network give you a new one, since others may have seen it"


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at the files of secrets and the keyring, and for their values in files that people pass on."""
    folder = settings.data_folder
    try:
        names = dict.fromkeys((*settings.accounts, *secrets.held(folder)))
        held = {name: secrets.secrets_of(name, folder) for name in names}
    except SettingsError as problem:
        yield error("credentials", problem, "mend it, or remove it and log in again: syndicator login ACCOUNT")
        return
    yield from _kept(settings)
    sessions = secrets.Sessions(folder)
    wanted = leaks.needles(held, {name: session for name in names if (session := sessions.recall(name))})
    for path in leaks.searched(settings):
        for what in leaks.found_in(path, wanted):
            yield fault("credentials", f"{path}: {what} stands in it", _RENEW)
    if _LOGIN_IN_ADDRESS.search(settings.path.read_text(encoding="utf-8-sig")):
        yield fault("credentials", f"{settings.path}: an address in it holds a password", _RENEW)


def _kept(settings: Settings) -> Iterator[Finding]:
    """Where credentials are kept, who else can get at them there, and which are of no use any more."""
    folder = settings.data_folder
    file, sessions = (folder / name for name in leaks.PRIVATE)
    if file.exists():
        yield ok("credentials", f"{file} is for its owner alone")
    if _is_open(sessions):
        yield fault("credentials", f"{sessions}: others on this machine can read it", f"chmod 600 {sessions}")
    in_file, in_keyring = secrets.in_file(folder), secrets.in_keyring(folder)
    for name in in_keyring:
        yield ok("credentials", f"the credential of {name} is in the keyring of this system")
    for name in sorted({*in_file, *in_keyring} - {*settings.accounts}):
        yield mind("credentials", f"{name} has a credential, and is no account", f"syndicator login {name} --out")
    for name in sorted({*in_file} & {*in_keyring}):
        text = f"{name} has a credential in {file} too, which is not used while the keyring has one"
        yield mind("credentials", text, f"take [{name}] out there")
    yield from _in_git(folder)


def _in_git(folder: Path) -> Iterator[Finding]:
    """Secrets that git keeps, or would keep with the next `git add`."""
    there = [folder / name for name in leaks.PRIVATE if (folder / name).exists()]
    kept = {path.absolute() for path in leaks.tracked(folder)} if there else set()
    for path in there:
        if path.absolute() in kept:
            remedy = f"git rm --cached {path}, ignore it, and log in anew everywhere: the history has it"
            yield fault("credentials", f"{path} is kept by git", remedy)
        elif leaks.would_be_tracked(path):
            yield mind("credentials", f"{path}: `git add` would take it up", f"put {path.name} into .gitignore")


def _is_open(path: Path) -> bool:
    try:
        return os.name != "nt" and bool(stat.S_IMODE(path.stat().st_mode) & 0o077)
    except OSError:
        return False
