"""When an item and an article of one title are one piece of writing, though their addresses and guids differ.

Two pieces taken for one: the second is never shared, and nobody notices. One taken for two: it is posted twice, and
everybody does. So a title that says which piece it is, on one day, needs little besides; series that bear one title for
all their parts are told apart by their dates, by what stands beside them, and by how their texts begin.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from syndicator import urls
from syndicator.sources.base import Item

if TYPE_CHECKING:
    from syndicator.articles.article import Article

#: Titles shorter than this say little about which piece it is ("Links", "Weeknotes 44").
_TELLING_WORDS = 4
#: An entry made anew may get a new date; if its text begins the same, it is still the same for so long.
_SAME_PIECE = timedelta(days=2)
_EXACTLY = timedelta()
#: Feeds that carry the same piece tell the same time, give or take a time zone; tomorrow's piece is another.
_SAME_DAY = timedelta(hours=12)
#: So much of a text's beginning is compared, in characters; fewer than the second say too little.
_OPENING, _LEAST_OPENING = 80, 40


def folded(text: str) -> str:
    """The words of a text, for comparing: without case, punctuation and white space."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def one_piece(item: Item, article: Article, *, same_feed: bool, beside: bool) -> bool:
    """Whether an item is the article of the same folded title.

    `same_feed`: the item's source has carried the article before. `beside`: that source's feed has the article at
    this moment, under an address of its own, so that the item is not its later form.
    """
    if item.author and article.author and folded(item.author) != folded(article.author):
        return False
    telling = len(folded(item.title).split()) >= _TELLING_WORDS
    apart = _apart(item, article)
    undated = not (item.published or item.updated or article.published)
    if same_feed:
        return not beside and _one_entry(item, article, apart, telling=telling)
    if _one_opening(item, article):
        return telling if apart is None else apart <= _SAME_DAY
    if beside or not telling or not _one_site(item, article):
        return False
    return undated if apart is None else apart <= _SAME_DAY


def _one_entry(item: Item, article: Article, apart: timedelta | None, *, telling: bool) -> bool:
    """Whether a feed tells the same entry again, moved or made anew; tomorrow's part of a daily series is another."""
    if apart is None:
        return telling and not (item.published or item.updated or article.published)
    if not telling:
        return apart <= _EXACTLY
    return apart <= _SAME_DAY or (apart <= _SAME_PIECE and _one_opening(item, article))


def _apart(item: Item, article: Article) -> timedelta | None:
    """How far their dates lie apart; None if one of them has none."""
    dated = item.published or item.updated
    return abs(dated - article.published) if dated and article.published else None


def _one_opening(item: Item, article: Article) -> bool:
    """Whether both texts begin with the same words, enough to recognise a piece by."""
    opening = folded(item.summary)[:_OPENING]
    return len(opening) >= _LEAST_OPENING and opening == folded(article.summary)[:_OPENING]


def _one_site(item: Item, article: Article) -> bool:
    """Whether both are on one site and at least one has no text that could tell them apart."""
    return not (item.summary and article.summary) and urls.site_of(item.url) == article.site
