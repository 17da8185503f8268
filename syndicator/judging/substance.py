"""Part `substance`: whether there is enough behind the link to be worth a click. Pure."""

from __future__ import annotations

import math

from syndicator.articles import Article
from syndicator.sources.base import Source

#: A text of this many words is as substantial as it gets.
_FULL_LENGTH = 600
#: So many links are no burden; of a list of links, each further one takes the place of so many words.
_FREE_LINKS, _WORDS_A_LINK = 5, 10


_FULL = math.log1p(_FULL_LENGTH)


class Substance:
    """The length of the text: the feed's, or its page's where the feed gives a teaser only (see `checked.filled`)."""

    def fraction(self, article: Article, source: Source) -> float:
        """Grows with the logarithm: the step from 50 words to 200 matters more than from 500 to 650."""
        return min(math.log1p(_own_words(article)) / _FULL, 1.0)

    def evidence(self, article: Article, source: Source) -> str:
        """The words, and the links that are taken off."""
        listed = f" with {article.links} links" if _own_words(article) < article.words else ""
        return f"{article.words} words{listed}"


def _own_words(article: Article) -> int:
    burden = (article.links - _FREE_LINKS) * _WORDS_A_LINK
    return max(article.words - burden, 0) if burden > 0 else article.words
