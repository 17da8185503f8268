"""Articles of a feed that moved to another address: they are the same source's still."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from syndicator.articles.article import Article
from syndicator.articles.guids import with_feeds_moved


def from_moved(article: Article, moves: Mapping[str, str]) -> Article:
    """The article as if feeds that moved (old address to new) had always been where they are now."""
    return msgspec.structs.replace(
        article,
        source=moves.get(article.source, article.source),
        sources=tuple(dict.fromkeys(moves.get(url, url) for url in article.sources)),
        guids=tuple(with_feeds_moved(guid, moves) for guid in article.guids),
    )


def old_news(article: Article) -> Article:
    """The article as one that was there before its source was first read."""
    return msgspec.structs.replace(article, baseline=True, rank=None, summary="", tags=(), image=None, image_alt="")
