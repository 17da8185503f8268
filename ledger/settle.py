"""Entries of one person → what is open, what is credit, and the arithmetic in between. Pure.

A given entry pays when its turn comes, in values discounted to that moment. Both sides decay by the same half-life, so
who paid what never depends on when somebody looks. Reasons: docs/decisions/0003-settling.md. Who the person is and
what to do about a balance is left to `people` and `owe`.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from datetime import datetime
from math import exp2, fsum, inf
from operator import attrgetter, lt

from ledger.entry import Direction, Entry, Identity, Kind
from ledger.remainder import Remainder, Rest
from ledger.rules import Rules
from ledger.sameact import gather_acts
from ledger.settlement import Line, Payment, Settlement, State, Tally
from ledger.weigh import Item, Reckoning, in_order, weigh

_DUST = 1e-12
_NO_PARDONS: Mapping[Identity, datetime] = {}


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
    reckoning, moment = Reckoning.of(rules), now.timestamp()
    items = _match(in_order(entries), now, rules, credibility, pardons)
    lines = tuple([line for item in items for line in _write(item, moment, reckoning)])
    return Settlement(lines, fsum([line.counts for line in lines]))


def tally(
    entries: Iterable[Entry],
    now: datetime,
    rules: Rules,
    *,
    credibility: float = 1.0,
    pardons: Mapping[Identity, datetime] = _NO_PARDONS,
) -> Tally:
    """The sums of `settle` without its lines, for a whole ledger of people; the balance is exactly the same."""
    return remain(entries, now, rules, credibility=credibility, pardons=pardons).tally(now, rules)


def remain(
    entries: Iterable[Entry],
    now: datetime,
    rules: Rules,
    *,
    credibility: float = 1.0,
    pardons: Mapping[Identity, datetime] = _NO_PARDONS,
) -> Remainder:
    """What `tally` needs of the entries for any time from `now` until something else happens."""
    ordered = in_order(entries)
    items, moment = _match(ordered, now, rules, credibility, pardons), now.timestamp()
    sides = [[item for item in items if item.entry.direction is direction] for direction in Direction]
    received, given = (Counter([item.entry.kind for item in side]) for side in sides)
    open_, credit = ([_rest_of(item) for item in side if _is_left(item, moment)] for side in sides)
    times = [entry.when.timestamp() for entry in ordered] + [item.turn for item in items]
    start = max([time for time in times if time <= moment], default=moment)
    end = min([time for time in times if time > moment], default=inf)
    return Remainder(start, end, received, given, open_, credit)


def _is_left(item: Item, moment: float) -> bool:
    return item.weight > 0.0 and item.share > 0.0 and not _is_pending(item, moment)


def _rest_of(item: Item) -> Rest:
    return Rest(item.points, item.at, item.share, item.pardoned, item.entry.when)


def _match(
    ordered: list[Entry], now: datetime, rules: Rules, credibility: float, pardons: Mapping[Identity, datetime]
) -> list[Item]:
    """The acts in order of time, with every payment made that was due by now."""
    seen = [entry for entry in ordered if entry.when <= now]
    items = weigh(gather_acts(seen, rules.same_act_within), rules, credibility, pardons)
    _take_turns(items, ordered)
    _pay_all(items, now.timestamp(), Reckoning.of(rules))
    return items


def _take_turns(items: list[Item], everything: list[Entry]) -> None:
    """A gift that names a favour waits for it, so that later news never changes what was paid before."""
    if not any(item.answers for item in items):
        return
    times = {entry.key: entry.when.timestamp() for entry in everything if entry.direction is Direction.RECEIVED}
    for item in items:
        if item.answers in times and item.entry.direction is Direction.GIVEN:
            item.turn = max(item.turn, times[item.answers])


def _pay_all(items: list[Item], moment: float, reckoning: Reckoning) -> None:
    """Every gift whose turn has come pays: what it names, then its own kind, then the oldest."""
    named: dict[str, Item] = {}
    if any(item.answers for item in items):
        received = (item for item in items if item.entry.direction is Direction.RECEIVED)
        named = {entry.key: item for item in received for entry in (item.entry, *item.repeats)}
    oldest: deque[Item] = deque()
    of_kind: dict[Kind, deque[Item]] = {}
    direction_received = Direction.RECEIVED
    for item in _by_turn(items):
        if item.turn > moment:
            break
        if item.entry.direction is direction_received:
            oldest.append(item)
            of_kind.setdefault(item.entry.kind, deque()).append(item)
            continue
        if item.answers in named:
            _pay(item, deque([named[item.answers]]), reckoning)
        _pay(item, of_kind.get(item.entry.kind, deque()), reckoning)
        _pay(item, oldest, reckoning)


def _by_turn(items: list[Item]) -> list[Item]:
    """At one moment what was received comes first."""
    ordered = sorted(items, key=attrgetter("turn"))
    turns = [item.turn for item in ordered]
    if all(map(lt, turns, turns[1:])):
        return ordered
    return sorted(items, key=lambda item: (item.turn, item.entry.direction is Direction.GIVEN))


def _pay(gift: Item, queue: deque[Item], reckoning: Reckoning) -> None:
    """Spend a gift on a queue, in values of the gift's own turn; drop from the queue what can't be paid any more."""
    whole = reckoning.value(gift, gift.turn)
    while queue and gift.share > 0.0 and whole > 0.0:
        item = queue[0]
        full = reckoning.value(item, gift.turn)
        if item.share <= 0.0 or full <= 0.0 or reckoning.is_lapsed(item, gift.turn, full):
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


def _write(item: Item, moment: float, reckoning: Reckoning) -> list[Line]:
    """The line of an item, and one for each other telling of it."""
    faded = exp2((item.at - moment) / reckoning.half_life)
    value = reckoning.value(item, moment)
    state = _state(item, moment, reckoning, value)
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


def _state(item: Item, moment: float, reckoning: Reckoning, value: float) -> State:
    if item.weight <= 0.0:
        return State.FREE
    if _is_pending(item, moment):
        return State.PENDING
    if item.entry.direction is Direction.GIVEN:
        return State.CREDIT if item.share > 0.0 else State.SPENT
    if item.share <= 0.0:
        return State.PAID
    return State.FORGIVEN if reckoning.is_lapsed(item, moment, value) else State.OPEN


def _is_pending(item: Item, moment: float) -> bool:
    """Whether it is a follow that has not been kept long enough yet."""
    return item.entry.kind is Kind.FOLLOW and item.turn > moment
