"""What to call an item that its feed gives no title: posts of microblogs are named by how they begin. Pure."""

from __future__ import annotations

import re

from syndicator.sources.base import Item
from syndicator.sources.markup import shorten

#: The longest name in characters: the first sentence, if it is no longer. What is shorter than the second ("e.g.",
#: "Well…") is no sentence yet.
_LONGEST, _LEAST = 100, 12
#: Where a sentence ends; some scripts leave no space behind it.
_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s)|[。！？]+[」』”）]*")
_ADDRESS = re.compile(r"https?://\S*")


def name_of(item: Item) -> str:
    """Its title, else the beginning of its text; "" if it has neither."""
    return item.title or _beginning(" ".join(_ADDRESS.sub(" ", item.summary).split()))


def _beginning(text: str) -> str:
    ends = (match.end() for match in _END.finditer(text))
    return shorten(text[: next((end for end in ends if end >= _LEAST), None)], _LONGEST)
