"""Takes posts back: deleted on every network they went to, and the favour out of the ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from platforms.base import Publisher
from platforms.errors import PlatformError, Unsupported
from syndicator import articles, collect, readback, record
from syndicator.outbox import TRANSITIONS, Outbox, Post, State, move, noted
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
_BY_HAND, _LATE = "taken back by hand", "it was out after all"
_GIVEN_UP = (State.REJECTED, State.EXPIRED, State.CANCELLED)
_MAYBE = "it was tried and given up, and may be out ({}): look, and if it is `syndicator queue settle {} --posted URL`"


def take_back(
    space: Workspace, what: str, adapter_of: Callable[[str], Publisher], *, gone: bool = False
) -> list[TakenBack]:
    """Delete the posts of an id, of an article's URL or at an address of their own, wherever they went.

    `adapter_of` opens an account by name. A post that is already gone counts as deleted; with `gone` its owner says
    that all of them are, and no network is asked. What fails on one account, its settings included, stops no other, and
    is tried anew when this is called again. What is not out, but may come, is told; what was tried and got no answer in
    time is looked for.
    """
    outbox = Outbox(space.state)
    known = articles.load(space.state).get(what)
    wanted = {what, known.url, *known.aliases} if known else {what}
    results = []
    for post in outbox.in_state(State.POSTED, *_NOT_OUT, *_GIVEN_UP):
        if wanted.isdisjoint((post.id, post.article, post.ref.url if post.ref else post.id)):
            continue
        error = _taken(outbox, post, adapter_of, gone=gone)
        if error == "":
            _noted(space, outbox, post)
        if error is not None:
            results.append(TakenBack(post, error))
    return results


def _taken(outbox: Outbox, post: Post, adapter_of: Callable[[str], Publisher], *, gone: bool) -> str | None:
    """As `_deleted`, for a post in any state; None for one that is not out and won't be."""
    if post.state is State.POSTED:
        return "" if gone else _deleted(post, adapter_of)
    late = None if gone else _late(outbox, post, adapter_of)
    if late is None and post.state in _NOT_OUT:
        return _NOT_OUT[post.state].format(post.id)
    return late


def _late(outbox: Outbox, post: Post, adapter_of: Callable[[str], Publisher]) -> str | None:
    """Delete what arrived of a post that is not thought to be out: as `_deleted`, and None when nothing is there."""
    if post.state is State.SENDING or not post.may_be_out:
        return None
    try:
        publisher = adapter_of(post.account)
        found = readback.find(publisher, post)
    except (PlatformError, SettingsError) as error:
        return _MAYBE.format(error, post.id) if post.state in _GIVEN_UP else None
    if found is None or found.ref.id in {each.ref.id for each in outbox if each.ref}:
        return None
    return _deleted(msgspec.structs.replace(post, ref=found.ref), lambda _: publisher)


def _deleted(post: Post, adapter_of: Callable[[str], Publisher]) -> str:
    """Delete one post on its network; why that could not be, or "" when it is gone."""
    assert post.ref is not None
    if not post.ref.id:
        where = f"delete it by hand, at {post.ref.url}, and then say so: `syndicator unshare {post.id} --gone`"
        return f"only its address is known: {where}"
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
        space.book.retract(entry.key for entry in (collect.share_of(current), *collect.thanks_of(current)))
        if current.state is State.POSTED:
            outbox.save(move(current, State.DELETED, _BY_HAND, space.clock()))
        elif current.state in _GIVEN_UP:
            outbox.save(noted(current, f"{_LATE}, and {_BY_HAND}", space.clock()))
        elif State.CANCELLED in TRANSITIONS[current.state]:
            outbox.save(move(current, State.CANCELLED, f"{_LATE}, and {_BY_HAND}", space.clock()))
        record.not_returned(space, [current])
