"""Finds articles by their titles: the same, without what was put around them, or with a misspelt word.

No title is compared with all others. Which of the articles found is the same piece is for `same_title`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from datetime import datetime

from syndicator.articles.same_title import blocks, folded, forms

#: Of a title that very many bear, so many are compared: the latest.
_BEARERS = 50


class Titles:
    """The addresses of articles by title. Old titles of an article stay, so that an edit taken back finds it too.

    Titles are taken apart when the first is looked for: most runs load many and look for none.
    """

    def __init__(self) -> None:
        self._bearers: dict[Hashable, list[str]] = {}
        self._unsorted: list[tuple[str, str, datetime | None, bool]] = []

    def add(self, url: str, title: str, dated: datetime | None) -> None:
        """Make an article found by its title, by its forms and, if it has a date, by titles almost the same."""
        self._unsorted.append((url, title, dated, True))

    def add_old(self, url: str, title: str) -> None:
        """Make an article found by its title as it is alone."""
        self._unsorted.append((url, title, None, False))

    def bearers(self, title: str, dated: datetime | None) -> Iterator[str]:
        """The addresses of articles whose titles might tell of the same piece, those of the very same title first."""
        self._sort()
        keys: Iterable[Hashable] = (*forms(title), *blocks(title, dated, around=1))
        found = dict.fromkeys(url for key in keys for url in self._bearers.get(key, ())[-_BEARERS:])
        return iter(found)

    def _sort(self) -> None:
        for url, title, dated, whole in self._unsorted:
            keys: Iterable[Hashable] = (*forms(title), *blocks(title, dated)) if whole else (folded(title),)
            for key in keys:
                self._add(key, url)
        self._unsorted.clear()

    def _add(self, key: Hashable, url: str) -> None:
        if key != "" and url not in (bearers := self._bearers.setdefault(key, []))[-_BEARERS:]:
            bearers.append(url)
