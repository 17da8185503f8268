"""What profiles and pages say of who is who, as the ledger's Sightings. Pure: values in, Sightings out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from ledger.entry import Identity
from ledger.proof import Bond, How, Sighting, account_of, is_bridged
from ledger.who import UnknownWho, identity
from syndicator import urls
from syndicator.articles import Article
from syndicator.credit.claims import home_of
from syndicator.credit.profiles import Known
from syndicator.linkcheck.checked import Check

#: Marks that say what the account is for (of those that `profiles` keeps).
_SPAM = frozenset({"spam", "scam"})


def of_profile(who: Identity, known: Known, aliases: Iterable[Bond] = ()) -> Sighting:
    """What a looked-up profile says of `who`; `aliases` is which names its own server says that it had before."""
    bonds = dict.fromkeys((*_bonds(who, known), *aliases)) if known.handle else {}
    return Sighting(
        who,
        known.at,
        tuple(bond for bond in bonds if bond.other != who),
        found=bool(known.handle),
        bot=known.bot,
        opted_out=known.opted_out,
        labelled=known.barred in _SPAM,
        created=known.created,
        posts=known.posts,
        followers=known.followers,
        following=known.following,
    )


def of_pages(pages: Iterable[Check]) -> Iterator[Sighting]:
    """What the pages of each site say of whose it is. Where several people write, that is for `common_sites` to say."""
    said: dict[Identity, dict[tuple[Identity, How], datetime]] = {}
    looked: dict[Identity, datetime] = {}
    for page in pages:
        site = Identity("web", urls.site_of(page.url))
        if not page.ok or not site.handle:
            continue
        looked[site] = max(page.at, looked.get(site, page.at))
        for each in page.credits:
            how: How = "rel-me" if each.via == "rel=me" else "link"
            other = account_of(Identity(each.network, each.handle))
            times = said.setdefault(site, {})
            if other != site:
                times[other, how] = max(page.at, times.get((other, how), page.at))
    for site, at in looked.items():
        bonds = (Bond(site, other, how, checked) for (other, how), checked in said.get(site, {}).items())
        yield Sighting(site, at, tuple(bonds))


def common_sites(sites: Iterable[Identity], written: Iterable[Article], pages: Mapping[str, Check]) -> set[Identity]:
    """Those of the sites on which several people write."""
    by_site: dict[str, list[Article]] = {who.handle: [] for who in sites if who.network == "web"}
    for article in written:
        if article.site in by_site:
            by_site[article.site].append(article)
    return {Identity("web", site) for site, theirs in by_site.items() if home_of(site, theirs, pages).has_several}


def _bonds(who: Identity, known: Known) -> Iterator[Bond]:
    """Who the profile says that `who` is too. What its network has proven is told as that alone."""
    now = Identity(who.network, known.handle)
    if now != who:
        yield Bond(who, now, "renamed", known.at)
    if known.moved_to and (moved := _identity(f"{who.network}:{known.moved_to}")):
        yield Bond(who, moved, "moved", known.at)
    for site in known.sites:
        how: How = "domain" if who.network == "bluesky" and site == known.handle else "verified"
        yield Bond(who, account_of(Identity("web", site)), how, known.at)
    for site in known.links:
        other = account_of(Identity("web", site))
        if not is_bridged(other):
            yield Bond(who, other, "link", known.at)


def _identity(text: str) -> Identity | None:
    try:
        return identity(text)
    except UnknownWho:
        return None
