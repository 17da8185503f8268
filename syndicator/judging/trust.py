"""Part `trust`: how earlier finds of the same source fared in my hands. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from syndicator.articles import Article
from syndicator.outbox import SKIPPED, Post, State
from syndicator.sources.base import Source

#: As if every source had come with so many good finds and so many bad ones: a new one is neutral, and one slip is none.
_BEFOREHAND = 2.0
#: What was turned down unseen (filters, sponsored, a dead link) weighs less than what I stopped with my own hands.
_REFUSED = 0.25


@dataclass(frozen=True, slots=True)
class Record:
    """How a source's finds fared: shares that stand, those taken back or skipped by hand, and articles refused."""

    stood: int = 0
    stopped: int = 0
    refused: int = 0

    @property
    def share_good(self) -> float:
        """The good among all, smoothed (the mean of a Beta distribution)."""
        bad = self.stopped + self.refused * _REFUSED
        return (self.stood + _BEFOREHAND) / (self.stood + bad + 2 * _BEFOREHAND)


@dataclass(frozen=True, slots=True)
class Trust:
    """The records of sources, by URL."""

    records: Mapping[str, Record] = field(default_factory=dict)

    def fraction(self, article: Article, source: Source) -> float:
        """Half for a source that nothing is known of."""
        record = self.records.get(source.url)
        return record.share_good if record else 0.5

    def evidence(self, article: Article, source: Source) -> str:
        """The counts."""
        record = self.records.get(source.url)
        if record is None:
            return "nothing of this source was shared or refused yet"
        told = f"{record.stood} of its shares stand, {record.stopped} stopped by hand"
        return told + (f", {record.refused} refused unseen" if record.refused else "")


def records(posts: Iterable[Post], source_of: Mapping[str, str], refused: Iterable[str]) -> dict[str, Record]:
    """The record of each source with one.

    `source_of` has the source of each posted article by its URL; `refused` names the source of each article that was
    refused for a fault of its own, once an article.
    """
    fared = [(source_of[post.article], _stands(post)) for post in posts if post.article in source_of]
    stood = Counter(source for source, stands in fared if stands is True)
    stopped = Counter(source for source, stands in fared if stands is False)
    faults = Counter(refused)
    return {
        source: Record(stood[source], stopped[source], faults[source]) for source in sorted({*stood, *stopped, *faults})
    }


def _stands(post: Post) -> bool | None:
    """Whether a share stands (True) or its owner stopped it (False); None while neither can be said."""
    if post.state is State.POSTED:
        return True
    if post.state is State.DELETED:
        return False
    if post.state is State.CANCELLED and post.history and post.history[-1].why == SKIPPED:
        return False
    return None
