"""Whether a post names the author of what it shares, and why (not). Pure: claims and what is known of handles in.

The order of doubt: would this handle be a mention at all; does the claim mean the author and not the site; does the
account exist, unmoved and no bot; has its owner asked to be left alone; is it me; were they named lately.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ledger.entry import Identity
from ledger.people import People
from syndicator.credit.claims import OF_THE_SITE, Claim, Home, mention, words
from syndicator.credit.profiles import Known
from syndicator.times import span_text

_MOST_CLAIMS = 3  # that are looked up for one article on one network
_MOST_NAMES = 20


@dataclass(frozen=True, slots=True)
class Naming:
    """Whom a post names: `handle` as it stands in the text, "" for nobody, and the identities of that person.

    `why` says why, or why not; "" when there was nobody to name. `unknown` are handles to be looked up first.
    """

    handle: str = ""
    names: tuple[str, ...] = ()
    why: str = ""
    unknown: tuple[Identity, ...] = ()


NOBODY = Naming()


@dataclass(frozen=True, slots=True)
class Authorship:
    """Who may have written one article: the claims of its page, its byline (folded), and its site."""

    claims: tuple[Claim, ...]
    byline: str
    home: Home


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for every post. `never` and `mine` are people by any of their identities, sites with all below."""

    gap: timedelta
    never: frozenset[Identity] = frozenset()
    mine: frozenset[Identity] = frozenset()


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """What is known of people: looked-up handles, and the ledger's people.

    `networks` are those where somebody can be looked up: with a login there, by an adapter that knows how.
    """

    handles: Mapping[Identity, Known]
    people: People
    networks: frozenset[str]

    def of(self, who: Identity) -> Known | None:
        """What a look-up found of a handle."""
        return self.handles.get(who)


#: When somebody was named, or will be, and by which of their identities.
History = Sequence[tuple[datetime, frozenset[str]]]


def naming(
    written: Authorship, network: str, known: Acquaintance, rules: Rules, history: History, when: datetime
) -> Naming:
    """Whom a post on `network` at `when` names for an article.

    The author's handles on other networks are looked up as well: whoever opts out on one is named on none.
    """
    here = _handles(written.claims, network)
    if not here:
        return NOBODY
    if network not in known.networks:
        return Naming(why=f"author not named: no login to look {_shown(here[0].who)} up with")
    elsewhere = (_handles(written.claims, other) for other in sorted(known.networks - {network}))
    wanted = (*here, *(claim for claims in elsewhere for claim in claims if _by_author(claim)))
    unknown = tuple(claim.who for claim in wanted if known.of(claim.who) is None)
    if unknown:
        return Naming(why=f"author not named: {_shown(unknown[0])} could not be looked up", unknown=unknown)
    refused = ""
    for claim in here:
        why = _doubt(claim, written, known)
        if not why:
            return _named(claim, written, known, rules, history, when)
        refused = refused or why
    return Naming(why=f"author not named: {refused}") if refused else NOBODY


def _handles(claims: Iterable[Claim], network: str) -> tuple[Claim, ...]:
    """The claims that can be looked up on a network, the most deliberate ones."""
    return tuple(each for each in claims if each.who.network == network and _is_handle(each.who))[:_MOST_CLAIMS]


def _doubt(claim: Claim, written: Authorship, known: Acquaintance) -> str:
    """Why a claim is not believed, or nobody is behind it; "" when it holds."""
    shown, home, found = _shown(claim.who), written.home, known.of(claim.who)
    if claim.who in home.common:
        return f"the pages of {home.site} give {shown} for several authors"
    if found is None or not _is_whom(claim.who, found):
        return f"nobody is {shown}"
    if found.moved_to:
        return f"{shown} moved to {found.moved_to}"
    if found.bot:
        return f"{shown} is a bot"
    if (home.shared or home.has_several) and _is_named_after(claim.who, home.site):
        return f"{shown} is the site's, not the author's"
    return _who_else(claim, written, found)


def _is_whom(who: Identity, found: Known) -> bool:
    """Whether a look-up found who was meant, with a handle to be mentioned. Servers may go by two names, people not."""
    same = found.handle.partition("@")[0] == who.handle.partition("@")[0]
    return bool(mention(Identity(who.network, found.handle))) and (same or who.handle.startswith("did:"))


