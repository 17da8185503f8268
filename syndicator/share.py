"""Shares by hand: one link into the queue, at each account's next free time. What `share` and `ledger do` use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from platforms.base import Draft
from syndicator import accounts as accounting
from syndicator import articles, urls
from syndicator.accounts import Account
from syndicator.articles import Article, Catalogue
from syndicator.choose import credit
from syndicator.compose import TooLong, compose
from syndicator.credit import lookup
from syndicator.credit.desk import Desk, open_desk
from syndicator.credit.naming import Naming
from syndicator.linkcheck import checked, lookout
from syndicator.linkcheck.checked import Check, filled, picture_text, whereabouts
from syndicator.outbox import LIVING, SHARED, Change, Outbox, Post, State, post_id
from syndicator.plan import price
from syndicator.slots import first_free
from syndicator.sources import health as healths
from syndicator.sources.base import Source, SourceError
from syndicator.workspace import Workspace

#: How far ahead a free time is looked for.
_AHEAD = timedelta(days=30)
#: By how much sums of prices may be off, in US dollars.
_NO_MONEY = 1e-9


class CannotShare(Exception):
    """A link can't be queued; the message says why."""


@dataclass(frozen=True, slots=True)
class Queued:
    """What came of it: the new posts, soonest first; for each account without one the reason; and what else to know.

    `notes` tell of accounts on which a post waits but can't go out yet; `doubt` says why nobody can tell whether the
    page is there.
    """

    posts: tuple[Post, ...]
    reasons: tuple[str, ...]
    notes: tuple[str, ...] = ()
    doubt: str = ""


def queue_link(
    space: Workspace,
    accounts: Sequence[Account],
    url: str,
    *,
    say: str = "",
    in_return_for: str = "",
    anyway: bool = False,
) -> Queued:
    """Queue one link on each of the accounts where it can be. Its page is looked at first.

    A person may share what robots can't read: a page that nobody can tell of is shared with a doubt, and with `anyway`
    even one that is not there. Raises CannotShare for what is no web address, SourceError for a dead link.
    """
    if not urls.is_web(url):
        raise CannotShare(f"{url!r} is not a web address; write it in full, with https://")
    if urls.host(url).endswith(".invalid"):
        raise CannotShare(f"{url}: no name ends with .invalid, so there is no such page; check the address")
    known = articles.load(space.state).get(url)
    page = lookout.page_at(space, known.url if known else urls.canonical(url))
    if page and page.verdict == "dead" and not anyway:
        raise SourceError(url, page.reason, "`syndicator share --anyway` shares it all the same")
    article = known or _unheard_of(space, url, say, page)
    share = _Share(article, page, say, in_return_for, unchecked=anyway or bool(page and not page.ok))
    _look_up_authors(space, accounts, share)
    posts, reasons, notes = [], [], []
    with space.state.transaction():
        desk = share.desk(space, accounts)
        for account in accounts:
            try:
                post = _post(space, account, share, desk)
            except (CannotShare, TooLong) as error:
                reasons.append(f"{account.name}: {error}")
            else:
                Outbox(space.state).save(post)
                posts.append(post)
                if trouble := account.missing or account.held:
                    notes.append(f"{account.name}: {trouble}")
    doubt = page.reason if page and not page.ok else ""
    soonest_first = sorted(posts, key=lambda post: (post.when, post.account))
    return Queued(tuple(soonest_first), tuple(reasons), tuple(notes), doubt)


@dataclass(frozen=True, slots=True)
class _Share:
    """What is shared and how: the same for every account."""

    article: Article
    page: Check | None
    say: str
    in_return_for: str
    unchecked: bool

    def desk(self, space: Workspace, accounts: Sequence[Account]) -> Desk:
        """Where it is decided whom the posts name."""
        pages = {**lookout.known(space), **({self.article.url: self.page} if self.page else {})}
        return open_desk(space, articles.load(space.state), pages, lookup.guides(accounts))

    def draft(self, space: Workspace, account: Account, desk: Desk, when: datetime) -> tuple[Draft, Naming]:
        """The exact content for one account, and whom it names."""
        article = filled(self.article, self.page)
        naming = desk.naming(article, account.table, when)
        draft = compose(
            article,
            account.table,
            account.limits,
            site_title=_site_title(space, article),
            say=self.say,
            image_alt=picture_text(article, self.page),
            credit="" if desk.is_said(naming, self.say, account.table) else desk.line(naming),
        )
        return draft, desk.sealed(naming, draft, account.table, when, article.site)


