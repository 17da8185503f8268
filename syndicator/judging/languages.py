"""Languages as judging compares them, and which of them are mine. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from syndicator.articles import Article

#: In `languages`, admits every language.
ANY_LANGUAGE = "*"

# One language under two tags: the old codes of ISO 639, and the written forms of Norwegian.
_SAME_LANGUAGE = {"iw": "he", "in": "id", "ji": "yi", "nb": "no", "nn": "no", "fil": "tl"}
# Tags that name no language: undetermined, several, none.
_NO_LANGUAGE = frozenset({"", "und", "mul", "mis", "zxx", "x"})


@lru_cache(maxsize=10_000)
def language_of(tag: str | None) -> str:
    """The language of a BCP 47 tag without script and region (`pt-BR` → `pt`); "" where it names none."""
    primary = re.split("[-_]", (tag or "").strip().lower(), maxsplit=1)[0]
    return "" if primary in _NO_LANGUAGE else _SAME_LANGUAGE.get(primary, primary)


def own_languages(language: str, admitted: Iterable[str], articles: Iterable[Article]) -> frozenset[str]:
    """The languages that may be shared: the owner's, the admitted ones, and those of the owner's own articles.

    Empty, which admits all, when `admitted` has a `*`.
    """
    wanted = tuple(admitted)
    if ANY_LANGUAGE in wanted:
        return frozenset()
    mine = {article.language for article in articles if article.kind == "own"}
    return frozenset(filter(None, map(language_of, (language, *wanted, *mine))))
