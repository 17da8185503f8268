"""Answers `why`: how one article is judged now, and what became of it. Changes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from syndicator import articles, checked
from syndicator.articles import Article
from syndicator.checked import Check
from syndicator.follow import subscribed
from syndicator.judging.base import Judgement
from syndicator.outbox import Outbox, Post
from syndicator.survey import survey
from syndicator.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Explanation:
    """One article, its judgement by the settings as they are, its posts, and how its page was when last looked at."""

    article: Article
    judgement: Judgement
    posts: tuple[Post, ...]
    page: Check | None = None


def explain(space: Workspace, url: str) -> Explanation | None:
    """Explain the article at any of its addresses; None when no source told of it."""
    catalogue = articles.load(space.state)
    article = catalogue.get(url)
    if article is None:
        return None
    settings, now = space.settings, space.clock()
    seen = survey(space, subscribed(space), catalogue, now, settings.plan.max_age)
    posts = [post for post in Outbox(space.state) if post.article in (article.url, *article.aliases)]
    page = checked.load(space.state).get(article.url)
    return Explanation(article, seen.judge(article, settings.plan), tuple(posts), page)
