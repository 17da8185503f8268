"""When an item and an article of one title, or almost one, are one piece, though their addresses and guids differ.

Two pieces taken for one: the second is never shared, and nobody notices. One taken for two: it is posted twice, and
everybody does. So a title that says which piece it is, on one day, needs little besides; series that bear one title for
all their parts are told apart by their dates, by what stands beside them, and by how their texts begin.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from syndicator import urls
from syndicator.sources.base import Item

if TYPE_CHECKING:
    from syndicator.articles.article import Article

_WORDS = re.compile(r"\w+")
#: What is added to a title when its piece was changed.
_MARKS = re.compile(
    r"[\[(](?:updated?|upd|corrected|correction|edited|repost(?:ed)?)\b[^\])]{0,30}[\])]"
    r"|^\s*(?:updated?|corrected|correction|repost)\s*[:\u2013\u2014-]",
    re.IGNORECASE,
)
#: What stands between a title and the name of a site, an author or a day.
_BREAKS = re.compile(r"\s+(?:[|\u00b7\u2022\u00bb\u00ab\u2013\u2014-]|::)\s+|:\s+")
#: Numbers, also with letters ("3rd", "v2", "xiv"), and words that count.
_COUNT = re.compile(
    r"\w*\d\w*|[ivxlc]+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|first|second|third|fourth|fifth"
    r"|last|part|final|day|week|month|year|jan(?:uary?)?|feb(?:ruary?)?|mar(?:ch)?|apr(?:il)?|may|june?|july?"
    r"|aug(?:ust)?|sept?(?:emb(?:er|re))?|o[ck]t(?:ober|obre)?|nov(?:emb(?:er|re))?|de[cz](?:emb(?:er|re))?|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
)
_DATE = r"(?:\d{4}[-/.]\d\d?[-/.]\d\d?|\d\d?[-/. ]+\w+[-/., ]+\d{4}|[^\W\d]+ \d\d?,? \d{4})"
#: A whole date before or behind a title.
_DATED = re.compile(rf"^\W*{_DATE}\s*[:|)\]\u2013\u2014-]\s*|\s+[(\[|\u2013\u2014-]\s*{_DATE}\W*$")
#: Shorter words that differ by a letter are other words; and of misspelt words a title has few.
_LEAST_MISSPELT, _MOST_SLIPS = 5, 2
#: Titles shorter than this say little about which piece it is ("Links", "Weeknotes 44").
_TELLING_WORDS = 4
#: An entry made anew may get a new date; if its text begins the same, it is still the same for so long.
_SAME_PIECE = timedelta(days=2)
_EXACTLY = timedelta()
#: Feeds that carry the same piece tell the same time, give or take a time zone; tomorrow's piece is another.
_SAME_DAY = timedelta(hours=12)
#: So much of a text's beginning is compared, in characters; fewer than the second say too little.
_OPENING, _LEAST_OPENING = 80, 40


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """The words of a text, for comparing: without case, punctuation and white space."""
    return " ".join(_WORDS.findall(text.casefold()))


def forms(title: str) -> tuple[str, ...]:
    """The folded title first, then what is left without "[updated]" and without its first or its last part.

    Parts are what sites and planets put around titles: "Ada: a walk | Ada's garden". A form too short to tell a piece
    is left out.
    """
    bare = _MARKS.sub(" ", title)
    breaks = list(_BREAKS.finditer(bare))
    shorter = (bare, *((bare[breaks[0].end() :], bare[: breaks[-1].start()]) if breaks else ()))
    return tuple(dict.fromkeys((folded(title), *filter(_is_telling, map(folded, shorter)))))


def blocks(title: str, dated: datetime | None, *, around: int = 0) -> list[tuple[int, str]]:
    """Keys that titles share when one word is spelt differently and their dates are near: the day, and a long word.

    Of the two longest words of one title at least one is among the two longest of the other: only one word differs.
    `around` gives the keys of so many days before and after too.
    """
    words = folded(title).split()
    if dated is None or len(words) < _TELLING_WORDS:
        return []
    longest = sorted(set(words), key=lambda word: (len(word), word))[-2:]
    day = dated.toordinal()
    return [(day + apart, word) for apart in range(-around, around + 1) for word in longest]


def may_be_one(item: Item, article: Article) -> bool:
    """Whether author, date and title leave it possible that an item and an article are one piece.

    Asked first, at little cost: very many articles share a word of their title with an item, and few survive this.
    """
    named = item.author != article.author and item.author and article.author
    if named and folded(item.author) != folded(article.author):
        return False
    apart = _apart(item, article)
    if apart is not None and apart > _SAME_PIECE:
        return False
    return folded(item.title) == folded(article.title) or almost_same(item.title, article.title)


def one_piece(item: Item, article: Article, *, same_feed: bool, beside: bool) -> bool:
    """Whether an item is the article of the same title, or of one almost the same.

    `same_feed`: the item's source has carried the article before. `beside`: that source's feed has the article at
    this moment, under an address of its own, so that the item is not its later form.
    """
    apart = _apart(item, article)
    if folded(item.title) != folded(article.title):
        near = apart is not None and apart <= _SAME_DAY and almost_same(item.title, article.title)
        return near and (_one_opening(item, article) or (same_feed and not beside))
    telling = _is_telling(folded(item.title))
    undated = not (item.published or item.updated or article.published)
    if same_feed:
        return not beside and _one_entry(item, article, apart, telling=telling)
    if _one_opening(item, article):
        return telling if apart is None else apart <= _SAME_DAY
    if beside or not telling or not _one_site(item, article):
        return False
    return undated if apart is None else apart <= _SAME_DAY


def almost_same(one: str, other: str) -> bool:
    """Whether two titles differ only by what is put around titles, or by the spelling of a word or two.

    Numbers and what counts parts tell pieces of a series apart: they are never a misspelling, nor put around a title.
    """
    if not _share_most(folded(one), folded(other)):
        return False
    one, other = _MARKS.sub(" ", one), _MARKS.sub(" ", other)
    if bool(_DATED.search(one)) != bool(_DATED.search(other)):
        one, other = _DATED.sub("", one), _DATED.sub("", other)
    whole, other_whole = folded(one), folded(other)
    if not (whole and other_whole) or _counts(whole) != _counts(other_whole):
        return False
    return whole in forms(other) or other_whole in forms(one) or _misspelt(whole.split(), other_whole.split())


def _share_most(one: str, other: str) -> bool:
    """Whether two folded titles may be almost the same: one within the other, or all but a few words in both."""
    return one in other or other in one or len({*one.split()} ^ {*other.split()}) <= 2 * _MOST_SLIPS


def _is_telling(title: str) -> bool:
    return title.count(" ") >= _TELLING_WORDS - 1


def _counts(title: str) -> list[str]:
    return [word for word in title.split() if _COUNT.fullmatch(word)]


def _misspelt(words: list[str], others: list[str]) -> bool:
    """Whether the same words are written, up to the breaks between them and a slip in one or two."""
    if "".join(words) == "".join(others):
        return True
    differing = [pair for pair in zip(words, others, strict=False) if pair[0] != pair[1]]
    if len(words) != len(others) or len(words) < _TELLING_WORDS or len(differing) > _MOST_SLIPS:
        return False
    return all(_is_slip(*pair) for pair in differing)


def _is_slip(word: str, other: str) -> bool:
    """Whether two words differ by one letter, or by two that changed places, and are long enough for a slip."""
    from rapidfuzz.distance import OSA  # takes 35 ms to import, and few runs meet a misspelt title

    return min(len(word), len(other)) >= _LEAST_MISSPELT and OSA.distance(word, other, score_cutoff=1) <= 1


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
