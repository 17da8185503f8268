"""Takes posts back: deleted on every network they went to, and the favour out of the ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from platforms.base import Publisher
from platforms.errors import PlatformError
from syndicator import articles, collect
from syndicator.outbox import Outbox, Post, State, move
from syndicator.settings import SettingsError
from syndicator.workspace import Workspace


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What became of one post that was to be deleted; `error` is empty when it is gone."""

    post: Post
    error: str = ""


def take_back(space: Workspace, what: str, adapter_of: Callable[[str], Publisher]) -> list[TakenBack]:
    """Delete the posts of an id or of an article's URL wherever they went. `adapter_of` opens an account by name.

    A post that is already gone counts as deleted. What fails on one account, its settings included, stops no other.
    """
    outbox = Outbox(space.state)
    known = articles.load(space.state).get(what)
    wanted = {what, known.url, *known.aliases} if known else {what}
    results = []
    for post in outbox.in_state(State.POSTED):
        if post.id not in wanted and post.article not in wanted:
            continue
        assert post.ref is not None
        if not post.ref.id:
            results.append(TakenBack(post, f"you found it by hand: delete it by hand, at {post.ref.url}"))
            continue
        try:
            adapter_of(post.account).delete(post.ref)
        except (PlatformError, SettingsError) as error:
            results.append(TakenBack(post, str(error)))
            continue
        with space.state.transaction():
            current = outbox.get(post.id) or post
            space.book.retract([collect.share_of(current).key])
            if current.state is State.POSTED:  # nobody else was taking it back at the same moment
                outbox.save(move(current, State.DELETED, "taken back by hand", space.clock()))
        results.append(TakenBack(post))
    return results
