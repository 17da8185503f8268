"""The networks that exist, and the accounts of the settings opened on them. Nothing here posts or collects.

This is the only module that knows which networks there are; an adapter is imported when an account uses it.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from typing import Any

from platforms.abilities import LimitsReader
from platforms.base import FREE, Limits, Login, Publisher
from platforms.errors import new_login
from syndicator import logs, secrets, server_limits
from syndicator.accounts import Account, Holds
from syndicator.meter import MonthlyMeter
from syndicator.settings import AccountTable, SettingsError
from syndicator.workspace import Workspace

#: Every network: what the settings call it, and where its adapter is. Loaded when an account uses it.
ADAPTERS = {
    "apprise": "platforms.apprise:Apprise",
    "bluesky": "platforms.bluesky:Bluesky",
    "hackernews": "platforms.hackernews:HackerNews",
    "linkblog": "platforms.linkblog:Linkblog",
    "lobsters": "platforms.lobsters:Lobsters",
    "mastodon": "platforms.mastodon:Mastodon",
    "memory": "platforms.memory:Memory",
    "micropub": "platforms.micropub:Micropub",
    "webmention.io": "platforms.webmention_io:WebmentionIo",
    "x": "platforms.x:X",
}


def limits_of(space: Workspace) -> dict[str, Limits]:
    """What the network of each account that publishes allows; no keyring is asked where no credential tells it."""
    opened = (open_account(space, name, only_limits=True) for name in space.settings.accounts)
    return {account.name: account.limits for account in publishing(opened)}


def publishing(accounts: Iterable[Account]) -> list[Account]:
    """Those of the accounts where posts can go."""
    return [account for account in accounts if account.publishes]


def accounts_to_share_on(space: Workspace, names: Iterable[str]) -> list[Account]:
    """The accounts of these names, or all that publish. SettingsError for one that can't publish."""
    chosen = [open_account(space, name) for name in names]
    for account in chosen:
        if not account.publishes:
            raise SettingsError(f"{account.name} is a {account.table.platform} account: nothing can be shared there")
    return chosen or publishing(open_accounts(space))


def open_accounts(space: Workspace) -> list[Account]:
    """Every account of the settings with its adapter, not yet logged in."""
    return [open_account(space, name) for name in space.settings.accounts]


def open_account(space: Workspace, name: str, *, only_limits: bool = False) -> Account:
    """One account with its adapter. SettingsError for an account, a network or an option that isn't there.

    With `only_limits` it may come without its credential.
    """
    settings = space.settings
    if name not in settings.accounts:
        known = ", ".join(settings.accounts) or "none yet"
        raise SettingsError(f"{settings.path}: no account {name!r}; accounts: {known}")
    table = settings.accounts[name]
    adapter = adapter_class(table.platform, f"{settings.path}: [accounts.{name}]")
    for key in getattr(adapter, "needs", ()):
        if not getattr(table, key):
            raise SettingsError(f"{settings.path}: [accounts.{name}] needs the key `{key}` for {table.platform}")
    found = secrets.Found({}) if only_limits and _tells_limits(table, adapter) else _credential(space, name, adapter)
    secret = found.parts
    fingerprint = secrets.fingerprint(secret)
    sessions = secrets.Sessions(settings.data_folder)
    meter = _meter(space, name, table, adapter)
    login = Login(
        account=name,
        options=_options(space, table),
        secrets=secret,
        timeout=settings.fetch.timeout.total_seconds(),
        recall=lambda: sessions.recall(name),
        keep=lambda session: sessions.keep(name, session),
        meter=meter or FREE,
        limits=server_limits.known(space.state, name, table, fingerprint),
    )
    opened = adapter(login)
    if isinstance(opened, Publisher) and (problem := _unsuited(table, opened)):
        raise SettingsError(f"{settings.path}: [accounts.{name}] {problem}")
    holds, now = Holds(space.state), space.clock()
    held, unread = holds.reason(name, fingerprint, now), holds.unread(name, fingerprint, now)
    return Account(name, table, opened, fingerprint, held, _missing(name, adapter, found), meter, unread)


