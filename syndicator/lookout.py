"""Keeps what is known of pages up to date: which ones have to be looked at, looking, and remembering what was learnt.

Effects: fetching, the state. Nothing is decided here: `verdict` says what an answer means, `judging` what it is worth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from syndicator import checked, urls
from syndicator.check import check
from syndicator.checked import Check
from syndicator.intake import fetch_options
from syndicator.workspace import Workspace


def known(space: Workspace) -> Mapping[str, Check]:
    """The checks to judge and compose by, by article; none where the settings turn the link check off."""
    if not space.settings.fetch.check_links:
        return {}
    return checked.standing(checked.load(space.state), space.clock())


def unseen(space: Workspace, addresses: Iterable[str], within: timedelta = checked.PLANNING) -> list[str]:
    """Those of the addresses whose pages have to be looked at: what is known of them is nothing, or too old.

    Notes have no page, and addresses that are reserved for examples can have none.
    """
    if not space.settings.fetch.check_links:
        return []
    checks, now = checked.load(space.state), space.clock()
    return [url for url in dict.fromkeys(addresses) if _is_checkable(url) and not _holds(checks.get(url), now, within)]


def look(
    space: Workspace, addresses: Iterable[str], progress: Callable[[int, int], None] | None = None
) -> dict[str, Check]:
    """Look at pages, and remember what they were like; give the new checks by address."""
    now = space.clock()
    before = checked.load(space.state)
    checks = {each.url: each for each in check(addresses, fetch_options(space.settings), now, before, progress)}
    with space.state.transaction():
        checked.save(space.state, checks.values())
        checked.prune(space.state, now)
    return checks


def page_at(space: Workspace, url: str) -> Check | None:
    """How one page is right now; None where there is none to look at."""
    if unseen(space, [url], checked.POSTING):
        return look(space, [url])[url]
    return known(space).get(url)


def _is_checkable(url: str) -> bool:
    return urls.is_web(url) and not checked.is_reserved(url)


def _holds(check: Check | None, now: datetime, within: timedelta) -> bool:
    return check is not None and check.holds(now, within)
