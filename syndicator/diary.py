"""What I did for others on the networks myself, by whatever app: found among my own posts, booked as given. Effects.

What is booked already is not booked again: what was done with this program, told by hand, or published by it, which the
outbox knows. Networks that charge for reading are left alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from ledger.addresses import form
from ledger.entry import Direction, Entry, Kind
from ledger.who import profile_url
from platforms.abilities import Diary
from syndicator import myself, record, reported, stop, timebox, urls
from syndicator.accounts import Account
from syndicator.outbox import LIVING, Outbox
from syndicator.record import Collected
from syndicator.reported import Reported
from syndicator.workspace import Workspace

if TYPE_CHECKING:
    from syndicator.report import Report

#: So many pages of my own posts are read from one account in one run; the next run goes on from there.
_PAGES = 20
#: Words addressed to somebody, which the ledger tells apart by what they were for.
_TALK = frozenset({Kind.REPLY, Kind.THANK, Kind.COMMENT, Kind.MENTION})
#: Within this, an answer told without its page is the one that is found.
_SOON = timedelta(days=2)


def can_read(account: Account) -> bool:
    """Whether the account's network tells what it did, for nothing, and its owner wants it read."""
    able = isinstance(account.adapter, Diary) and account.publishes and account.table.collect is not False
    return able and not account.limits.charges


def collect(space: Workspace, account: Account) -> Collected:
    """Book what the account did since the last time, page by page; each counts together with its cursor."""
    return record.attempt(space, account, "diary", _pages(space, account))


def note(space: Workspace, account: Account, report: Report) -> None:
    """Collect, where it can be, and take it down in the report of a run."""
    if can_read(account):
        found = collect(space, account)
        report.given[account.name] = dict(found.kinds)
        report.errors += [error for error in found.errors if error not in report.errors]
        if found.unread:
            report.unread[account.name] = found.unread


def _pages(space: Workspace, account: Account) -> Iterator[Collected]:
    adapter, book, name = account.adapter, space.book, f"{account.name} (diary)"
    assert isinstance(adapter, Diary)
    cursor = book.cursor(name)
    for _ in range(_PAGES):
        page = adapter.done(cursor)
        mine = myself.mine(space.settings, space.state)
        told = reported.read(account.table.platform, page.interactions, space.clock(), mine)
        published = _Published.of(space, account) if told.entries else _Published()
        with book.transaction():
            part = _book(space, told, published)
            book.set_cursor(name, page.cursor)
        yield part
        if page.trouble:
            raise page.trouble
        if not page.more or page.cursor == cursor:
            return
        cursor = page.cursor
        stop.check()
        if timebox.is_up():
            yield Collected(unread=record.out_of_time(account))
            return


def _book(space: Workspace, told: Reported, published: _Published) -> Collected:
    """Book the acts of one page that are not known yet."""
    found = [_given(entry) for entry in told.entries]
    if not found:
        return Collected()
    targets = {form(entry.url) for entry in found}
    known = [
        each for each in space.book.entries() if _is_given(each) and (form(each.url) in targets or is_of_somebody(each))
    ]
    new = list(_unheard(known, (each for each in space.book.unknown(found) if not published.has(each))))
    space.book.append(new)
    space.book.introduce({who: name for who, name in told.names.items() if who in {each.identity for each in new}})
    return Collected(Counter(str(entry.kind) for entry in new))


def _unheard(known: list[Entry], found: Iterable[Entry]) -> Iterator[Entry]:
    """Those of the acts that none of the known tells of; what was told without its post tells of one act alone."""
    left = list(known)
    for entry in found:
        told = next((each for each in left if is_told_by(each, entry)), None)
        if told is None:
            yield entry
        elif is_of_somebody(told):
            left.remove(told)


def is_told_by(known: Entry, found: Entry) -> bool:
    """Whether an act of mine that is found is one that the ledger has, be it told with or without its page. Pure."""
    if known.identity != found.identity:
        return False
    talk = known.kind in _TALK and found.kind in _TALK
    is_soon = abs(known.when - found.when) <= _SOON
    if is_of_somebody(known):
        return is_soon and (talk or known.kind is found.kind)
    if form(known.url) != form(found.url):
        return False
    if talk:
        told_apart = known.my_url and form(known.my_url) != form(found.my_url)
        return not told_apart and is_soon
    return known.kind is found.kind


def is_of_somebody(entry: Entry) -> bool:
    """Whether an act was told by hand as done to a person, without the post that it was done to. Pure."""
    return entry.channel == "hand" and not entry.my_url and entry.url in ("", profile_url(entry.identity))


@dataclass(frozen=True, slots=True)
class _Published:
    """What this program posted with an account, or may have: the posts' addresses, and the articles they are about."""

    posts: frozenset[str] = frozenset()
    articles: frozenset[str] = frozenset()

    @classmethod
    def of(cls, space: Workspace, account: Account) -> _Published:
        own = [post for post in Outbox(space.state) if post.account == account.name]
        posts = frozenset(form(each) for post in own if post.ref for each in (post.ref.url, post.ref.id) if each)
        return cls(posts, frozenset(post.article for post in own if post.state in LIVING))

    def has(self, entry: Entry) -> bool:
        """Whether an act is one of these posts: those book themselves."""
        if form(entry.my_url) in self.posts or entry.native_id in self.posts:
            return True
        return entry.kind is Kind.SHARE and urls.canonical(entry.url) in self.articles


def _given(entry: Entry) -> Entry:
    """What was told of an act of mine, the right way round: `url` is theirs, `my_url` mine."""
    return replace(entry, direction=Direction.GIVEN, url=entry.my_url, my_url=entry.url)


def _is_given(entry: Entry) -> bool:
    return entry.direction is Direction.GIVEN
