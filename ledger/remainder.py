"""What is left of one person's favours once all that was given has paid: enough to tell the balance at later times.

Who paid what never depends on when somebody looks (docs/decisions/0003-settling.md), so this stays right until
something happens: an entry that lies ahead, or the turn of a follow. Pure.
"""

from __future__ import annotations

from datetime import datetime
from math import fsum

import msgspec

from ledger.entry import Kind
from ledger.rules import Rules
from ledger.settlement import Tally
from ledger.weigh import Reckoning


class Rest(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """What of one act is neither paid nor used up, in the terms of `weigh.Item`; `when` is the time of its entry."""

    points: float
    at: float
    share: float
    pardoned: float | None
    when: datetime


class Remainder(msgspec.Struct, frozen=True, array_like=True):
    """One person's account between `start` and `end` (seconds since 1970; the end is not part of it).

    `received` and `given` count acts by kind; `open` is what I received and may be forgiven by then, `credit` what I
    gave.
    """

    start: float
    end: float
    received: dict[Kind, int]
    given: dict[Kind, int]
    open: list[Rest]
    credit: list[Rest]

    def holds_at(self, moment: float) -> bool:
        """Whether it tells of that time (seconds since 1970)."""
        return self.start <= moment < self.end

    def tally(self, now: datetime, rules: Rules) -> Tally:
        """The sums as of `now`, by the rules that it was reckoned with."""
        reckoning, moment = Reckoning.of(rules), now.timestamp()
        valued = [(rest, reckoning.value(rest, moment)) for rest in self.open]
        still = [(rest, value) for rest, value in valued if not reckoning.is_lapsed(rest, moment, value)]
        counts = [value * rest.share for rest, value in still]
        counts += [-reckoning.value(rest, moment) * rest.share for rest in self.credit]
        since = min([rest.when for rest, _ in still], default=None)
        return Tally(fsum(counts), since, self.received, self.given)
