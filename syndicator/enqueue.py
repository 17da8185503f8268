"""From planned to queued: puts drafts into the outbox as Posts. What is merely planned for later stays a plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from syndicator.choose import Choice
from syndicator.linkcheck.checked import whereabouts
from syndicator.outbox import Change, Outbox, Post, State, post_id


def enqueue(outbox: Outbox, choice: Choice, asks: Collection[str], now: datetime) -> list[Post]:
    """Queue what is due now, and on accounts that ask a person all that is planned; return what waits for one.

    Nothing else is fixed ahead of its time: the next run may know something better.
    """
    taken: set[tuple[str, str]] = set()
    turns = Counter((post.account, post.article) for post in outbox)
    posts = []
    for planned in choice.plan.planned:
        asked = planned.account in asks
        article = planned.article
        if (not asked and planned.when > now) or (planned.account, article.url) in taken:
            continue  # of a note that comes round within the plan, only the first time is near
        taken.add((planned.account, article.url))
        state = State.AWAITING if asked else State.QUEUED
        posts.append(
            Post(
                # A note may come round again, as a post of its own; an article has one post on an account, for ever.
                id=post_id(
                    planned.account, article.url, turns[planned.account, article.url] * (article.kind == "notes")
                ),
                account=planned.account,
                platform=planned.platform,
                kind=article.kind,
                article=article.url,
                title=article.title,
                site=article.site,
                draft=choice.drafts[planned.account, article.url],
                when=planned.when,
                state=state,
                history=(Change(now, state, "planned"),),
                why=planned.why,
                score=planned.judgement.score,
                price_usd=planned.price_usd,
                source=planned.source,
                names=choice.names.get((planned.account, article.url), ()),
                credit=choice.credits.get((planned.account, article.url), ""),
                whereabouts=whereabouts(choice.pages.get(article.url)),
            )
        )
    return [post for post in outbox.add(posts) if post.state is State.AWAITING]
