"""What heals is tried again and what can't is not, for every kind of error there is; and the history tells each try."""

from datetime import datetime, timedelta

import pytest
from pieces import NOON, post

from ledger.store.tiny import memory_store
from platforms import errors, memory
from platforms.base import Draft, PostRef, Request
from platforms.errors import PlatformError, RateLimited
from syndicator.outbox import Outbox, State
from syndicator.publish import publish, settle

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def kinds() -> set[type[PlatformError]]:
    """Every error that an adapter may raise; its own kinds of them are what they are made from."""
    return {each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, PlatformError)}


#: What becomes of a post whose first try ends so and that is not there, and after how long it is tried again, if ever.
ENDS: dict[type[PlatformError], tuple[State, timedelta | None]] = {
    errors.PlatformError: (State.QUEUED, timedelta(minutes=5)),
    errors.AuthFailed: (State.QUEUED, timedelta()),  # as soon as the login works: its account is held until then
    errors.RateLimited: (State.QUEUED, timedelta(minutes=20)),
    errors.OverBudget: (State.QUEUED, timedelta(minutes=20)),
    errors.Unreachable: (State.QUEUED, timedelta(minutes=5)),
    errors.NotSent: (State.QUEUED, timedelta(minutes=5)),
    errors.Duplicate: (State.UNKNOWN, None),
    errors.Rejected: (State.REJECTED, None),
    errors.Unsupported: (State.REJECTED, None),
}


class Failing:
    """A network that fails in one way, and has nothing of what it was sent."""

    limits = memory.LIMITS

    def __init__(self, error: PlatformError) -> None:
        self.error, self.calls = error, 0

    def prepare(self, draft: Draft, key: str, now: datetime) -> Request:
        return Request(key, {"text": draft.text}, now)

    def publish(self, request: Request) -> PostRef:
        self.calls += 1
        raise self.error

    def find(self, request: Request) -> PostRef | None:
        return None

    def delete(self, ref: PostRef) -> None:
        raise NotImplementedError


def run(outbox: Outbox, network: Failing, at: datetime) -> None:
    list(settle(outbox, "demo", network, lambda: at))
    list(publish(outbox, "demo", network, lambda: at))


def test_every_kind_of_error_is_decided_on() -> None:
    assert kinds() == set(ENDS)


@pytest.mark.parametrize("kind", ENDS, ids=lambda kind: kind.__name__)
def test_what_heals_is_tried_again_in_time_and_what_can_t_never_by_itself(kind: type[PlatformError]) -> None:
    outbox, network = Outbox(memory_store()), Failing(kind("net", "said no"))
    outbox.save(post())
    run(outbox, network, NOON)
    [found] = outbox
    state, wait = ENDS[kind]
    assert (found.state, network.calls) == (state, 1)
    assert found.history[-1].why.startswith("said no")
    if wait is None:
        for days in range(1, 9):
            run(outbox, network, NOON + days * DAY)
        assert network.calls == 1
        return
    assert found.retry_at is not None
    assert 0.8 * wait <= found.retry_at - NOON <= 1.2 * wait
    run(outbox, network, found.retry_at)
    assert network.calls == 2


@pytest.mark.parametrize("kind", [errors.Unreachable, errors.NotSent])
def test_one_that_was_given_up_tells_all_its_tries_with_time_and_reason(kind: type[PlatformError]) -> None:
    outbox, network = Outbox(memory_store()), Failing(kind("net", "no answer"))
    outbox.save(post())
    for half_hours in range(2 * 48):
        run(outbox, network, NOON + half_hours * HOUR / 2)
    [found] = outbox
    assert (found.state, network.calls) == (State.REJECTED, 6)
    steps = [(change.state, change.why) for change in found.history]
    tries = [(State.SENDING, f"try {n}") for n in range(1, 7)]
    assert steps[::2] == tries
    assert steps[1::2] == [(State.QUEUED, "no answer")] * 5 + [(State.REJECTED, "no answer")]
    times = [change.at for change in found.history[::2]]
    assert times == sorted(times)
    assert timedelta(hours=17) <= times[-1] - times[0] <= timedelta(hours=30)


def test_a_limit_is_waited_out_however_often_but_never_longer_than_a_day_at_once() -> None:
    outbox, network = Outbox(memory_store()), Failing(RateLimited("net", "slow down", retry_at=NOON + 300 * DAY))
    outbox.save(post())
    for day in range(9):
        run(outbox, network, NOON + day * DAY)
    [found] = outbox
    assert (found.state, network.calls, found.attempts) == (State.QUEUED, 9, 0)
