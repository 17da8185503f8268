"""From articles to a plan with its drafts: what `plan` shows and `run` acts on. Reads state, changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from ledger.owe import lift, owe
from platforms.base import Draft
from syndicator import accounts, urls
from syndicator.articles import Article, Catalogue
from syndicator.compose import TooLong, compose
from syndicator.judging.judge import Judgement, Standard, judge
from syndicator.outbox import Outbox
from syndicator.plan import Channel, Plan, plan
from syndicator.settings import AccountTable
from syndicator.sources import health as healths
from syndicator.sources.base import Source
from syndicator.sources.subscriptions import Subscriptions
from syndicator.workspace import Workspace

#: For so long after an article became too old, a plan still says that it was.
_STILL_TOLD = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Choice:
    """A plan with the exact draft of each planned post, by account and article URL."""

    plan: Plan = field(default_factory=Plan)
    drafts: Mapping[tuple[str, str], Draft] = field(default_factory=dict)


def choose(
    space: Workspace, channels: Sequence[Channel], subscribed: Subscriptions, catalogue: Catalogue, now: datetime
) -> Choice:
    """Judge every candidate, plan the coming day and compose its posts.

    An article that can't be made to fit on an account is turned down there, and the plan is made again without it.
    """
    sources = by_url(space, subscribed)
    oldest = now - max((channel.pacing.max_age for channel in channels), default=timedelta()) - _STILL_TOLD
    recent = [article for article in candidates(catalogue, subscribed, now) if article.dated >= oldest]
    judged = judge_all(space, channels, sources, recent, now)
    before = accounts.past(Outbox(space.state), catalogue)
    while True:
        made = plan(channels, judged, before, now=now, zone=space.settings.me.timezone)
        drafts, refused = _compose_all(made, channels, space.settings.accounts, sources)
        if not refused:
            return Choice(made, drafts)
        judged = {
            name: [_turned_down(each, refused.get((name, each.article.url))) for each in judgements]
            for name, judgements in judged.items()
        }


def by_url(space: Workspace, subscribed: Subscriptions) -> dict[str, Source]:
    """The subscribed feeds, with the titles and sites that they give themselves where their owner said none."""
    health = healths.load(space.state)
    return {source.url: healths.named(source, health) for source in subscribed.feeds}


def candidates(catalogue: Catalogue, subscribed: Subscriptions, now: datetime) -> Iterator[Article]:
    """The articles of the current sources, and the notes as articles of their own."""
    current = {source.url for source in subscribed.feeds}
    yield from (article for article in catalogue if not current.isdisjoint(article.sources))
    for file in subscribed.notes:
        source = file.path.as_uri()
        for note in file.notes:
            yield Article(url=f"note:{note.id}", kind="notes", title=note.text, site="", source=source, first_seen=now)


def judge_all(
    space: Workspace,
    channels: Sequence[Channel],
    sources: Mapping[str, Source],
    found: Sequence[Article],
    now: datetime,
) -> dict[str, list[Judgement]]:
    """Judgements by account; accounts with the same standards share them."""
    lifts = owed(space, now)
    made: dict[object, list[Judgement]] = {}
    judged = {}
    for channel in channels:
        pacing = channel.pacing
        key = (pacing.max_age, pacing.topics, pacing.min_score, pacing.first_run)
        if key not in made:
            standard = Standard(now, channel.pacing, space.settings.me.sites, lifts)
            made[key] = [judge(article, source_of(article, sources), standard) for article in found]
        judged[channel.name] = made[key]
    return judged


def source_of(article: Article, sources: Mapping[str, Source]) -> Source:
    """The source an article is judged by: where it was seen first, else any current one that has it."""
    for url in (article.source, *article.sources):
        if url in sources:
            return sources[url]
    return Source(article.source, article.kind)


def owed(space: Workspace, now: datetime) -> dict[str, float]:
    """The lift of each web site whose owner is owed."""
    table = space.settings.ledger
    here = now.astimezone(space.settings.me.timezone)
    debts = owe(space.book.people(), space.book.entries(), here, space.rules, acts=space.book.acts())
    lifts = lift(debts, table.reciprocity_lift, table.threshold)
    return {identity.handle: value for identity, value in lifts.items()}


def _compose_all(
    made: Plan, channels: Sequence[Channel], tables: Mapping[str, AccountTable], sources: Mapping[str, Source]
) -> tuple[dict[tuple[str, str], Draft], dict[tuple[str, str], str]]:
    """The drafts of a plan, and why some could not be made."""
    limits = {channel.name: channel.limits for channel in channels}
    drafts, refused = {}, {}
    for each in made.planned:
        where = (each.account, each.article.url)
        site = credit(each.article, source_of(each.article, sources))
        try:
            drafts[where] = compose(each.article, tables[each.account], limits[each.account], site_title=site)
        except TooLong as error:
            refused[where] = str(error)
    return drafts, refused


def credit(article: Article, source: Source) -> str:
    """What to call the site an article is on: its source's title, unless that is somebody who passed it on."""
    own = {urls.site_of(where) for where in (source.site, source.url) if where}
    return source.title if article.site in own else ""


def _turned_down(judgement: Judgement, reason: str | None) -> Judgement:
    return replace(judgement, rejected=reason) if reason else judgement
