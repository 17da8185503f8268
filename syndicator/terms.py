"""The words that tell what a text is about, in any language: no dictionary, no stop list, no download. Pure.

Which of them are telling is decided by whoever compares texts (`judging.relevance`, `judging.novelty`): a word that
everybody uses tells nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice, pairwise

#: So many terms of one text are kept: the whole title, the tags, and what stands out in the rest.
MOST_TERMS = 24

# Thai, Lao, Burmese, Khmer, kana and Han put no spaces between words: pairs of their signs stand for words.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# Signs that belong to a word and count as none by themselves: accents, vowels of Arabic and of India's scripts.
_MARKS = "\u0300-\u036f\u064b-\u065f\u0900-\u0963\u0966-\u0dff"
_RUN = re.compile(rf"[{_UNSPACED}]+|(?:[^\W_{_UNSPACED}]|[{_MARKS}])+")
_PAIRED = re.compile(f"[{_UNSPACED}]")


def words(text: str) -> Iterator[str]:
    """Every word of a text, folded; a lone letter and a number tell nothing. Pairs of signs where nothing is spaced."""
    for run in _RUN.findall(text.casefold()):
        if len(run) < 2 or run.isdecimal():
            continue
        if _PAIRED.match(run):
            yield from map("".join, pairwise(run))
        else:
            yield run


def terms(title: str, tags: Iterable[str] = (), text: str = "") -> tuple[str, ...]:
    """At most `MOST_TERMS` words of a text, once each: those of its title, of its tags, then the long and frequent."""
    told = dict.fromkeys(words(title))
    told.update(dict.fromkeys(word for tag in tags for word in words(tag)))
    counts = Counter(words(text))
    rest = sorted((word for word in counts if word not in told), key=lambda word: -counts[word] * _length(word))
    told.update(dict.fromkeys(rest))
    return tuple(islice(told, MOST_TERMS))


def _length(word: str) -> int:
    """How much its length speaks for a word: short ones hold sentences together in most languages."""
    return 4 if _PAIRED.match(word) else len(word) - 1
