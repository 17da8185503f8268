"""Whether a post names the author of what it shares, and why (not). Pure: claims and what is known of handles in.

The order of doubt: would this handle be a mention at all; does the claim mean the author (`belief`); do they mind, or
is it me (`acquaintance`); were they named lately.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from ledger.entry import Identity
from syndicator.credit.acquaintance import Acquaintance, History, Rules, too_soon, unwelcome
from syndicator.credit.belief import Authorship, doubt, too_many
from syndicator.credit.claims import OF_THE_SITE, Claim
from syndicator.credit.mentions import mention

_MOST_CLAIMS = 3  # that are looked up for one article on one network
_MOST_NAMES = 20

#: Under this network an account of mine is told, of which it is to be asked who I am there.
ME = "me"


@dataclass(frozen=True, slots=True)
class Naming:
    """Whom a post names: `handle` as it stands in the text, "" for nobody, and the identities of that person.

    `why` says why, or why not; "" when there was nobody to name. `unknown` are handles to be looked up first, `asked`
    those that were in question; `line` is what the draft has of the owner's words for it.
    """

    handle: str = ""
    names: tuple[str, ...] = ()
    why: str = ""
    unknown: tuple[Identity, ...] = ()
    asked: tuple[Identity, ...] = ()
    line: str = ""


NOBODY = Naming()
NAMES_ITS_AUTHOR = "names its author"


def naming(
    written: Authorship, network: str, known: Acquaintance, rules: Rules, history: History, when: datetime
) -> Naming:
    """Whom a post on `network` at `when` names for an article.

    The author's handles on other networks are looked up as well: whoever opts out on one is named on none.
    """
    here = _handles(written.claims, network)
    asked = tuple(claim.who for claim in here)
    if not here:
        return NOBODY
    if network not in known.networks:
        return _nobody(f"no login to look {_shown(here[0].who)} up with", asked)
    elsewhere = (_handles(written.claims, other) for other in sorted(known.networks - {network}))
    wanted = (*here, *(claim for claims in elsewhere for claim in claims if _by_author(claim)))
    if gone := next((claim.who for claim in wanted if known.people.of(claim.who).opted_out), None):
        return _nobody(f"{_shown(gone)} opted out", asked)  # they are not even looked up again
    unknown = tuple(claim.who for claim in wanted if known.of(claim.who) is None)
    unknown += tuple(Identity(ME, name) for name in known.unasked)
    if unknown:
        who = f"whose account {unknown[0].handle} is" if unknown[0].network == ME else _shown(unknown[0])
        return _nobody(f"{who} could not be looked up", asked, unknown)
    refused = ""
    for claim in here:
        why = doubt(claim, written, known)
        if not why:
            return _named(claim, written, known, rules, history, when, asked)
        refused = refused or why
    return _nobody(refused, asked)


def _nobody(why: str, asked: tuple[Identity, ...], unknown: tuple[Identity, ...] = ()) -> Naming:
    return Naming(why=f"author not named: {why}", unknown=unknown, asked=asked)


def _handles(claims: Iterable[Claim], network: str) -> tuple[Claim, ...]:
    """The claims that can be looked up on a network, the most deliberate ones."""
    return tuple(each for each in claims if each.who.network == network and _is_handle(each.who))[:_MOST_CLAIMS]


def _named(
    claim: Claim,
    written: Authorship,
    known: Acquaintance,
    rules: Rules,
    history: History,
    when: datetime,
    asked: tuple[Identity, ...],
) -> Naming:
    """Name a believed author, unless they are not to be named, or were named lately."""
    person, shown = _person(claim, written, known), _shown(claim.who)
    around = [who for who in (Identity("web", written.home.site), *_of_the_site(written)) if who not in person]
    names = frozenset(map(str, person))
    why = (
        unwelcome(shown, person, around, known, rules)
        or too_soon(shown, names, history, when, rules.gap)
        or too_many(written, names, history, when)
    )
    if why:
        return _nobody(why, asked)
    found = known.of(claim.who)
    assert found is not None
    live = mention(Identity(claim.who.network, found.handle))
    return Naming(live, tuple(map(str, person)), f"{NAMES_ITS_AUTHOR}, {live} (by {_VIA[claim.via]})", asked=asked)


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
            yield from (
                Identity("web", site) for site in (*looked_up.sites, *looked_up.also_on) if alone or site != home.site
            )
        if who.network == "bluesky" and not who.handle.endswith(".bsky.social") and ":" not in who.handle:
            yield Identity("web", who.handle)
    if alone:
        yield Identity("web", home.site)


def _of_the_site(written: Authorship) -> tuple[Identity, ...]:
    """Who speaks for the site, and not for the author alone."""
    return tuple(each.who for each in written.claims if each.via in OF_THE_SITE or each.who in written.home.common)


def _by_author(claim: Claim) -> bool:
    return claim.via not in OF_THE_SITE


def _is_handle(who: Identity) -> bool:
    """Whether it can be looked up: as a handle that may be mentioned, or as an id that its network gives for good."""
    return bool(mention(who)) or (who.network == "bluesky" and who.handle.startswith("did:"))


def _shown(who: Identity) -> str:
    return f"@{who.handle}"
