"""`[run]` and `[digest]`: how long a run may take, and where its owner is told now and then how things go."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from syndicator.settings.table import Table
from syndicator.times import Span


class Run(Table, frozen=True):
    """`budget` is the time of one run: what it does not reach is left for the next one.

    `log` is the file that says what runs did, in the data folder unless it says otherwise; "" for none.
    """

    budget: Span = Span(minutes=10)
    log: str = "syndicator.log"

    def __post_init__(self) -> None:
        """Some time, and less than a day of it: a run that long is a service."""
        if not Span() < self.budget <= timedelta(days=1):
            raise ValueError("budget must be longer than nothing and no longer than a day; write for example 10m")
        if self.log and not Path(self.log).name.endswith(".log"):
            raise ValueError('log must end in .log, or be "" for none; write for example syndicator.log')


class Digest(Table, frozen=True):
    """A short word on what was posted, what waits and who is owed, through an `account` of platform apprise."""

    account: str = ""
    every: Span = Span(days=1)

    def __post_init__(self) -> None:
        """No more often than hourly."""
        if self.every < timedelta(hours=1):
            raise ValueError("every must be at least an hour; write for example 1d")
