"""What each server allows, by its own word: asked once a week and kept; till then, what is usual on its network.

A server that can't be asked keeps what it said before, and is asked again some hours later. Nobody is told of that: the
posts themselves will say what is wrong with the server.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from platforms.abilities import LimitsReader
from platforms.base import Limits
from platforms.errors import PlatformError
from syndicator.accounts import Account
from syndicator.settings import AccountTable
from syndicator.workspace import Workspace

if TYPE_CHECKING:
    from ledger.store.base import Store

COLLECTION = "limits"

#: For so long a server is taken at its word, and so long after it could not be asked it is asked again.
_HOLDS, _AGAIN = timedelta(days=7), timedelta(hours=6)


class _Asked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a server said of itself at `at`; both None while it never did. `tried` is when it was asked last.

    `credential` is the fingerprint of the account's, where that is what says which server it is.
    """

    tried: datetime
    credential: str = ""
    at: datetime | None = None
    limits: Limits | None = None

    def due(self, now: datetime) -> bool:
        """Whether to ask again. A time to come was written by a clock that was wrong."""
        return not timedelta() <= now - self.tried < (_HOLDS if self.at == self.tried else _AGAIN)


def known(store: Store, name: str, table: AccountTable, fingerprint: str) -> Limits | None:
    """What the server of the account `name` said that it allows; None when it never said anything.

    `fingerprint` is of the account's credential.
    """
    asked = _asked(store, _server(name, table), _credential(table, fingerprint))
    return asked.limits if asked else None


def due(space: Workspace, accounts: Iterable[Account]) -> list[Account]:
    """The accounts whose servers are to be asked again, one for each server."""
    now = space.clock()
    found = {_server(each.name, each.table): each for each in accounts if isinstance(each.adapter, LimitsReader)}
    asked = {server: _asked(space.state, server, _of(each)) for server, each in found.items()}
    return [each for server, each in found.items() if (before := asked[server]) is None or before.due(now)]


def ask(space: Workspace, account: Account) -> bool:
    """Ask one server and remember what it said; tell whether it allows something else now than before."""
    assert isinstance(account.adapter, LimitsReader)
    server, now = _server(account.name, account.table), space.clock()
    before = _asked(space.state, server, _of(account)) or _Asked(tried=now, credential=_of(account))
    try:
        after = _Asked(tried=now, at=now, limits=account.adapter.read_limits(), credential=_of(account))
    except PlatformError:
        after = msgspec.structs.replace(before, tried=now)
    _keep(space.state, {server: after}, {_server(*each) for each in space.settings.accounts.items()})
    return after.limits != before.limits


def _keep(store: Store, asked: Mapping[str, _Asked], wanted: Iterable[str]) -> None:
    """Store what was said, and forget the servers that no account is on any more."""
    with store.transaction():
        if gone := [server for server, _ in store.scan(COLLECTION) if server not in wanted]:
            store.delete(COLLECTION, gone)
        store.put_many(COLLECTION, {server: msgspec.to_builtins(each) for server, each in asked.items()})


def _asked(store: Store, server: str, credential: str) -> _Asked | None:
    """What a server said; nothing of it holds for another credential, where that says which server it is."""
    try:
        found = msgspec.convert(store.get(COLLECTION, server), _Asked | None)
    except msgspec.ValidationError:  # as an older version wrote it
        return None
    return found if found and found.credential == credential else None


def _server(name: str, table: AccountTable) -> str:
    """What an account is on: its server, or, where none is set, what its own credential leads to."""
    return f"{table.platform} {table.server.rstrip('/').lower() or name}"


def _credential(table: AccountTable, fingerprint: str) -> str:
    return "" if table.server else fingerprint


def _of(account: Account) -> str:
    return _credential(account.table, account.fingerprint)
