"""Who of my sources recommends me: in their blogroll, or in Ghost's list. Effects: fetching, the book, the state.

Each site is asked once a month, a few in a run, and not in its first days among my sources. What is booked stays when I
am taken out again: it was a favour then, and its value fades by itself. When the ledger keeps it no longer, that it was
booked stays known: what still stands is no new favour.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from platforms.base import Actor, Interaction
from syndicator import record, stop, timebox, urls
from syndicator.fetch_options import fetch_options
from syndicator.record import Collected
from syndicator.sources import blogroll_links
from syndicator.sources import health as healths
from syndicator.sources.base import Source, SourceError
from syndicator.sources.fetch import FetchOptions, FetchRequest, fetch
from syndicator.sources.find_blogroll import find_blogroll, read_answer
from syndicator.sources.health import Health
from syndicator.sources.turns import Turns
from syndicator.workspace import Workspace

COLLECTION = "recommendations"
CHANNEL = "blogroll"

#: Where Ghost lists whom a site recommends (https://docs.ghost.org/recommendations, read November 2026).
GHOST = "/.well-known/recommendations.json"

_MONTH, _SETTLED = timedelta(days=30), timedelta(days=2)
_A_RUN = 3  # sites
_MOST = 5_000  # addresses of one list that are looked at


@dataclass(frozen=True, slots=True)
class Found:
    """A page of mine in a list of somebody's, and where that list is."""

    place: str
    page: str


def collect(space: Workspace, sources: Iterable[Source], turns: Turns) -> Collected:
    """Ask the sites whose turn it is whom they recommend; book what is new of me."""
    total, options = Collected(), fetch_options(space.settings)
    sites = space.settings.me.sites
    if not sites:
        return total
    for source in _due(space, sources):
        stop.check()
        if timebox.is_up():
            return total
        site, now = urls.site_of(source.site), space.clock().isoformat()
        known = (space.state.get(COLLECTION, site) or {}).get("known")
        found = look(source, sites, options, turns)
        if found and not known:
            total += record.book_told(space, "recommendations", CHANNEL, [_act(source, found)])
            known = now
        space.state.put(COLLECTION, site, {"asked": now, **({"known": known} if known else {})})
    return total


def _act(source: Source, found: Found) -> Interaction:
    """A site recommends me once, in however many lists and however often it is found there."""
    site = urls.site_of(source.site)
    actor = Actor(site, url=source.site, name=source.title, network="web")
    return Interaction("recommend", actor, id=f"by {site}", url=found.place, target=found.page)


def _due(space: Workspace, sources: Iterable[Source]) -> list[Source]:
    """Other people's sites that were never asked, then those that were not for longest; each once."""
    known, now = healths.load(space.state), space.clock()
    asked = {site: datetime.fromisoformat(kept["asked"]) for site, kept in space.state.scan(COLLECTION)}
    named = (healths.named(source, known) for source in sources if source.kind == "curated")
    theirs = {
        urls.site_of(each.site): each
        for each in named
        if urls.is_web(each.site)
        and urls.is_web(each.url)
        and not urls.same_site(each.site, space.settings.me.sites)
        and _is_settled(known.get(each.url), now)
    }
    due = [site for site in theirs if site not in asked or not timedelta() <= now - asked[site] < _MONTH]
    return [theirs[site] for site in sorted(due, key=lambda site: asked[site].timestamp() if site in asked else 0.0)][
        :_A_RUN
    ]


def _is_settled(health: Health | None, now: datetime) -> bool:
    return bool(health and health.first_ok and now - health.first_ok >= _SETTLED and not health.gone)


def look(source: Source, sites: Sequence[str], options: FetchOptions, turns: Turns) -> Found | None:
    """Where a site recommends me: in Ghost's list, in the blogroll of its page, in the one that its feed names."""
    for place, addresses in _lists(source, options, turns):
        for address in addresses[:_MOST]:
            if urls.is_web(address) and urls.same_site(address, sites):
                return Found(place, urls.canonical(address))
    return None


def _lists(source: Source, options: FetchOptions, turns: Turns) -> Iterator[tuple[str, Sequence[str]]]:
    """The lists of a site one after the other, each with where it is and the addresses in it."""
    alone = "/" not in urls.site_of(source.site)  # else it is a corner of somebody else's host
    if alone:
        answer = fetch(FetchRequest(urls.resolve(source.site, GHOST)), options, turns)
        yield answer.final_url, _in_json(answer.body or b"")
    try:
        found = find_blogroll(source.site, options)
    except SourceError:
        pass
    else:
        place = found.answer.final_url
        if alone or urls.site_of(place) == urls.site_of(source.site):
            yield place, [address for each in found.blogroll.sources for address in (each.site, each.url)]
        return
    feed = fetch(FetchRequest(source.url), options, turns)
    for link in blogroll_links.named(feed.body or b"", feed.final_url, content_type=feed.content_type, link=feed.link)[
        :1
    ]:
        answer = fetch(FetchRequest(link.url), options, turns)
        if answer.body is not None:
            yield (
                answer.final_url,
                [address for each in read_answer(answer).sources for address in (each.site, each.url)],
            )


def _in_json(body: bytes) -> list[str]:
    """The addresses in Ghost's list; none in anything else."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return []
    rows = said if isinstance(said, list) else []
    return [row["url"] for row in rows if isinstance(row, Mapping) and isinstance(row.get("url"), str)]
