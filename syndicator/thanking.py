"""Public thanks as posts: a thank-you cut into posts, and how posts of thanks come into the queue.

Effects: the state. Every such post waits for its owner's approval, whatever the account's `approve` says, and goes the
way of all posts from then on. When it is out the ledger books it as given to each whom it is for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from ledger.entry import Identity, Kind
from ledger.people import Person
from ledger.thanks import thanks
from platforms import text
from platforms.base import Draft
from syndicator import accounts as accounting
from syndicator import gratitude
from syndicator.accounts import Account
from syndicator.articles import Article
from syndicator.compose import TooLong, compose, price_of
from syndicator.credit.acquaintance import Acquaintance, unwelcome
from syndicator.credit.desk import acquaintance, rules
from syndicator.outbox import LIVING, Change, Outbox, Post, State, post_id
from syndicator.slots import first_free
from syndicator.workspace import Workspace

#: What became of a post that may be made anew: it did not go out, and its owner did not say no.
CAME_TO_NOTHING = frozenset({State.EXPIRED, State.REJECTED})
#: How far ahead a free time is looked for.
_AHEAD = timedelta(days=30)
_WHY = "asked for by `ledger thanks`"
_NO_MONEY = 1e-9


@dataclass(frozen=True, slots=True)
class Words:
    """What a post says: a title for lists, as which kind it is booked as given to whom, and the exact draft.

    `names` are all identities of whoever the draft calls, the called one first, and `credit` is the line that does it.
    """

    title: str
    favour: Kind
    people: tuple[Identity, ...]
    draft: Draft
    names: tuple[str, ...] = ()
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """Posts as they would wait in the queue, and a sentence for each that could not be made, or can't go out yet."""

    posts: tuple[Post, ...]
    troubles: tuple[str, ...] = ()


#: The first and the last moment at which a post may go out.
Span: TypeAlias = tuple[datetime, datetime]
#: What an account is to say; a text says why it can't.
Speech: TypeAlias = Callable[[Account], Iterable[Words | str]]


def left_out(space: Workspace, known: Acquaintance | None = None) -> Callable[[Person], bool]:
    """Who is not to be named in public, by the settings and by what is known of their profiles."""
    believed, credit = known or acquaintance(space, {}), rules(space)
    return lambda person: bool(unwelcome("", person.identities, (), believed, credit))


def thank_yous(space: Workspace, accounts: Sequence[Account], since: datetime | None, earliest: datetime) -> Made:
    """A thank-you on each account, in as many posts as it takes, for what was done since then. They call nobody.

    Where `since` is None: since the last one was put into the queue of the account, if that is after `earliest`.
    """
    people, entries, now = space.book.people(), space.book.entries(), space.clock()
    leave = left_out(space)

    def said(account: Account) -> Iterator[Words | str]:
        limits, start = account.limits, since or max(earliest, _last(space, account) or earliest)
        warning = account.table.content_warning.strip() if limits.warnings else ""
        groups = thanks(people, entries, start, now, space.rules, leave)
        for part in gratitude.thank_you(groups, lambda words: text.fits(words, limits, warning)):
            article = Article(url="", kind="notes", title=part.text, site="", source="", first_seen=now, language="en")
            try:
                draft = compose(article, account.table, limits)
            except TooLong as error:
                yield str(error)
            else:
                yield Words("Thank you", Kind.THANK, part.people, draft)

    return made(space, accounts, said, [(now, now + _AHEAD)])


def made(space: Workspace, accounts: Sequence[Account], speech: Speech, spans: Sequence[Span]) -> Made:
    """The posts of what each account is to say, each at its first free time within `spans`. Stores nothing."""
    posts, troubles = list[Post](), list[str]()
    for account in accounts:
        before = len(posts)
        for said in speech(account):
            post = said if isinstance(said, str) else _post(space, account, said, spans, posts)
            if isinstance(post, str):
                troubles.append(f"{account.name}: {post}")
            else:
                posts.append(post)
        if len(posts) > before and (trouble := account.missing or account.held):
            troubles.append(f"{account.name}: nothing can go out there yet: {trouble}")
    return Made(tuple(posts), tuple(troubles))


def queue(space: Workspace, posts: Iterable[Post]) -> list[Post]:
    """Put posts into the queue, to wait for approval; gives those that were not there already."""
    return Outbox(space.state).add(posts)


def _post(
    space: Workspace, account: Account, said: Words, spans: Sequence[Span], besides: Sequence[Post]
) -> Post | str:
    """The post that says it, or why there can be none. `besides` are posts that will be queued with it."""
    now, outbox = space.clock(), [*Outbox(space.state), *besides]
    channel = accounting.channel(account, space.settings, outbox, now)
    cost = price_of(said.draft, channel.limits)
    if channel.budget_usd is not None and cost > channel.budget_usd + _NO_MONEY:
        return f"it costs ${cost:.2f} and would pass the monthly budget"
    # No word of theirs: what is kept of a post outlives who is forgotten.
    name = hashlib.sha256(f"{now.date()}\n{said.draft.text}".encode()).hexdigest()[:16]
    article = f"thanks:{name}"
    mine = [post for post in outbox if post.account == account.name]
    taken = [post.happened for post in mine if post.state in LIVING]
    zone = space.settings.me.timezone
    times = (first_free(channel.pacing, zone, account.name, article, taken, (), *span) for span in spans)
    when = next(filter(None, times), None)
    if when is None:
        return "no free time in the coming month; raise per_day or shorten min_gap"
    return Post(
        id=post_id(account.name, article, sum(post.article == article and _is_over(post) for post in mine)),
        account=account.name,
        platform=account.table.platform,
        kind="notes",
        article=article,
        title=said.title,
        site="",
        draft=said.draft,
        when=when,
        state=State.AWAITING,
        history=(Change(now, State.AWAITING, _WHY),),
        why=(_WHY,),
        price_usd=cost,
        names=said.names,
        credit=said.credit,
        favour=str(said.favour),
        people=tuple(map(str, said.people)),
    )


def _is_over(post: Post) -> bool:
    return post.state in CAME_TO_NOTHING


def _last(space: Workspace, account: Account) -> datetime | None:
    """When the last thank-you of an account was made that its owner did not refuse."""
    told = (each for each in Outbox(space.state) if each.account == account.name and each.favour == Kind.THANK)
    return max((each.history[0].at for each in told if each.state in LIVING and each.history), default=None)
