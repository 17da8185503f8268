"""What stands: sites, sources, accounts and timer on one screen, and what is missing, each with the command for it.

Reads only what lies here; asks no network but for blogrolls that were never read.
"""

from __future__ import annotations

import os
import shlex
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from syndicator.cli.fitted import cells, fitted

if TYPE_CHECKING:
    from syndicator.accounts import Account
    from syndicator.settings import Settings
    from syndicator.sources.subscriptions import Subscriptions


@dataclass(frozen=True, slots=True)
class Standing:
    """Lines of what is there, by area, and what is missing: a few words, and what to do."""

    there: tuple[tuple[str, str], ...]
    missing: tuple[tuple[str, str], ...]


def standing(settings: Settings) -> Standing:
    """Look at everything that the settings name."""
    from syndicator.follow import subscribed
    from syndicator.networks import open_accounts
    from syndicator.workspace import Workspace

    space = Workspace(settings, scratch=True)
    found, accounts = subscribed(space), open_accounts(space)
    timers, troubles = _timers(settings)
    there = [
        ("settings", near(settings.path)),
        ("you", _me(settings)),
        *_rows("sources", _sources(settings, found)),
        *_rows("accounts", map(_account, accounts)),
        *_rows("schedule", [*timers, *troubles]),
    ]
    return Standing(
        tuple((area, text) for area, text in there if text),
        tuple(_missing(settings, found, accounts, timed=bool(timers))),
    )


def lines(shown: Standing, width: int) -> Iterator[str]:
    """The screen, as wide as it may be: an area is named once, and continued below."""
    last = ""
    for area, text in shown.there:
        yield from fitted(f"{area if area != last else '':10}{text}", width, " " * 10)
        last = area
    if shown.missing:
        yield ""
        yield "still missing, as far as you want it:"
        widest = max(len(what) for what, _ in shown.missing)
        rows = [f"  {what:{widest}}  {remedy}" for what, remedy in shown.missing]
        if all(cells(row) <= width for row in rows):
            yield from rows
            return
        for what, remedy in shown.missing:
            yield f"  {what}"
            yield from fitted(f"      {remedy}", width, " " * 8)


def command(path: Path, words: str) -> str:
    """A command for the settings at this path, as it must be typed here."""
    usual = Path(os.environ.get("SYNDICATOR_CONFIG") or "syndicator.toml")
    if usual.absolute() == path.absolute():
        return f"syndicator {words}"
    return f"syndicator --config {shlex.quote(near(path))} {words}"


def near(path: Path) -> str:
    """A path as it is typed from the folder where one is: relative for what lies below it."""
    here = Path().absolute()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _rows(area: str, texts: Sequence[str] | Iterator[str]) -> Iterator[tuple[str, str]]:
    return ((area, text) for text in texts)


def _me(settings: Settings) -> str:
    me = settings.me
    return ", ".join(each for each in (me.name, *me.sites, me.language, str(me.timezone)) if each)


def _sources(settings: Settings, found: Subscriptions) -> Iterator[str]:
    """A line for each source of the settings; of a blogroll how many feeds it has."""
    counts = Counter(source.origin for source in found.feeds)
    for table in settings.sources:
        if table.opml:
            count = counts[table.opml]
            yield f"{table.opml}: {count} feed{'s' * (count != 1)}"
        elif table.kind == "notes":
            yield f"{table.file}: your notes"
        else:
            yield f"{table.feed}: {'your own blog' if table.kind == 'own' else table.title or 'a feed'}"
    yield from (f"problem: {problem}" for problem in found.problems)


def _account(account: Account) -> str:
    where = " ".join(each for each in (account.table.platform, account.table.server, account.table.handle) if each)
    if account.missing:
        state = account.missing.partition("; ")[0]
    elif account.held:
        state = account.held
    else:
        state = "logged in" if getattr(account.adapter, "credential", ()) else "needs no login"
    waits = ", each post waits for you" if account.publishes and account.table.approve == "ask" else ""
    return f"{account.name}: {where}, {state}{waits}"


def _timers(settings: Settings) -> tuple[list[str], list[str]]:
    """The timers that are installed, and what could not be looked at."""
    from syndicator.schedule.backends import every_kind
    from syndicator.schedule.base import ScheduleError
    from syndicator.schedule.job import job
    from syndicator.times import span_text

    found, troubles = [], []
    for kind in every_kind():
        try:
            fares = kind.status(job(settings))
        except ScheduleError as error:
            troubles.append(f"{kind.name}: {error}")
            continue
        if fares:
            often = f"every {span_text(fares.every)}" if fares.every else "at times that can't be told"
            found.append(f"{kind.name}: a run {often}{', but it is stopped' if fares.active is False else ''}")
    return found, troubles


def _missing(
    settings: Settings, found: Subscriptions, accounts: Sequence[Account], *, timed: bool
) -> Iterator[tuple[str, str]]:
    kinds = {source.kind for source in found.feeds}
    if not settings.me.sites:
        yield "your site", f"put its address into `sites` under [me] in {near(settings.path)}"
    if "own" not in kinds:
        yield "your own feed", f'put it into {near(settings.path)}: a [[sources]] with kind = "own"'
    if "curated" not in kinds:
        yield "blogs of others", f"{command(settings.path, 'import FILE|URL')}, or {command(settings.path, 'add URL')}"
    for account in accounts:
        if account.missing or account.held:
            yield f"the login of {account.name}", command(settings.path, f"login {account.name}")
    if not any(account.publishes and account.table.platform != "linkblog" for account in accounts):
        yield "a network to post to", command(settings.path, "login NAME --platform NETWORK")
    if not timed:
        yield "a timer", command(settings.path, "schedule install")
