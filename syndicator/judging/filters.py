"""Filters of a source and topics of its owner: whole words or regular expressions, made ready once. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

#: What goes on with a word. Thai, Lao, Burmese, Khmer, kana and Han put no spaces between words, so any sign ends one.
_LETTER = (
    "[^\\W\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)


@dataclass(frozen=True, slots=True)
class Filter:
    """A `/regular expression/` (^ and $ at every line), else whole words, in any case."""

    expression: re.Pattern[str]
    folded: str

    def matches(self, text: str, folded: str) -> bool:
        """Whether it is in a text. `folded` is the same text, casefolded: looking there first is much quicker."""
        return self.folded in folded and self.expression.search(text) is not None


@lru_cache(maxsize=4096)
def made(pattern: str) -> Filter:
    """The filter that a pattern of the settings stands for."""
    if len(pattern) > 2 and pattern.startswith("/") and pattern.endswith("/"):
        return Filter(re.compile(pattern[1:-1], re.IGNORECASE | re.MULTILINE), "")
    whole = re.compile(rf"(?<!{_LETTER}){re.escape(pattern)}(?!{_LETTER})", re.IGNORECASE)
    return Filter(whole, pattern.casefold())


def matches(pattern: str, text: str) -> bool:
    """Whether a pattern of the settings is in a text."""
    return made(pattern).matches(text, text.casefold())
