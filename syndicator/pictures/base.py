"""The values of making pictures ready: what a network takes, and why there is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import msgspec

from platforms.abilities import Picture
from platforms.base import Draft, Limits

#: The longest side, in pixels: link cards are shown small, attached pictures are opened.
_CARD_SIDE, _ATTACHED_SIDE = 1200, 2000
#: The most bytes for a network that does not say.
_BYTES = 2_000_000


class Need(msgspec.Struct, frozen=True):
    """What a picture must be: of one of these `types`, and within so many bytes, pixels, and pixels on a side."""

    types: tuple[str, ...]
    bytes: int
    pixels: int
    side: int


@dataclass(frozen=True, slots=True)
class NoPicture:
    """A picture can't be had. `reason` is a sentence's end that does not name its address.

    `hopeless`: nor can it for any other need, and trying that costs.
    """

    reason: str
    hopeless: bool = False


#: Gives the picture that a draft shows, as its network takes it; None where it shows none.
FindPicture: TypeAlias = Callable[[Draft, Limits], Picture | NoPicture | None]


def need(draft: Draft, limits: Limits) -> Need:
    """What the picture of a draft must be: attached, or on its card, where another limit may hold."""
    most = limits.image_bytes if draft.image else limits.thumb_bytes or limits.image_bytes
    side = _ATTACHED_SIDE if draft.image else _CARD_SIDE
    pixels = min(limits.image_pixels or side * side, side * side)
    return Need(limits.image_types, most or _BYTES, pixels, side)
