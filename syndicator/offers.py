"""What of other people's work I could share in return, put out for the ledger's suggestions.

The ledger knows no feeds, so each run leaves it the best recent articles of every site that the quality gate lets pass.
A baseline article may be offered: a person decides on a suggestion, and nothing is posted by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import msgspec

from ledger.comments import commented
from ledger.entry import Identity
from ledger.rules import Rules
from ledger.suggest import Offer
from syndicator.articles import Article, Catalogue
from syndicator.judging.judge import Standard, judge
from syndicator.judging.rejections import comment_by, is_baseline
from syndicator.linkcheck import lookout
from syndicator.linkcheck.checked import filled, refusal
from syndicator.sources import health as healths
from syndicator.sources.subscriptions import Subscriptions
from syndicator.survey import survey
from syndicator.times import Span
from syndicator.workspace import Workspace

#: A return should still be news to those who read it.
_OFFER_AGE = Span(days=Rules().offer_age.days)
_PER_SITE = 5
#: Nothing new may have come: scores age all the same, and what others do makes them better or worse.
_ANEW = timedelta(hours=6)
COLLECTION, _KEY = "offers", "made of"


def put_out(space: Workspace, subscribed: Subscriptions, catalogue: Catalogue, now: datetime) -> None:
    """Refresh the offers of every site that is read, and forget those of others; the book stores only what changed.

    They are made anew when something is new that decides what may be offered, and four times a day.
    """
    made_of = {"digest": _ingredients(space, subscribed, now)}
    if space.state.get(COLLECTION, _KEY) == made_of:
        return
    current = offers(space, subscribed, catalogue, now)
    space.book.set_offers(current)
    if gone := {who for who in space.book.offers() if who.network == "web"} - current.keys():
        space.book.drop_offers(gone)
    space.state.put(COLLECTION, _KEY, made_of)


def _ingredients(space: Workspace, subscribed: Subscriptions, now: datetime) -> str:
    """In short, what the offers are made of: settings, what the feeds say, what I commented on, pages that are bad."""
    health, settings = healths.load(space.state), space.settings
    said = [(source, healths.of(source, health).body_hash) for source in subscribed.feeds]
    bad = sorted(url for url, page in lookout.known(space).items() if refusal(page))
    done = sorted(commented(space.book.entries()))
    hours = (now - datetime(1970, 1, 1, tzinfo=UTC)) // _ANEW
    return sha256(repr((settings.me, settings.plan, settings.judge, said, bad, done, hours)).encode()).hexdigest()


def offers(
    space: Workspace, subscribed: Subscriptions, catalogue: Catalogue, now: datetime
) -> dict[Identity, tuple[Offer, ...]]:
    """The offers by site, the newest first; a site that is read and has nothing to offer has none."""
    pacing = msgspec.structs.replace(space.settings.plan, max_age=_OFFER_AGE)
    seen = survey(space, subscribed, catalogue, now, _OFFER_AGE)
    sources = seen.sources
    standard = Standard(now, pacing, replace(seen.knowledge, lifts={}))
    read = [each for each in catalogue if _is_somebodys(each) and not sources.keys().isdisjoint(each.sources)]
    sites = {each.site for each in read} | catalogue.old_sites(sources)
    by_site: dict[str, list[Offer]] = {site: [] for site in sorted(sites)}
    for article in _newest_first(read, now):
        found = by_site.setdefault(article.site, [])
        if len(found) >= _PER_SITE:
            continue
        # A person decides on a suggestion: what only waits for a comment, or was there before, may be suggested.
        source = seen.source_of(article)
        source = replace(source, comment_first=False) if source.comment_first else source
        offered = filled(msgspec.structs.replace(article, baseline=False, rank=None), seen.pages.get(article.url))
        judged = judge(offered, source, standard)
        if not judged.rejected:
            # Coarse on purpose: a score that drifts with every hour would be stored anew on every run.
            by = comment_by(article, seen.source_of(article), seen.knowledge.commented)
            waits = by if by and now < by and not is_baseline(article, pacing) else None
            topics = standard.own_parts["relevance"].fraction(offered, source)
            found.append(_offer(article, round(judged.score, 1), waits, round(topics, 1)))
    return {Identity("web", site): tuple(found) for site, found in by_site.items()}


def _newest_first(catalogue: Iterable[Article], now: datetime) -> list[Article]:
    recent = [each for each in catalogue if now - each.dated <= _OFFER_AGE + timedelta(1)]
    return sorted(recent, key=lambda article: (article.dated, article.url), reverse=True)


def _is_somebodys(article: Article) -> bool:
    """Whether the ledger can say whose it is: an address without a site belongs to nobody it knows."""
    return article.kind == "curated" and bool(article.site)


def _offer(article: Article, score: float, waits: datetime | None, topics: float) -> Offer:
    who = Identity("web", article.site)
    return Offer(who, article.url, article.title, article.dated, score, comment_by=waits, topics=topics)
