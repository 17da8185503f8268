"""Takes posts back: deleted on every network they went to, and the favour out of the ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from platforms.base import Publisher
from platforms.errors import PlatformError, Unsupported
from syndicator import articles, collect, record
from syndicator.outbox import Outbox, Post, State, move
from syndicator.settings import SettingsError
from syndicator.workspace import Workspace


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What became of one post that was to be deleted; `error` is empty when it is gone."""

    post: Post
    error: str = ""


#: What is to be told of a post that is not deleted because nobody knows it to be out, and may yet come out.
_NOT_OUT = {
    State.AWAITING: "it is not out: `syndicator queue skip {}` takes it out of the queue",
    State.QUEUED: "it is not out: `syndicator queue skip {}` takes it out of the queue",
    State.SENDING: "it is being sent: ask again after the next run",
    State.UNKNOWN: "nobody knows whether it is out: look, then `syndicator queue settle {} …`",
}


def take_back(
    space: Workspace, what: str, adapter_of: Callable[[str], Publisher], *, gone: bool = False
) -> list[TakenBack]:
    """Delete the posts of an id, of an article's URL or at an address of their own, wherever they went.

    `adapter_of` opens an account by name. A post that is already gone counts as deleted; with `gone` its owner says
    that all of them are, and no network is asked. What fails on one account, its settings included, stops no other, and
    is tried anew when this is called again. What is not out, but may come, is told.
    """
    outbox = Outbox(space.state)
    known = articles.load(space.state).get(what)
    wanted = {what, known.url, *known.aliases} if known else {what}
    results = []
    for post in outbox.in_state(State.POSTED, *_NOT_OUT):
        if wanted.isdisjoint((post.id, post.article, post.ref.url if post.ref else post.id)):
            continue
        error = "" if gone and post.state is State.POSTED else _deleted(post, adapter_of)
        if not error:
            _noted(space, outbox, post)
        results.append(TakenBack(post, error))
    return results


def _deleted(post: Post, adapter_of: Callable[[str], Publisher]) -> str:
    """Delete one post on its network; why that could not be, or "" when it is gone."""
    if post.ref is None or post.state is not State.POSTED:
        return _NOT_OUT[post.state].format(post.id)
    if not post.ref.id:
        where = f"delete it by hand, at {post.ref.url}, and then say so: `syndicator unshare {post.id} --gone`"
        return f"you found it by hand: {where}"
    try:
        adapter_of(post.account).delete(post.ref)
    except Unsupported as error:
        return f"{error}; once it is gone, say so: `syndicator unshare {post.id} --gone`"
    except (PlatformError, SettingsError) as error:
        return str(error)
    return ""


def _noted(space: Workspace, outbox: Outbox, post: Post) -> None:
    """The favour out of the ledger, and what it answered open again; unless somebody else did it at this moment."""
    with space.state.transaction():
        current = outbox.get(post.id) or post
        space.book.retract([collect.share_of(current).key])
        if current.state is State.POSTED:
            outbox.save(move(current, State.DELETED, "taken back by hand", space.clock()))
            record.not_returned(space, [current])
