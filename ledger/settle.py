"""Entries of one person → what is open, what is credit, and the arithmetic in between. Pure.

A given entry pays when its turn comes, in values discounted to that moment. Both sides decay by the same half-life, so
who paid what never depends on when somebody looks. Reasons: docs/decisions/0003-settling.md. Who the person is and
what to do about a balance is left to `people` and `owe`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import exp2, fsum
from operator import itemgetter

from ledger.entry import Direction, Entry, Identity, Kind
from ledger.rules import Rules
from ledger.sameact import gather_acts
from ledger.settlement import Line, Payment, Settlement, State

_DIMINISHING = frozenset({Kind.LIKE, Kind.FOLLOW, Kind.BOOST, Kind.MENTION})
_DUST = 1e-12
_NO_PARDONS: Mapping[Identity, datetime] = {}


@dataclass(slots=True, eq=False)
class _Item:
    """One act on its way through the settlement. Times are seconds since 1970; `share` is the part not yet paid."""

    entry: Entry
    at: float
    turn: float
    weight: float
    credibility: float
    diminishing: float
    points: float
    pardoned: float | None
    repeats: tuple[Entry, ...]
    answers: str
    share: float = 1.0
    payments: list[tuple[_Item, _Item, float]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Reckoning:
    """The rules as plain seconds."""

    half_life: float
    forgive_below: float
    forgive_after: float

    def value(self, item: _Item, moment: float) -> float:
        return item.points * exp2((item.at - moment) / self.half_life)

    def is_lapsed(self, item: _Item, moment: float) -> bool:
        """Whether an open item is forgiven by then. Once true it stays true: ages only grow."""
        if item.pardoned is not None and item.at <= item.pardoned <= moment:
            return True
        return moment - item.at > self.forgive_after or self.value(item, moment) * item.share < self.forgive_below


def settle(
    entries: Iterable[Entry],
    now: datetime,
    rules: Rules,
    *,
    credibility: float = 1.0,
    pardons: Mapping[Identity, datetime] = _NO_PARDONS,
) -> Settlement:
    """Settle the entries of one person as of `now` (aware); entries that lie after it are ignored.

    The order in which entries come does not matter. `credibility` in (0,1] is the person's own and scales what was
    received. `pardons` are debts forgiven by hand: everything of that identity up to that time.
    """
    moment = now.timestamp()
    ordered = _in_order(entries)
    seen = [entry for entry in ordered if entry.when <= now]
    items = _weigh(gather_acts(seen, rules.same_act_within), rules, credibility, pardons)
    _take_turns(items, ordered)
    reckoning = _Reckoning(rules.half_life.total_seconds(), rules.forgive_below, rules.forgive_after.total_seconds())
    _pay_all(items, moment, reckoning)
    lines = tuple(line for item in items for line in _write(item, moment, reckoning))
    return Settlement(lines, fsum(line.counts for line in lines))


def _in_order(entries: Iterable[Entry]) -> list[Entry]:
    """By time, then by what makes an entry the one it is; the same entry given twice is there once."""
    placed = sorted([(_place(entry), entry) for entry in entries], key=itemgetter(0))
    before = None
    ordered = []
    for place, entry in placed:
        if place != before:
            ordered.append(entry)
        before = place
    return ordered


def _place(entry: Entry) -> tuple[object, ...]:
    who = entry.identity
    known = (
        entry.at or entry.recorded,
        entry.direction is Direction.GIVEN,
        entry.kind,
        who.network,
        who.handle,
        entry.native_id,
    )
    return known if entry.native_id else (*known, entry.url, entry.my_url, entry.note)


def _weigh(
    acts: list[list[Entry]], rules: Rules, credibility: float, pardons: Mapping[Identity, datetime]
) -> list[_Item]:
    """One item for each act, at its best telling; the n-th of some kinds within a week counts 1/n."""
    recent: dict[tuple[Direction, Kind], deque[float]] = {}
    within, kept = rules.diminish_within.total_seconds(), rules.follow_kept.total_seconds()
    items = []
    for act in acts:
        best = act[0] if len(act) == 1 else max(act, key=lambda entry: rules.weight(entry) * entry.trust)
        at = act[0].when.timestamp()  # an act happened when it was first told; better news does not move it
        weight = rules.weight(best)
        nth = _nth(recent, best, at, within) if best.kind in _DIMINISHING else 1
        believed = credibility if best.direction is Direction.RECEIVED else 1.0
        pardon = pardons.get(best.identity) if pardons else None
        items.append(
            _Item(
                best,
                at,
                at + kept if best.kind is Kind.FOLLOW else at,
                weight,
                believed,
                1.0 / nth,
                weight * best.trust * believed / nth,
                pardon.timestamp() if pardon else None,
                () if len(act) == 1 else tuple(entry for entry in act if entry is not best),
                best.in_return_for if len(act) == 1 else max(entry.in_return_for for entry in act),
            )
        )
    return items


def _nth(recent: dict[tuple[Direction, Kind], deque[float]], entry: Entry, at: float, within: float) -> int:
    """How many of this kind there were in the week that ends with this one."""
    times = recent.setdefault((entry.direction, entry.kind), deque())
    while times and at - times[0] >= within:
        times.popleft()
    times.append(at)
    return len(times)


def _take_turns(items: list[_Item], everything: list[Entry]) -> None:
    """A gift that names a favour waits for it, so that later news never changes what was paid before."""
    if not any(item.answers for item in items):
        return
    times = {entry.key: entry.when.timestamp() for entry in everything if entry.direction is Direction.RECEIVED}
    for item in items:
        if item.answers in times and item.entry.direction is Direction.GIVEN:
            item.turn = max(item.turn, times[item.answers])


def _pay_all(items: list[_Item], moment: float, reckoning: _Reckoning) -> None:
    """Every gift whose turn has come pays: what it names, then its own kind, then the oldest."""
    named: dict[str, _Item] = {}
    if any(item.answers for item in items):
        received = (item for item in items if item.entry.direction is Direction.RECEIVED)
        named = {entry.key: item for item in received for entry in (item.entry, *item.repeats)}
    oldest: deque[_Item] = deque()
    of_kind: dict[Kind, deque[_Item]] = {}
    # At one moment what was received comes first.
    for item in sorted(items, key=lambda item: (item.turn, item.entry.direction is Direction.GIVEN)):
        if item.turn > moment:
            break
        if item.entry.direction is Direction.RECEIVED:
            oldest.append(item)
            of_kind.setdefault(item.entry.kind, deque()).append(item)
            continue
        if item.answers in named:
            _pay(item, deque([named[item.answers]]), reckoning)
        _pay(item, of_kind.get(item.entry.kind, deque()), reckoning)
        _pay(item, oldest, reckoning)


def _pay(gift: _Item, queue: deque[_Item], reckoning: _Reckoning) -> None:
    """Spend a gift on a queue, in values of the gift's own turn; drop from the queue what can't be paid any more."""
    whole = reckoning.value(gift, gift.turn)
    while queue and gift.share > 0.0 and whole > 0.0:
        item = queue[0]
        full = reckoning.value(item, gift.turn)
        if item.share <= 0.0 or full <= 0.0 or reckoning.is_lapsed(item, gift.turn):
            queue.popleft()
            continue
        wanted, offered = full * item.share, whole * gift.share
        paid = min(wanted, offered)
        item.share = _rest(item.share, paid / full)
        gift.share = _rest(gift.share, paid / whole)
        payment = (item, gift, paid)
        item.payments.append(payment)
        gift.payments.append(payment)


def _rest(share: float, used: float) -> float:
    """What is left of a share; the dust of floating point is nothing."""
    rest = share - used
    return rest if rest > _DUST else 0.0


def _write(item: _Item, moment: float, reckoning: _Reckoning) -> list[Line]:
    """The line of an item, and one for each other telling of it."""
    faded = exp2((item.at - moment) / reckoning.half_life)
    value = item.points * faded
    state = _state(item, moment, reckoning)
    left = value * item.share
    payments = tuple([
        Payment(received.entry, gift.entry, paid * exp2((gift.turn - moment) / reckoning.half_life))
        for received, gift, paid in item.payments
    ])  # fmt: skip
    counts = left if state is State.OPEN else -left if state is State.CREDIT else 0.0
    scale = (item.weight, item.credibility, item.diminishing, faded, value)
    lines = [Line(item.entry, state, *scale, left, counts, payments)]
    for other in item.repeats:
        lines.append(Line(other, State.REPEAT, *scale, 0.0, 0.0, (), item.entry))  # noqa: PERF401
    return lines


def _state(item: _Item, moment: float, reckoning: _Reckoning) -> State:
    if item.weight <= 0.0:
        return State.FREE
    if item.entry.kind is Kind.FOLLOW and item.turn > moment:
        return State.PENDING
    if item.entry.direction is Direction.GIVEN:
        return State.CREDIT if item.share > 0.0 else State.SPENT
    if item.share <= 0.0:
        return State.PAID
    return State.FORGIVEN if reckoning.is_lapsed(item, moment) else State.OPEN
