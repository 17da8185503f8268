"""The mix of an account: how many of its posts are mine, others' links and notes; how many are returns. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from operator import itemgetter

from syndicator.settings import Mix
from syndicator.sources.base import SourceKind

#: The mix is held over this many posts of an account.
MIX_WINDOW = 50

KINDS: tuple[SourceKind, ...] = ("own", "curated", "notes")


def most_lacking(mix: Mix, recent: Iterable[SourceKind]) -> list[SourceKind]:
    """The kinds, first the one that is most posts behind its share, were one more post made."""
    counts = Counter(recent)
    total = counts.total() + 1
    behind = {kind: share * total - counts[kind] for kind, share in _shares(mix).items()}
    return sorted(KINDS, key=lambda kind: (-behind[kind], KINDS.index(kind)))


def reason(mix: Mix, recent: Iterable[SourceKind], kind: SourceKind) -> str:
    """Why it is the turn of this kind."""
    counts = Counter(recent)
    return f"mix: {kind} has {counts[kind]} of the last {counts.total()} posts and may have {_shares(mix)[kind]:.0%}"


def is_third_return(shares: Iterable[tuple[datetime, bool]], when: datetime) -> bool:
    """Whether a return at `when` would be the third in a row; `shares` are others' links, each with whether it was one.

    At least one share in three goes to somebody to whom nothing is owed: who only returns favours is in a pod.
    """
    ordered = sorted(shares, key=itemgetter(0))
    before = [is_return for at, is_return in ordered if at <= when][-2:]
    after = [is_return for at, is_return in ordered if at > when][:2]
    run = [*before, True, *after]
    return any(all(run[start : start + 3]) for start in range(len(run) - 2))


def _shares(mix: Mix) -> Mapping[SourceKind, float]:
    shares: dict[SourceKind, float] = {kind: getattr(mix, kind) for kind in KINDS}
    return {kind: share / sum(shares.values()) for kind, share in shares.items()}
