"""Who may have written an article, by what its page and its feed say, and what its site is known to be. Pure.

A claim is only that: `naming` says which of them are believed, and whether anybody is named for it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from ledger.entry import Identity
from ledger.shared_hosts import SHARED_HOSTS, is_shared
from syndicator import urls
from syndicator.articles import Article
from syndicator.credit.mentions import mention
from syndicator.linkcheck.checked import Check
from syndicator.pages.credits import somebody

Via = Literal["fediverse:creator", "twitter:creator", "h-card", "feed", "rel=me", "domain"]

#: What names whose site it is, and not who wrote this page.
OF_THE_SITE = frozenset({"rel=me", "domain"})

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Claim:
    """That `who` wrote an article, or owns its site; `via` tells which, and who says so."""

    who: Identity
    via: Via


@dataclass(frozen=True, slots=True)
class Home:
    """What is known of who writes on a site.

    `bylines` are the names under its articles, as `byline` gives them, `creators` whom its pages call their creators on
    Mastodon, those of them that sign with no name included; `common` are handles that its pages give for articles with
    different bylines, so that they can't be all of these authors'. On a `shared` host strangers live side by side, and
    the pages are the host's as well.
    """

    site: str
    bylines: frozenset[str] = frozenset()
    creators: frozenset[Identity] = frozenset()
    common: frozenset[Identity] = frozenset()
    shared: bool = False

    @property
    def has_several(self) -> bool:
        """Whether several people write there."""
        return len(self.bylines) > 1 or len(self.creators) > 1

    @property
    def is_one_person_s(self) -> bool:
        """Whether all of it may be one person's. A shared host as a whole is nobody's."""
        return not self.has_several and self.site not in SHARED_HOSTS


def claims_of(article: Article, page: Check | None) -> tuple[Claim, ...]:
    """Every claim about an article, the most deliberate first, once each.

    A Bluesky handle that is the site's domain is nobody's claim, but whoever has it has proven that the domain is
    theirs (https://atproto.com/specs/handle).
    """
    found = [Claim(Identity(each.network, each.handle), each.via) for each in page.credits] if page and page.ok else []
    if article.author_url and (author := somebody(article.author_url)):
        found.append(Claim(author, "feed"))
    domain = Identity("bluesky", article.site)
    if urls.is_whole_host(article.site) and not is_shared(article.site) and mention(domain):
        found.append(Claim(domain, "domain"))
    first: dict[Identity, Claim] = {}
    for claim in found:
        first.setdefault(claim.who, claim)
    return tuple(first.values())


def home_of(site: str, articles: Iterable[Article], pages: Mapping[str, Check]) -> Home:
    """What the articles of a site and their pages tell of it."""
    bylines: set[str] = set()
    creators: set[Identity] = set()
    under: dict[Identity, set[str]] = {}
    for article in articles:
        page = pages.get(article.url)
        claims, name = claims_of(article, page), byline(article, page)
        bylines |= {name} if name else set()
        creators |= {claim.who for claim in claims if claim.via == "fediverse:creator"}
        for claim in claims if name else ():
            under.setdefault(claim.who, set()).add(name)
    common = frozenset(who for who, names in under.items() if len(names) > 1)
    return Home(site, frozenset(bylines), frozenset(creators), common, is_shared(site))


def byline(article: Article, page: Check | None) -> str:
    """The author's name to compare by; "" where nobody gives one."""
    name = article.author or (page.author if page and page.ok else "")
    return " ".join(sorted(words(name)))


def words(name: str) -> frozenset[str]:
    """The words of a name, folded."""
    return frozenset(re.findall(r"\w+", unicodedata.normalize("NFKC", name[:_LONGEST]).casefold()))
