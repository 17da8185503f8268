"""In which order people are shown: what is open, how near they are, how long it waits, whether it is time. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import fsum

import msgspec

from ledger.entry import Identity
from ledger.people import Person
from ledger.rules import Rules
from ledger.suggestion import Offer

#: Affinity of everybody, and of those who are read or have a role; and how far what they write about moves it.
_STRANGER, _PEER = 1.0, 1.25
_LEAST, _MOST = 0.5, 1.5


class Ranking(msgspec.Struct, frozen=True):
    """Why somebody is where they are in the list.

    `open` in points, never below 0; `nearness` is 1.25 for those who are read or tagged, `topics` what their recent
    work makes of it (0.5 to 1.5); their product, within the same bounds, is `affinity`. `urgency` goes from 1 to 2.
    `available` is 0 while nothing should be done for them.
    """

    open: float = 0.0
    nearness: float = _STRANGER
    topics: float = 1.0
    urgency: float = 1.0
    available: int = 0

    @property
    def affinity(self) -> float:
        """From 0.5 to 1.5: how near they are."""
        return min(max(self.nearness * self.topics, _LEAST), _MOST)

    @property
    def value(self) -> float:
        """The rank: the product of it all."""
        return self.open * self.affinity * self.urgency * self.available


#: Of those to whom nothing is owed.
NOWHERE = Ranking()


def rank(
    person: Person,
    balance: float,
    since: datetime | None,
    now: datetime,
    rules: Rules,
    offers: Mapping[Identity, Sequence[Offer]],
    *,
    available: bool,
) -> Ranking:
    """Rank one person's balance, of which the oldest open favour is of `since`."""
    is_read = any(who in offers for who in person.identities if who.network == "web")
    looked_at = [offer.topics for who in person.identities for offer in offers.get(who, ()) if offer.topics is not None]
    return Ranking(
        open=max(balance, 0.0),
        nearness=_PEER if person.roles or is_read else _STRANGER,
        topics=0.5 + fsum(looked_at) / len(looked_at) if looked_at else 1.0,
        urgency=_urgency(person, since, now, rules),
        available=int(available),
    )


def _urgency(person: Person, since: datetime | None, now: datetime, rules: Rules) -> float:
    """1 for a fresh debt, rising to 2 over the person's cadence."""
    cadence = rules.cadence if person.cadence_days is None else timedelta(days=person.cadence_days)
    if since is None or cadence <= timedelta():
        return 1.0 if since is None else 2.0
    return 1.0 + min(1.0, (now - since) / cadence)
