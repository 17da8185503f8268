"""The JSON document of one account, as `accounts` shows it. Field names are fixed for scripts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from syndicator.accounts import Account
from syndicator.meter import reserved
from syndicator.outbox import Post, State


def account(each: Account, posts: Iterable[Post], now: datetime) -> dict[str, Any]:
    """One account with its limits and how it fares."""
    mine = [post for post in posts if post.account == each.name]
    spent = each.spent(now)
    limits = each.limits if each.publishes else None
    posted = [post.happened for post in mine if post.state is State.POSTED]
    return {
        "account": each.name,
        "platform": each.table.platform,
        "publishes": each.publishes,
        "limit": limits.length if limits else None,
        "counts": limits.count if limits else None,
        "card": limits.card if limits else None,
        "price_usd": limits.price_usd if limits else 0.0,
        "price_with_url_usd": limits.price_with_url_usd if limits else 0.0,
        "price_read_usd": limits.price_read_usd if limits else 0.0,
        "price_user_usd": limits.price_user_usd if limits else 0.0,
        "uncollected": each.uncollected or None,
        "budget_usd": each.table.monthly_budget_usd,
        "spent_usd": spent.total,
        "spent_posts_usd": spent.posts,
        "spent_reads_usd": spent.reads,
        "reserved_usd": round(reserved(each.name, mine, now), 6),
        "approve": each.table.approve,
        "posted": len(posted),
        "last_posted": max(posted, default=None),
        "waiting": sum(post.state in (State.AWAITING, State.QUEUED, State.SENDING) for post in mine),
        "unknown": sum(post.state is State.UNKNOWN for post in mine),
        "held": each.held or None,
        "unread": list(each.unread),
        "missing": each.missing or None,
    }
