"""Logging an account in: a credential is asked for, proven on the network, and only then kept.

What is asked, and how, is the network's business (`Enroller`); who answers is the caller's (`Asker`). Nothing here
prints, and no secret leaves but to where `secrets` keeps it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from platforms.abilities import Asker, Enroller, Profile, Witness
from platforms.errors import AuthFailed, variable
from syndicator import secrets
from syndicator.accounts import Account, Holds
from syndicator.networks import open_account, with_credential
from syndicator.settings import SettingsError
from syndicator.workspace import Workspace

#: Shows that something is being done, in words, as long as it is.
AtWork = Callable[[str], AbstractContextManager[object]]


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """What came of it: who the credential belongs to (None where the network can't say), and where it is kept.

    `overruled` are environment variables that are set as well, and win.
    """

    profile: Profile | None
    kept: secrets.Kept
    overruled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LoggedOut:
    """Whether there was a credential to forget, and which environment variables (`left`) hold one still.

    `trouble` is what could not be removed, "" for nothing.
    """

    forgotten: bool
    left: tuple[str, ...] = ()
    trouble: str = ""


def log_in(space: Workspace, name: str, ask: Asker, at_work: AtWork = nullcontext) -> LoggedIn:
    """Ask for a credential, prove it, keep it. PlatformError when the network refuses it: then nothing has changed.

    What may take a while, and asks nothing, is done `at_work`.
    """
    account = open_account(space, name)
    parts: tuple[str, ...] = getattr(account.adapter, "credential", ())
    if not parts:
        raise SettingsError(f"{name}: a {account.table.platform} account needs no login")
    sessions: dict[str, str] = {}
    credential = _obtain(account, parts, ask)
    adapter = with_credential(space, name, credential, sessions)
    with at_work(f"asking {account.table.platform} who that is"):
        profile = adapter.whoami() if isinstance(adapter, Witness) else None
    with at_work("keeping the credential; your keyring may want to be unlocked"):
        kept = secrets.keep(name, credential, space.settings.data_folder)
    _start_anew(space, name, sessions.get(name))
    return LoggedIn(profile, kept, _from_outside(name, parts))


def log_out(space: Workspace, name: str) -> LoggedOut:
    """Forget an account's credential and session, also of one that the settings do not have any more."""
    folder = space.settings.data_folder
    parts: tuple[str, ...] = secrets.PARTS
    if name in space.settings.accounts or name not in secrets.held(folder):
        parts = getattr(open_account(space, name).adapter, "credential", ())
    forgotten, trouble = secrets.forget(name, folder)
    _start_anew(space, name, None)
    return LoggedOut(forgotten, _from_outside(name, parts), trouble)


def _from_outside(name: str, parts: tuple[str, ...]) -> tuple[str, ...]:
    """The environment variables that are set for an account, and win over what is kept."""
    return tuple(each for each in (variable(name, part) for part in parts) if os.environ.get(each))


def _obtain(account: Account, parts: tuple[str, ...], ask: Asker) -> Mapping[str, str]:
    if isinstance(account.adapter, Enroller):
        return account.adapter.enroll(ask)
    if where := getattr(account.adapter, "where", ""):
        ask.say(f"{where[0].upper()}{where[1:]}.")
    given = {part: ask.secret(f"{_called(part)} of {account.name}").strip() for part in parts}
    if empty := [part.replace("_", " ") for part in parts if not given[part]]:
        raise AuthFailed(account.name, f"no {' and no '.join(empty)} was given", "nothing was changed")
    return given


def _called(part: str) -> str:
    """A part of a credential as people call it."""
    words = part.replace("_", " ").replace("api", "API").replace("url", "URL")
    return f"{words[0].upper()}{words[1:]}"


def _start_anew(space: Workspace, name: str, session: str | None) -> None:
    """Nothing of an earlier login holds the account back."""
    sessions = secrets.Sessions(space.settings.data_folder)
    sessions.forget(name)
    if session:
        sessions.keep(name, session)
    Holds(space.state).release(name)