def _who_else(claim: Claim, written: Authorship, found: Known) -> str:
    """Why a handle may be somebody else's than the author's; "" when it is hardly so.

    `fediverse:creator` and `twitter:creator` are there to name the author, and nothing else. The other ways are used
    for whole sites as well.
    """
    shown, home = _shown(claim.who), written.home
    sites = {*found.sites, found.handle}  # a handle that is a domain is that site's proof
    leads_back = home.site in sites or (not home.shared and _lies_on(home.site, sites))
    if claim.via in OF_THE_SITE:
        if home.has_several:
            return f"{home.site} has several authors, and {shown} is the site's"
        return "" if leads_back or (home.bylines and not home.shared) else f"{shown} does not link back to {home.site}"
    if claim.via not in ("h-card", "feed") or leads_back or not (home.shared or home.has_several):
        return ""
    alike = words(written.byline) & words(found.name)
    return "" if alike else f"{shown} may be the site's, not the author's"


def _named(
    claim: Claim, written: Authorship, known: Acquaintance, rules: Rules, history: History, when: datetime
) -> Naming:
    """Name a believed author, unless they are not to be named, or were named lately."""
    person = _person(claim, written, known)
    shown = _shown(claim.who)
    if _is_one_of(person, rules.mine):
        return Naming(why=f"author not named: {shown} is you")
    if _is_one_of(person, rules.never):
        return Naming(why=f"author not named: {shown} is in `never` of [credit]")
    if any(known.people.of(who).opted_out or known.people.of(who).muted for who in person):
        return Naming(why=f"author not named: {shown} opted out")
    if any(found.opted_out for who in person if (found := known.of(who))):
        return Naming(why=f"author not named: the profile of {shown} asks bots to leave them alone")
    names = frozenset(map(str, person))
    if any(abs(when - at) < rules.gap for at, others in history if not names.isdisjoint(others)):
        return Naming(why=f"author not named: {shown} is named in another post within {span_text(rules.gap)}")
    found = known.of(claim.who)
    assert found is not None
    live = mention(Identity(claim.who.network, found.handle))
    return Naming(live, tuple(map(str, person)), f"names its author, {live} (by {_VIA[claim.via]})")


_VIA = {
    "fediverse:creator": "fediverse:creator",
    "twitter:creator": "twitter:creator",
    "h-card": "the h-card of its page",
    "feed": "its feed",
    "rel=me": "a rel=me link of its page",
    "domain": "the domain of the site",
}


def _person(claim: Claim, written: Authorship, known: Acquaintance) -> tuple[Identity, ...]:
    """Every identity of the author, the named one first. What several authors share is none of theirs."""
    found: dict[Identity, None] = {}
    for who in _claimed(claim, written, known):
        for each in (who, *known.people.of(who).identities):
            found.setdefault(each)
    return tuple(found)[:_MOST_NAMES]


def _claimed(claim: Claim, written: Authorship, known: Acquaintance) -> Iterator[Identity]:
    home = written.home
    alone = home.is_one_person_s
    not_theirs = home.common if alone else home.common | {Identity("web", home.site)}
    theirs = [each.who for each in written.claims if each.who not in not_theirs and (alone or _by_author(each))]
    for who in (claim.who, *theirs):
        yield who
        looked_up = known.of(who)
        if looked_up and looked_up.handle:
            yield Identity(who.network, looked_up.handle)
            yield from (Identity("web", site) for site in looked_up.sites if alone or site != home.site)
        if who.network == "bluesky" and not who.handle.endswith(".bsky.social") and ":" not in who.handle:
            yield Identity("web", who.handle)
    if alone:
        yield Identity("web", home.site)


def _by_author(claim: Claim) -> bool:
    return claim.via not in OF_THE_SITE


def _is_named_after(who: Identity, site: str) -> bool:
    """Whether a handle is the name of a site: `paper@social.example` and `paper.com` of paper.com."""
    return re.split("[.@]", who.handle)[0] in site.partition("/")[0].split(".")[-3:-1]


def _is_one_of(person: Iterable[Identity], people: frozenset[Identity]) -> bool:
    sites = [who.handle for who in people if who.network == "web"]
    return any(who in people or (who.network == "web" and _lies_on(who.handle, sites)) for who in person)


def _lies_on(site: str, sites: Iterable[str]) -> bool:
    return any(site == each or site.endswith(f".{each}") or site.startswith(f"{each}/") for each in sites)


def _is_handle(who: Identity) -> bool:
    """Whether it can be looked up: as a handle that may be mentioned, or as an id that its network gives for good."""
    return bool(mention(who)) or (who.network == "bluesky" and who.handle.startswith("did:"))


def _shown(who: Identity) -> str:
    return f"@{who.handle}"
