"""Keeps what is known of pages up to date: which ones have to be looked at, looking, and remembering what was learnt.

Effects: fetching, the state. Nothing is decided here: `verdict` says what an answer means, `judging` what it is worth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from syndicator import articles, checked, urls
from syndicator.articles import Catalogue
from syndicator.check import check
from syndicator.checked import Check
from syndicator.fetch_options import fetch_options
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


def teach(space: Workspace, catalogue: Catalogue) -> None:
    """Tell the catalogue under which addresses its articles were found, so that one page under two stays one article.

    An address elsewhere is believed only if it is a known article's: a stranger's page can't take over one that nobody
    has seen yet. When that comes, this is asked again.
    """
    for found in known(space).values():
        if catalogue.get(found.url) is not None:
            catalogue.also_at(found.url, [each for each in _addresses(found) if _is_its_own(found, each, catalogue)])
    articles.save(space.state, catalogue)


def page_at(space: Workspace, url: str) -> Check | None:
    """How one page is right now; None where there is none to look at."""
    if unseen(space, [url], checked.POSTING):
        return look(space, [url])[url]
    return known(space).get(url)


def _addresses(found: Check) -> list[str]:
    """Where a page was found to be besides, and what it calls itself."""
    return [address for address in (found.final_url, found.canonical) if found.ok and address]


def _is_its_own(found: Check, address: str, catalogue: Catalogue) -> bool:
    return urls.site_of(address) == urls.site_of(found.url) or catalogue.get(address) is not None


def _is_checkable(url: str) -> bool:
    return urls.is_web(url) and not checked.is_reserved(url)


def _holds(found: Check | None, now: datetime, within: timedelta) -> bool:
    return found is not None and found.holds(now, within)
