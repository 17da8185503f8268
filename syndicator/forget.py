"""Forgets a person: in the ledger, in the state, in the copies of both. Effects: the data folder.

Articles of a site that is still subscribed, and what was posted of them, stay: without them they would be posted again.
Cut off in between, do it again: what is gone is gone, and the rest follows.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ledger.entry import Identity
from ledger.erase import Trace, addresses_of, erase_from_ledger, identities_of, names_of, without
from ledger.people import Person
from ledger.store.base import Document, Store
from ledger.store.durable import trouble
from syndicator import follow, logs, urls
from syndicator.debts import reckon
from syndicator.outbox import COLLECTION as POSTS
from syndicator.outbox import State
from syndicator.sources import copies
from syndicator.sources import health as healths
from syndicator.sources.base import Source
from syndicator.sources.read_blogrolls import addresses_of as addresses_of_lists
from syndicator.sources.subscriptions import blogrolls_of
from syndicator.workspace import Workspace

#: What is only remembered to ask less: dropped where it tells of them.
_ASKED_AGAIN = (
    "alarms", "aliases", "checks", "homes", "profiles", "recommendations", "recommended", "teasers", "unanswered",
)  # fmt: skip
#: What keeps its documents, without the entries of their tables that tell of them.
_TABLES = ("comments", "crosslinks")
#: Of others' articles, what can name somebody besides its writer's own words.
_ABOUT = ("author", "author_url", "linked_by", "n")
#: A post in one of these may still be out there in the words that are stored.
_ON_ITS_WAY = frozenset({State.SENDING, State.UNKNOWN})
#: What of a post of thanks repeats its words.
_SAID = frozenset({"request", "earlier", "credit"})
_DID = re.compile(r"did:(?:plc|web):[a-z0-9._:%-]+")


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many documents of the ledger were theirs; sites of theirs with feeds still read; posts that had to stay."""

    documents: int
    still_read: Mapping[str, tuple[Source, ...]]
    posts_left: int = 0


def forget(space: Workspace, person: Person) -> Forgotten:
    """Erase somebody everywhere and remember only a salted hash of each identity. No run may be on."""
    book, state = space.book, space.state
    identities = identities_of(person) | _ids(space, identities_of(person))
    trace = Trace(identities, names_of(person), addresses_of(identities, book.entries()))
    sites = {who.handle for who in identities if who.network == "web"}
    feeds = follow.subscribed(space).feeds
    still_read = _still_read(space, feeds, sites)
    with book.transaction():
        book.forgotten.add(identities)
        documents = erase_from_ledger(book.store, trace)
    with state.transaction():
        _erase_from_state(state, trace, sites - still_read.keys())
        _erase_from_copies(space, trace, {each.url for each in feeds})
        left = _erase_posts(state, trace, sites - still_read.keys(), still_read)
    space.memory_file.unlink(missing_ok=True)
    _scrub_log(space, trace)
    for store in (book.store, state):
        store.drop_history()
        store.back_up()
    reckon(space, space.clock(), limit=0)
    return Forgotten(documents, still_read, left)


def _scrub_log(space: Workspace, trace: Trace) -> None:
    if log := space.settings.log_file:
        try:
            logs.scrub(log, trace.is_in)
        except OSError as error:
            raise trouble(log, error, "rewritten") from error


def _ids(space: Workspace, identities: Collection[Identity]) -> frozenset[Identity]:
    """The ids that stay when a handle changes, as far as what they did tells them."""
    told = {
        did
        for entry in space.book.entries()
        if entry.identity in identities and entry.identity.network == "bluesky"
        for place in (entry.native_id, entry.url)
        for did in _DID.findall(place.partition("/app.bsky.")[0])
    }
    mine = {_DID.search(entry.my_url) for entry in space.book.entries() if entry.my_url}
    return frozenset(Identity("bluesky", did) for did in told - {found[0] for found in mine if found})


def _still_read(space: Workspace, feeds: Collection[Source], sites: Collection[str]) -> dict[str, tuple[Source, ...]]:
    """Those of their sites that the settings subscribe to, with the feeds."""
    known = healths.load(space.state)
    told = [(each, healths.named(each, known).site) for each in feeds]
    read = {site: tuple(each for each, page in told if site in map(urls.site_of, (each.url, page))) for site in sites}
    return {site: theirs for site, theirs in sorted(read.items()) if theirs}


