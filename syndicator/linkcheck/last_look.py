"""The last look at pages before their posts are sent: what died since it was planned does not go out.

Effects: fetching, the outbox. A page that is dead twice in a row cancels its post: a site may be away for the moment in
which it is made anew. One that nobody can tell of delays it, for some days at most.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta

from syndicator.articles import Catalogue
from syndicator.linkcheck import checked, lookout
from syndicator.linkcheck.checked import Check
from syndicator.outbox import LIVING, Outbox, Post, State, move, noted
from syndicator.sources.outage import Outage
from syndicator.sources.turns import Turns
from syndicator.times import span_text
from syndicator.workspace import Workspace

#: So long a post waits for a page that was never found well.
_PATIENCE = timedelta(days=3)
_MISSED = "its page could not be looked at: the time of the run was up"
_WAITING = frozenset({State.AWAITING, State.QUEUED})


def hold_back(
    space: Workspace,
    catalogue: Catalogue,
    accounts: Collection[str],
    progress: Callable[[int, int], None] | None = None,
    turns: Turns | None = None,
    outage: Outage | None = None,
) -> list[Post]:
    """Look at the pages of all that is due on these accounts; store and return the posts that can't go out now.

    What its owner wants out whatever its page is like is not held back for that, but never sent twice either.
    """
    outbox, now = Outbox(space.state), space.clock()
    seen: Collection[str] = ()
    due = [post for post in outbox.in_state(State.QUEUED) if post.account in accounts and _is_in_question(post, now)]
    if unseen := lookout.unseen(space, (post.article for post in due), checked.POSTING):
        seen = lookout.look(space, unseen, progress, turns, outage)
    missed = set(unseen).difference(seen)
    lookout.teach(space, catalogue)
    checks, living = lookout.known(space), {post.id: post for post in outbox if post.state in LIVING}
    changed = []
    for post in due:
        twin = twin_of(post, living.values(), catalogue)
        check = None if post.unchecked else checks.get(post.article)
        held = repeated(post, twin, now) if twin else held_back(post, check, now)
        if not held and post.article in missed and not post.unchecked:
            held = noted(post, _MISSED, now, retry_at=now + space.settings.run.budget, error=_MISSED)
        if held and outbox.swap(post, held):
            del living[post.id]
            changed.append(held)
    return changed


def twin_of(post: Post, posts: Iterable[Post], catalogue: Catalogue) -> Post | None:
    """Another post that is out, or goes first, on the same account, and shares what turned out to be the same page.

    `posts` are all, in the order they were saved: of two that are due together the one saved first goes first.
    """
    article, saved_first = catalogue.get(post.article), True
    for other in posts:
        saved_first = saved_first and other.id != post.id
        if article is None or other.account != post.account or other.article == post.article:
            continue
        sooner = other.due < post.due or (other.due == post.due and saved_first)
        goes_first = other.state not in _WAITING or sooner
        known = catalogue.get(other.article)
        if goes_first and known is not None and known.url == article.url:
            return other
    return None


def repeated(post: Post, twin: Post, now: datetime) -> Post:
    """The post taken out, because its twin shares the same page. Pure."""
    why = f"the same page as {twin.article} (post {twin.id})"
    return move(post, State.CANCELLED, why, now, error=why)


def held_back(post: Post, check: Check | None, now: datetime) -> Post | None:
    """The post as it stands after its page was looked at; None when it may go out. Pure."""
    why = checked.refusal(check)
    if check is None or not why:
        return None
    if check.verdict == "dead" and (check.again is None or check.tries > 1):
        return move(post, State.CANCELLED, why, now, error=why)
    if check.since and now - check.since > _PATIENCE:
        return move(post, State.EXPIRED, f"{why}; so for {span_text(_PATIENCE)}", now, error=why)
    return noted(post, why, now, retry_at=check.again, error=why)


def _is_in_question(post: Post, now: datetime) -> bool:
    """Whether it is due, and shares a page."""
    return post.due <= now and post.kind != "notes"
