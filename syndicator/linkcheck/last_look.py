"""The last look at pages before their posts are sent: what died or moved since it was planned does not go out.

Effects: fetching, the outbox. A page that is dead twice in a row cancels its post: a site may be away for the moment in
which it is made anew. So does one that is elsewhere now: the next plan may have it there. One that nobody can tell of
delays it, for some days at most.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from syndicator.articles import Catalogue
from syndicator.linkcheck import checked, lookout
from syndicator.linkcheck.checked import Check, whereabouts
from syndicator.outbox import LIVING, Outbox, Post, State, move, noted
from syndicator.sources.outage import Outage
from syndicator.sources.turns import Turns
from syndicator.times import span_text
from syndicator.workspace import Workspace

#: So long a post waits for a page that was never found well, or never reached.
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
    if unseen := lookout.unseen(space, (post.page for post in due), checked.POSTING):
        seen = lookout.look(space, unseen, progress, turns, outage)
    missed = set(unseen).difference(seen)
    lookout.teach(space, catalogue)
    checks, living = lookout.known(space), {post.id: post for post in outbox if post.state in LIVING}
    changed = []
    for post in due:
        twin = None if post.kind == "notes" else twin_of(post, living.values(), catalogue, checks)
        check = None if post.unchecked else checks.get(post.page)
        held = repeated(post, twin, now) if twin else held_back(post, check, now)
        if not held and post.page in missed and not post.unchecked:
            held = put_off(post, now, space.settings.run.budget)
        if held and outbox.swap(post, held):
            del living[post.id]
            changed.append(held)
    return changed


def twin_of(
    post: Post, posts: Iterable[Post], catalogue: Catalogue, checks: Mapping[str, Check] = MappingProxyType({})
) -> Post | None:
    """Another post that is out, or goes first, on the same account, and shares what turned out to be the same page.

    That is one that the catalogue knows to be the same article, or one whose readers end up in the same place.
    `posts` are all, in the order they were saved: of two that are due together the one saved first goes first.
    """
    there, saved_first = _places(post, catalogue, checks), True
    for other in posts:
        saved_first = saved_first and other.id != post.id
        if other.account != post.account or other.article == post.article:
            continue
        sooner = other.due < post.due or (other.due == post.due and saved_first)
        goes_first = other.state not in _WAITING or sooner
        if goes_first and not there.isdisjoint(_places(other, catalogue, checks)):
            return other
    return None


def _places(post: Post, catalogue: Catalogue, checks: Mapping[str, Check]) -> set[str]:
    """Every address that stands for the page of a post: as an article, and where its readers ended up or do now."""
    known, (then, _), (now, _) = catalogue.get(post.article), post.whereabouts, whereabouts(checks.get(post.article))
    return {known.url if known else post.article, now or then} - {""}


def repeated(post: Post, twin: Post, now: datetime) -> Post:
    """The post taken out, because its twin shares the same page. Pure."""
    why = f"the same page as {twin.article} (post {twin.id})"
    return move(post, State.CANCELLED, why, now, error=why)


def held_back(post: Post, check: Check | None, now: datetime) -> Post | None:
    """The post as it stands after its page was looked at; None when it may go out. Pure."""
    if gone := checked.moved(post.whereabouts, check):
        return move(post, State.CANCELLED, gone, now, error=gone, moved=True)
    why = checked.refusal(check)
    if check is None or not why:
        return None
    if check.verdict == "dead" and (check.again is None or check.tries > 1):
        return move(post, State.CANCELLED, why, now, error=why)
    end = (check.since or now) + _PATIENCE
    if now >= end:
        return move(post, State.EXPIRED, f"{why}; so for {span_text(_PATIENCE)}", now, error=why)
    return noted(post, why, now, retry_at=min(check.again or end, end), error=why)


def put_off(post: Post, now: datetime, span: timedelta) -> Post:
    """The post whose page there was no time to look at: later by a span, but not for ever. Pure."""
    if now - post.when >= _PATIENCE:
        return move(post, State.EXPIRED, f"{_MISSED}; so for {span_text(_PATIENCE)}", now, error=_MISSED)
    return noted(post, _MISSED, now, retry_at=now + span, error=_MISSED)


def _is_in_question(post: Post, now: datetime) -> bool:
    """Whether it is due, and sends its readers to a page."""
    return post.due <= now and bool(post.page)
