"""Follow-friday posts: who did most for me lately, each praised in a post with a reason that the ledger knows.

Effects: looking people up and at their pages. Whoever is praised is called by their handle only where a share of their
article might call them as well; everybody else is named in words, with a link to meet them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

import msgspec

from ledger.entry import Direction, Identity, Kind
from ledger.people import Person
from ledger.thanks import Praise, praises
from ledger.who import profile_url
from platforms.base import Draft
from syndicator import gratitude, urls
from syndicator.accounts import Account
from syndicator.articles import Article
from syndicator.compose import TooLong, compose, template_of
from syndicator.credit import lookup
from syndicator.credit.acquaintance import Acquaintance, too_soon
from syndicator.credit.belief import doubt_of_profile
from syndicator.credit.desk import Desk, acquaintance, open_desk
from syndicator.credit.mentions import mention
from syndicator.linkcheck import lookout
from syndicator.outbox import Outbox
from syndicator.sources.base import SourceKind
from syndicator.thanking import CAME_TO_NOTHING, Made, Words, left_out, made
from syndicator.times import fridays_from
from syndicator.workspace import Workspace

#: Nobody is praised twice within this, on whatever account.
AGAIN = timedelta(days=60)
#: So many more people are looked up than are praised, since some of them may want to be left alone.
_SPARE = 5
#: So many Fridays are looked at for a free time.
_AHEAD = 5
_MINE: SourceKind = "own"
_NOTE: SourceKind = "notes"


@dataclass(frozen=True, slots=True)
class _Told:
    """One person to praise, and where to meet them; "" for nowhere."""

    praise: Praise
    link: str


def fridays(space: Workspace, accounts: Sequence[Account], since: datetime, limit: int) -> Made:
    """A post on each account for each of the people who did most since then, at most `limit` of them, for a Friday."""
    guides = lookup.guides(accounts)
    known = acquaintance(space, guides)
    likely = _praised(space, since, limit + _SPARE, known)
    handles = [who for each in likely for who in each.person.identities if mention(who)]
    unknown = [who for who in handles if who.network in known.networks and known.of(who) is None]
    if unknown or known.unasked:
        lookup.look_up(space, accounts, unknown)
    desk = open_desk(space, (), {}, guides)
    told = [_Told(each, _link(space, each.person)) for each in _praised(space, since, limit, desk.known)]
    days = tuple(islice(fridays_from(space.clock(), space.settings.me.timezone), _AHEAD))

    def said(account: Account) -> Iterator[Words | str]:
        for each in told:
            try:
                yield _words(each, account, desk, days[0][0])
            except TooLong as error:
                yield str(error)

    return made(space, accounts, said, days)


def _praised(space: Workspace, since: datetime, limit: int, known: Acquaintance) -> tuple[Praise, ...]:
    """Who is praised, without those who were not long ago, or whom I named in public by other means."""
    people, entries, now = space.book.people(), space.book.entries(), space.clock()
    named = {
        people.of(entry.identity).id
        for entry in entries
        if entry.direction is Direction.GIVEN and entry.kind is Kind.QUOTE and now - entry.when < AGAIN
    }
    for post in Outbox(space.state):
        if post.favour == Kind.QUOTE and post.state not in CAME_TO_NOTHING and now - post.happened < AGAIN:
            named |= {people.of(_identity(who)).id for who in post.people}
    leave = left_out(space, known)
    return praises(people, entries, since, now, space.rules, limit=limit, named=named, left_out=leave)


def _link(space: Workspace, person: Person) -> str:
    """Where to meet somebody: their site unless its page is dead, else a profile."""
    sites = [profile_url(who) for who in person.identities if who.network == "web"]
    for url in map(urls.canonical, filter(urls.is_web, sites)):
        page = lookout.page_at(space, url)
        if page is None or page.verdict != "dead":
            return url
    return next((url for who in person.identities if who.network != "web" and (url := profile_url(who))), "")


def _words(told: _Told, account: Account, desk: Desk, when: datetime) -> Words:
    """One person praised on one account. TooLong if not even the shortest reason fits."""
    person = told.praise.person
    called = _called(person, account, desk, when)
    live = mention(Identity(called.network, _handle(called, desk.known))) if called else ""
    link = "" if called and told.link == profile_url(called) else told.link
    draft = _composed(told.praise, link, live, account)
    who = called or told.praise.reasons[0][1].latest.identity
    if not called or live not in draft.text:
        return Words("Follow Friday", Kind.QUOTE, (who,), draft)
    names = tuple(map(str, dict.fromkeys((called, *person.identities))))
    return Words("Follow Friday", Kind.QUOTE, (who,), draft, names, live)


def _composed(praise: Praise, link: str, live: str, account: Account) -> Draft:
    """The fullest words that fit with the link and the mention; failing that, what is left of the shortest."""
    table = msgspec.structs.replace(account.table, template="", picture="none")
    name, at = gratitude.shown(praise.person), praise.reasons[0][1].latest.recorded
    *fuller, shortest = gratitude.friday(praise)
    for said in (*fuller, shortest):
        title = name if link else "\n".join(filter(None, (said, live)))
        site, kind = urls.site_of(link), _MINE if link else _NOTE
        article = Article(url=link, kind=kind, title=title, site=site, source="", first_seen=at, language="en")
        try:
            draft = compose(article, table, account.limits, say=said if link else "", credit=live)
        except TooLong:
            if said == shortest:
                raise
            continue
        if said == shortest or (said in draft.text and live in draft.text):
            return draft
    raise AssertionError("the shortest is returned or refused")


def _called(person: Person, account: Account, desk: Desk, when: datetime) -> Identity | None:
    """By which handle somebody may be called on an account; None where the rules of crediting forbid it."""
    table = account.table
    if not desk.settings.credit.mention or table.visibility == "direct" or "{credit}" not in template_of(table):
        return None
    names = frozenset(map(str, person.identities))
    if desk.known.unasked or too_soon("", names, desk.named, when, desk.rules.gap):
        return None
    for who in person.identities:
        found = desk.known.of(who) if who.network == table.platform else None
        if found and mention(who) and not doubt_of_profile(who, found):
            return who
    return None


def _handle(who: Identity, known: Acquaintance) -> str:
    found = known.of(who)
    return found.handle if found else who.handle


def _identity(written: str) -> Identity:
    network, _, handle = written.partition(":")
    return Identity(network, handle)
