"""Notes on people what their acts tell of bad faith, set beside the times of my own posts. Effects: the book."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.faith import Mine, judged
from syndicator import articles
from syndicator.outbox import Outbox, State
from syndicator.workspace import Workspace


def note(space: Workspace) -> None:
    """Note the signs that have come since the last time, and take back those that have gone."""
    mine = list(_mine(space))
    with space.book.transaction():
        changed = judged(space.book.people(), space.book.entries(), mine)
        if changed:
            space.book.save_people(*changed)


def _mine(space: Workspace) -> Iterator[Mine]:
    """What I published: posts on networks, and the articles of my own sites."""
    for post in Outbox(space.state):
        if post.state is State.POSTED and post.ref:
            yield Mine(post.account, post.happened, tuple(filter(None, (post.ref.url, post.ref.id))))
    for article in articles.load(space.state):
        if article.kind == "own" and article.published:
            yield Mine("web", article.published, (article.url, *article.aliases))