def _credential(space: Workspace, name: str, adapter: type[Any]) -> secrets.Found:
    """What the account logs in with; the log never shows it."""
    found = secrets.find(name, space.settings.data_folder, needed=getattr(adapter, "credential", ()))
    logs.hide(*found.parts.values())
    return found


def _tells_limits(table: AccountTable, adapter: type[Any]) -> bool:
    """Whether what the account may do is known without its credential: by its network, or by the server it names."""
    return bool(table.server) or not issubclass(adapter, LimitsReader)


def _unsuited(table: AccountTable, adapter: Publisher) -> str:
    """What an account's settings ask of its network that it can't do; "" for nothing."""
    limits, offered = adapter.limits, getattr(adapter, "visibilities", ("public",))
    if table.visibility not in offered:
        only = " or ".join(f'"{each}"' for each in offered)
        return f'has visibility = "{table.visibility}", which {table.platform} can\'t give a post; it can be {only}'
    if table.template and "{url}" not in table.template and limits.card != "client":
        return "has a template that leaves out {url}: nobody could follow"
    if table.content_warning and not limits.warnings:
        return f"has a content_warning, which {table.platform} can't hide a post behind"
    return ""


def _meter(space: Workspace, name: str, table: AccountTable, adapter: type[Any]) -> MonthlyMeter | None:
    """What keeps the account's spending; None where nothing costs anything."""
    limits = getattr(adapter, "limits", None)  # of some networks each server has its own, and none has a price
    if not (isinstance(limits, Limits) and limits.charges):
        return None
    return MonthlyMeter(space.state, name, table.monthly_budget_usd, space.clock, closed=space.scratch)


def with_credential(space: Workspace, name: str, credential: Mapping[str, str], sessions: dict[str, str]) -> Any:
    """The adapter of an account as if `credential` were its own; what it wants kept of its session goes to `sessions`.

    For trying a credential before it is kept.
    """
    account = open_account(space, name)
    logs.hide(*credential.values())
    login = Login(
        account=name,
        options=_options(space, account.table),
        secrets=credential,
        timeout=space.settings.fetch.timeout.total_seconds(),
        recall=lambda: sessions.get(name),
        keep=lambda session: sessions.update({name: session}),
        meter=account.meter or FREE,
    )
    return adapter_class(account.table.platform, "")(login)


def _missing(name: str, adapter: type[Any], found: secrets.Found) -> str:
    """What to set before an account can log in; empty when its credential is whole."""
    parts = [part for part in getattr(adapter, "credential", ()) if part not in found.parts]
    if not parts:
        return ""
    return f"{found.trouble or 'no credential yet'}; {new_login(name, *parts)}"


def adapter_class(platform: str, where: str) -> type[Any]:
    """The adapter of a network, imported now. `where` names the place in the settings for the error."""
    if platform not in ADAPTERS:
        raise SettingsError(f"{where} has the unknown platform {platform!r}; choose one of: {', '.join(ADAPTERS)}")
    module, _, attribute = ADAPTERS[platform].partition(":")
    found: type[Any] = getattr(importlib.import_module(module), attribute)
    return found


def _options(space: Workspace, table: AccountTable) -> dict[str, Any]:
    """The account's own settings as adapters read them, paths made absolute."""
    me = space.settings.me
    keys = ("server", "handle", "title", "url", "domain", "blogroll")
    given: dict[str, Any] = {key: getattr(table, key) for key in keys if getattr(table, key)}
    paths = {
        key: str(space.settings.beside(getattr(table, key)).absolute())
        for key in ("folder", "file")
        if getattr(table, key)
    }
    mine = {"author": me.name, "language": me.language, "timezone": str(me.timezone), "sites": list(me.sites)}
    return {**mine, "syndicate_to": list(table.syndicate_to), **given, **paths}