def _erase_from_state(state: Store, trace: Trace, sites: Collection[str]) -> None:
    for collection in _ASKED_AGAIN:
        gone = [key for key, each in state.scan(collection) if trace.is_in(key) or trace.is_in(each)]
        state.delete(collection, gone)
    for collection in _TABLES:
        state.delete(collection, [key for key, _ in state.scan(collection) if urls.site_of(key) in sites])
        told = {key: _entries_less(each, trace) for key, each in state.scan(collection) if trace.is_in(each)}
        state.put_many(collection, told)
    for collection in ("sources", "articles"):
        state.delete(collection, [key for key, each in state.scan(collection) if _is_of(key, each, sites)])
    changed = {key: new for key, each in state.scan("articles") if (new := _credited_less(key, each, trace)) != each}
    if changed:
        state.put_many("articles", changed)


def _entries_less(document: Document, trace: Trace) -> Document:
    """A document without what tells of somebody; an entry of a table goes whole, since half of one can't be read."""
    less: Document = {
        name: {key: each for key, each in part.items() if not (trace.is_in(key) or trace.is_in(each))}
        if isinstance(part, dict)
        else without(part, trace)
        for name, part in document.items()
    }
    return less


def _erase_from_copies(space: Workspace, trace: Trace, read: Collection[str]) -> None:
    """Drop from the copies of blogrolls the feeds that tell of somebody and are not `read` any more."""
    state = space.state
    current = addresses_of_lists(blogrolls_of(space.settings), copies.load(state))
    for collection in (copies.HEALTH, copies.COPIES):
        state.delete(collection, [key for key, _ in state.scan(collection) if key not in current and trace.is_in(key)])
    for address, copy in list(state.scan(copies.COPIES)):
        feeds = [each for each in copy.get("feeds", ()) if each["url"] in read or not trace.is_in(each)]
        if len(feeds) < len(copy.get("feeds", ())):
            state.put(copies.COPIES, address, {**copy, "feeds": feeds})


def _is_of(url: str, document: Document, sites: Collection[str]) -> bool:
    """Whether an article, a post or a source is of one of these sites."""
    told = (urls.site_of(url) if urls.is_web(url) else "", document.get("site", ""), document.get("w", ""))
    return any(each and (each in sites or urls.site_of(each) in sites) for each in told)


def _credited_less(url: str, article: Document, trace: Trace) -> Document:
    told = {name: article[name] for name in _ABOUT if name in article}
    about = trace.is_in([url, article.get("site"), article.get("w"), told])
    return {**article, **without(told, trace, about=about)}


def _erase_posts(state: Store, trace: Trace, sites: Collection[str], still_read: Collection[str]) -> int:
    """Drop posts of their pages, and the words of others that name them; gives how many had to stay as they are."""
    posts = dict(state.scan(POSTS))
    theirs = [key for key, each in posts.items() if _is_of(each["article"], each, sites)]
    kept = {key for key, each in posts.items() if State(each["state"]) in _ON_ITS_WAY}
    kept |= {key for key, each in posts.items() if _is_of(each["article"], each, still_read)}
    state.delete(POSTS, [key for key in theirs if key not in kept])
    naming = {key: each for key, each in posts.items() if key not in theirs and trace.is_in(each)}
    told = {key: each for key, each in naming.items() if key not in kept}
    waiting = [key for key, each in told.items() if State(each["state"]) in {State.AWAITING, State.QUEUED}]
    state.delete(POSTS, waiting)
    state.put_many(POSTS, {key: _wordless(each, trace) for key, each in told.items() if key not in waiting})
    return sum(1 for key in kept if trace.is_in(posts[key]))


def _wordless(post: Document, trace: Trace) -> Document:
    """A post that is done with, without what tells of somebody."""
    fixed: Document = {name: post[name] for name in ("id", "account", "article", "state", "when") if name in post}
    new: Document = without({name: each for name, each in post.items() if name not in fixed}, trace, about=True)
    if any(map(trace.is_in, post.get("people", ()))):  # it names them, maybe by a word that could be anybody's
        new = {name: each for name, each in new.items() if name not in _SAID}
        new["draft"] = {**new["draft"], "text": ""}
    return {**new, **fixed}
