"""Whether an account's login works, asked of its network. What `accounts --check` shows."""

from __future__ import annotations

import re
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


def explained(name: str, error: PlatformError, *, new: bool = False) -> str:
    """An error of an account that was asked who it is, as a sentence; with something to do where it names nothing.

    One that is `new` is in no settings yet, and is logged in by the command that adds it.
    """
    remedy = error.remedy
    if not remedy and isinstance(error, Unreachable):
        where = "" if new else f" in [accounts.{name}]"
        remedy = f"check the address{where} and your connection, or try again later"
    if new:
        remedy = re.sub(r"run `syndicator login [^`]*`(, or set .*)?", "run the same command again", remedy)
    return str(PlatformError(error.subject, error.problem, remedy))
