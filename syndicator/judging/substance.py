"""Part `substance`: whether there is enough behind the link to be worth a click. Pure."""

from __future__ import annotations

import math

from syndicator.articles import Article
from syndicator.sources.base import Source

#: A text of this many words is as substantial as it gets.
_FULL_LENGTH = 600
#: So many links are no burden; of a list of links, each further one takes the place of so many words, and one that
#: counts sales of so many more.
_FREE_LINKS, _WORDS_A_LINK, _WORDS_A_SALE = 5, 10, 20


_FULL = math.log1p(_FULL_LENGTH)


class Substance:
    """The length of the text: the feed's, or its page's where the feed gives a teaser only (see `checked.filled`)."""

    def fraction(self, article: Article, source: Source) -> float:
        """Grows with the logarithm: the step from 50 words to 200 matters more than from 500 to 650."""
        return min(math.log1p(_own_words(article)) / _FULL, 1.0)

    def evidence(self, article: Article, source: Source) -> str:
        """The words, and the links that are taken off."""
        if _own_words(article) == article.words:
            return f"{article.words} words"
        sales = f", {article.sales} of which count sales" if article.sales else ""
        return f"{article.words} words with {article.links} links{sales}"


def _own_words(article: Article) -> int:
    listed = article.links - _FREE_LINKS
    burden = (listed * _WORDS_A_LINK if listed > 0 else 0) + article.sales * _WORDS_A_SALE
    return max(article.words - burden, 0) if burden else article.words
