"""From sources to articles and favours: reads what is due and stores what was learnt. Effects: fetching, the stores."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from ledger.entry import Entry, Identity
from ledger.rules import Rules
from syndicator import articles, collect, crosslinks
from syndicator.articles import Catalogue
from syndicator.articles.moves import old_news
from syndicator.fetch_options import fetch_options
from syndicator.settings import Settings
from syndicator.sources import health as healths
from syndicator.sources.read import read
from syndicator.sources.subscriptions import Subscriptions
from syndicator.workspace import Workspace

#: Articles stay whole for so much longer than anybody asks about them: a plan still says what has become too old.
_SPARE = timedelta(days=14)


@dataclass(slots=True)
class Intake:
    """How reading went: sources by outcome, new links to me, and a sentence for each source that failed.

    `waiting` failed before, were told of then, and are not asked again yet.
    """

    ok: int = 0
    unchanged: int = 0
    failed: int = 0
    waiting: int = 0
    links_to_me: int = 0
    errors: tuple[str, ...] = ()


def take_in(
    space: Workspace,
    subscribed: Subscriptions,
    catalogue: Catalogue,
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> Intake:
    """Read every source that is due into the catalogue, and store articles, health and favours.

    Favours are booked first: a feed that counts as read is not read again until it changes.
    """
    known = healths.load(space.state)
    intake = Intake(waiting=sum(not healths.of(source, known).is_due(now) for source in subscribed.feeds))
    health: dict[str, dict[str, object]] = {}
    favours: list[Entry] = []
    names: dict[Identity, str] = {}
    settings = space.settings
    links = crosslinks.load(space.state)
    readings = read(subscribed.feeds, known, fetch_options(settings), now, progress)
    places = {source.url: place for place, source in enumerate(subscribed.feeds)}
    # In the order of the subscriptions, not of the answers: the same feeds give the same articles every time.
    for reading in sorted(readings, key=lambda reading: places[reading.source.url]):
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


def _first_run(settings: Settings) -> int:
    """How many of a new source's articles are kept for sharing; how many each account may have is judged for it."""
    pacings = (settings.plan, *(table.plan(settings.plan) for table in settings.accounts.values()))
    return max(pacing.first_run for pacing in pacings)


def _kept_whole(settings: Settings) -> timedelta:
    """For how long an article may still be shared, offered as a return or told of in a plan."""
    pacings = (settings.plan, *(table.plan(settings.plan) for table in settings.accounts.values()))
    return max(Rules().offer_age, *(pacing.max_age for pacing in pacings)) + _SPARE
