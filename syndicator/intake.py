"""From sources to articles and favours: reads what is due and stores what was learnt. Effects: fetching, the stores."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ledger.entry import Entry, Identity
from ledger.rules import Rules
from syndicator import articles, collect, crosslinks
from syndicator.articles import Catalogue
from syndicator.articles.moves import old_news
from syndicator.comments import kept as kept_comments
from syndicator.comments import places
from syndicator.crosslinks import Crosslinks
from syndicator.fetch_options import bounds, fetch_options
from syndicator.settings import Settings
from syndicator.sources import health as healths
from syndicator.sources.base import Source
from syndicator.sources.health import Health
from syndicator.sources.outage import Outage
from syndicator.sources.read import Reading, read
from syndicator.sources.subscriptions import Subscriptions
from syndicator.workspace import Workspace

_log = logging.getLogger(__name__)

#: Articles stay whole for so much longer than anybody asks about them: a plan still says what has become too old.
_SPARE = timedelta(days=14)


@dataclass(slots=True)
class Intake:
    """How reading went: sources by outcome, new links to me, and a sentence for each source that failed.

    `waiting` failed before or have a server that wants time, were told of then, and are not asked again yet; `not_due`
    were read well not long ago; `retired` said that they are gone for good; `late` the
    time of the run did not reach for. `remarks` are sentences about sources that
    were read.
    """

    ok: int = 0
    unchanged: int = 0
    failed: int = 0
    waiting: int = 0
    not_due: int = 0
    retired: int = 0
    late: int = 0
    links_to_me: int = 0
    errors: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    def count(self, reading: Reading) -> None:
        """Take one source into account."""
        if reading.late:
            self.late += 1
        elif reading.error:
            self.failed += 1
            self.errors += (reading.error,)
        elif reading.feed is None:
            self.unchanged += 1
        else:
            self.ok += 1
            self.remarks += (reading.remark,) if reading.remark else ()


def take_in(
    space: Workspace,
    subscribed: Subscriptions,
    catalogue: Catalogue,
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
    *,
    refresh: bool = False,
    outage: Outage | None = None,
) -> Intake:
    """Read every source that is due (with `refresh`: every source) into the catalogue, and store what was learnt.

    Favours are booked first: a feed that counts as read is not read again until it changes.
    """
    known = healths.load(space.state)
    intake = Intake()
    due = list(subscribed.feeds) if refresh else _due(space, subscribed, known, intake, now)
    harvest = _Harvest(space.settings, catalogue, crosslinks.load(space.state), now)
    outage = outage or Outage()
    for reading in read(due, known, fetch_options(space.settings), now, progress):
        intake.count(reading)
        _log.debug("%s: %s", reading.source.url, _answer(reading))
        if reading.late:
            continue
        harvest.add(reading, healths.of(reading.source, known))
        outage.saw(reading.source.url, reading.reached, reading.error, failed_before=reading.health.failures > 1)
    if outage.told:
        spared = set(outage.spared.values())
        intake.errors = (outage.told, *(error for error in intake.errors if error not in spared))
        harvest.forget(outage.spared)
    harvest.links.connect((healths.named(source, known) for source in subscribed.feeds), catalogue)
    with space.book.transaction():
        oldest = now - space.settings.ledger.retention  # what is older would be dropped again at once
        intake.links_to_me = space.book.append(each for each in harvest.favours if each.when >= oldest)
        space.book.introduce(harvest.names)
    with space.state.transaction():
        articles.save(space.state, catalogue, whole_since=now - _kept_whole(space.settings))
        kept_comments.note_articles(space.state, harvest.comments)
        crosslinks.save(space.state, harvest.links, subscribed.feeds, now.date())
        forgiven = _forgiven(known, {source.url for source in subscribed.feeds})
        space.state.put_many(healths.COLLECTION, forgiven | harvest.health)
    return intake


def _answer(reading: Reading) -> str:
    """How a source answered, for the log."""
    if reading.late:
        return "not reached in time"
    if reading.error:
        return reading.error
    return "unchanged" if reading.feed is None else f"read, {len(reading.feed.items)} items"


@dataclass(slots=True)
class _Harvest:
    """What the feeds of one run gave, in the catalogue and beside it; nothing is stored yet."""

    settings: Settings
    catalogue: Catalogue
    links: Crosslinks
    now: datetime
    favours: list[Entry] = field(default_factory=list)
    names: dict[Identity, str] = field(default_factory=dict)
    health: dict[str, dict[str, object]] = field(default_factory=dict)
    comments: dict[str, dict[str, str]] = field(default_factory=dict)

    def add(self, reading: Reading, before: Health) -> None:
        """Take in one source; `before` is how it was until now."""
        source, feed = reading.source, reading.feed
        self.health[source.url] = healths.document(reading.health)
        if feed is None:
            return
        allow = _first_run(self.settings) if reading.first else None
        # What a version that left out entries without a title may have seen is no news.
        since = None if before.whole else before.last_ok
        new = articles.gather(self.catalogue, source, feed, now=self.now, allow=allow, untitled_since=since)
        for found in new:
            # Nor is what it had, or may have had, before it moved.
            if reading.resumed and (found.published is None or found.published < reading.resumed):
                self.catalogue.put(old_news(found))
        self.links.read(source, feed, self.now)
        if source.kind == "own" and source.comments == "auto" and (named := places.of_articles(feed)):
            self.comments[source.url] = named
        for favour in collect.links_to_me(source, feed, self.catalogue, self.settings.me.sites, self.now):
            self.favours.append(favour)
            if article := self.catalogue.get(favour.url):
                self.names[favour.identity] = collect.name_written(source, feed, article)

    def forget(self, sources: Iterable[str]) -> None:
        """Leave the health of these sources as it was."""
        for url in sources:
            self.health.pop(url, None)


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
        elif health.next_due:
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
