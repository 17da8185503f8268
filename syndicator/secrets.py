"""Credentials: environment variables first, then the system's keyring, then `secrets.toml` in the data folder.

The file is readable by its owner alone. `keyring.json` beside it notes which accounts have an entry in the keyring: for
others it is not asked, and when it can't be, that is told as such. Nothing here prints, logs or stores a secret
elsewhere. Sessions that a network hands out for a login are kept in `sessions.json`, as private as the file.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import tomllib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from ledger.store.durable import make_folder
from platforms.errors import variable
from syndicator import keyring_notes
from syndicator.files import replace_file
from syndicator.settings import SettingsError
from syndicator.system_keyring import SERVICE, NoKeyring, PerhapsKept, is_off, of_system

#: The parts of a credential, as adapters know them; upper-cased they end the names of environment variables.
PARTS = ("token", "url", "api_key", "api_secret", "access_token", "access_secret")


@dataclass(frozen=True, slots=True)
class Found:
    """The credential of an account by part, empty when there is none; `trouble` says why a keyring did not give it."""

    parts: dict[str, str] = field(repr=False)
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a credential was put, in words, and whether that is the keyring; `note` is what its owner should know."""

    place: str
    in_keyring: bool
    note: str = ""


def secrets_of(account: str, data_folder: Path, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The credential of one account by part, empty when there is none. SettingsError when the file can't be trusted."""
    return find(account, data_folder, environ).parts


def find(
    account: str, data_folder: Path, environ: Mapping[str, str] = os.environ, needed: Collection[str] = ()
) -> Found:
    """The credential of one account, and why it is missing if a keyring has it and can't be asked.

    Where the environment has all that is `needed`, no keyring is asked. SettingsError when the file can't be trusted.
    """
    in_file = _from_file(data_folder / "secrets.toml").get(account, {})
    outside = {part: value for part in PARTS if (value := environ.get(variable(account, part)))}
    if needed and all(part in outside for part in needed):
        return Found(in_file | outside)
    parts, trouble = _from_keyring(account, data_folder)
    return Found((parts or in_file) | outside, trouble)


def in_keyring(data_folder: Path) -> tuple[str, ...]:
    """The accounts whose credentials were put into the keyring. Asks no keyring."""
    return keyring_notes.load(data_folder).accounts


def in_file(data_folder: Path) -> tuple[str, ...]:
    """The accounts whose credentials are in `secrets.toml`. SettingsError when the file can't be trusted."""
    return tuple(_from_file(data_folder / "secrets.toml"))


def held(data_folder: Path) -> tuple[str, ...]:
    """The accounts of which anything is kept. Asks no keyring. SettingsError when the file can't be trusted."""
    return tuple(dict.fromkeys((*in_keyring(data_folder), *in_file(data_folder))))


def fingerprint(secrets: Mapping[str, str]) -> str:
    """Tells two credentials apart without giving either away; for noticing that a refused one was replaced.

    "" for none: to work it out takes time on purpose.
    """
    if not secrets:
        return ""
    packed = "\x1f".join(f"{part}={secrets[part]}" for part in sorted(secrets))
    return hashlib.scrypt(packed.encode(), salt=b"syndicator", n=2**12, r=8, p=1, dklen=8).hex()


def _from_file(path: Path) -> dict[str, dict[str, str]]:
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: can't be read: {error}") from error
    if os.name != "nt" and stat.S_IMODE(mode) & 0o077:
        raise SettingsError(f"{path}: others on this machine can read it; run: chmod 600 {path}")
    try:
        return msgspec.convert(tomllib.loads(text), dict[str, dict[str, str]])
    except (tomllib.TOMLDecodeError, msgspec.ValidationError):
        raise SettingsError(f'{path}: write it as [ACCOUNT] tables with lines like token = "…"') from None


def keep(account: str, secrets: Mapping[str, str], data_folder: Path) -> Kept:
    """Put one account's credential into the keyring, or else into `secrets.toml`, in the place of the one it had.

    What else stands in the file stays as it is. SettingsError when the file can't be trusted or written.
    """
    with _writing(data_folder / "secrets.toml") as path:
        in_file = _from_file(path)  # what can't be read is not written over
        marks = keyring_notes.load(data_folder)
        try:
            keyring = of_system()
            place = keyring.name()
            keyring.keep(marks.user(account), json.dumps(dict(secrets)))
        except NoKeyring as problem:
            _edit(path, account, secrets)
            if isinstance(problem, PerhapsKept):
                keyring_notes.save(data_folder, marks.with_account(account))
            left = _forgotten_by_keyring(account, data_folder)[1]
            why = "" if is_off() else f"only you can read that file; the system's keyring is not used: {problem}"
            return Kept(str(path), in_keyring=False, note="; ".join(each for each in (why, left) if each))
        keyring_notes.save(data_folder, marks.with_account(account))
        if account in in_file:
            _edit(path, account, None)
        return Kept(f"the keyring of this system ({place})", in_keyring=True)


def forget(account: str, data_folder: Path) -> tuple[bool, str]:
    """Take one account's credential out of the keyring and `secrets.toml`.

    Tells whether there was one, and what could not be removed, "" for nothing.
    """
    with _writing(data_folder / "secrets.toml") as path:
        in_file = account in _from_file(path)
        if in_file:
            _edit(path, account, None)
        there, left = _forgotten_by_keyring(account, data_folder)
        return in_file or there, left


def _edit(path: Path, account: str, secrets: Mapping[str, str] | None) -> None:
    """Write one account's table anew; None takes it out."""
    import tomlkit

    document = tomlkit.parse(path.read_text(encoding="utf-8")) if path.exists() else tomlkit.document()
    if secrets is None:
        del document[account]
    else:
        document[account] = dict(secrets)
    replace_file(path, tomlkit.dumps(document).encode(), mode=0o600)


def _from_keyring(account: str, data_folder: Path) -> tuple[dict[str, str], str]:
    """What the keyring has of an account, where it was given something; else why not."""
    marks = keyring_notes.load(data_folder)
    if account not in marks.accounts:
        return {}, ""
    try:
        kept = of_system().read(marks.user(account))
        if kept is None:
            return {}, "its credential was put into the keyring of a system, and is not in this one"
        return msgspec.json.decode(kept, type=dict[str, str]), ""
    except NoKeyring as problem:
        return {}, f"its credential is in the keyring of this system, which can't be used now: {problem}"
    except msgspec.DecodeError:
        return {}, "its entry in the keyring of this system was changed and can't be read"


def _forgotten_by_keyring(account: str, data_folder: Path) -> tuple[bool, str]:
    """Remove what the keyring has; if it can't be asked, at least nobody reads it any more."""
    marks = keyring_notes.load(data_folder)
    if account not in (*marks.accounts, *marks.left):
        return False, ""
    left = ""
    try:
        of_system().forget(marks.user(account))
    except NoKeyring as problem:
        left = f"the entry {marks.user(account)!r} of {SERVICE!r} stays in the keyring ({problem}): remove it there"
    keyring_notes.save(data_folder, marks.without(account, left=bool(left)))
    return True, left


@contextmanager
def _writing(path: Path) -> Iterator[Path]:
    """Read, change and write a file of secrets while nobody else does."""
    from filelock import FileLock

    try:
        make_folder(path.parent)
        with FileLock(path.parent / "secrets.lock"):
            yield path
    except OSError as error:
        raise SettingsError(f"{path}: can't be written: {error}") from error


class Sessions:
    """The opaque session strings of all accounts, in one 0600 file."""

    def __init__(self, data_folder: Path) -> None:
        self._path = data_folder / "sessions.json"

    def recall(self, account: str) -> str | None:
        """The session kept last; None when there is none or the file is of no use (a login makes a new one)."""
        return self._all().get(account)

    def keep(self, account: str, session: str) -> None:
        """Keep a session for the next run."""
        with _writing(self._path):
            sessions = {**self._all(), account: session}
            replace_file(self._path, msgspec.json.encode(sessions), mode=0o600)

    def forget(self, account: str) -> None:
        """End what was kept for an account."""
        with _writing(self._path):
            kept = self._all()
            if kept.pop(account, None):
                replace_file(self._path, msgspec.json.encode(kept), mode=0o600)

    def _all(self) -> dict[str, str]:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, str])
        except (OSError, msgspec.DecodeError):
            return {}
