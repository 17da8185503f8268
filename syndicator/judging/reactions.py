"""Part `reactions`: whether earlier shares of the same source moved my readers. Pure.

The ledger has what people did under my posts. A share is measured against the usual on its account, since a hundred
readers here and ten there don't react alike, and a network that tells of no reactions counts for nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ledger.entry import Direction, Entry, Kind
from syndicator.articles import Article
from syndicator.outbox import Post, State
from syndicator.sources.base import Source

#: What somebody may do under a post of mine that shows it was worth sharing.
_KINDS = frozenset({Kind.LIKE, Kind.BOOST, Kind.REPLY, Kind.QUOTE, Kind.BOOKMARK, Kind.COMMENT, Kind.SHARE})
#: Readers need some time; and they change, so shares of long ago say little of the next one.
_RIPE, _RECENT = timedelta(days=1), timedelta(days=180)
#: As if every source had come with so many usual shares.
_BEFOREHAND = 3


@dataclass(frozen=True, slots=True)
class Echo:
    """What the shares of a source brought: how many shares, how many reactions, how many would have been usual."""

    shares: int
    reactions: int
    usual: float
    times: float

    @property
    def fraction(self) -> float:
        """Half for the usual; more towards 1, less towards 0. Few shares say little."""
        mean = (self.times + _BEFOREHAND) / (self.shares + _BEFOREHAND)
        return mean / (1 + mean)


@dataclass(frozen=True, slots=True)
class Reactions:
    """The echoes of sources, by URL."""

    echoes: Mapping[str, Echo] = field(default_factory=dict)

    def fraction(self, article: Article, source: Source) -> float:
        """Half where nothing is known."""
        echo = self.echoes.get(source.url)
        return echo.fraction if echo else 0.5

    def evidence(self, article: Article, source: Source) -> str:
        """The counts."""
        echo = self.echoes.get(source.url)
        if echo is None:
            return "nothing known of earlier shares of this source"
        shares = f"{echo.shares} share{'s' * (echo.shares != 1)} of this source"
        return f"{echo.reactions} to {shares}, where {echo.usual:.1f} would be usual"


def echoes(
    posts: Iterable[Post], entries: Iterable[Entry], source_of: Mapping[str, str], now: datetime
) -> dict[str, Echo]:
    """What the shares of each source brought. `source_of` has the source of each posted article, by its URL."""
    brought = Counter(
        entry.my_url for entry in entries if entry.direction is Direction.RECEIVED and entry.kind in _KINDS
    )
    by_account: dict[str, list[tuple[str | None, int]]] = defaultdict(list)
    for post in posts:
        if post.state is State.POSTED and post.ref and post.ref.url and _RIPE <= now - post.happened <= _RECENT:
            by_account[post.account].append((source_of.get(post.article), brought[post.ref.url]))
    found: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for shares in by_account.values():
        usual = sum(reactions for _, reactions in shares) / len(shares)
        for source, reactions in shares:
            if usual and source:
                found[source].append((reactions, usual))
    return {source: _echo(shares) for source, shares in sorted(found.items())}


def _echo(shares: list[tuple[int, float]]) -> Echo:
    return Echo(
        shares=len(shares),
        reactions=sum(reactions for reactions, _ in shares),
        usual=sum(usual for _, usual in shares),
        times=sum(reactions / usual for reactions, usual in shares),
    )
