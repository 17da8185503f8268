"""A month's money: booked before it is spent, never passed, kept by every process, counted once."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pieces import NOON, post
from small_world import Clock

from ledger.store.base import Store
from ledger.store.tiny import TinyStore, memory_store
from platforms.errors import OverBudget
from syndicator.meter import READ_AT_ONCE, MonthlyMeter, Spent, reserved
from syndicator.outbox import Change, Outbox, Post, State

DECEMBER = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture
def store() -> Store:
    return memory_store()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def meter(store: Store, clock: Clock, budget: float | None = 1.0, account: str = "x") -> MonthlyMeter:
    return MonthlyMeter(store, account, budget, clock)


def paid(price: float, state: State = State.POSTED, at: datetime = NOON, account: str = "x") -> Post:
    history = (Change(at, State.POSTED, "published"),) if state in (State.POSTED, State.DELETED) else ()
    return post(f"https://ada.example/{price}{at}", account, price_usd=price, when=at, state=state, history=history)


def test_what_a_call_did_cost_replaces_what_it_could(store: Store, clock: Clock) -> None:
    spent = meter(store, clock)
    done = spent.reserve("reads", 0.22, "1")
    assert spent.spent(NOON) == Spent(reads=0.22)
    done(0.011)
    spent.reserve("posts", 0.2, "2")(0.2)
    assert spent.spent(NOON) == Spent(posts=0.2, reads=0.011)
    assert spent.spent(NOON).total == 0.211


def test_posts_and_reads_share_one_budget(store: Store, clock: Clock) -> None:
    spent = meter(store, clock)
    spent.reserve("posts", 0.8, "3")
    with pytest.raises(OverBudget) as caught:
        spent.reserve("reads", 0.201, "4")
    assert caught.value.subject == "x"
    assert caught.value.problem == "reading on could cost $0.201, and $0.200 of this month's $1.00 is left"
    assert "monthly_budget_usd" in caught.value.remedy
    assert caught.value.retry_at == DECEMBER
    assert spent.spent(NOON).total == 0.8
    spent.reserve("reads", 0.2, "5")


def test_a_budget_is_used_up_to_the_last_cent(store: Store, clock: Clock) -> None:
    """A hundred times a tenth of a cent is ten cents, and not a little more."""
    spent = meter(store, clock, 0.1)
    for _ in range(100):
        spent.reserve("reads", 0.001, "6")(0.001)
    with pytest.raises(OverBudget):
        spent.reserve("reads", 0.001, "7")


def test_without_a_budget_it_only_counts(store: Store, clock: Clock) -> None:
    spent = meter(store, clock, None)
    spent.reserve("posts", 1000.0, "8")
    assert spent.spent(NOON).posts == 1000


def test_nothing_may_be_spent_with_a_budget_of_nothing(store: Store, clock: Clock) -> None:
    with pytest.raises(OverBudget):
        meter(store, clock, 0.0).reserve("posts", 0.015, "9")


def test_a_rehearsal_spends_nothing(store: Store, clock: Clock) -> None:
    with pytest.raises(OverBudget, match="rehearsal"):
        MonthlyMeter(store, "x", None, clock, closed=True).reserve("reads", 0.001, "10")


def test_accounts_are_metered_each_by_itself(store: Store, clock: Clock) -> None:
    meter(store, clock).reserve("posts", 1.0, "11")
    assert meter(store, clock, account="x 2").spent(NOON) == Spent()


def test_what_a_killed_process_reserved_counts_in_full(tmp_path, clock: Clock) -> None:
    """It never came to tell what the call did cost."""
    meter(TinyStore(tmp_path / "state.jsonl"), clock).reserve("posts", 0.9, "12")
    after = meter(TinyStore(tmp_path / "state.jsonl"), clock)
    with pytest.raises(OverBudget):
        after.reserve("posts", 0.2, "13")


def test_a_call_that_is_made_again_takes_the_place_of_its_last_try(tmp_path, clock: Clock) -> None:
    for _ in range(3):
        spent = meter(TinyStore(tmp_path / "state.jsonl"), clock)
        done = spent.reserve("posts", 0.9, "a post")
    assert spent.spent(NOON).posts == 0.9
    spent.reserve("posts", 0.05, "another")
    done(0.2)
    assert spent.spent(NOON).posts == 0.25
    assert meter(TinyStore(tmp_path / "state.jsonl"), clock).spent(NOON).posts == 0.25


def test_a_call_that_is_refused_leaves_its_last_try_in_the_bill(store: Store, clock: Clock) -> None:
    spent = meter(store, clock)
    spent.reserve("posts", 0.2, "a post")
    spent.reserve("posts", 0.5, "another")
    with pytest.raises(OverBudget):
        spent.reserve("posts", 0.6, "a post")
    assert spent.spent(NOON).posts == 0.7


def test_what_came_to_nothing_is_released_by_any_process_in_any_month(tmp_path, clock: Clock) -> None:
    meter(TinyStore(tmp_path / "state.jsonl"), clock).reserve("posts", 0.9, "a post")
    clock.now = DECEMBER
    after = meter(TinyStore(tmp_path / "state.jsonl"), clock)
    after.release("another")
    assert after.spent(NOON).posts == 0.9
    after.release("a post")
    after.release("a post")
    assert after.spent(NOON).posts == 0


def test_what_was_settled_is_not_released(store: Store, clock: Clock) -> None:
    spent = meter(store, clock)
    spent.reserve("posts", 0.2, "a post")(0.2)
    spent.release("a post")
    assert spent.spent(NOON).posts == 0.2


def test_what_a_person_orders_is_counted_and_never_refused(store: Store, clock: Clock) -> None:
    spent = meter(store, clock, 0.0)
    spent.reserve("posts", 0.01, "delete", ordered=True)(0.01)
    assert spent.spent(NOON).posts == 0.01
    with pytest.raises(OverBudget, match="rehearsal"):
        MonthlyMeter(store, "x", None, clock, closed=True).reserve("posts", 0.01, "delete", ordered=True)


def test_reading_leaves_what_waits_its_money(store: Store, clock: Clock) -> None:
    Outbox(store).save(paid(0.2, State.QUEUED), paid(0.3, State.QUEUED, at=DECEMBER))
    spent = meter(store, clock)
    spent.reserve("reads", 0.8, "a page")(0.8)
    with pytest.raises(OverBudget) as caught:
        spent.reserve("reads", 0.001, "a page")
    assert "$0.000 of this month's $1.00 is left beside the $0.20 for posts that wait" in caught.value.problem
    spent.reserve("posts", 0.2, "the post")


def test_without_a_budget_a_run_reads_so_much(store: Store, clock: Clock) -> None:
    for _ in range(2):
        spent = meter(store, clock, None)
        spent.reserve("reads", READ_AT_ONCE, "a page")(0.3)
        with pytest.raises(OverBudget) as caught:
            spent.reserve("reads", 0.22, "a page")
        assert "$0.200 of the $0.50 for one run is left" in caught.value.problem
        assert "set its monthly_budget_usd" in caught.value.remedy
        spent.reserve("reads", 0.2, "a page")(0.2)
    assert spent.spent(NOON).reads == 1.0


def test_two_processes_cannot_spend_the_same_money(tmp_path, clock: Clock) -> None:
    one, other = (meter(TinyStore(tmp_path / "state.jsonl"), clock) for _ in range(2))
    one.reserve("posts", 0.6, "14")
    with pytest.raises(OverBudget):
        other.reserve("posts", 0.6, "15")


def test_a_new_month_has_new_money_and_the_old_one_keeps_its_bill(store: Store, clock: Clock) -> None:
    spent = meter(store, clock)
    done = spent.reserve("posts", 1.0, "16")
    clock.now = DECEMBER
    assert spent.spent(DECEMBER) == Spent()
    spent.reserve("posts", 1.0, "17")
    done(0.2)
    assert (spent.spent(NOON).posts, spent.spent(DECEMBER).posts) == (0.2, 1.0)


def test_the_month_is_that_of_utc(store: Store, clock: Clock) -> None:
    clock.now = datetime.fromisoformat("2026-12-01T00:30:00+01:00")
    spent = meter(store, clock)
    spent.reserve("posts", 0.2, "18")
    assert spent.spent(NOON).posts == 0.2


def test_december_is_followed_by_january(store: Store, clock: Clock) -> None:
    clock.now = datetime(2026, 12, 31, tzinfo=UTC)
    with pytest.raises(OverBudget) as caught:
        meter(store, clock, 0.0).reserve("posts", 0.2, "19")
    assert caught.value.retry_at == datetime(2027, 1, 1, tzinfo=UTC)


# --- What was spent before there was a meter


@pytest.mark.parametrize(
    ("one", "counts"),
    [
        (paid(0.2), True),
        (paid(0.2, State.DELETED), True),
        (paid(0.2, State.SENDING), True),
        (paid(0.2, State.UNKNOWN), True),
        (paid(0.2, State.QUEUED), False),
        (paid(0.2, State.AWAITING), False),
        (paid(0.2, State.REJECTED), False),
        (paid(0.2, State.CANCELLED), False),
        (paid(0.2, State.EXPIRED), False),
        (paid(0.2, account="other"), False),
        (paid(0.2, at=datetime(2026, 11, 1, tzinfo=UTC)), True),
        (paid(0.2, at=datetime(2026, 10, 31, 23, 59, tzinfo=UTC)), False),
        (paid(0.2, at=datetime(2025, 11, 2, tzinfo=UTC)), False),
    ],
)
def test_what_was_sent_before_there_was_a_meter_counts(store: Store, clock: Clock, one: Post, counts: bool) -> None:
    Outbox(store).save(one)
    spent = meter(store, clock)
    assert spent.spent(NOON) == Spent(posts=0.2 if counts else 0.0)
    spent.reserve("posts", 0.015, "20")
    assert spent.spent(NOON).posts == (0.215 if counts else 0.015)


def test_posts_count_only_once(store: Store, clock: Clock) -> None:
    """Those that a meter has seen are in its bill already."""
    spent = meter(store, clock)
    Outbox(store).save(paid(0.2, State.SENDING))  # as it is while it is sent
    spent.reserve("posts", 0.2, "21")
    assert spent.spent(NOON).posts == 0.2
    assert meter(store, clock).spent(NOON).posts == 0.2
    clock.now = DECEMBER
    Outbox(store).save(paid(0.3, at=DECEMBER))
    assert meter(store, clock).spent(DECEMBER).posts == 0


# --- What waits


@pytest.mark.parametrize(
    ("one", "counts"),
    [
        (paid(0.2, State.QUEUED), True),
        (paid(0.2, State.AWAITING), True),
        (paid(0.2), False),
        (paid(0.2, State.SENDING), False),
        (paid(0.2, State.QUEUED, account="other"), False),
        (paid(0.2, State.QUEUED, at=DECEMBER), False),
        (paid(0.2, State.QUEUED, at=NOON - timedelta(days=3)), True),
    ],
)
def test_what_waits_is_reserved_in_the_month_it_will_be_sent_in(one: Post, counts: bool) -> None:
    assert reserved("x", [one], NOON) == (0.2 if counts else 0)


# --- Never over budget, whatever happens

CALLS = st.lists(
    st.tuples(
        st.sampled_from(["posts", "reads"]),
        st.sampled_from([0.001, 0.015, 0.2, 0.22]),
        st.sampled_from(["as much", "less", "killed"]),
    ),
    max_size=60,
)


@given(CALLS, st.sampled_from([0.0, 0.1, 0.5, 2.0]))
def test_the_budget_is_never_passed(calls: list, budget: float) -> None:
    store, clock, true = memory_store(), Clock(), 0.0
    spent = meter(store, clock, budget)
    for number, (what, most, end) in enumerate(calls):
        try:
            done = spent.reserve(what, most, str(number))
        except OverBudget:
            continue
        cost = most / 2 if end == "less" else most
        true += cost
        if end == "killed":
            spent = meter(store, clock, budget)
        else:
            done(cost)
    assert true <= budget + 1e-9
    assert spent.spent(NOON).total == pytest.approx(true)
