"""Answers `why`: how one article is judged now, and what became of it. Changes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from syndicator import articles
from syndicator.articles import Article
from syndicator.choose import by_url, owed, source_of
from syndicator.follow import subscribed
from syndicator.judging.judge import Judgement, Standard, judge
from syndicator.outbox import Outbox, Post
from syndicator.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Explanation:
    """One article, its judgement by the settings as they are, and its posts."""

    article: Article
    judgement: Judgement
    posts: tuple[Post, ...]


def explain(space: Workspace, url: str) -> Explanation | None:
    """Explain the article at any of its addresses; None when no source told of it."""
    article = articles.load(space.state).get(url)
    if article is None:
        return None
    settings, now = space.settings, space.clock()
    sources = by_url(space, subscribed(space))
    standard = Standard(now, settings.plan, settings.me.sites, owed(space, now))
    posts = [post for post in Outbox(space.state) if post.article in (article.url, *article.aliases)]
    return Explanation(article, judge(article, source_of(article, sources), standard), tuple(posts))
