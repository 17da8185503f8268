"""How good a ranking is: precision and recall among its first k, for rankings that know nothing of each other. Pure."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

#: Chance is the mean of so many shufflings.
SHUFFLES = 200


@dataclass(frozen=True, slots=True)
class Quality:
    """Of the first k: how many are good, as a share of k (precision) and of all that is good (recall)."""

    precision: float
    recall: float


def quality(ranked: Sequence[str], good: Collection[str], k: int) -> Quality:
    """The quality of the first `k`. A ranking that is shorter than k has no more hits: its precision is over k."""
    hits = sum(url in good for url in ranked[:k])
    return Quality(hits / k if k else 0.0, hits / len(good) if good else 0.0)


def of_chance(urls: Sequence[str], good: Collection[str], k: int) -> Quality:
    """The mean quality of shuffled rankings, with seeds that are always the same."""
    found = []
    for seed in range(SHUFFLES):
        shuffled = list(urls)
        random.Random(seed).shuffle(shuffled)
        found.append(quality(shuffled, good, k))
    return Quality(
        sum(each.precision for each in found) / SHUFFLES,
        sum(each.recall for each in found) / SHUFFLES,
    )


def table(rankings: Mapping[str, Sequence[str]], good: Collection[str], ks: Sequence[int]) -> list[str]:
    """One line for each ranking, chance last, with precision and recall at each k."""
    urls = sorted(next(iter(rankings.values())))
    measures: dict[str, Callable[[int], Quality]] = {
        name: lambda k, ranked=ranked: quality(ranked, good, k)  # type: ignore[misc]
        for name, ranked in rankings.items()
    }
    measures["chance"] = lambda k: of_chance(urls, good, k)
    lines = [f"{'':18}" + "".join(f"{f'at {k}':^16}" for k in ks), f"{'':18}" + "  precis. recall" * len(ks)]
    for name, measure in measures.items():
        found = [measure(k) for k in ks]
        lines.append(f"{name:18}" + "".join(f"{each.precision:>9.2f}{each.recall:>7.2f}" for each in found))
    return lines
