"""The credits of one plan: reads what is known of articles, people and posts, and remembers whom it named so far.

Reads state, changes nothing. The rules are in `naming`; looking people up is for `lookup`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from ledger.entry import Identity
from ledger.people import UnknownWho, identity
from platforms.base import Draft
from syndicator import urls
from syndicator.articles import Article
from syndicator.compose import template_of
from syndicator.credit import profiles
from syndicator.credit.claims import Home, byline, claims_of, home_of, mentions
from syndicator.credit.naming import NOBODY, Acquaintance, Authorship, Naming, Rules, naming
from syndicator.linkcheck.checked import Check
from syndicator.outbox import LIVING, Outbox
from syndicator.settings import AccountTable, Settings
from syndicator.workspace import Workspace

#: Under this network it is kept who an account of mine is: `me:ACCOUNT`.
ME = "me"


@dataclass
class Desk:
    """Decides whom each post names, in the order of their times; `named` grows with every one that is `sealed`."""

    settings: Settings
    articles: Mapping[str, list[Article]]
    pages: Mapping[str, Check]
    known: Acquaintance
    rules: Rules
    named: list[tuple[datetime, frozenset[str]]]
    homes: dict[str, Home] = field(default_factory=dict)

    def naming(self, article: Article, table: AccountTable, when: datetime) -> Naming:
        """Whom a post of an article names on an account. Only other people's articles have an author to name."""
        if not self.settings.credit.mention or article.kind != "curated":
            return NOBODY
        if urls.same_site(article.url, self.settings.me.sites):
            return NOBODY
        page = self.pages.get(article.url)
        written = Authorship(claims_of(article, page), byline(article, page), self._home(article.site))
        found = naming(written, table.platform, self.known, self.rules, self.named, when)
        if found.handle and "{credit}" not in template_of(table):
            return Naming(why="author not named: the template of this account has no {credit}")
        if found.handle and table.visibility == "direct":
            return Naming(why="author not named: a direct message that names somebody goes to them")
        return found

    def line(self, naming: Naming) -> str:
        """The words that name somebody; "" for nobody."""
        return self.settings.credit.text.replace("{author}", naming.handle) if naming.handle else ""

    def is_said(self, naming: Naming, said: str, table: AccountTable) -> bool:
        """Whether the owner's own words mention the author already."""
        return bool(naming.handle) and mentions(said, _live(naming, table))

    def sealed(self, naming: Naming, draft: Draft, table: AccountTable, when: datetime) -> Naming:
        """The naming as it came out in a draft, remembered for the posts to come."""
        if not naming.handle:
            return naming
        if not mentions(draft.text, _live(naming, table)):
            return Naming(why=f"author not named: no room for {naming.handle}")
        self.named.append((when, frozenset(naming.names)))
        return replace(naming, unknown=())

    def _home(self, site: str) -> Home:
        if site not in self.homes:
            self.homes[site] = home_of(site, self.articles.get(site, ()), self.pages)
        return self.homes[site]


def open_desk(
    space: Workspace, articles: Iterable[Article], pages: Mapping[str, Check], networks: Iterable[str]
) -> Desk:
    """A desk that knows what the state does now. On `networks` there is somebody to look people up."""
    by_site: dict[str, list[Article]] = {}
    for article in articles:
        by_site.setdefault(article.site, []).append(article)
    handles = profiles.load(space.state, space.clock())
    posts = (post for post in Outbox(space.state) if post.names and post.state in LIVING)
    return Desk(
        settings=space.settings,
        articles=by_site,
        pages=pages,
        known=Acquaintance(handles, space.book.people(), frozenset(networks)),
        rules=_rules(space.settings, handles),
        named=[(post.happened, frozenset(post.names)) for post in posts],
    )


def _live(naming: Naming, table: AccountTable) -> Identity:
    return Identity(table.platform, naming.handle.removeprefix("@"))


def _rules(settings: Settings, handles: Mapping[Identity, profiles.Known]) -> Rules:
    accounts = settings.accounts
    mine = {Identity("web", site) for site in map(urls.site_of, settings.me.sites) if site}
    for name, table in accounts.items():
        found = handles.get(Identity(ME, name))
        for handle in (table.handle, found.handle if found else ""):
            try:
                mine |= {identity(f"{table.platform}:{handle}")} if handle else set()
            except UnknownWho:
                continue  # what a network calls a handle need not be one of the ledger's
    never = frozenset(map(identity, settings.credit.never))
    return Rules(settings.credit.gap, never, frozenset(mine))
