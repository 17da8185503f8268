"""What a suggestion is on a network, done to whom, and with which of my accounts. Pure; no account is opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ledger.entry import Entry, Identity
from ledger.people import Person
from ledger.steps import site_of
from ledger.suggestion import Suggestion
from ledger.who import profile_url
from platforms.base import Actor
from syndicator.reported import identity_of

if TYPE_CHECKING:
    from ledger.owe import Debt
    from platforms.abilities import Act
    from syndicator.settings import AccountTable

#: What each suggested act is on a network.
_ON_NETWORKS: Mapping[str, Act] = {"boost": "boost", "recommend": "endorse", "answer": "reply", "thank": "reply"}


def whom(person: Person, suggestion: Suggestion, favour: Entry | None) -> Identity:
    """Which of a person's identities a suggestion is about: whoever did the favour, else theirs on its network."""
    did = (favour.identity,) if favour else ()
    return next((who for who in did + person.identities if who.network == suggestion.on), (did + person.identities)[0])


def act_of(suggestion: Suggestion, who: Identity) -> Act | None:
    """What a suggestion is on a network, if it is known what it is done to.

    None for what is done on the web, and where only a profile is known: that can be endorsed, not boosted or answered.
    """
    act = _ON_NETWORKS.get(suggestion.act) if suggestion.on != "web" else None
    is_profile = suggestion.url == profile_url(who)
    return act if suggestion.url and (act == "endorse" or not is_profile) else None


def account_of(debt: Debt, entry: Callable[[str], Entry | None], tables: Mapping[str, AccountTable]) -> str:
    """The account that carries out what is suggested; "" where none does, or a person has to choose one.

    `entry` gives the ledger's entry of a key.
    """
    suggestion = debt.suggestion
    if suggestion is None:
        return ""
    favour = entry(suggestion.returns) if suggestion.returns else None
    who = whom(debt.person, suggestion, favour)
    return account_for(favour, suggestion.on, who, tables) if act_of(suggestion, who) else ""


def account_for(favour: Entry | None, network: str, whom: Identity, tables: Mapping[str, AccountTable]) -> str:
    """The account on a network that answers a favour of somebody's; "" where there is none, or no telling which.

    The one that heard of it; else the one on whose page it was done; else the one that lives on their server; else the
    only one there is.
    """
    there = {name: table for name, table in tables.items() if table.platform == network}
    if favour and favour.account in there:
        return favour.account
    where = favour.my_url if favour else ""
    server = whom.handle.partition("@")[2] if whom.network == "mastodon" else ""
    fits: tuple[Callable[[AccountTable], bool], ...] = (
        lambda table: _is_of(where, table),
        lambda table: bool(where) and _host(where) == _host(table.server),
        lambda table: bool(server) and server == _host(table.server),
        lambda table: True,
    )
    for fit in fits:
        fitting = [name for name, table in there.items() if fit(table)]
        if len(fitting) == 1:
            return fitting[0]
    return ""


def _is_of(page: str, table: AccountTable) -> bool:
    """Whether a page is one of the account that has this handle in the settings."""
    me = identity_of(Actor(table.handle), table.platform) if table.handle else None
    profile = profile_url(me) if me else ""
    return bool(page and profile) and site_of(page) == site_of(profile)


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc.lower()
    except ValueError:
        return ""
