"""Whom to reciprocate: everybody's settled account, ranked, with what to do next for the first few. Pure.

The arithmetic is in `settle`, the table of returns in `suggest`. Showing and storing are left to others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Literal, cast

import msgspec
from msgspec.structs import replace

from ledger.doings import Doings, reaches_out, spoken_to
from ledger.entry import Entry, Identity, Kind
from ledger.memory import Memory
from ledger.people import People, Person
from ledger.quick import Written
from ledger.rank import NOWHERE, Ranking, rank
from ledger.remainder import Remainder
from ledger.rules import Rules
from ledger.settle import remain, settle
from ledger.settlement import Settlement, Tally
from ledger.sheaves import Sheaf, Sheaves
from ledger.steps import Known
from ledger.suggest import Act, Offer, Suggestion, choose_offers, site_of, suggest

Standing = Literal["owe", "even", "ahead"]
Waiting = Literal["", "cooldown", "snoozed", "muted", "opted out"]

_NO_OFFERS: Mapping[Identity, Sequence[Offer]] = {}


class Debt(msgspec.Struct, frozen=True):
    """One person's account with me as of now. Points; times are aware.

    `received` and `given` count acts by kind. `open` is the balance (negative: I am ahead), `since` the time of the
    oldest favour not returned. `ranking` orders the list and is 0 while `waiting` says why nothing should be done.
    """

    person: Person
    received: Mapping[Kind, int]
    given: Mapping[Kind, int]
    open: float
    since: datetime | None
    standing: Standing
    ranking: Ranking = NOWHERE
    waiting: Waiting = ""
    suggestion: Suggestion | None = None

    @property
    def rank(self) -> float:
        """The higher, the sooner it is their turn."""
        return self.ranking.value


class _Account(msgspec.Struct, eq=False):
    """Everything known about one person while owing is worked out."""

    person: Person
    sheaves: list[Sheaf] = []
    acts: list[Act] = []

    @property
    def entries(self) -> Iterable[Entry]:
        return chain.from_iterable(sheaf.entries for sheaf in self.sheaves)

    @property
    def told(self) -> Iterable[Entry]:
        """The same, not all of them as values: as good for settling where no line is wanted."""
        return cast("Iterable[Entry]", chain.from_iterable(sheaf.told for sheaf in self.sheaves))

    @property
    def given(self) -> Iterable[Written | Entry]:
        return chain.from_iterable(sheaf.given for sheaf in self.sheaves)

    @property
    def pardons(self) -> dict[Identity, datetime]:
        """Until when each identity's debts were forgiven by hand."""
        forgiven = sorted((act for act in self.acts if act.act == "forgive"), key=lambda act: act.at)
        return {act.identity: act.at for act in forgiven}


def owe(
    people: People,
    entries: Iterable[Entry] | Sheaves,
    now: datetime,
    rules: Rules,
    offers: Mapping[Identity, Sequence[Offer]] = _NO_OFFERS,
    acts: Iterable[Act] = (),
    limit: int | None = None,
    memory: Memory | None = None,
) -> tuple[Debt, ...]:
    """Everybody with an entry by `now`, highest rank first; auto-sharers never appear.

    Suggestions go to those I owe until `limit` (by default the rules' number a day) is reached, counting what was done
    on the day of `now` in its own time zone. `offers` holds every site that is read, even without an article to offer.
    With a `memory` (of the same rules) only those are reckoned of whom something is new; for entries out of a store.
    """
    accounts = _open_accounts(people, Sheaves.bound(entries), [act for act in acts if act.at <= now])
    owing = []
    for account in accounts:
        if account.person.is_automatic:
            continue
        sums = _remainder(account, now, rules, memory).tally(now, rules)
        if sums.received or sums.given:
            owing.append((_debt(account, sums, now, rules, offers), account))
    owing.sort(key=lambda pair: (-pair[0].rank, -pair[0].open, pair[0].person.name, pair[0].person.id))
    return _with_suggestions(owing, accounts, now, rules, offers, limit)


def explain(
    person: Person,
    entries: Iterable[Entry] | Sheaves,
    now: datetime,
    rules: Rules,
    acts: Iterable[Act] = (),
    offers: Mapping[Identity, Sequence[Offer]] = _NO_OFFERS,
) -> tuple[Settlement, Ranking]:
    """One person's balance, line by line, and their rank, as `owe` reckons both. Others' entries are ignored."""
    own = frozenset(person.identities)
    account = _Account(
        person,
        [sheaf for _, sheaf in Sheaves.bound(entries).about(person.identities).items()],
        [act for act in acts if act.identity in own and act.at <= now],
    )
    settlement = _settle(account, now, rules)
    since = min((line.entry.when for line in settlement.open), default=None)
    available = not (_waiting(account, now, rules) or person.is_automatic)
    return settlement, rank(person, settlement.balance, since, now, rules, offers, available=available)


