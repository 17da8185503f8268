"""The credits of one plan: reads what is known of articles, people and posts, and remembers whom it named so far.

Reads state, changes nothing. The rules are in `naming`; looking people up is for `lookup`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlsplit

from ledger.entry import Identity
from ledger.people import identity
from platforms.base import Draft
from syndicator import myself, urls
from syndicator.articles import Article
from syndicator.compose import template_of
from syndicator.credit import profiles
from syndicator.credit.acquaintance import Acquaintance, Named, Rules
from syndicator.credit.belief import Authorship
from syndicator.credit.claims import Home, byline, claims_of, home_of
from syndicator.credit.mentions import mentioned, mentions
from syndicator.credit.naming import NOBODY, Naming, naming
from syndicator.linkcheck.checked import Check
from syndicator.outbox import LIVING, Outbox, Post, State
from syndicator.settings import AccountTable, Settings
from syndicator.workspace import Workspace

#: A post in one of these states may have called whom it names, or still may.
_CALLING = LIVING | {State.DELETED}


@dataclass
class Desk:
    """Decides whom each post names, in the order of their times; `named` grows with every one that is `sealed`."""

    settings: Settings
    articles: Mapping[str, list[Article]]
    pages: Mapping[str, Check]
    known: Acquaintance
    rules: Rules
    named: list[Named]
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
            return Naming(why="author not named: the template of this account has no {credit}", asked=found.asked)
        if found.handle and table.visibility == "direct":
            return Naming(why="author not named: a direct message that names somebody goes to them", asked=found.asked)
        return found

    def line(self, naming: Naming) -> str:
        """The words that name somebody; "" for nobody."""
        return self.settings.credit.text.replace("{author}", naming.handle) if naming.handle else ""

    def is_said(self, naming: Naming, said: str, table: AccountTable) -> bool:
        """Whether the owner's own words mention the author already."""
        return bool(naming.handle) and mentions(said, _live(naming, table))

    def sealed(self, naming: Naming, draft: Draft, table: AccountTable, when: datetime, site: str) -> Naming:
        """The naming as it came out in a draft, remembered for the posts to come.

        Whoever the text calls is named, also by the owner's own words.
        """
        line = self.line(naming)
        if naming.handle and not mentions(draft.text, _live(naming, table)):
            naming = Naming(why=f"author not named: no room for {naming.handle}", asked=naming.asked)
        called = [who for who in called_in(draft.text, table) if who not in self.rules.mine]
        author = set(map(str, naming.asked)) | set(naming.names)
        if not naming.handle and any(str(who) in author for who in called):
            naming = Naming(why="your own words name its author", asked=naming.asked)
        people = (each for who in called for each in (who, *self.known.people.of(who).identities))
        names = tuple(dict.fromkeys((*naming.names, *map(str, people))))
        if names:
            self.named.append(Named(when, frozenset(names), site))
        line = line if naming.handle and line in draft.text else ""
        return replace(naming, names=names, unknown=() if naming.handle else naming.unknown, line=line)

    def _home(self, site: str) -> Home:
        if site not in self.homes:
            self.homes[site] = home_of(site, self.articles.get(site, ()), self.pages)
        return self.homes[site]


def open_desk(
    space: Workspace, articles: Iterable[Article], pages: Mapping[str, Check], guides: Mapping[str, str]
) -> Desk:
    """A desk that knows what the state does now. `guides` are the accounts that can look somebody up, and where."""
    by_site: dict[str, list[Article]] = {}
    for article in articles:
        by_site.setdefault(article.site, []).append(article)
    return Desk(
        settings=space.settings,
        articles=by_site,
        pages=pages,
        known=acquaintance(space, guides),
        rules=rules(space),
        named=[named_by(post) for post in Outbox(space.state) if post.names and post.state in _CALLING],
    )


def acquaintance(space: Workspace, guides: Mapping[str, str]) -> Acquaintance:
    """Who is known now. `guides` are the accounts that can look somebody up, each with its network."""
    handles, unasked = profiles.load(space.state, space.clock()), myself.unasked(space.state, guides)
    return Acquaintance(handles, space.book.people(), frozenset(guides.values()), unasked)


def rules(space: Workspace) -> Rules:
    """The rules of naming by the settings, and by who I am."""
    credit = space.settings.credit
    return Rules(credit.gap, frozenset(map(identity, credit.never)), myself.mine(space.settings, space.state))


def named_by(post: Post) -> Named:
    """Whom a post names, and when."""
    return Named(post.happened, frozenset(post.names), post.site)


def called_in(said: str, table: AccountTable) -> tuple[Identity, ...]:
    """Everybody whom a text calls on an account."""
    return mentioned(said, table.platform, urlsplit(table.server).hostname or "")


def _live(naming: Naming, table: AccountTable) -> Identity:
    return Identity(table.platform, naming.handle.removeprefix("@"))
