"""How long a source that was read well is left alone: its own word, its server's, and the habit of who writes there.

Pure arithmetic on what was learnt before; `health` keeps that and judges who is due, `parse` and `answer` read it out
of feeds and headers. Three voices are combined:

- A **wish** (`ttl`, `sy:updatePeriod`, how long the server calls its answer fresh) is honoured: not asked before.
- The **habit** decides beyond it: a tenth of the usual gap between two sittings, or a tenth of the silence since the
  last one if that is longer. A tenth of an age is the fraction that RFC 9111 (4.2.2) gives as typical for guessing how
  long something stays as it is. So a busy blog is asked often, a sleeping one rarely, one that woke up often again.
- **Mine**: my own feeds are asked hourly at the latest, whatever is wished: my readers wait for them, on my own server.

The settings have the last word: never sooner than `least_interval` and never later than `most_interval`.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice, pairwise
from statistics import median_low

_FRACTION = 10
_UNKNOWN = timedelta(hours=1)  # of a feed whose items have no dates
_OWN_AT_LEAST = timedelta(hours=1)
_SITTING = timedelta(minutes=30)  # what is published this close together was written in one go
_RECENT = 10  # sittings that make the habit: what somebody did years ago says little
_SPREAD = 0.05
_SLACK = timedelta(minutes=5)
_LONGEST_WISH = timedelta(days=366)
_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(days=7),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}


@dataclass(frozen=True, slots=True)
class Bounds:
    """The shortest and the longest time between two looks at a source; `least` is at most `most`."""

    least: timedelta = timedelta(minutes=15)
    most: timedelta = timedelta(days=1)


def said(ttl: str = "", period: str = "", frequency: str = "") -> timedelta | None:
    """What a feed says of itself, None where it says nothing that makes sense; of two words, the longer interval.

    `ttl` is minutes (RSS 2.0, "<ttl> sub-element of <channel>"). `period` and `frequency` are `sy:updatePeriod` and
    `sy:updateFrequency`, so many updates per period; one that is missing means daily and once (RSS 1.0 Syndication
    module, https://web.resource.org/rss/1.0/modules/syndication/).
    """
    wishes = []
    if minutes := _count(ttl):
        wishes.append(timedelta(minutes=minutes))
    length = _PERIODS.get(period.strip().lower() or "daily")
    if length and (period.strip() or _count(frequency)):
        wishes.append(length / (_count(frequency) or 1))
    return min(max(wishes), _LONGEST_WISH) if wishes else None


def usual_gap(dates: Iterable[datetime]) -> timedelta | None:
    """The typical time between two sittings of whoever writes a feed, from its items' dates; None if there was one.

    The median of the newest ones: neither a holiday nor a burst of ten posts changes it.
    """
    sittings: list[datetime] = []
    for date in sorted(dates, reverse=True):
        if not sittings or sittings[-1] - date > _SITTING:
            sittings.append(date)
    gaps = [later - earlier for later, earlier in islice(pairwise(sittings), _RECENT)]
    return median_low(gaps) if gaps else None


def interval(
    url: str,
    bounds: Bounds,
    *,
    own: bool = False,
    wish: timedelta | None = None,
    gap: timedelta | None = None,
    silence: timedelta | None = None,
) -> timedelta:
    """How long after a good look the next one is due, always within `bounds`.

    `silence` is how old the newest item was then. Stretched by up to a twentieth that depends on `url` alone, so that
    sources that were added together do not stay together; a habit leaves room for that below `most`.
    """
    known = [each for each in (gap, silence) if each is not None]
    habit = max(known) / _FRACTION if known else _UNKNOWN
    chosen = max(min(habit, bounds.most / (1 + _SPREAD)), wish or timedelta())
    if own:
        chosen = min(chosen, _OWN_AT_LEAST)
    stretched = min(chosen, bounds.most) * (1 + _SPREAD * zlib.crc32(url.encode(errors="replace")) / 2**32)
    return min(max(stretched, bounds.least), bounds.most)


def slack(interval: timedelta) -> timedelta:
    """How much too early is early enough: a timer that comes round every half hour should not miss by seconds."""
    return min(interval / 10, _SLACK)


def _count(text: str) -> int:
    """A whole number above zero, else 0."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
