"""Keeps what is known of pages up to date: which ones have to be looked at, looking, and remembering what was learnt.

Effects: fetching, the state. Nothing is decided here: `verdict` says what an answer means, `judging` what it is worth.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

import msgspec

from syndicator import articles, urls
from syndicator.articles import Article, Catalogue
from syndicator.articles.same_title import almost_same
from syndicator.fetch_options import fetch_options
from syndicator.linkcheck import checked
from syndicator.linkcheck.check import check
from syndicator.linkcheck.checked import Check
from syndicator.outbox import Outbox
from syndicator.sources.outage import Outage
from syndicator.sources.turns import Turns
from syndicator.workspace import Workspace

_log = logging.getLogger(__name__)


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
    space: Workspace,
    addresses: Iterable[str],
    progress: Callable[[int, int], None] | None = None,
    turns: Turns | None = None,
    outage: Outage | None = None,
) -> dict[str, Check]:
    """Look at pages, and remember what they were like; give the new checks by address.

    `turns` are shared by all looks of one run: a server that never answers costs it time only once.
    """
    now = space.clock()
    before = checked.load(space.state)
    options = fetch_options(space.settings)
    checks = {each.url: each for each in check(addresses, options, now, before, progress, turns, outage)}
    for each in checks.values():
        _log.debug("page %s: %s", each.url, f"{each.verdict} {each.reason}".strip())
    with space.state.transaction():
        checked.save(space.state, checks.values())
        checked.prune(space.state, now)
    return checks


def teach(space: Workspace, catalogue: Catalogue) -> None:
    """Tell the catalogue under which addresses its articles were found, so that one page under two stays one article.

    What was not posted yet is posted at, and credited to, the address where its page was found. An address elsewhere
    is believed only if it is a known article's: a stranger's page can't take over one that nobody has seen yet. When
    that comes, this is asked again.
    """
    news = [found for found in known(space).values() if any(_is_news(found, each, catalogue) for each in _led(found))]
    posted = {post.article for post in Outbox(space.state) if not post.moved} if news else set()
    copies = []
    for found in news:
        before = catalogue.get(found.url)
        if before is None:
            continue
        believed = [each for each in _led(found) if _is_believed(found, each, before, catalogue)]
        article = catalogue.also_at(found.url, believed, page_title=found.title, posted=posted)
        if (address := _leads_to(found, article)) and posted.isdisjoint((article.url, *article.aliases)):
            article = catalogue.moved(found.url, address)
        if article.url == found.final_url != found.url:
            copies.append(msgspec.structs.replace(found, url=article.url))
    with space.state.transaction():
        articles.save(space.state, catalogue)
        checked.save(space.state, copies)


def page_at(space: Workspace, url: str) -> Check | None:
    """How one page is right now; None where there is none to look at."""
    if unseen(space, [url], checked.POSTING):
        return look(space, [url]).get(url)
    return known(space).get(url)


def _led(found: Check) -> list[str]:
    """Where a page was found to be besides, and what it calls itself."""
    asked = urls.canonical(found.url)
    return [address for address in (found.final_url, found.canonical) if found.ok and address not in ("", asked)]


def _is_news(found: Check, address: str, catalogue: Catalogue) -> bool:
    """Whether the catalogue does not know yet that a page is at this address, or that it is best posted there."""
    article, there = catalogue.get(found.url), catalogue.get(address)
    if article is None:
        return False
    return there is None or there.url != article.url or _leads_to(found, article) != ""


def _is_believed(found: Check, address: str, article: Article, catalogue: Catalogue) -> bool:
    """Whether a page is what is at an address: on its own site, or as another article that is known.

    Where a redirect leads, readers are led too; what a page of another site calls itself may be anything, so the titles
    must be alike as well. On its own site a redirect for the moment may lead to anything.
    """
    if urls.site_of(address) == urls.site_of(found.url) and (address == found.canonical or found.lasting):
        return True
    other = catalogue.get(address)
    if other is None:
        return False
    return address == found.final_url or any(almost_same(each, other.title) for each in (article.title, found.title))


def _leads_to(found: Check, article: Article) -> str:
    """The other address of an article that its page is at; "" where that is its own.

    That a page calls itself something else on its own site is not enough: nobody told of that address or looked there.
    Neither is a redirect for the moment.
    """
    elsewhere = urls.site_of(found.canonical) != urls.site_of(found.url)
    wanted = (found.canonical if elsewhere else "", found.final_url if found.lasting else "")
    return next((each for each in wanted if article.url == found.url and each in article.aliases), "")


def _is_checkable(url: str) -> bool:
    return urls.is_web(url) and not checked.is_reserved(url)


def _holds(found: Check | None, now: datetime, within: timedelta) -> bool:
    return found is not None and found.holds(now, within)