def lift(debts: Iterable[Debt], cap: float, threshold: float) -> dict[Identity, float]:
    """How much being owed adds to the score of a site's articles: cap × open / (open + threshold), always below cap.

    A debt at the threshold gives half the cap. Only for people I owe and for whom something may be done now.
    """
    return {
        who: cap * debt.open / (debt.open + threshold)
        for debt in debts
        if debt.standing == "owe" and not debt.waiting
        for who in debt.person.identities
        if who.network == "web"
    }


def _open_accounts(people: People, sheaves: Sheaves, acts: Sequence[Act]) -> list[_Account]:
    """One account for each person; looks a person up once for each identity, not for each entry."""
    of_identity: dict[Identity, _Account] = {}
    of_person: dict[str, _Account] = {}

    def account(who: Identity) -> _Account:
        person = people.of(who)
        found = of_identity[who] = of_person.setdefault(person.id, _Account(person))
        return found

    for who, sheaf in sheaves.items():
        account(who).sheaves.append(sheaf)
    for act in acts:
        (of_identity.get(act.identity) or account(act.identity)).acts.append(act)
    return list(of_person.values())


def _remainder(account: _Account, now: datetime, rules: Rules, memory: Memory | None) -> Remainder:
    credibility, pardons = account.person.credibility, account.pardons

    def reckon() -> Remainder:
        return remain(account.told, now, rules, credibility=credibility, pardons=pardons)

    texts = chain.from_iterable(sheaf.texts for sheaf in account.sheaves)
    return memory.recall(texts, credibility, pardons, now.timestamp(), reckon) if memory else reckon()


def _settle(account: _Account, now: datetime, rules: Rules) -> Settlement:
    return settle(account.entries, now, rules, credibility=account.person.credibility, pardons=account.pardons)


def _debt(
    account: _Account, sums: Tally, now: datetime, rules: Rules, offers: Mapping[Identity, Sequence[Offer]]
) -> Debt:
    person, balance, since = account.person, sums.balance, sums.since
    waiting = _waiting(account, now, rules)
    standing: Standing = "owe" if balance > rules.threshold else "ahead" if balance < -rules.threshold else "even"
    ranking = rank(person, balance, since, now, rules, offers, available=not waiting)
    return Debt(person, sums.received, sums.given, balance, since, standing, ranking, waiting)


def _waiting(account: _Account, now: datetime, rules: Rules) -> Waiting:
    person = account.person
    if person.opted_out:
        return "opted out"
    if person.muted:
        return "muted"
    if person.snoozed_until is not None and now < person.snoozed_until:
        return "snoozed"
    last = _last_act(account, now)
    return "cooldown" if last is not None and now - last < rules.cooldown else ""


def _last_act(account: _Account, now: datetime) -> datetime | None:
    given = (when for entry in account.given if (when := entry.when) <= now)
    return max(chain(given, (act.at for act in account.acts if reaches_out(act))), default=None)


def _with_suggestions(
    owing: Sequence[tuple[Debt, _Account]],
    accounts: Sequence[_Account],
    now: datetime,
    rules: Rules,
    offers: Mapping[Identity, Sequence[Offer]],
    limit: int | None,
) -> tuple[Debt, ...]:
    """Fill in suggestions from the top, so many a day and never one site twice."""
    acts = [act for account in accounts for act in account.acts]
    done = Doings.of(acts, chain.from_iterable(account.given for account in accounts), now)
    left = (rules.suggestions_per_day if limit is None else limit) - done.today
    sites = set(done.sites)
    debts = []
    for debt, account in owing:
        suggestion = None
        if debt.standing == "owe" and debt.waiting == "cooldown":
            suggestion = Suggestion(
                "wait", "", "", "", "", f"something was done for them within {rules.cooldown.days} days"
            )
        elif debt.standing == "owe" and not debt.waiting and left > 0:
            theirs = [offer for who in debt.person.identities for offer in offers.get(who, ())]
            chosen = choose_offers(theirs, now, rules.offer_age, done.gone)
            said = spoken_to(account.given, now)
            known = Known(debt.person, now, chosen, offers.keys(), sites, done.gone, done.acted, said)
            suggestion = suggest(_settle(account, now, rules).open, known)
            if suggestion.act != "wait":
                left -= 1
                if suggestion.on == "web":  # people of one server of a network are no one site
                    sites.add(site_of(suggestion.url))
        debts.append(replace(debt, suggestion=suggestion) if suggestion else debt)
    return tuple(debts)
