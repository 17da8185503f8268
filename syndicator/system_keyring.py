"""The keyring of the system (Secret Service, macOS Keychain, Windows Credential Locker), asked with bounded patience.

A keyring may be missing, locked, broken, or wait for a person who is not there: all of that is `NoKeyring` with the
reason in words, after `PATIENCE` seconds at most, and no second time in the same process. The library `keyring` is
imported when a keyring is asked, so that nobody pays for it who has no secret there.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "syndicator"
SWITCH = "SYNDICATOR_KEYRING"

#: Seconds for reading, as a scheduled run must; and for what a person does, who may have to unlock it.
PATIENCE, PERSONAL_PATIENCE = 5.0, 60.0

_T = TypeVar("_T")


class NoKeyring(Exception):
    """It can't be used; the message is a clause that says why, and holds nothing of what was asked or kept."""


class PerhapsKept(NoKeyring):
    """It took an entry, or may have, and then could not be used."""


def is_off() -> bool:
    """Whether its owner wants no keyring to be used."""
    return os.environ.get(SWITCH, "").lower() in {"off", "no", "0", "false"}


class SystemKeyring:
    """One for a process: it remembers what it read, and that a keyring gave no answer."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._read: dict[str, str] = {}
        self._silent = ""

    def name(self) -> str:
        """What this system's keyring is called."""
        return self._ask(lambda backend: str(backend.name), PATIENCE)

    def read(self, user: str) -> str | None:
        """The entry of this name; None when there is none."""
        if user in self._read:
            return self._read[user]
        found = self._ask(lambda backend: backend.get_password(SERVICE, user), PATIENCE)
        if found is not None:
            self._read[user] = found
        return found

    def keep(self, user: str, value: str) -> None:
        """Write an entry, and read it back: some keyrings only pretend. PerhapsKept if it may be there all the same."""
        refused = []

        def write(backend: KeyringBackend) -> str | None:
            try:
                backend.set_password(SERVICE, user, value)
            except Exception:
                refused.append(user)
                raise
            return backend.get_password(SERVICE, user)

        self._read.pop(user, None)
        try:
            kept = self._ask(write, PERSONAL_PATIENCE)
        except NoKeyring as problem:
            raise problem if refused or is_off() else PerhapsKept(str(problem)) from problem
        if kept != value:
            raise PerhapsKept("it does not keep what it is given")

    def forget(self, user: str) -> bool:
        """Remove an entry; tells whether there was one."""

        def remove(backend: KeyringBackend) -> bool:
            try:
                there = backend.get_password(SERVICE, user) is not None
            except Exception:  # it may be there, and be removed unread
                there = True
            if there:
                backend.delete_password(SERVICE, user)
            return there

        self._read.pop(user, None)
        return self._ask(remove, PERSONAL_PATIENCE)

    def _ask(self, question: Callable[[KeyringBackend], _T], patience: float) -> _T:
        """The answer, or NoKeyring. One that never comes is left behind in its thread, which ends with the process."""
        if is_off():
            raise NoKeyring(f"{SWITCH} is off")
        with self._lock:
            if self._silent:
                raise NoKeyring(self._silent)
            answers: list[_T] = []
            problems: list[str] = []

            def ask() -> None:
                try:
                    answers.append(question(backend_of_system()))
                except Exception as error:  # whatever a backend raises: a run goes on without it
                    problems.append(_reason(error))

            thread = Thread(target=ask, name="keyring", daemon=True)
            thread.start()
            thread.join(patience)
            if answers:
                return answers[0]
            if not problems:
                self._silent = f"it gave no answer within {patience:g} seconds"
            raise NoKeyring(problems[0] if problems else self._silent)


@cache
def of_system() -> SystemKeyring:
    """The one of this process."""
    return SystemKeyring()


@cache
def backend_of_system() -> KeyringBackend:
    """The one that its owner chose for all programs, or the system's own; never a plain file that was only found."""
    _find_bus()
    from keyring import core
    from keyring.backends import fail, null

    core.init_backend(core.recommended)
    backend = core.get_keyring()
    if isinstance(backend, fail.Keyring | null.Keyring):
        raise NoKeyring("there is none here")
    return backend


def _find_bus() -> None:
    """Cron starts programs without the address of the session's bus, behind which the keyring is; it is well known."""
    if sys.platform == "linux" and "DBUS_SESSION_BUS_ADDRESS" not in os.environ:
        bus = Path(f"/run/user/{os.getuid()}/bus")
        if bus.exists():
            os.environ["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={bus}"


def _reason(error: Exception) -> str:
    """Why, without the error's own words: nobody knows what stands in them."""
    if isinstance(error, NoKeyring):
        return str(error)
    kinds = [kind.__name__ for kind in type(error).__mro__]
    if "NoKeyringError" in kinds:
        return "there is none here"
    if "KeyringLocked" in kinds:
        return "it is locked"
    if "InitError" in kinds:
        return "it can't be reached"
    return f"it failed ({kinds[0]})"
