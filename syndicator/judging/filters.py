"""Filters of a source and topics of its owner: whole words or regular expressions, made ready once. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

# Thai, Lao, Burmese, Khmer, kana and Han put no spaces between words, so any sign ends one.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


@dataclass(frozen=True, slots=True)
class Filter:
    """Whole words, casefolded, or a regular expression, in any case; ^ and $ are at every line."""

    words: str = ""
    expression: re.Pattern[str] | None = None

    def matches(self, text: str, folded: str) -> bool:
        """Whether it is in a text. `folded` is the same text, casefolded once for many filters."""
        return self.expression.search(text) is not None if self.expression else _has_words(folded, self.words)


@lru_cache(maxsize=4096)
def made(pattern: str) -> Filter:
    """The filter that a pattern of the settings stands for: `/…/` is a regular expression."""
    if len(pattern) > 2 and pattern.startswith("/") and pattern.endswith("/"):
        return Filter(expression=re.compile(pattern[1:-1], re.IGNORECASE | re.MULTILINE))
    return Filter(words=pattern.casefold())


def matches(pattern: str, text: str) -> bool:
    """Whether a pattern of the settings is in a text."""
    return made(pattern).matches(text, text.casefold())


def _has_words(text: str, words: str) -> bool:
    """Whether the words stand in a text with no letter before or after. Far quicker than an expression that says so."""
    start = text.find(words)
    while start >= 0:
        end = start + len(words)
        if not _is_letter(text[start - 1 : start]) and not _is_letter(text[end : end + 1]):
            return True
        start = text.find(words, start + 1)
    return False


def _is_letter(sign: str) -> bool:
    """Whether a word goes on with this sign; "" is the end of the text."""
    return (sign.isalnum() or sign == "_") and not _UNSPACED.match(sign)