def _look_up_authors(space: Workspace, accounts: Sequence[Account], share: _Share) -> None:
    """Look up whom the posts might name, before anything is stored."""
    desk, article, now = share.desk(space, accounts), filled(share.article, share.page), space.clock()
    wanted = [who for account in accounts for who in desk.naming(article, account.table, now).unknown]
    if wanted:
        lookup.look_up(space, accounts, wanted)


def _post(space: Workspace, account: Account, share: _Share, desk: Desk) -> Post:
    article, now = share.article, space.clock()
    outbox = list(Outbox(space.state))
    addresses = {article.url, *article.aliases}
    before = [post for post in outbox if post.account == account.name and post.article in addresses]
    if living := [post for post in before if post.state in LIVING]:
        raise CannotShare(f"already there ({living[0].state}, post {living[0].id})")
    channel = accounting.channel(account, space.settings, outbox, now)
    cost = price(channel.limits, article)
    if channel.budget_usd is not None and cost > channel.budget_usd + _NO_MONEY:
        raise CannotShare(f"it costs ${cost:.2f} and would pass the monthly budget")
    taken = [post.happened for post in outbox if post.account == account.name and post.state in LIVING]
    zone = space.settings.me.timezone
    others = [post.happened for post in outbox if post.article in addresses and post.state in LIVING]
    when = first_free(channel.pacing, zone, account.name, article.url, taken, others, now, now + _AHEAD)
    if when is None:
        raise CannotShare("no free time in the coming month; raise per_day or shorten min_gap")
    state = State.AWAITING if account.table.approve == "ask" else State.QUEUED
    draft, naming = share.draft(space, account, desk, when)
    given_up = [post for post in before if post.state is not State.DELETED]
    return Post(
        id=post_id(account.name, article.url, len(before)),
        account=account.name,
        platform=account.table.platform,
        # A planet may have told of a page of mine: its words stay a stranger's, but sharing it is a favour to nobody.
        kind="own" if _is_mine(space, article.url) else article.kind,
        article=article.url,
        title=article.title,
        site=article.site,
        draft=draft,
        when=when,
        state=state,
        history=(Change(now, state, SHARED),),
        why=tuple(filter(None, (SHARED, naming.why))),
        price_usd=cost,
        in_return_for=share.in_return_for,
        unchecked=share.unchecked,
        names=naming.names,
        credit=naming.line,
        earlier=tuple(each for post in given_up for each in post.tried),
        whereabouts=whereabouts(msgspec.structs.replace(share.page, url=article.url) if share.page else None),
    )


def _site_title(space: Workspace, article: Article) -> str:
    return credit(article, healths.named(Source(article.source, article.kind), healths.load(space.state)))


def _unheard_of(space: Workspace, url: str, say: str, page: Check | None) -> Article:
    """An article for a link that no feed told of, from its own page; the catalogue learns it."""
    title = page.title if page else ""
    if page and not (page.ok or say):
        raise SourceError(url, page.reason, "to share it unseen, give your own words with --text")
    if not (title or say):
        raise CannotShare(f"{url} has no title to show; give your own words with --text")
    catalogue = articles.load(space.state)
    canonical = _found_at(page, catalogue) or urls.canonical(url)
    article = catalogue.get(canonical) or Article(
        url=canonical,
        kind="own" if _is_mine(space, canonical) else "curated",
        title=title or say,
        site=urls.site_of(canonical),
        source="by hand",
        first_seen=space.clock(),
        aliases=tuple({urls.canonical(url)} - {canonical}),
    )
    catalogue.put(article)
    with space.state.transaction():
        articles.save(space.state, catalogue)
        checked.save(space.state, [msgspec.structs.replace(page, url=article.url)] if page else [])
    return article


def _found_at(page: Check | None, catalogue: Catalogue) -> str:
    """Where redirects lead; "" where that is on the same site, unknown, and only for the moment."""
    if page is None or not page.ok:
        return ""
    elsewhere = urls.site_of(page.final_url) != urls.site_of(page.url)
    return page.final_url if elsewhere or page.lasting or catalogue.get(page.final_url) else ""


def _is_mine(space: Workspace, url: str) -> bool:
    return urls.same_site(url, space.settings.me.sites)
