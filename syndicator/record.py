"""Books favours: what networks tell of others, and what was published for them. Effects: reading networks, the book."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from msgspec.structs import replace

from ledger.entry import Entry, Identity
from platforms.base import Interaction, Reporter
from platforms.errors import AuthFailed, OverBudget, PlatformError, RateLimited
from syndicator import collect, myself, reported, stop, timebox
from syndicator.accounts import Account, Holds, part_of
from syndicator.outbox import LIVING, Outbox, Post, State
from syndicator.patience import limit_ends
from syndicator.workspace import Workspace

#: So many pages of interactions are read from one account in one run; the next run goes on from there.
_PAGES = 50
_LATER = "the next run goes on from here"
#: What holds the reading of an account.
_REFUSALS = (AuthFailed, RateLimited)


@dataclass(frozen=True, slots=True)
class Collected:
    """How many acts of each kind were new, and a sentence for each thing that went wrong.

    `unread` says why reading ended early though nothing went wrong: money for the month, or time for the run, is spent.
    """

    kinds: Mapping[str, int] = field(default_factory=dict)
    errors: tuple[str, ...] = ()
    unread: str = ""

    @property
    def new(self) -> int:
        """How many acts were new."""
        return sum(self.kinds.values())

    def __add__(self, other: Collected) -> Collected:
        """Both together; what went wrong in the same way is told once."""
        errors = tuple(dict.fromkeys((*self.errors, *other.errors)))
        return Collected(Counter(self.kinds) + Counter(other.kinds), errors, self.unread or other.unread)


def can_collect(account: Account) -> bool:
    """Whether the account's network tells what others did, and its owner wants to know."""
    return isinstance(account.adapter, Reporter) and not account.uncollected


def collect_from(space: Workspace, account: Account) -> Collected:
    """Book what an account's network tells, page by page; each page counts together with its cursor or not at all."""
    return attempt(space, account, "reading", _pages(space, account))


def attempt(space: Workspace, account: Account, what: str, parts: Iterable[Collected]) -> Collected:
    """Add up what is read and booked part by part, until the network breaks off; what was booked by then stays.

    To be refused here says nothing of posting, so only this kind of reading is held.
    """
    holds, name = Holds(space.state), part_of(account.name, what)
    if held := holds.reason(name, account.fingerprint, space.clock()):
        return Collected(errors=(held,))
    total = Collected()
    try:
        for part in parts:
            total += part
    except OverBudget as error:  # the next month reads on from the same place
        total += Collected(unread=str(error))
    except PlatformError as error:
        if isinstance(error, _REFUSALS):
            until = limit_ends(error, space.clock()) if isinstance(error, RateLimited) else None
            holds.hold(name, str(error), account.fingerprint, until)
        total += Collected(errors=(str(error),))
    return total


def book_acts(space: Workspace, account: Account, acts: Iterable[Interaction], mine: Collection[Identity]) -> Collected:
    """Book what was told of others, not of me; what no ledger can hold is left out, with one sentence for all of it."""
    return _book(space, account.name, account.table.platform, acts, mine, account.name)


def book_told(space: Workspace, name: str, network: str, acts: Iterable[Interaction]) -> Collected:
    """Book what `network` told of others, under a `name` for messages."""
    return _book(space, name, network, acts, myself.mine(space.settings, space.state))


def _book(
    space: Workspace,
    name: str,
    network: str,
    acts: Iterable[Interaction],
    mine: Collection[Identity],
    account: str = "",
) -> Collected:
    told = reported.read(network, acts, space.clock(), mine, account)
    with space.book.transaction():
        fresh = space.book.unknown(told.entries)
        space.book.append(fresh)
        space.book.introduce(told.names)
    return Collected(Counter(str(entry.kind) for entry in fresh), _left_out(name, told.unreadable))


def _pages(space: Workspace, account: Account) -> Iterator[Collected]:
    """Read and book one page after the other. A network that repeats itself, or never ends, is left until next time."""
    adapter, book = account.adapter, space.book
    assert isinstance(adapter, Reporter)
    cursor = book.cursor(account.name)
    seen, before = {cursor}, None
    for _ in range(_PAGES):
        page = adapter.interactions(cursor)
        mine = myself.mine(space.settings, space.state)
        with book.transaction():
            part = book_acts(space, account, page.interactions, mine)
            book.set_cursor(account.name, page.cursor)
        yield part
        if isinstance(page.trouble, _REFUSALS):
            raise page.trouble
        if page.trouble:
            yield Collected(errors=(str(page.trouble),))
        if not page.more:
            return
        stop.check()
        if timebox.is_up():
            yield Collected(unread=out_of_time(account))
            return
        cursor = page.cursor
        if cursor in seen or (page.interactions and page.interactions == before):
            yield Collected(errors=(f"{account.name}: what it tells goes round in circles; {_LATER}",))
            return
        seen.add(cursor)
        before = page.interactions
    yield Collected(errors=(f"{account.name}: it has more to tell than {_PAGES} pages; {_LATER}",))


def out_of_time(account: Account) -> str:
    """Why no more was read from an account, in a sentence."""
    return f"{account.name}: the time of the run was up before all was read; {_LATER}"


def _left_out(name: str, reasons: tuple[str, ...]) -> tuple[str, ...]:
    if not reasons:
        return ()
    count = f"{len(reasons)} act{'s' * (len(reasons) != 1)}"
    return (
        f"{name}: {count} of others could not be read and {'were' if reasons[1:] else 'was'} left out: {reasons[0]}",
    )


def book_shares(space: Workspace) -> None:
    """Book every published share as given, and mark it booked after that; no hand can change a post in between."""
    outbox = Outbox(space.state)
    with space.state.transaction():
        shared = collect.shares_given(outbox, space.clock())
        space.book.append(entry for _, entry in shared)
        outbox.save(*(collect.booked(post) for post, _ in shared))


def known_out(space: Workspace) -> list[Post]:
    """The waiting posts that the ledger knows to be out already, stored as posted. None of them is sent again.

    That is so where the state was brought back from an older copy, and forgot what was posted since.
    """
    outbox = Outbox(space.state)
    with space.state.transaction():
        waiting = {post.id: post for post in outbox.in_state(State.AWAITING, State.QUEUED)}
        if not waiting:
            return []
        found = [collect.known_out(waiting[entry.native_id], entry) for entry in _given(space, waiting)]
        outbox.save(*found)
    return found


def _given(space: Workspace, posts: Container[str]) -> list[Entry]:
    """The entries of posts, by their ids."""
    entries = {entry.native_id: entry for entry in space.book.entries() if entry.native_id in posts}
    return [entry for entry in entries.values() if collect.is_of_post(entry)]


def not_again(post: Post) -> str:
    """What is told of a post that `known_out` kept from being sent."""
    return f"{post.account}: not sent, because the ledger knows it to be out: {post.title or post.article}"


def not_returned(space: Workspace, posts: Iterable[Post]) -> None:
    """Take back that a favour is being returned, for queued returns that will not be sent after all."""
    still = {post.article for post in Outbox(space.state) if post.state in LIVING}
    dropped = {post.article for post in posts if post.in_return_for} - still
    acts = [act for act in space.book.acts() if act.state == "queued" and act.url in dropped]
    space.book.record(*(replace(act, state="skipped", at=space.clock()) for act in acts))
