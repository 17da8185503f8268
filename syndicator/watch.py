"""Watches over what nobody would notice, at the end of each run: gathers the facts, and keeps what was told when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from platforms.abilities import Expiring
from syndicator import alarms, history
from syndicator.accounts import Account
from syndicator.alarms import Alarm
from syndicator.outbox import Outbox
from syndicator.schedule.installed import interval
from syndicator.sources import health as healths
from syndicator.sources.subscriptions import Subscriptions
from syndicator.workspace import Workspace

COLLECTION = "alarms"


def standing(space: Workspace, accounts: Iterable[Account], subscribed: Subscriptions) -> Iterator[Alarm]:
    """Everything there is to tell at present, whether it was told before or not."""
    now, known = space.clock(), healths.load(space.state)
    yield from _missed_runs(space, now)
    yield from alarms.silent_sources(((source, healths.of(source, known)) for source in subscribed.feeds), now)
    yield from alarms.running_out(_expiry(accounts), now)
    yield from alarms.unknown_posts(Outbox(space.state).doubtful())


def _missed_runs(space: Workspace, now: datetime) -> Iterator[Alarm]:
    """The timer is asked only where something seems to be missed."""
    runs = history.load(space.state)
    if any(alarms.missed_runs(runs, now)):
        yield from alarms.missed_runs(runs, now, interval(space.settings.path))


def told_now(space: Workspace, accounts: Iterable[Account], subscribed: Subscriptions) -> list[str]:
    """The sentences that it is time for, remembered as told."""
    now, current = space.clock(), list(standing(space, accounts, subscribed))
    told = {key: datetime.fromisoformat(document["at"]) for key, document in space.state.scan(COLLECTION)}
    fresh = alarms.due(current, told, now)
    _keep(space, told, current, {alarm.key: now for alarm in fresh})
    return [alarm.text for alarm in fresh]


def _keep(
    space: Workspace, told: Mapping[str, datetime], current: Sequence[Alarm], fresh: Mapping[str, datetime]
) -> None:
    over = told.keys() - {alarm.key for alarm in current}
    if over or fresh:
        with space.state.transaction():
            space.state.delete(COLLECTION, over)
            space.state.put_many(COLLECTION, {key: {"at": at.isoformat()} for key, at in fresh.items()})


def _expiry(accounts: Iterable[Account]) -> dict[str, datetime]:
    ends = ((each.name, each.adapter.expires()) for each in accounts if isinstance(each.adapter, Expiring))
    return {name: at for name, at in ends if at}
