"""Who I am on each network: by the settings, and by what a login answered when it was asked whose it is.

Kept for good and asked again weekly, so that I am never taken for somebody else. Effects: the networks, which are only
read, and the state. An account that costs money to ask is known by its `handle` in the settings alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from ledger.entry import Identity
from ledger.store.base import StoreError
from platforms.abilities import Directory, Witness
from platforms.base import Actor, Reporter
from platforms.errors import PlatformError
from syndicator import abreast, stop, timebox, urls
from syndicator.reported import identity_of
from syndicator.settings import Settings
from syndicator.workspace import Workspace

if TYPE_CHECKING:
    from ledger.store.base import Store
    from syndicator.accounts import Account

COLLECTION = "myself"

#: So long an answer is good; after that it still holds until there is another.
_GOOD = timedelta(days=7)


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whose login an account's is: every identity of mine that was told at `at`. `fingerprint` is the login's."""

    at: datetime
    fingerprint: str = ""
    who: tuple[str, ...] = ()


def mine(settings: Settings, store: Store) -> frozenset[Identity]:
    """Every identity of mine: my sites, the handles of the settings, and who my logins are."""
    found = {Identity("web", site) for site in map(urls.site_of, settings.me.sites) if site}
    for name, table in settings.accounts.items():
        told = identity_of(Actor(table.handle), table.platform) if table.handle else None
        found |= {told} if told else set()
        answer = _answer(store, name)
        found |= {_identity(who) for who in answer.who} if answer else set()
    return frozenset(found)


def recognised(settings: Settings, store: Store) -> Callable[[Identity], bool]:
    """What tells whether an identity is mine: one of `mine`, a page of my sites, the Bluesky handle of my domain."""
    known = mine(settings, store)

    def is_me(who: Identity) -> bool:
        if who in known or (who.network == "bluesky" and Identity("web", who.handle) in known):
            return True
        return who.network == "web" and urls.same_site(who.handle, settings.me.sites)

    return is_me


def unasked(store: Store, accounts: Iterable[str]) -> tuple[str, ...]:
    """Those of the accounts of which it was never heard who I am there."""
    return tuple(name for name in accounts if _answer(store, name) is None)


def ask(space: Workspace, accounts: Iterable[Account], bugs: list[Exception] | None = None) -> bool:
    """Ask the accounts that tell of people whose they are, where that is not known or long ago; tell whether any did.

    One that fails, or that the time does not reach, is asked the next time. A bug of an adapter is kept in `bugs`,
    where there are any. Raises Stopped before an account.
    """

    def ask_one(account: Account) -> bool:
        assert isinstance(account.adapter, Witness)
        stop.check()
        if timebox.is_up():
            return False
        try:
            _keep(space, account, account.adapter.whoami().actor)
        except PlatformError:
            return False
        except Exception as bug:
            if bugs is None or isinstance(bug, StoreError):
                raise
            bug.add_note(f"while asking {account.name} whose it is")
            bugs.append(bug)
            return False
        return True

    return any(abreast.each(ask_one, [account for account in accounts if _is_to_be_asked(space, account)]))


def _is_to_be_asked(space: Workspace, account: Account) -> bool:
    able = isinstance(account.adapter, Witness) and isinstance(account.adapter, (Directory, Reporter))
    if not able or account.missing or account.held or account.meter:
        return False
    before = _answer(space.state, account.name)
    if before is None or before.fingerprint != account.fingerprint:
        return True
    return abs(space.clock() - before.at) >= _GOOD


def _keep(space: Workspace, account: Account, me: Actor) -> None:
    """Remember who I am there, by handle and by the id that stays; forget accounts that the settings no longer have."""
    network = account.table.platform
    ids = (me, Actor(me.id)) if me.id.startswith("did:") else (me,)
    who = dict.fromkeys(str(found) for each in ids if (found := identity_of(each, network)))
    answer = Answer(at=space.clock(), fingerprint=account.fingerprint, who=tuple(who))
    with space.state.transaction():
        if gone := [name for name, _ in space.state.scan(COLLECTION) if name not in space.settings.accounts]:
            space.state.delete(COLLECTION, gone)
        space.state.put(COLLECTION, account.name, msgspec.to_builtins(answer))


def _answer(store: Store, name: str) -> Answer | None:
    document = store.get(COLLECTION, name)
    return msgspec.convert(document, Answer) if document else None


def _identity(written: str) -> Identity:
    network, _, handle = written.partition(":")
    return Identity(network, handle)
