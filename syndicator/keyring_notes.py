"""Which accounts have an entry in the system's keyring, noted in `keyring.json` in the data folder. No secret is in it.

Who has no entry there never waits for a keyring, and one that can't be asked is told from one that was never used.
"""

from __future__ import annotations

from pathlib import Path
from secrets import token_hex

import msgspec

from syndicator.files import replace_file

FILE = "keyring.json"


class Notes(msgspec.Struct, frozen=True):
    """`installation` tells these entries from those of another data folder under the same user.

    `left` are accounts whose entries are read no more, and may still be there: they could not be removed.
    """

    installation: str
    accounts: tuple[str, ...] = ()
    left: tuple[str, ...] = ()

    def user(self, account: str) -> str:
        """What the entry of an account is called."""
        return f"{account} {self.installation}"

    def with_account(self, account: str) -> Notes:
        """The notes with one more account."""
        accounts = tuple(dict.fromkeys((*self.accounts, account)))
        return Notes(self.installation, accounts, _without(self.left, account))

    def without(self, account: str, *, left: bool = False) -> Notes:
        """The notes without an account, or with what is `left` of it."""
        others = _without(self.left, account)
        return Notes(self.installation, _without(self.accounts, account), (*others, account) if left else others)


def _without(accounts: tuple[str, ...], account: str) -> tuple[str, ...]:
    return tuple(each for each in accounts if each != account)


def load(data_folder: Path) -> Notes:
    """The notes; where there are none, or none of use, they begin anew."""
    try:
        return msgspec.json.decode((data_folder / FILE).read_bytes(), type=Notes)
    except (OSError, msgspec.DecodeError):
        return Notes(token_hex(4))


def save(data_folder: Path, notes: Notes) -> None:
    """Write them. Raises OSError."""
    replace_file(data_folder / FILE, msgspec.json.encode(notes), mode=0o600)
