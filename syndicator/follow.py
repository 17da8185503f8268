"""The subscriptions of the settings, with their live blogrolls followed. Effects: fetching, and the state of a run.

A feed that moved within a blogroll keeps its history: it is no new source whose articles are all old news, and what was
shared from its old address is known under its new one. What a blogroll no longer names is not read any more; its
articles stay known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from syndicator import articles
from syndicator.articles import Catalogue
from syndicator.articles.moves import from_moved
from syndicator.fetch_options import fetch_options
from syndicator.sources import copies as kept_copies
from syndicator.sources import health as healths
from syndicator.sources.health import Health
from syndicator.sources.read_blogrolls import Look, addresses_of, read_blogrolls
from syndicator.sources.subscriptions import Subscriptions, blogrolls_of, subscriptions
from syndicator.workspace import Workspace


def subscribed(space: Workspace) -> Subscriptions:
    """The subscriptions as the last run left them; the web is asked only for blogrolls that were never read.

    What is wrong with a blogroll at present is among the problems. Stores nothing.
    """
    settings = space.settings
    look = Look(fetch_options(settings), space.clock())
    rolls = read_blogrolls(blogrolls_of(settings), kept_copies.load(space.state), look)
    found = subscriptions(settings, rolls)
    standing = [roll.error for roll in found.blogrolls if roll.error and not roll.problems]
    return replace(found, problems=(*found.problems, *standing))


def follow(
    space: Workspace,
    catalogue: Catalogue,
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
    *,
    oldest: timedelta = timedelta(),
    refresh: bool = False,
) -> Subscriptions:
    """Look at every blogroll again, unless its copy is younger than `oldest`, and follow what changed; store it.

    To `refresh`, failing ones are asked as well that it is not yet time for.
    """
    settings, copies = space.settings, kept_copies.load(space.state)
    origins = blogrolls_of(settings)
    rolls = read_blogrolls(origins, copies, Look(fetch_options(settings), now, now - oldest, progress, refresh))
    found = subscriptions(settings, rolls)
    current = {source.url for source in found.feeds}
    known = healths.load(space.state)
    moves = {
        each.before: each.after for roll in rolls.values() for each in roll.change.moved if each.before not in current
    }
    # Whoever puts the address that a feed redirects to in the place of the old one means the same feed.
    left = (health for url, health in known.items() if url not in current)
    moves |= {health.url: health.moved_to for health in left if health.moved_to in current}
    with space.state.transaction():
        copies.save(space.state, addresses_of(origins, copies))
        if moves:
            _carry_over(space, catalogue, known, moves)
    return found


def _carry_over(space: Workspace, catalogue: Catalogue, known: Mapping[str, Health], moves: Mapping[str, str]) -> None:
    """Put what is known of moved feeds under their new addresses. An address that was read before has its own past."""
    read = {url for url, health in known.items() if health.first_ok}
    moves = {old: new for old, new in moves.items() if old in read and new not in read}
    for article in catalogue.told_by(moves):
        catalogue.put(from_moved(article, moves))
    articles.save(space.state, catalogue)
    moved = {new: healths.document(healths.moved(known[old], new)) for old, new in moves.items()}
    space.state.put_many(healths.COLLECTION, moved)
    space.state.delete(healths.COLLECTION, moves)
