"""Which post of somebody's could be boosted in return, put out for the ledger's suggestions. Effects: the networks.

Read are only the timelines of the few people at the top of the list who boosted me, a small ration in each run and
each of them a few times a day. What is worth boosting is decided by `worth_boosting`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from ledger.entry import Direction, Identity, Kind
from ledger.suggestion import Offer
from platforms.abilities import TheirPost, Timeline
from platforms.errors import PlatformError
from platforms.text import neutral
from syndicator import articles, debts, stop, timebox
from syndicator.accounts import Account
from syndicator.judging import filters
from syndicator.judging.languages import language_of, own_languages
from syndicator.workspace import Workspace

#: So many timelines are read in one run, and each so seldom.
_RATION = 5
_AGAIN = timedelta(hours=6)
#: So many posts of one person are offered; of each so many characters are shown.
_POSTS = 3
_EXCERPT = 80
#: So many topics in one post are as good as more.
_ENOUGH = 2
_CURSOR = "timelines"


def put_out(space: Workspace, accounts: Sequence[Account], closed: Collection[str] = ()) -> list[str]:
    """Look at the timelines that are due and offer what is worth boosting; gives a sentence for each that failed."""
    now = space.clock()
    asked = _recall(space)
    wanted = [who for who in _boosters(space, now) if _is_due(asked.get(who), now)]
    problems: list[str] = []
    read: dict[Identity, tuple[Offer, ...]] = {}
    languages = None
    for who in wanted[:_RATION]:
        account = _reader(who, (each for each in accounts if each.name not in closed))
        if account is None:
            continue
        stop.check()
        if timebox.is_up():
            break
        assert isinstance(account.adapter, Timeline)
        try:
            posts = account.adapter.posts(who.handle)
        except PlatformError as error:
            problems.append(str(error))
            posts = None
        asked[who] = now
        if posts is not None:
            languages = _languages(space) if languages is None else languages
            read[who] = worth_boosting(who, posts, now, space.rules.offer_age, languages, space.settings.plan.topics)
    with space.book.transaction():
        space.book.set_offers(read)
        _keep(space, {who: at for who, at in asked.items() if now - at <= space.rules.offer_age})
        old = [who for who in space.book.offers() if who.network != "web" and who not in _recall(space)]
        space.book.drop_offers(old)
    return list(dict.fromkeys(problems))


def worth_boosting(
    who: Identity,
    posts: Iterable[TheirPost],
    now: datetime,
    max_age: timedelta,
    languages: Collection[str],
    topics: Sequence[str],
) -> tuple[Offer, ...]:
    """The best few of somebody's posts, best first. Pure.

    Left out are posts older than `max_age`, behind a content warning, in other languages than these (where a post says
    its language; none admits all), without words, and those that I boosted. Half of the score is how many of my topics
    it names, neutral where I have none; half what others made of it, beside their own best.
    """
    fit = [post for post in posts if _is_fit(post, now, max_age, languages)]
    most = max((_echo(post) for post in fit), default=0)
    scored = []
    for post in fit:
        about = _about(post, topics)
        score = (about + (_echo(post) / most if most else 0.5)) / 2
        title = _excerpt(post.text)
        scored.append(Offer(who, post.ref.url, title, post.at, round(score, 1), topics=round(about, 1)))
    return tuple(sorted(scored, key=lambda offer: (-offer.score, -offer.published.timestamp(), offer.url))[:_POSTS])


def _is_fit(post: TheirPost, now: datetime, max_age: timedelta, languages: Collection[str]) -> bool:
    language = language_of(post.language)
    admitted = not languages or not language or language in languages
    worth = bool(post.ref.url and post.text.strip()) and not (post.warning or post.boosted)
    return worth and admitted and now - max_age <= post.at <= now


def _echo(post: TheirPost) -> int:
    """What others made of it; a boost is worth two likes."""
    return 2 * (post.boosts or 0) + (post.likes or 0)


def _about(post: TheirPost, topics: Sequence[str]) -> float:
    if not topics:
        return 0.5
    folded = post.text.casefold()
    named = sum(filters.made(topic).matches(post.text, folded) for topic in topics)
    return min(named / _ENOUGH, 1.0)


def _excerpt(text: str) -> str:
    words = neutral(text[: 4 * _EXCERPT])
    return words if len(words) <= _EXCERPT else f"{words[: _EXCERPT - 1].rstrip()}…"


def _boosters(space: Workspace, now: datetime) -> Iterator[Identity]:
    """Whose boost waits for a return, the most urgent people first."""
    entries = space.book.entries()
    boosted = {
        entry.identity for entry in entries if entry.direction is Direction.RECEIVED and entry.kind is Kind.BOOST
    }
    for debt in debts.reckon(space, now, limit=0):
        if debt.standing == "owe" and not debt.waiting:
            yield from (who for who in debt.person.identities if who in boosted)


def _reader(who: Identity, accounts: Iterable[Account]) -> Account | None:
    """An account that can look at somebody's posts for nothing."""
    return next((account for account in accounts if account.table.platform == who.network and can_look(account)), None)


def can_look(account: Account) -> bool:
    """Whether the account can read timelines, for nothing, and its owner wants others' doings read."""
    able = isinstance(account.adapter, Timeline) and account.publishes and account.table.collect is not False
    return able and not (account.held or account.missing) and not account.limits.charges


def _languages(space: Workspace) -> frozenset[str]:
    settings = space.settings
    return own_languages(settings.me.language, settings.judge.languages, articles.load(space.state))


def _is_due(asked: datetime | None, now: datetime) -> bool:
    return asked is None or now - asked >= _AGAIN


def _recall(space: Workspace) -> dict[Identity, datetime]:
    kept = json.loads(space.book.cursor(_CURSOR) or "{}")
    return {_identity(who): datetime.fromisoformat(at) for who, at in kept.items()}


def _keep(space: Workspace, asked: dict[Identity, datetime]) -> None:
    kept = {str(who): at.isoformat() for who, at in asked.items()}
    space.book.set_cursor(_CURSOR, json.dumps(kept) if kept else None)


def _identity(written: str) -> Identity:
    network, _, handle = written.partition(":")
    return Identity(network, handle)
