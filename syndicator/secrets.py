"""Credentials: environment variables first, then `secrets.toml` in the data folder, readable by its owner alone.

Nothing here prints, logs or stores a secret elsewhere. Sessions that a network hands out for a login are kept in
`sessions.json` under the same rule.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec

from ledger.store.durable import make_folder
from platforms.errors import variable
from syndicator.files import replace_file
from syndicator.settings import SettingsError

#: The parts of a credential, as adapters know them; upper-cased they end the names of environment variables.
PARTS = ("token", "url", "api_key", "api_secret", "access_token", "access_secret")


def secrets_of(account: str, data_folder: Path, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The credential of one account by part, empty when there is none. SettingsError when the file can't be trusted."""
    found = _from_file(data_folder / "secrets.toml").get(account, {})
    for part in PARTS:
        if value := environ.get(variable(account, part)):
            found[part] = value
    return found


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


def keep(account: str, secrets: Mapping[str, str], data_folder: Path) -> Path:
    """Write one account's credential into `secrets.toml`, in the place of the one it had; gives the file.

    What else stands in the file stays as it is. SettingsError when the file can't be trusted or written.
    """
    import tomlkit

    with _writing(data_folder / "secrets.toml") as path:
        _from_file(path)  # what can't be read is not written over
        document = tomlkit.parse(path.read_text(encoding="utf-8")) if path.exists() else tomlkit.document()
        document[account] = dict(secrets)
        replace_file(path, tomlkit.dumps(document).encode(), mode=0o600)
        return path


def forget(account: str, data_folder: Path) -> bool:
    """Take one account's credential out of `secrets.toml`; tells whether there was one."""
    import tomlkit

    with _writing(data_folder / "secrets.toml") as path:
        if account not in _from_file(path):
            return False
        document = tomlkit.parse(path.read_text(encoding="utf-8"))
        del document[account]
        replace_file(path, tomlkit.dumps(document).encode(), mode=0o600)
        return True


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
