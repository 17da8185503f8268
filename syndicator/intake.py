"""From sources to articles and favours: reads what is due and stores what was learnt. Effects: fetching, the stores."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from ledger.entry import Entry, Identity
from ledger.rules import Rules
from syndicator import articles, collect, crosslinks
from syndicator.articles import Catalogue
from syndicator.articles.moves import old_news
from syndicator.fetch_options import bounds, fetch_options
from syndicator.settings import Settings
from syndicator.sources import health as healths
from syndicator.sources.base import Source
from syndicator.sources.health import Health
from syndicator.sources.read import read
from syndicator.sources.subscriptions import Subscriptions
from syndicator.workspace import Workspace

#: Articles stay whole for so much longer than anybody asks about them: a plan still says what has become too old.
_SPARE = timedelta(days=14)


@dataclass(slots=True)
class Intake:
    """How reading went: sources by outcome, new links to me, and a sentence for each source that failed.

    `waiting` failed before, were told of then, and are not asked again yet; `not_due` were read well not long ago;
    `retired` said that they are gone for good.
    """

    ok: int = 0
    unchanged: int = 0
    failed: int = 0
    waiting: int = 0
    not_due: int = 0
    retired: int = 0
    links_to_me: int = 0
    errors: tuple[str, ...] = ()


def take_in(
    space: Workspace,
    subscribed: Subscriptions,
    catalogue: Catalogue,
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
    *,
    refresh: bool = False,
) -> Intake:
    """Read every source that is due (with `refresh`: every source) into the catalogue, and store what was learnt.

    Favours are booked first: a feed that counts as read is not read again until it changes.
    """
    known = healths.load(space.state)
    intake = Intake()
    due = list(subscribed.feeds) if refresh else _due(space, subscribed, known, intake, now)
    health = _forgiven(known, {source.url for source in subscribed.feeds})
    favours: list[Entry] = []
    names: dict[Identity, str] = {}
    settings = space.settings
    links = crosslinks.load(space.state)
    for reading in read(due, known, fetch_options(settings), now, progress):
        health[reading.source.url] = healths.document(reading.health)
        if reading.error:
            intake.failed += 1
            intake.errors += (reading.error,)
        elif reading.feed is None:
            intake.unchanged += 1
        else:
            intake.ok += 1
            allow = _first_run(settings) if reading.first else None
            new = articles.gather(catalogue, reading.source, reading.feed, now=now, allow=allow)
            for found in new:
                if reading.resumed and found.dated < reading.resumed:  # what it had before it moved is no news
                    catalogue.put(old_news(found))
            links.read(reading.source, reading.feed, now)
            for favour in collect.links_to_me(reading.source, reading.feed, catalogue, settings.me.sites, now):
                favours.append(favour)
                if article := catalogue.get(favour.url):
                    names[favour.identity] = collect.name_written(reading.source, reading.feed, article)
    links.connect((healths.named(source, known) for source in subscribed.feeds), catalogue)
    with space.book.transaction():
        intake.links_to_me = space.book.append(favours)
        space.book.introduce(names)
    with space.state.transaction():
        articles.save(space.state, catalogue, whole_since=now - _kept_whole(settings))
        crosslinks.save(space.state, links, subscribed.feeds, now.date())
        space.state.put_many(healths.COLLECTION, health)
    return intake


def _due(
    space: Workspace, subscribed: Subscriptions, known: Mapping[str, Health], intake: Intake, now: datetime
) -> list[Source]:
    """The sources whose turn it is; the others are counted."""
    due = []
    for source in subscribed.feeds:
        health = healths.of(source, known)
        if health.is_due(source, bounds(space.settings), now):
            due.append(source)
        elif health.gone:
            intake.retired += 1
        elif health.failures:
            intake.waiting += 1
        else:
            intake.not_due += 1
    return due


def _forgiven(known: Mapping[str, Health], subscribed: Collection[str]) -> dict[str, dict[str, object]]:
    """Retired sources that are no longer subscribed: who takes one of them up again means to read it."""
    lost = (health for health in known.values() if health.gone and health.url not in subscribed)
    return {health.url: healths.document(healths.revived(health)) for health in lost}


def _first_run(settings: Settings) -> int:
    """How many of a new source's articles are kept for sharing; how many each account may have is judged for it."""
    pacings = (settings.plan, *(table.plan(settings.plan) for table in settings.accounts.values()))
    return max(pacing.first_run for pacing in pacings)


def _kept_whole(settings: Settings) -> timedelta:
    """For how long an article may still be shared, offered as a return or told of in a plan."""
    pacings = (settings.plan, *(table.plan(settings.plan) for table in settings.accounts.values()))
    return max(Rules().offer_age, *(pacing.max_age for pacing in pacings)) + _SPARE
