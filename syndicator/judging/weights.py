"""How much each part of a score can add at most: the one table of it, and how the settings change it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

#: They sum to 1, so that an article that is best in everything has the score 1.
WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "source": 0.12,  # the weight its source has in the settings
        "trust": 0.08,  # how earlier finds of its source fared
        "freshness": 0.20,  # new enough to be news
        "relevance": 0.22,  # about the declared topics, or what my own posts are about
        "corroboration": 0.11,  # others of my sources carry it or link to it
        "substance": 0.15,  # long enough to be worth a click, and no list of links
        "novelty": 0.06,  # unlike what was shared lately
        "reactions": 0.06,  # what earlier shares of its source brought
    }
)


def weights_with(own: Mapping[str, float]) -> Mapping[str, float]:
    """The weights with some of them replaced, then scaled to sum to 1.

    ValueError names an unknown part and the known ones, or an impossible weight.
    """
    for name, weight in own.items():
        if name not in WEIGHTS:
            raise ValueError(f"{name!r} is no part of a score; the parts are {', '.join(WEIGHTS)}")
        if not 0 <= weight <= 1000:
            raise ValueError(f"the weight of {name!r} must lie between 0 and 1000")
    mixed = {**WEIGHTS, **own}
    total = sum(mixed.values())
    if not total:
        raise ValueError("the weights can't all be zero: nothing would tell one article from another")
    return MappingProxyType({name: weight / total for name, weight in mixed.items()})
