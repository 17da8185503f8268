"""The JSON documents of the contract, made from values: one function for each. Field names are fixed for scripts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from platforms import text
from platforms.base import Card, Draft, Limits
from syndicator.articles.naming import name_of
from syndicator.cli import ending, told
from syndicator.outbox import Post, State
from syndicator.outcomes import Failed, Posted
from syndicator.report import Report
from syndicator.sources.base import Feed, Source
from syndicator.sources.health import Health
from syndicator.sources.rank import FeedLink
from syndicator.sources.read_blogrolls import Roll
from syndicator.sources.rhythm import Bounds
from syndicator.sources.subscribe import Imported

Shape = dict[str, Any]


def source(each: Source, health: Health, bounds: Bounds) -> Shape:
    """One line of `sources`. `next_due` is null for what the next run reads in any case, and for what is retired."""
    return {
        "url": each.url,
        "title": each.title or health.title,
        "site": each.site or health.site,
        "kind": each.kind,
        "tags": each.tags,
        "folders": each.folders,
        "weight": each.weight,
        "last_ok": health.last_ok,
        "last_item": health.last_item,
        "failures": health.failures,
        "next_due": health.due(each, bounds),
        "error": health.error or None,
        "origin": each.origin,
        "moved_to": health.moved_to or None,
        "retired": health.gone,
    }


def imported(done: Imported) -> Shape:
    """What an import did."""
    return {
        "added": done.added,
        "updated": done.updated,
        "unchanged": done.unchanged,
        "skipped": [{"url": each.url, "title": each.title, "reason": each.reason} for each in done.skipped],
        "problems": [{"line": each.line, "column": each.column, "message": each.message} for each in done.problems],
    }


def preview(feed: Feed, others: Iterable[FeedLink] = ()) -> Shape:
    """The `preview` of one feed, and the others that its page offers."""
    items = [
        {
            "id": item.id,
            "url": item.url or None,
            "title": item.title,
            "name": name_of(item),
            "author": item.author or None,
            "published": item.published,
            "updated": item.updated,
            "tags": item.tags,
            "comments_url": item.comments_url,
            "comments_feed": item.comments_feed,
            "comment_count": item.comment_count,
            "image": item.image,
            "image_alt": item.image_alt or None,
        }
        for item in feed.items
    ]
    return {
        "feed": {"url": feed.url, "title": feed.title, "site": feed.site},
        "items": items,
        "problem": feed.problem or None,
        "remark": feed.remark or None,
        "others": [{"url": each.url, "title": each.title} for each in others],
    }


def run(report: Report) -> Shape:
    """What a run did."""
    posted = [each for each in report.outcomes if isinstance(each, Posted)]
    failed = [each for each in report.outcomes if isinstance(each, Failed)]
    intake = report.intake
    return {
        "started": report.started,
        "finished": report.finished,
        "fetched": {
            outcome: getattr(intake, outcome)
            for outcome in ("ok", "unchanged", "failed", "waiting", "not_due", "retired", "late")
        },
        "remarks": intake.remarks,
        "blogrolls": [blogroll(each) for each in report.blogrolls],
        "posted": [{**_outcome(each.post), "url": each.ref.url} for each in posted],
        "failed": [{**_outcome(each.post), "error": str(each.error), "retry_at": each.retry_at} for each in failed],
        "unknown": [{**_outcome(post), "error": post.error} for post in report.unknown],
        "awaiting": [_outcome(post) for post in report.awaiting],
        "retimed": [{**_outcome(post), "state": post.state, "when": post.due} for post in report.retimed],
        "held_back": [
            {**_outcome(post), "state": post.state, "reason": post.error, "retry_at": post.retry_at}
            for post in report.held_back
        ],
        **told.document(report),
        "joined": report.joined,
        **ending.document(report),
        "errors": report.errors,
    }


def blogroll(roll: Roll) -> Shape:
    """What a run found of one blogroll, and how that differs from what it found before."""
    change = roll.change
    return {
        "origin": roll.origin,
        "feeds": len(roll.feeds),
        "first": roll.first,
        "added": change.added,
        "gone": change.gone,
        "renamed": [{"url": each.url, "from": each.before, "to": each.after} for each in change.renamed],
        "moved": [{"from": each.before, "to": each.after} for each in change.moved],
        "error": roll.error or None,
    }


def _outcome(post: Post) -> Shape:
    return {"id": post.id, "account": post.account, "article": post.article}


def post(each: Post, limits: Limits | None = None) -> Shape:
    """One post of `queue`; its length by its network's count is null where nobody knows the `limits`."""
    length = text.measure(each.draft.text, limits, each.draft.warning) if limits else None
    return {
        "id": each.id,
        "account": each.account,
        "article": each.article,
        "state": each.state,
        "when": each.happened if each.state is State.POSTED else each.due,
        "text": each.draft.text,
        "length": length,
        "limit": limits.length if limits else None,
        **around(each.draft),
        "card": card(each.draft.card),
        "names": each.names,
        "price_usd": each.price_usd,
        "attempts": each.attempts,
        "url": each.ref.url if each.ref else None,
        "error": each.error or None,
        "history": [{"at": change.at, "state": change.state, "why": change.why} for change in each.history],
    }


def around(draft: Draft) -> Shape:
    """What goes with the text: the content warning that hides it, and the picture that is attached to it."""
    image = draft.image
    return {
        "warning": draft.warning or None,
        "image": {"url": image.url, "alt": image.alt} if image else None,
    }


def card(each: Card | None) -> Shape | None:
    """A link preview as it will be sent."""
    if each is None:
        return None
    return {"url": each.url, "title": each.title, "description": each.description, "image": each.image}
