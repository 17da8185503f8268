"""A settings file → one frozen `Settings`: TOML read, checked, and complained about in words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfoNotFoundError

import msgspec

from syndicator.paths import path_of
from syndicator.settings.account import AccountTable
from syndicator.settings.pacing import Plan
from syndicator.settings.problem import explain, toml_remedy
from syndicator.settings.running import Digest, Run
from syndicator.settings.table import Table
from syndicator.settings.tables import Credit, Fetch, Judge, Ledger, Me, SourceTable, Zone
from syndicator.times import Clock, Quiet, Span

_T = TypeVar("_T", bound=Table)


class SettingsError(Exception):
    """The settings can't be used; the message is one sentence with the remedy."""


class Settings(Table, frozen=True):
    """Everything a settings file says. `path` is the file itself; relative paths start at its folder."""

    path: Path = Path("syndicator.toml")
    data: str = "data"
    me: Me = Me()
    sources: tuple[SourceTable, ...] = ()
    accounts: dict[str, AccountTable] = msgspec.field(default_factory=dict)
    plan: Plan = Plan()
    judge: Judge = Judge()
    credit: Credit = Credit()
    ledger: Ledger = Ledger()
    fetch: Fetch = Fetch()
    run: Run = Run()
    digest: Digest = Digest()

    @property
    def home(self) -> Path:
        """The folder of the settings file."""
        return self.path.parent

    @property
    def data_folder(self) -> Path:
        """Where state lives."""
        return self.beside(self.data)

    @property
    def log_file(self) -> Path | None:
        """Where runs say what they did; None for nowhere."""
        return self.data_folder / path_of(self.run.log, Path) if self.run.log else None

    def beside(self, path: str) -> Path:
        """A path of the settings, or the address of a file there, seen from the settings file."""
        return self.home / path_of(path, Path)


def load(path: Path) -> Settings:
    """Read a settings file; SettingsError names what is wrong and how to mend it."""
    try:
        raw = tomllib.loads(text_of(path))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: not valid TOML: {error}; {toml_remedy(str(error))}") from error
    return parse(raw, path)


def text_of(path: Path) -> str:
    """The text of a settings file, without the byte order mark that some editors put before it."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        if path.is_symlink():
            told = f"{path}: leads to {path.readlink()}, which is not there"
            raise SettingsError(f"{told}; put that back, or remove the link and do `syndicator init` anew") from None
        raise SettingsError(f"{path}: no such settings file; `syndicator init` writes one") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise SettingsError(f"{path}: line {line} is not UTF-8; have your editor save the file as UTF-8") from error
    except OSError as error:
        why = error.strerror or error
        raise SettingsError(f"{path}: can't be read: {why}; name a settings file with --config FILE") from error


def parse(raw: dict[str, Any], path: Path) -> Settings:
    """Check parsed TOML and freeze it."""
    if "path" in raw:
        raise SettingsError(f"{path}: unknown key `path`; remove it")
    tables = raw.get("accounts", {})
    if not isinstance(tables, dict):
        raise SettingsError(f"{path}: accounts are written as tables: [accounts.NAME]")
    if isinstance(raw.get("sources"), dict):
        raise SettingsError(f"{path}: each source is written as a table of its own: [[sources]]")
    settings = _convert({**raw, "accounts": {}}, Settings, path, "")
    accounts = {name: _account(name, table, path) for name, table in tables.items()}
    _check_digest(settings.digest, accounts, path)
    return msgspec.structs.replace(settings, path=path.absolute(), accounts=accounts)


def _check_digest(digest: Digest, accounts: Mapping[str, AccountTable], path: Path) -> None:
    """It goes to a channel of the owner's own, not to readers."""
    if digest.account and (digest.account not in accounts or accounts[digest.account].platform != "apprise"):
        raise SettingsError(
            f"{path}: `digest.account` is {digest.account!r}, which is no account of platform apprise;"
            f' add [accounts.{digest.account}] with platform = "apprise", or name another'
        )


def _account(name: str, table: object, path: Path) -> AccountTable:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", name):
        raise SettingsError(f"{path}: account name {name!r} may only have letters, digits, - and _")
    return _convert(table, AccountTable, path, f"accounts.{name}")


def _convert(raw: object, table: type[_T], path: Path, at: str) -> _T:
    try:
        return msgspec.convert(raw, table, dec_hook=_read_value)
    except msgspec.ValidationError as error:
        raise SettingsError(f"{path}: {explain(str(error), table, at)}") from error


_EXAMPLES: dict[type, str] = {Span: "90m", Quiet: "22:00-07:30", Clock: "08:30"}


def _read_value(wanted: type, value: Any) -> Any:
    if not isinstance(value, str):
        example = _EXAMPLES.get(wanted, "Europe/London")
        raise ValueError(  # noqa: TRY004  msgspec wraps ValueError
            f'expected a text in quotes, got {value!r}; write for example "{example}"'
        )
    if wanted is Span:
        return Span.parse(value)
    if wanted in (Quiet, Clock):
        return wanted(value)
    if wanted is Zone:
        try:
            return Zone(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"{value!r} is not a time zone; write for example Europe/London") from None
    raise NotImplementedError(wanted)
