"""Looking ahead: the coming day's plan, with the pages it would send people to and the authors it would name looked at.

The plan itself is pure; here are the effects it needs, between one making of it and the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import takewhile

from syndicator import stop, timebox
from syndicator.accounts import Account, channel, past
from syndicator.articles import Catalogue
from syndicator.choose import Choice, choose
from syndicator.credit import lookup
from syndicator.linkcheck import lookout
from syndicator.openings import openings
from syndicator.outbox import Outbox
from syndicator.progress import Progress, counting
from syndicator.sources.outage import Outage
from syndicator.sources.subscriptions import Subscriptions
from syndicator.sources.turns import Turns
from syndicator.workspace import Workspace

#: So often a plan is made anew because pages turned out to be missing.
_ROUNDS = 8
CHECKING = "checking links"


def look_ahead(
    space: Workspace,
    accounts: Sequence[Account],
    subscribed: Subscriptions,
    catalogue: Catalogue,
    now: datetime,
    progress: Progress | None = None,
    turns: Turns | None = None,
    outage: Outage | None = None,
    bugs: list[Exception] | None = None,
    horizon: timedelta = timedelta(days=1),
    news: bool = True,
) -> Choice:
    """Plan the time from `now` to the `horizon` around all that waits.

    Only what is due leaves a plan, and it is made anew in each run. So without `news`, while no account could post now,
    nothing is judged: the plan is empty, and the choice says when the next time to post is.

    The pages of what is planned are looked at, and what was seen leads to another plan.
    After some rounds only pages that were found well are planned: a web that keeps disappointing can't keep a run.
    Pages on a server that never answers are left out at once; `turns` are what this run knows of servers. Then the
    authors whom its posts might name are looked up, once; a bug that this meets is left in `bugs`.
    """
    turns = turns or Turns()
    posts = list(Outbox(space.state))
    channels = [channel(account, space.settings, posts, now) for account in accounts]
    first = openings(channels, past(posts, catalogue), space.settings.me.timezone, now, now + horizon)
    asked_ahead = {account.name for account in accounts if account.table.approve == "ask"}
    if not news and not any(when <= now or name in asked_ahead for name, when in first.items()):
        return Choice(opening=min(first.values(), default=None))
    chosen = partial(
        choose, space, channels, subscribed, catalogue, now, horizon=horizon, guides=lookup.guides(accounts)
    )
    unseen: list[str] = []
    for _ in takewhile(lambda _: not timebox.is_up(), range(_ROUNDS)):
        stop.check()
        lookout.teach(space, catalogue)
        choice = chosen(left_alone=turns.left_alone())
        unseen = lookout.unseen(space, (each.article.url for each in choice.plan.planned))
        if not unseen:
            break
        lookout.look(space, unseen, counting(progress, CHECKING), turns, outage)
    else:
        lookout.teach(space, catalogue)
        choice = chosen(only_seen=True, left_alone=turns.left_alone())
    if choice.unknown and lookup.look_up(space, accounts, choice.unknown, bugs):
        return chosen(only_seen=bool(unseen), left_alone=turns.left_alone())
    return choice
