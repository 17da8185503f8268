"""What one run did: the value that a run fills in and the commands show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import datetime
from signal import Signals
from typing import Self

from ledger.store.base import StoreError
from syndicator import abreast
from syndicator.accounts import Account
from syndicator.choose import Choice
from syndicator.intake import Intake
from syndicator.outbox import Post
from syndicator.outcomes import Outcome
from syndicator.sources.outage import Outage
from syndicator.sources.read_blogrolls import Roll


@dataclass(slots=True)
class Report:
    """What one run did. `errors` are sentences about sources, accounts and files that did not work.

    `retimed` are posts that missed their time, `held_back` those whose page was not found well right before sending.
    `outage` tells whether there was a network at all. `closed` are accounts that want nothing more in this run; `bugs`
    are raised when the rest is done. `left` is what the time did not reach for, `stopped` which signal ended it early,
    `died` who held the lock before and ended without a word, `alarms` what should be known of now.
    `collected` counts what was new by account, `received` by account and kind, `given` what I did there; `unread`
    says why nothing is read from an account that could tell, or no more for now. `joined` says who turned out to be one
    person, and by what proof. `unknown` are all posts that wait for a person to look, those of earlier runs too.
    """

    started: datetime
    finished: datetime | None = None
    blogrolls: tuple[Roll, ...] = ()
    intake: Intake = field(default_factory=Intake)
    choice: Choice = field(default_factory=Choice)
    retimed: list[Post] = field(default_factory=list)
    held_back: list[Post] = field(default_factory=list)
    outage: Outage = field(default_factory=Outage)
    awaiting: list[Post] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    unknown: list[Post] = field(default_factory=list)
    collected: dict[str, int] = field(default_factory=dict)
    received: dict[str, dict[str, int]] = field(default_factory=dict)
    given: dict[str, dict[str, int]] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    joined: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    stopped: Signals | None = None
    died: str = ""
    alarms: list[str] = field(default_factory=list)
    closed: set[str] = field(default_factory=set)
    bugs: list[Exception] = field(default_factory=list)

    @contextmanager
    def bugs_for_later(self, account: str) -> Iterator[None]:
        """Keep a bug of an account's adapter for later, so that the other accounts and the booking go on first."""
        try:
            yield
        except StoreError:
            raise  # without a store nothing can go on
        except Exception as bug:  # raised when the rest is done
            bug.add_note(f"while working on {account}")
            self.closed.add(account)
            self.bugs.append(bug)

    def still_open(self, accounts: Iterable[Account]) -> list[Account]:
        """Those of the accounts that are not closed."""
        return [account for account in accounts if account.name not in self.closed]

    def on_accounts(self, accounts: Iterable[Account], work: Callable[[Account, Report], None]) -> None:
        """Do `work` on these accounts at once, each with a report of its own; then take these in, in order.

        A bug of one account's adapter is kept, and keeps no other account from its work.
        """

        def one(own: tuple[Account, Report]) -> None:
            account, part = own
            with part.bugs_for_later(account.name):
                work(account, part)

        parts = [(account, Report(self.started, outage=self.outage)) for account in accounts]
        try:
            abreast.each(one, parts)
        finally:
            for _, part in parts:
                self._take_in(part)

    def _take_in(self, part: Report) -> None:
        """Add what was done on one account; what went wrong in the same way is told once."""
        part.errors = [error for error in part.errors if error not in self.errors]
        for each in fields(self):
            mine, theirs = getattr(self, each.name), getattr(part, each.name)
            if isinstance(mine, list):
                mine.extend(theirs)
            elif isinstance(mine, (dict, set)):
                mine.update(theirs)

    def ended(self, now: datetime) -> Self:
        """The report at its end. Raises the bugs that were kept."""
        self.finished = now
        if self.bugs:
            raise self.bugs[0] if len(self.bugs) == 1 else ExceptionGroup("several adapters failed", self.bugs)
        return self
