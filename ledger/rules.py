"""The numbers of the ledger as one value: weights, half-life, thresholds and spans. Reads no settings itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

import msgspec

from ledger.entry import Direction, Entry, Kind

#: What one act is worth when it happens. Besides the kinds: `substantial_reply` (over 25 words) and `secondhand`
#: (a like or boost of somebody else's share of mine).
WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        Kind.LINK.value: 10.0,
        Kind.RECOMMEND.value: 8.0,
        Kind.SUBMIT.value: 8.0,
        Kind.SHARE.value: 7.0,
        Kind.QUOTE.value: 6.0,
        Kind.COMMENT.value: 5.0,
        Kind.BOOST.value: 4.0,
        Kind.REPLY.value: 3.0,
        "substantial_reply": 5.0,
        Kind.MENTION.value: 2.0,
        Kind.BOOKMARK.value: 1.5,
        Kind.LIKE.value: 1.0,
        Kind.FOLLOW.value: 1.0,
        Kind.THANK.value: 1.0,
        "secondhand": 0.5,
    }
)


def weights_with(own: Mapping[str, float]) -> Mapping[str, float]:
    """The default weights with some of them replaced; ValueError names an unknown or impossible one."""
    for name, weight in own.items():
        if name not in WEIGHTS:
            raise ValueError(f"{name!r} has no weight; the weights are {', '.join(WEIGHTS)}")
        if not 0 <= weight <= 1000:
            raise ValueError(f"the weight of {name!r} must lie between 0 and 1000")
    return MappingProxyType({**WEIGHTS, **own})


class Rules(msgspec.Struct, frozen=True):
    """How favours are reckoned. Weights and thresholds are in points; see `docs/decisions/0003-settling.md`."""

    weights: Mapping[str, float] = WEIGHTS
    half_life: timedelta = timedelta(days=180)
    threshold: float = 3.0
    forgive_below: float = 0.25
    forgive_after: timedelta = timedelta(days=548)
    diminish_within: timedelta = timedelta(days=7)
    same_act_within: timedelta = timedelta(hours=48)
    follow_kept: timedelta = timedelta(days=14)
    cadence: timedelta = timedelta(days=14)
    cooldown: timedelta = timedelta(days=3)
    suggestions_per_day: int = 5
    offer_age: timedelta = timedelta(days=60)

    def weight(self, entry: Entry) -> float:
        """Points for one entry when it happens. A thank-you received asks for no return, so it weighs nothing."""
        if entry.kind is Kind.THANK and entry.direction is Direction.RECEIVED:
            return 0.0
        if entry.secondhand and entry.kind in (Kind.LIKE, Kind.BOOST):
            return self.weights["secondhand"]
        if entry.substantial and entry.kind is Kind.REPLY:
            return self.weights["substantial_reply"]
        return self.weights[entry.kind]
