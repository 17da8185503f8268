"""A site that moved: its pages have the same paths behind another beginning, another host or another folder. Pure.

Guids and titles show of some pages where they were before. When those agree on one move, it holds for the others of the
same feed too, whatever became of their titles, guids and dates.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from syndicator import urls

#: One page that moved may have been renamed by hand; so many with one beginning were not.
_LEAST_PAGES = 2


@dataclass(frozen=True, slots=True)
class SiteMove:
    """What the page keys (`urls.page_key`) of a site began with before, and what they begin with now."""

    old: str
    new: str


def site_moves(pairs: Iterable[tuple[str, str]], pages: Collection[str]) -> tuple[SiteMove, ...]:
    """The moves that most of a feed's pages speak for, the surest first.

    `pairs` are page keys of one article, before and now; `pages` all that the feed has now.
    """
    votes = Counter(move for before, now in set(pairs) if (move := _move(before, now)))
    return tuple(
        move
        for move, count in votes.most_common()
        if count >= _LEAST_PAGES and 2 * count >= sum(_behind(move.new, page) != "" for page in pages)
    )


def addresses_before(address: str, moves: Iterable[SiteMove]) -> Iterator[str]:
    """Where the page at a canonical address was before it moved."""
    page = urls.page_key(address)
    for move in moves:
        if rest := _behind(move.new, page):
            yield f"https://{move.old}{rest}"


def _move(before: str, now: str) -> SiteMove | None:
    """The move from one page key to another that end alike; None if they do not, or are the same."""
    old, new = re.split("(?=[/?])", before), re.split("(?=[/?])", now)
    if old == new:
        return None
    alike = 0
    while alike < min(len(old), len(new)) - 1 and old[-1 - alike] == new[-1 - alike]:
        alike += 1
    return SiteMove("".join(old[:-alike]), "".join(new[:-alike])) if alike else None


def _behind(beginning: str, page: str) -> str:
    """What of a page key stands behind a beginning; "" if it has another."""
    rest = page.removeprefix(beginning)
    return rest if page.startswith(beginning) and rest[:1] in {"/", "?"} else ""
