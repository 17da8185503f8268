"""Whether an account's login works, asked of its network. What `accounts --check` shows."""

from __future__ import annotations

from dataclasses import dataclass

from platforms.abilities import Witness
from platforms.errors import AuthFailed, OverBudget, PlatformError, RateLimited, Unreachable
from syndicator.accounts import Account, Holds

#: What is wrong with an account, in a word or two.
_WORDS: tuple[tuple[type[PlatformError], str], ...] = (
    (AuthFailed, "login fails"),
    (RateLimited, "wait"),
    (OverBudget, "no money"),
    (Unreachable, "unreachable"),
)


@dataclass(frozen=True, slots=True)
class Checked:
    """`handle` is who the network says the account is, `doubt` what it could not prove.

    `error` is a sentence with its remedy, and `state` a word or two for it; both are empty when all is well.
    """

    ok: bool
    handle: str = ""
    doubt: str = ""
    error: str = ""
    state: str = ""


def check_account(account: Account, holds: Holds) -> Checked:
    """Ask an account's network who it is. One that needs no login is well as it is.

    Whatever waited for a login that works is tried again then; how long a limit lasts, only its network can say.
    """
    if account.missing:
        return Checked(ok=False, error=account.missing, state="no credential")
    if not isinstance(account.adapter, Witness):
        return Checked(ok=True)
    try:
        profile = account.adapter.whoami()
    except PlatformError as error:
        state = next((words for kind, words in _WORDS if isinstance(error, kind)), "refused")
        return Checked(ok=False, error=explained(account.name, error), state=state)
    holds.release(account.name, limits=False)
    return Checked(ok=True, handle=profile.actor.handle, doubt=profile.doubt)


def explained(name: str, error: PlatformError) -> str:
    """An error of an account that was asked who it is, as a sentence; with something to do where it names nothing."""
    if error.remedy or not isinstance(error, Unreachable):
        return str(error)
    return f"{error} (check the address in [accounts.{name}] and your connection, or try again later)"
