"""Answers `why` and `judge`: how articles are judged now, and what became of one. Changes nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from syndicator import articles
from syndicator.accounts import Account, channel, past
from syndicator.articles import Article, Catalogue
from syndicator.choose import choose
from syndicator.follow import subscribed
from syndicator.judging.base import Judgement
from syndicator.linkcheck import checked
from syndicator.linkcheck.checked import Check
from syndicator.outbox import Outbox, Post
from syndicator.settings import SettingsError
from syndicator.survey import survey
from syndicator.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Prospect:
    """What the plan does with an article on an account: when it would go out, or None; and the reason."""

    account: str
    when: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """One article, its judgement by the settings as they are, its posts, and how its page was when last looked at.

    `prospects` are for the accounts on which it is not settled. `weights` are the most that each part can add,
    `min_score` is the least that is asked for.
    """

    article: Article
    judgement: Judgement
    posts: tuple[Post, ...]
    page: Check | None
    weights: Mapping[str, float]
    min_score: float
    prospects: tuple[Prospect, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """Every candidate as judged at one time: those that may be shared first, the best first.

    `account` is the one whose pacing and topics they were judged by; "" for those of every account.
    """

    at: datetime
    account: str
    judgements: tuple[Judgement, ...]
    weights: Mapping[str, float]
    min_score: float


def explain(space: Workspace, url: str, accounts: Sequence[Account] = ()) -> Explanation | None:
    """Explain the article at any of its addresses; None when no source told of it. `accounts` are those to plan for."""
    catalogue = articles.load(space.state)
    article = catalogue.get(url)
    if article is None:
        return None
    settings, now = space.settings, space.clock()
    seen = survey(space, subscribed(space), catalogue, now, settings.plan.max_age)
    posts = [post for post in Outbox(space.state) if post.article in (article.url, *article.aliases)]
    page = checked.load(space.state).get(article.url)
    judgement = seen.judge(article, settings.plan)
    weights = seen.knowledge.weights
    ahead = _prospects(space, judgement, accounts, {post.account for post in posts})
    return Explanation(article, judgement, tuple(posts), page, weights, settings.plan.min_score, ahead)


def _prospects(
    space: Workspace, judgement: Judgement, accounts: Sequence[Account], settled: Collection[str]
) -> tuple[Prospect, ...]:
    """What the coming day's plan for all accounts does with an article, by what was read last. Asks nobody."""
    if all(account.name in settled for account in accounts):
        return ()
    posts, now, url = list(Outbox(space.state)), space.clock(), judgement.article.url
    channels = [channel(account, space.settings, posts, now) for account in accounts]
    made = choose(space, channels, subscribed(space), articles.load(space.state), now).plan
    reasons = {each.account: each.reason for each in made.skipped if each.article == url}
    planned = {each.account: each for each in made.planned if each.article.url == url}
    found = []
    for account in accounts:
        if account.name in settled:
            continue
        if (each := planned.get(account.name)) and not account.missing:
            found.append(Prospect(account.name, each.when, "; ".join(each.why)))
        else:
            reason = account.missing or reasons.get(account.name) or judgement.rejected or "no source has it any more"
            found.append(Prospect(account.name, None, reason))
    return tuple(found)


def rank(space: Workspace, account: str = "", at: datetime | None = None) -> Ranking:
    """Judge everything that was read, by the settings of one account or of all. SettingsError for an unknown one."""
    settings, now = space.settings, at or space.clock()
    if account and account not in settings.accounts:
        known = ", ".join(settings.accounts) or "none yet"
        raise SettingsError(f"{settings.path}: no account {account!r}; accounts: {known}")
    pacing = settings.accounts[account].plan(settings.plan) if account else settings.plan
    catalogue = articles.load(space.state)
    seen = survey(space, subscribed(space), catalogue, now, pacing.max_age)
    wanted = frozenset([account] if account else settings.accounts)
    shared = _shared(space, catalogue)
    judged = (_unless_shared(each, shared, wanted) for each in seen.judge_all({"": pacing})[""])
    best = sorted(judged, key=lambda each: (bool(each.rejected), -each.score, each.article.url))
    judgements = tuple(seen.explained(each, pacing) for each in best)
    return Ranking(now, account, judgements, seen.knowledge.weights, pacing.min_score)


def _shared(space: Workspace, catalogue: Catalogue) -> dict[str, set[str]]:
    """The accounts on which each article is settled, by whatever address it was shared at."""
    found: dict[str, set[str]] = {}
    for each in past(Outbox(space.state), catalogue):
        found.setdefault(each.article, set()).add(each.account)
    return found


def _unless_shared(judgement: Judgement, shared: Mapping[str, set[str]], wanted: frozenset[str]) -> Judgement:
    """The judgement, turned down if there is no account left that could share it."""
    accounts = shared.get(judgement.article.url, set())
    if judgement.rejected or judgement.article.kind == "notes" or not accounts or not wanted <= accounts:
        return judgement
    return msgspec.structs.replace(judgement, rejected=f"already shared: on {', '.join(sorted(accounts))}")
