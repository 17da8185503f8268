"""Looks people up on the networks, so that nobody is named who is not there or does not want to be.

Effects: the networks, which are only read, and the state. Whoever can't be looked up is not named; nothing else comes
of that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ledger.entry import Identity
from platforms.abilities import Directory, Witness
from platforms.errors import PlatformError
from syndicator.accounts import Account
from syndicator.credit import profiles
from syndicator.credit.desk import ME
from syndicator.credit.profiles import Known
from syndicator.workspace import Workspace

#: So many people are looked up on one account in one run; the others wait for the next.
MOST = 40


def able(accounts: Iterable[Account]) -> list[Account]:
    """Those of the accounts that can look somebody up: logged in, and on a network that has a way to."""
    return [each for each in accounts if isinstance(each.adapter, Directory) and not (each.missing or each.held)]


def networks(accounts: Iterable[Account]) -> frozenset[str]:
    """Where somebody can be looked up."""
    return frozenset(each.table.platform for each in able(accounts))


def look_up(
    space: Workspace, accounts: Sequence[Account], wanted: Iterable[Identity], bugs: list[Exception] | None = None
) -> bool:
    """Look up who is wanted, and remember what was found; tell whether anything was.

    An account that fails is asked for nobody else. A bug of its adapter is kept in `bugs`, where there are any.
    """
    open_ones: dict[str, list[Identity]] = {}
    for who in dict.fromkeys(wanted):
        open_ones.setdefault(who.network, []).append(who)
    found: dict[Identity, Known] = {}
    for account in able(accounts):
        asked = open_ones.get(account.table.platform, ())
        left = [who for who in asked if who not in found][:MOST]
        if not left:
            continue
        try:
            _ask(space, account, left, found)
        except PlatformError:
            continue
        except Exception as bug:
            if bugs is None:
                raise
            bug.add_note(f"while looking somebody up on {account.name}")
            bugs.append(bug)
    profiles.save(space.state, found, space.clock())
    return bool(found)


def _ask(space: Workspace, account: Account, wanted: Sequence[Identity], found: dict[Identity, Known]) -> None:
    """Ask one account, first of all who I am there; what was found before it failed stays found."""
    adapter, now, network = account.adapter, space.clock(), account.table.platform
    me = Identity(ME, account.name)
    if isinstance(adapter, Witness) and me not in profiles.load(space.state, now):
        found[me] = profiles.known(network, adapter.whoami(), now)
    assert isinstance(adapter, Directory)
    for who in wanted:
        found[who] = profiles.known(network, adapter.profile(who.handle), now)
