"""Whether an account's login works, asked of its network. What `accounts --check` shows."""

from __future__ import annotations

from dataclasses import dataclass

from platforms.abilities import Witness
from platforms.errors import PlatformError
from syndicator.accounts import Account


@dataclass(frozen=True, slots=True)
class Checked:
    """`handle` is who the network says the account is; `error` a sentence with its remedy, empty when all is well."""

    ok: bool
    handle: str = ""
    error: str = ""


def check_account(account: Account) -> Checked:
    """Ask an account's network who it is. One that needs no login is well as it is."""
    if account.missing:
        return Checked(ok=False, error=account.missing)
    if not isinstance(account.adapter, Witness):
        return Checked(ok=True)
    try:
        profile = account.adapter.whoami()
    except PlatformError as error:
        return Checked(ok=False, error=str(error))
    return Checked(ok=True, handle=profile.actor.handle)
