"""The collection that keeps posts, and the one place to import all about them from.

How a post goes from state to state stands in `post`. Driving posts through their states is for `publish`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from weakref import WeakKeyDictionary

import msgspec

from ledger.store.base import Document, Store
from ledger.store.reading import ReadOnce
from syndicator.post import LIVING as LIVING
from syndicator.post import NOT_FOUND as NOT_FOUND
from syndicator.post import RETRIED as RETRIED
from syndicator.post import SHARED as SHARED
from syndicator.post import SKIPPED as SKIPPED
from syndicator.post import TRANSITIONS as TRANSITIONS
from syndicator.post import Change as Change
from syndicator.post import IllegalMove as IllegalMove
from syndicator.post import Post as Post
from syndicator.post import State as State
from syndicator.post import Tried as Tried
from syndicator.post import move as move
from syndicator.post import noted as noted
from syndicator.post import post_id as post_id

COLLECTION = "posts"


def _post(document: Document) -> Post:
    return msgspec.convert(document, Post)


#: An outbox is made wherever one is needed: what was read of a store is kept beside it.
_READ: WeakKeyDictionary[Store, ReadOnce[Document, Post]] = WeakKeyDictionary()


class Outbox:
    """All posts, on a store. Every `save` is durable when it returns."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._read = _READ.setdefault(store, ReadOnce(_post))

    def get(self, wanted: str) -> Post | None:
        """One post by its id."""
        document = self._store.get(COLLECTION, wanted)
        return self._read(wanted, document) if document else None

    def __iter__(self) -> Iterator[Post]:
        for key, document in self._store.scan(COLLECTION):
            yield self._read(key, document)

    def in_state(self, *states: State) -> list[Post]:
        """The posts in any of these states, by due time; those due together in the order they were first saved."""
        return sorted((post for post in self if post.state in states), key=lambda post: post.due)

    def doubtful(self) -> list[Post]:
        """The posts of which nobody knows whether they arrived: each waits until a person has looked."""
        return self.in_state(State.UNKNOWN)

    def of(self, article: str) -> list[Post]:
        """The posts that share one article."""
        return [post for post in self if post.article == article]

    def save(self, *posts: Post) -> None:
        """Store posts as they are now. IllegalMove if one comes to life beside another of its article and account."""
        with self._store.transaction():
            for post in posts:
                if rival := self._rival(post):
                    raise IllegalMove(f"post {post.id}: its article is on {post.account} already, as post {rival}")
            self._store.put_many(COLLECTION, {post.id: msgspec.to_builtins(post) for post in posts})

    def swap(self, known: Post, new: Post) -> bool:
        """Store `new` if the post is still as it is `known`; tell whether it was. Nobody's change is overwritten."""
        with self._store.transaction():
            same = self.get(known.id) == known
            if same:
                self.save(new)
        return same

    def add(self, posts: Iterable[Post]) -> list[Post]:
        """Store new posts and return those that really were new: what is there already is left as it is."""
        with self._store.transaction():
            new = [post for post in posts if self._store.get(COLLECTION, post.id) is None and not self._rival(post)]
            self.save(*new)
        return new

    def _rival(self, post: Post) -> str:
        """The id of another living post of the same article on the same account, if `post` is about to come to life.

        Notes may come round again.
        """
        before = self._store.get(COLLECTION, post.id)
        if post.kind == "notes" or post.state not in LIVING or (before and before["state"] in LIVING):
            return ""
        others = (
            key
            for key, other in self._store.scan(COLLECTION)
            if key != post.id
            and (other["account"], other["article"]) == (post.account, post.article)
            and other["state"] in LIVING
        )
        return next(others, "")
