"""Values that many tests of the pipeline need, made of little: an article, a post, an account, judgements."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from platforms.base import Draft, Limits
from platforms.memory import LIMITS
from syndicator import urls
from syndicator.articles import Article
from syndicator.judging.base import Judgement
from syndicator.outbox import Post, State, post_id
from syndicator.plan import Channel
from syndicator.settings import Plan
from syndicator.times import Quiet, Span

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
#: No limit of any kind, so that a test may set the one it is about.
FREE = Plan(
    per_day=1000,
    min_gap=Span(),
    quiet=Quiet(""),
    spread=False,
    jitter=Span(),
    stagger=Span(),
    grace=Span(),
    author_gap=Span(),
    note_gap=Span(),
)


def article(url: str = "https://ada.example/a", **changes: Any) -> Article:
    given: dict[str, Any] = {
        "kind": "curated",
        "title": "A walk along the canal",
        "site": urls.site_of(url) if "://" in url else "",
        "source": "https://ada.example/feed",
        "first_seen": NOON - timedelta(hours=2),
        "published": NOON - timedelta(hours=3),
        "sources": ("https://ada.example/feed",),
    }
    return Article(url=url, **{**given, **changes})


def note(name: str, text: str = "A note of mine") -> Article:
    return article(f"note:{name}", kind="notes", title=text, published=None, source="file:///notes.txt")


def post(article_url: str = "https://ada.example/a", account: str = "demo", **changes: Any) -> Post:
    given: dict[str, Any] = {
        "id": post_id(account, article_url),
        "account": account,
        "platform": "memory",
        "kind": "curated",
        "article": article_url,
        "title": "A walk along the canal",
        "site": urls.site_of(article_url) if "://" in article_url else "",
        "draft": Draft(f"A walk along the canal\n{article_url}", article_url),
        "when": NOON,
        "state": State.QUEUED,
    }
    return Post(**{**given, **changes})


def judgement(about: Article, score: float = 0.5, rejected: str = "") -> Judgement:
    return Judgement(about, score, {"source": score}, rejected)


def channel(name: str = "demo", pacing: Plan = FREE, limits: Limits = LIMITS, **changes: Any) -> Channel:
    return Channel(name, "memory", pacing, limits, **changes)
