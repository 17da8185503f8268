"""Whether a claim is believed to mean the author of an article. Pure.

A page can name anyone, so what it says needs a word from whoever it names: their profile leads to the article's site,
or bears the name that the article is signed with. What names whose site it is, and not who wrote this page, has to
bear that name in any case.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from ledger.entry import Identity
from syndicator.credit.acquaintance import Acquaintance, History, lies_on
from syndicator.credit.claims import OF_THE_SITE, Claim, Home, words
from syndicator.credit.mentions import mention
from syndicator.credit.profiles import Known

#: Within this, one site without names brings at most one new person to be called.
_A_WHILE = timedelta(days=7)

#: Words that tell nobody from anybody: they join names, or say what somebody is and not who.
_NO_NAMES = frozenset({
    "admin", "author", "blog", "blogger", "contributor", "daily", "dalla", "della", "delle", "editor", "editorial",
    "editors", "from", "guest", "journal", "magazine", "news", "newsroom", "official", "post", "press", "redaktion",
    "social", "staff", "team", "that", "this", "times", "today", "weekly", "will", "with", "writer", "writers", "your",
})  # fmt: skip
_SHORT = 3
_SERVICES = (".bsky.social", ".brid.gy")


@dataclass(frozen=True, slots=True)
class Authorship:
    """Who may have written one article: the claims of its page, its byline (folded), and its site."""

    claims: tuple[Claim, ...]
    byline: str
    home: Home

    @property
    def signed(self) -> str:
        """The author's name: the byline, or where there is none the only one that the site has."""
        return self.byline or (next(iter(self.home.bylines)) if len(self.home.bylines) == 1 else "")


def doubt(claim: Claim, written: Authorship, known: Acquaintance) -> str:
    """Why a claim is not believed, or nobody is behind it; "" when it holds."""
    shown, home, found = f"@{claim.who.handle}", written.home, known.of(claim.who)
    if claim.who in home.common:
        return f"the pages of {home.site} give {shown} for several authors"
    if found is None:
        return f"nobody is {shown}"
    if why := doubt_of_profile(claim.who, found):
        return why
    if (home.shared or home.has_several) and _is_named_after(claim.who, home.site):
        return f"{shown} is the site's, not the author's"
    return _unconfirmed(claim, written, found)


def doubt_of_profile(who: Identity, found: Known) -> str:
    """Why nobody is behind a handle who could be named, by what a look-up found; "" when there is somebody."""
    shown = f"@{who.handle}"
    if not _is_whom(who, found):
        return f"nobody is {shown}"
    if found.moved_to:
        return f"{shown} moved to {found.moved_to}"
    return f"{shown} is a bot" if found.bot else ""


def too_many(written: Authorship, names: frozenset[str], history: History, when: datetime) -> str:
    """Why a site is not believed about one more person, as the end of a sentence; "" when it is.

    Pages that name one creator here and another there, and sign with no name, may name whomever they like to be
    called: each such site brings one new person in a week.
    """
    home = written.home
    if written.byline or len(home.creators) < 2 or any(not names.isdisjoint(each.who) for each in history):
        return ""
    lately = any(each.site == home.site and abs(when - each.at) < _A_WHILE for each in history)
    return f"{home.site} names somebody else on each page, and signs none" if lately else ""


def share_a_name(signed: str, *names: str) -> bool:
    """Whether one of these names has a word of the author's that tells somebody, or is the very same name.

    Short words and those that many names have tell nobody; in Chinese, Japanese and Korean two signs are a name.
    """
    theirs = words(signed)
    return any(
        any(map(_tells, theirs & words(name))) or (len(theirs - _NO_NAMES) > 1 and theirs == words(name))
        for name in names
    )


def _unconfirmed(claim: Claim, written: Authorship, found: Known) -> str:
    """Why a handle may be somebody else's than the author's; "" when its profile bears it out."""
    shown, home, signed = f"@{claim.who.handle}", written.home, written.signed
    leads_back = _leads_to(home, found)
    if claim.via in OF_THE_SITE:
        if home.has_several:
            return f"{home.site} has several authors, and {shown} is the site's"
        if signed and not share_a_name(signed, found.name):
            return f"{shown} does not bear the name that {home.site} is signed with"
        bears_out = leads_back or (signed and not home.shared)
        return "" if bears_out else f"{shown} does not link back to {home.site}"
    if leads_back or share_a_name(signed, found.name, _own_part(found.handle)):
        return ""
    return f"the profile of {shown} neither leads to {home.site} nor bears the author's name"


def _leads_to(home: Home, found: Known) -> bool:
    """Whether a profile leads to a site. A handle that is a domain is that site's proof."""
    sites = {*found.sites, *found.links, found.handle}
    return home.site in sites or (not home.shared and lies_on(home.site, sites))


def _is_whom(who: Identity, found: Known) -> bool:
    """Whether a look-up found who was meant, with a handle to be mentioned. Servers may go by two names, people not."""
    same = found.handle.partition("@")[0] == who.handle.partition("@")[0]
    return bool(mention(Identity(who.network, found.handle))) and (same or who.handle.startswith("did:"))


def _is_named_after(who: Identity, site: str) -> bool:
    """Whether a handle is the name of a site: `paper@social.example` and `paper.com` of paper.com."""
    return re.split("[.@]", who.handle)[0] in site.partition("/")[0].split(".")[-3:-1]


def _own_part(handle: str) -> str:
    """What somebody chose of their handle, as words: without the server, or the end of a domain."""
    for service in _SERVICES:
        handle = handle.removesuffix(service)
    chosen = handle.partition("@")[0] if "@" in handle else (handle.rpartition(".")[0] or handle)
    return re.sub(r"[._-]+", " ", chosen)


def _tells(word: str) -> bool:
    least = 1 if all(unicodedata.east_asian_width(letter) in "WF" for letter in word) else _SHORT
    return len(word) > least and word not in _NO_NAMES
