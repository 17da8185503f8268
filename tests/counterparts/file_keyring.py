"""A keyring like those of systems, for `PYTHON_KEYRING_BACKEND`: its entries are in a file, and it has moods.

`KEYRING_FILE` is where, `KEYRING_MOOD` how it is: empty when all is well, else locked, broken, silent or forgetful;
unreadable takes entries and gives none, of which stuck does not even let any be removed.
"""

import json
import os
import time
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError


class Keyring(KeyringBackend):
    """Entries by service and user."""

    priority = 5

    def get_password(self, service: str, username: str) -> str | None:
        """The entry, or None."""
        if os.environ.get("KEYRING_MOOD") in {"unreadable", "stuck"}:
            raise ValueError(f"can't show {username}")
        return self._all(username).get(f"{service}|{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        """Write it."""
        everything = self._all(password)
        if os.environ.get("KEYRING_MOOD") != "forgetful":
            self._write({**everything, f"{service}|{username}": password})

    def delete_password(self, service: str, username: str) -> None:
        """Remove it."""
        if os.environ.get("KEYRING_MOOD") == "stuck":
            raise ValueError(f"can't remove {username}")
        everything = self._all(username)
        if everything.pop(f"{service}|{username}", None) is None:
            raise PasswordDeleteError(username)
        self._write(everything)

    def _all(self, about: str) -> dict[str, str]:
        with Path(os.environ["KEYRING_FILE"] + ".asked").open("a") as asked:
            asked.write(".")
        match os.environ.get("KEYRING_MOOD", ""):
            case "locked":
                raise KeyringLocked(f"locked: {about}")
            case "broken":
                raise ValueError(f"can't cope with {about}")
            case "silent":
                time.sleep(600)
        file = Path(os.environ["KEYRING_FILE"])
        return dict(json.loads(file.read_text())) if file.exists() else {}

    def _write(self, everything: dict[str, str]) -> None:
        Path(os.environ["KEYRING_FILE"]).write_text(json.dumps(everything))
