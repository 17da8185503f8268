"""Looks people up on the networks, so that nobody is named who is not there or does not want to be.

Effects: the networks, which are only read, and the state. Whoever can't be looked up is not named; nothing else comes
of that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from ledger.entry import Identity
from platforms.abilities import Directory, Graph, Profile, Witness
from platforms.errors import PlatformError, Unsupported
from syndicator import abreast, myself, stop, timebox
from syndicator.accounts import Account
from syndicator.credit import profiles
from syndicator.credit.profiles import Known
from syndicator.workspace import Workspace

#: So many people are looked up on one account in one run; the others wait for the next.
MOST = 40


def able(accounts: Iterable[Account]) -> list[Account]:
    """Those of the accounts that can look somebody up, and say whose they are: logged in, for nothing."""
    found = [each for each in accounts if not (each.missing or each.held or each.meter)]
    return [each for each in found if isinstance(each.adapter, Directory) and isinstance(each.adapter, Witness)]


def guides(accounts: Iterable[Account]) -> dict[str, str]:
    """The accounts that can look somebody up, each with its network."""
    return {each.name: each.table.platform for each in able(accounts)}


def look_up(
    space: Workspace, accounts: Sequence[Account], wanted: Iterable[Identity], bugs: list[Exception] | None = None
) -> bool:
    """Look up who is wanted, and before them who I am; remember what was found, and tell whether anything was.

    An account that fails is asked for nobody else. A bug of its adapter is kept in `bugs`, where there are any.
    """
    by_network: dict[str, list[Identity]] = {}
    everybody = dict.fromkeys(wanted)
    gone = space.book.forgotten.among(everybody)
    for who in (each for each in everybody if each not in gone):
        by_network.setdefault(who.network, []).append(who)
    guides = able(accounts)
    heard = myself.ask(space, guides, bugs)

    def ask_network(network: str) -> dict[Identity, Known]:
        found: dict[Identity, Known] = {}
        for account in guides:
            if account.table.platform == network and not myself.unasked(space.state, [account.name]):
                _ask_kindly(space, account, by_network[network], found, bugs)
        return found

    found = {who: known for part in abreast.each(ask_network, by_network) for who, known in part.items()}
    profiles.save(space.state, found, space.clock())
    return heard or bool(found)


def _ask_kindly(
    space: Workspace,
    account: Account,
    wanted: Sequence[Identity],
    found: dict[Identity, Known],
    bugs: list[Exception] | None,
) -> None:
    """`_ask`, keeping what goes wrong to itself."""
    try:
        _ask(space, account, wanted, found)
    except PlatformError:
        return
    except Exception as bug:
        if bugs is None:
            raise
        bug.add_note(f"while looking somebody up on {account.name}")
        bugs.append(bug)


def _ask(space: Workspace, account: Account, wanted: Sequence[Identity], found: dict[Identity, Known]) -> None:
    """Ask one account about whom no other told, and whether it and they have blocked each other.

    What was found before it failed stays found.
    """
    adapter, known_elsewhere = account.adapter, [who for who in wanted if who in found]
    assert isinstance(adapter, Directory)
    asked: dict[Identity, Profile | None] = {}
    failure: PlatformError | None = None
    left = [who for who in wanted if who not in found]
    try:
        for who in (*left[:MOST], *(known_elsewhere[:MOST] if isinstance(adapter, Graph) else ())):
            stop.check()
            if timebox.is_up():
                break
            asked[who] = adapter.profile(who.handle)
    except PlatformError as error:
        failure = error
    blocked = _blocked(adapter, asked)
    for who, profile in asked.items():
        if who not in found:
            found[who] = profiles.known(account.table.platform, profile, space.clock(), blocked=who in blocked)
        elif who in blocked:
            found[who] = msgspec.structs.replace(found[who], blocked=True)
    if failure:
        raise failure


def _blocked(adapter: Directory, asked: Mapping[Identity, Profile | None]) -> set[Identity]:
    """Those who blocked the account, or whom it blocked; nobody where the server can't tell."""
    ids = {who: profile.actor.id for who, profile in asked.items() if profile and profile.actor.id}
    if not ids or not isinstance(adapter, Graph):
        return set()
    try:
        relations = adapter.relations(list(ids.values()))
    except Unsupported:
        return set()
    return {who for who, each in ids.items() if each in relations and relations[each].blocked}
