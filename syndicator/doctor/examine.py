"""A whole examination, area by area. What can't be looked at is a finding of its own, and stops no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from ledger import pod
from ledger.store.base import StoreError
from platforms.errors import PlatformError
from syndicator import history, timebox
from syndicator.account_check import check_account
from syndicator.accounts import Holds
from syndicator.doctor import accounts, clock, credentials, owner, posts, runs, sources, state
from syndicator.doctor.finding import Area, Finding, error, mind, ok
from syndicator.linkcheck import checked
from syndicator.networks import open_accounts
from syndicator.outbox import Outbox
from syndicator.schedule.base import ScheduleError
from syndicator.schedule.installed import interval
from syndicator.settings import SettingsError, load
from syndicator.sources import copies
from syndicator.sources import health as healths
from syndicator.workspace import Workspace

#: What an error of ours tells is a finding; anything else is a bug.
_OURS = (SettingsError, StoreError, PlatformError, ScheduleError, OSError)
_MEND = "mend that, and ask again: syndicator doctor"

#: Seconds for all accounts together, which are asked at the same time, and for each server that is asked the time.
PATIENCE, _FOR_THE_TIME = 30.0, 10.0


def examine(
    path: Path, *, offline: bool = False, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Iterator[Finding]:
    """Everything there is to find, in the order of the areas; `offline` asks no network.

    State is read and not changed, but for what asking costs and what a login that works puts right.
    """
    told: set[str] = set()
    try:
        settings = load(path)
    except SettingsError as problem:
        yield error("settings", problem, f"mend {path}; config/starter.toml tells every key")
        return
    yield ok("settings", f"{settings.path} is in order")
    space = Workspace(settings, clock=now, scratch=True)
    for area, looks in _areas(space, offline):
        for found in _careful(area, looks):
            if found.text not in told:
                yield found
            told.add(found.text)


def _areas(space: Workspace, offline: bool) -> Iterator[tuple[Area, Callable[[], Iterable[Finding]]]]:
    settings, now = space.settings, space.clock()
    yield "settings", partial(owner.examine, settings)
    yield "credentials", partial(credentials.examine, settings)
    yield "state", partial(state.examine, settings.data_folder, now.date(), settings.log_file)
    limit = timebox.at_most(settings.run.budget, settings.fetch.timeout)
    yield "runs", lambda: runs.lock(space.lock_owner(), limit, now)
    yield "runs", lambda: runs.last(history.load(space.state), now, interval(settings.path))
    yield "schedule", partial(runs.timer, settings)
    if not offline:
        yield "clock", partial(clock.examine, clock.servers(settings), space.clock, _FOR_THE_TIME)
    yield "sources", partial(sources.missing_files, settings)
    yield "sources", lambda: _sources(space)
    yield "links", lambda: sources.links(checked.load(space.state).values(), settings.fetch.check_links, now)
    yield "posts", lambda: posts.examine(list(Outbox(space.state)), settings.accounts, now)
    yield "ledger", lambda: _ledger(space)
    yield "accounts", lambda: _accounts(space, offline)


def _careful(area: Area, look: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    try:
        yield from look()
    except _OURS as problem:
        yield error(area, problem, _MEND)


def _sources(space: Workspace) -> Iterator[Finding]:
    subscribed = sources.as_last_read(space.settings, copies.load(space.state))
    return sources.examine(subscribed, healths.load(space.state), space.clock())


def _ledger(space: Workspace) -> Iterator[Finding]:
    entries, people = space.book.entries(), space.book.people()
    for problem in space.book.problems:
        yield error("ledger", problem, "mend its line in ledger.jsonl by hand, or bring a backup back")
    sharing = pod.sharing(people, entries, space.clock(), space.rules, space.book.acts())
    yield from (mind("ledger", warning, pod.REMEDY) for warning in sharing.warnings)
    yield ok("ledger", f"{len(entries)} entries about {len(list(people))} people")


def _accounts(space: Workspace, offline: bool) -> Iterator[Finding]:
    opened = open_accounts(space)
    yield from accounts.without_asking(opened, space.clock())
    if offline:
        return
    asking = Workspace(space.settings, clock=space.clock)  # what asking costs is remembered
    with suppress(StoreError):
        opened = open_accounts(asking)
    whole = [account for account in opened if not account.missing]
    check = partial(check_account, holds=Holds(asking.state))
    for account, answer in accounts.ask(whole, check, PATIENCE):
        yield from accounts.told(account, answer, PATIENCE)
