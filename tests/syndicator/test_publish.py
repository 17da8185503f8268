"""Every post goes out once, whatever the network answers and wherever the process dies."""

import contextlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import msgspec
import pytest
from pieces import NOON, post

from ledger.store.tiny import memory_store
from platforms import memory
from platforms.base import Draft, Login, PostRef, Request
from platforms.errors import (
    AuthFailed,
    Duplicate,
    NotSent,
    OverBudget,
    PlatformError,
    RateLimited,
    Rejected,
    Unreachable,
    Unsupported,
)
from syndicator import byhand, patience
from syndicator.outbox import Outbox, Post, State, move
from syndicator.outcomes import Failed, Outcome, Posted, Unknown, closes
from syndicator.publish import abandon, publish, settle


class Clock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


class Network:
    """A Publisher that does what its script says: each call of `publish` takes the next step, then all goes well.

    A step is an error to raise before (`"lost": after`) anything is posted. `finding` is raised by `find`.
    """

    limits = memory.LIMITS

    def __init__(self, *script: BaseException | tuple[str, BaseException] | None) -> None:
        self.script = list(script)
        self.finding: BaseException | None = None
        self.preparing: dict[str, BaseException] = {}
        self.there: list[Request] = []
        self.calls: list[str] = []

    def prepare(self, draft: Draft, key: str, now: datetime) -> Request:
        self.calls.append(f"prepare {key}")
        if key in self.preparing:
            raise self.preparing[key]
        return Request(key, {"text": draft.text}, now)

    def publish(self, request: Request) -> PostRef:
        self.calls.append(f"publish {request.key}")
        step = self.script.pop(0) if self.script else None
        if isinstance(step, BaseException):
            raise step
        self.there.append(request)
        if step:
            raise step[1]
        return self._ref(request)

    def find(self, request: Request) -> PostRef | None:
        self.calls.append(f"find {request.key}")
        if self.finding:
            raise self.finding
        return self._ref(request) if request.key in [each.key for each in self.there] else None

    def delete(self, ref: PostRef) -> None:
        raise NotImplementedError

    def _ref(self, request: Request) -> PostRef:
        return PostRef(request.key, f"https://net.example/{request.key}")


class ByText(Network):
    """A network that knows posts by their text."""

    def find(self, request: Request) -> PostRef | None:
        super().find(request)
        return self._ref(request) if request.payload in [each.payload for each in self.there] else None


GONE = Unreachable("net", "no answer")


@pytest.fixture
def outbox() -> Outbox:
    return Outbox(memory_store())


def one(outbox: Outbox) -> Post:
    (found,) = outbox
    return found


def run(outbox: Outbox, network: Network, at: datetime = NOON) -> list[Outcome]:
    """One account's part of a run: what was left behind is settled, then what is due is sent."""
    settled = list(settle(outbox, "demo", network, Clock(at)))
    return settled if any(map(closes, settled)) else settled + list(publish(outbox, "demo", network, Clock(at)))


def states(found: Post) -> list[State]:
    return [change.state for change in found.history]


# --- What goes well


def test_a_due_post_is_stored_sent_and_stored_again(outbox: Outbox) -> None:
    outbox.save(post())
    network = Network()
    (outcome,) = run(outbox, network)
    found = one(outbox)
    assert outcome == Posted(found, PostRef(found.id, f"https://net.example/{found.id}"))
    assert (found.state, found.attempts, found.error) == (State.POSTED, 1, "")
    assert states(found) == [State.SENDING, State.POSTED]
    assert [each.payload for each in network.there] == [{"text": found.draft.text}]
    assert run(outbox, network) == []


def test_the_request_lies_in_the_store_before_the_network_is_called(outbox: Outbox) -> None:
    outbox.save(post())
    seen = []

    class Looking(Network):
        def publish(self, request: Request) -> PostRef:
            found = one(outbox)
            seen.append((found.state, found.request == request))
            return super().publish(request)

    run(outbox, Looking())
    assert seen == [(State.SENDING, True)]


@pytest.mark.parametrize(
    ("changes", "sent"),
    [
        ({"when": NOON}, True),
        ({"when": NOON + timedelta(seconds=1)}, False),
        ({"retry_at": NOON + timedelta(seconds=1)}, False),
        ({"when": NOON + timedelta(hours=1), "retry_at": NOON - timedelta(hours=1)}, False),
        ({"account": "other"}, False),
        *(({"state": state}, False) for state in State if state not in (State.QUEUED, State.SENDING)),
    ],
)
def test_only_what_is_queued_here_and_due_is_sent(changes: dict[str, object], sent: bool, outbox: Outbox) -> None:
    outbox.save(post(**changes))
    network = Network()
    run(outbox, network)
    assert bool(network.calls) is sent


def test_what_another_account_left_unfinished_is_its_own_affair(outbox: Outbox) -> None:
    outbox.save(post(account="other", state=State.SENDING, request=Request("k", {}, NOON)))
    network = Network()
    assert run(outbox, network) == []
    assert network.calls == []


def test_posts_go_out_in_the_order_of_their_times(outbox: Outbox) -> None:
    outbox.save(*(post(f"https://ada.example/{n}", when=NOON - timedelta(minutes=n)) for n in (1, 3, 2)))
    outcomes = run(outbox, Network())
    assert [each.post.article[-1] for each in outcomes] == ["3", "2", "1"]


def test_in_the_memory_network_every_post_is_there_once(outbox: Outbox) -> None:
    memory.forget("demo")
    adapter = memory.Memory(Login("demo"))
    outbox.save(*(post(f"https://ada.example/{n}") for n in range(3)))
    for _ in range(3):
        list(publish(outbox, "demo", adapter, Clock()))
    assert sorted(each["url"][-1] for each in memory.world("demo").posts()) == ["0", "1", "2"]
    memory.forget("demo")


# --- Doubt: the answer was lost


def test_a_lost_answer_is_read_back(outbox: Outbox) -> None:
    outbox.save(post())
    network = Network(("lost", GONE))
    (outcome,) = run(outbox, network)
    assert isinstance(outcome, Posted)
    assert one(outbox).state is State.POSTED
    assert len(network.there) == 1


def test_an_unreachable_network_is_tried_six_times_at_growing_distances_with_the_same_request(outbox: Outbox) -> None:
    outbox.save(post())
    network = Network(*[GONE] * 99)
    at, waits, requests = NOON, [], set()
    while one(outbox).state is not State.REJECTED:
        (outcome,) = run(outbox, network, at)
        assert isinstance(outcome, Failed)
        requests.add(repr(one(outbox).request))
        if outcome.retry_at:
            assert run(outbox, network, outcome.retry_at - timedelta(seconds=1)) == []
            waits.append(outcome.retry_at - at)
            at = outcome.retry_at
    assert one(outbox).attempts == 6
    assert waits == sorted(waits)
    assert len(set(waits)) == len(waits) == 5
    assert timedelta(hours=17) < sum(waits, timedelta()) < timedelta(hours=28)
    assert len(requests) == 1
    assert states(one(outbox)) == [*[State.SENDING, State.QUEUED] * 5, State.SENDING, State.REJECTED]
    assert "no answer" in one(outbox).error


def test_posts_that_failed_together_come_back_at_times_of_their_own_which_never_change() -> None:
    def waits(of: Post) -> list[timedelta]:
        return [patience.wait(msgspec.structs.replace(of, attempts=n)) for n in range(1, 6)]

    posts = [post(f"https://ada.example/{n}") for n in range(20)]
    assert [waits(each) for each in posts] == [waits(each) for each in posts]
    for together in zip(*map(waits, posts), strict=True):
        assert len(set(together)) == 20
        assert max(together) <= 1.5 * min(together)


def test_asked_six_times_over_a_day_without_an_answer_it_is_for_a_person_to_say(outbox: Outbox) -> None:
    outbox.save(post())
    network = Network(("lost", GONE))
    network.finding = GONE
    at = NOON
    while one(outbox).state is not State.UNKNOWN:
        run(outbox, network, at)
        at += timedelta(minutes=30)
    assert timedelta(hours=17) < at - NOON < timedelta(hours=28)
    assert len(one(outbox).history) <= 8, "a history tells of tries, not of every run"
    assert "nobody could tell" in one(outbox).history[-1].why
    assert len(network.there) == 1


def test_while_nobody_can_tell_it_stays_sending_and_is_asked_again(outbox: Outbox) -> None:
    outbox.save(post())
    network = Network(("lost", GONE))
    network.finding = GONE
    (outcome,) = run(outbox, network)
    assert isinstance(outcome, Failed)
    assert one(outbox).state is State.SENDING
    run(outbox, network, NOON + timedelta(minutes=1))
    assert one(outbox).attempts == 1, "asked again, but not a try of its own"
    run(outbox, network, NOON + timedelta(hours=1))
    assert one(outbox).attempts == 2
    network.finding = None
    (outcome,) = run(outbox, network, NOON + timedelta(hours=2))
    assert isinstance(outcome, Posted)
    assert len(network.there) == 1


def test_a_network_that_cannot_look_back_leaves_it_unknown_and_never_sends_it_again(outbox: Outbox) -> None:
    outbox.save(post())
    network = Network(("lost", GONE))
    network.finding = Unsupported("net", "keeps no list")
    (outcome,) = run(outbox, network)
    assert isinstance(outcome, Unknown)
    assert outcome.error is GONE
    assert one(outbox).state is State.UNKNOWN
    assert "can't say" in one(outbox).history[-1].why
    assert run(outbox, network, NOON + timedelta(days=9)) == []
    assert len(network.there) == 1


@pytest.mark.parametrize(("there", "expected"), [(True, State.POSTED), (False, State.UNKNOWN)])
def test_a_duplicate_is_looked_for(there: bool, expected: State, outbox: Outbox) -> None:
    outbox.save(post())
    duplicate = Duplicate("net", "you said that already")
    network = Network(("lost", duplicate) if there else duplicate)
    run(outbox, network)
    assert one(outbox).state is expected
    assert [call.split()[0] for call in network.calls] == ["prepare", "publish", "find"]


def test_settled_by_hand_as_not_there_it_goes_out_with_all_its_tries(outbox: Outbox) -> None:
    outbox.save(post(attempts=5))
    network = Network(Duplicate("net", "you said that already"))
    run(outbox, network)
    outbox.save(byhand.settle(one(outbox), None, NOON))
    network.script = [GONE]
    (outcome,) = run(outbox, network)
    assert outcome.retry_at is not None


def lost(outbox: Outbox, network: Network) -> datetime:
    """A post that arrived, and nobody could say so for a day; when that was."""
    outbox.save(post())
    network.script, network.finding = [("lost", GONE)], GONE
    at = NOON
    while one(outbox).state is not State.UNKNOWN:
        run(outbox, network, at)
        at += timedelta(hours=7)
    network.finding = None
    return at


def silent(outbox: Outbox, network: Network) -> datetime:
    """A post that was tried six times without an answer; when that was."""
    outbox.save(post())
    network.script = [GONE] * 6
    at = NOON
    while one(outbox).state is not State.REJECTED:
        run(outbox, network, at)
        at += timedelta(hours=17)
    return at


def arrives_late(outbox: Outbox, network: Network) -> None:
    network.there.append(one(outbox).request)


def test_an_unknown_post_that_is_skipped_and_retried_is_looked_for_first(outbox: Outbox) -> None:
    network = Network()
    at = lost(outbox, network)
    outbox.save(byhand.skip(one(outbox), at))
    outbox.save(byhand.retry(one(outbox), at))
    (outcome,) = run(outbox, network, at)
    assert isinstance(outcome, Posted)
    assert len(network.there) == 1


def test_an_unknown_post_that_its_owner_did_not_find_is_looked_for_first(outbox: Outbox) -> None:
    network = Network()
    at = lost(outbox, network)
    outbox.save(byhand.settle(one(outbox), None, at))
    (outcome,) = run(outbox, network, at)
    assert isinstance(outcome, Posted)
    assert len(network.there) == 1


def test_what_arrives_after_the_last_of_its_tries_is_found_when_it_is_retried(outbox: Outbox) -> None:
    network = Network()
    at = silent(outbox, network)
    arrives_late(outbox, network)
    outbox.save(byhand.retry(one(outbox), at))
    run(outbox, network, at)
    assert (one(outbox).state, len(network.there)) == (State.POSTED, 1)


@pytest.mark.parametrize("end", [State.EXPIRED, State.CANCELLED])
def test_what_was_tried_once_and_given_up_is_looked_for_when_it_is_retried(end: State, outbox: Outbox) -> None:
    outbox.save(post())
    network = Network(GONE)
    run(outbox, network)
    outbox.save(move(one(outbox), end, "given up", NOON))
    arrives_late(outbox, network)
    outbox.save(byhand.retry(one(outbox), NOON))
    run(outbox, network, NOON + timedelta(days=2))
    assert (one(outbox).state, len(network.there)) == (State.POSTED, 1)


def test_what_is_surely_not_there_is_not_looked_for_when_it_is_retried(outbox: Outbox) -> None:
    """To look costs money on some networks."""
    outbox.save(post())
    network = Network(OverBudget("net", "no money"))
    run(outbox, network)
    outbox.save(move(one(outbox), State.EXPIRED, "given up", NOON))
    outbox.save(byhand.retry(one(outbox), NOON))
    run(outbox, network, NOON)
    assert not [call for call in network.calls if call.startswith("find")]
    assert len(network.there) == 1


# --- Doubt that a post with other words inherits


def edited(outbox: Outbox) -> None:
    outbox.save(byhand.edit(one(outbox), "other words", memory.LIMITS, NOON))


def test_a_request_that_arrives_after_it_was_given_up_is_found_before_it_is_sent_again(outbox: Outbox) -> None:
    outbox.save(post())
    network = Network(GONE)
    run(outbox, network)
    network.there.append(one(outbox).request)
    (outcome,) = run(outbox, network, NOON + timedelta(hours=1))
    assert isinstance(outcome, Posted)
    assert (outcome.remark, len(network.there)) == ("", 1)


def test_what_was_tried_before_an_edit_is_looked_for_first_and_the_owner_told(outbox: Outbox) -> None:
    outbox.save(post())
    network = ByText(GONE)
    run(outbox, network)
    before = one(outbox)
    edited(outbox)
    network.there.append(before.request)
    (outcome,) = run(outbox, network, NOON + timedelta(hours=1))
    assert isinstance(outcome, Posted)
    assert "in the words it had before" in outcome.remark
    assert "in the words it had before" in one(outbox).history[-1].why
    assert (one(outbox).draft, one(outbox).request, one(outbox).earlier) == (before.draft, before.request, ())
    assert len(network.there) == 1


def test_an_edited_post_takes_the_place_of_what_may_yet_arrive(outbox: Outbox) -> None:
    outbox.save(post())
    network = ByText(GONE)
    run(outbox, network)
    before = one(outbox).request
    edited(outbox)
    run(outbox, network, NOON + timedelta(hours=1))
    (sent,) = network.there
    assert (sent.payload["text"], sent.key, sent.created) == ("other words", before.key, before.created)


def test_what_was_tried_days_ago_arrives_no_more(outbox: Outbox) -> None:
    outbox.save(post())
    network = ByText(GONE)
    run(outbox, network)
    edited(outbox)
    run(outbox, network, NOON + timedelta(days=3))
    assert [each.created for each in network.there] == [NOON + timedelta(days=3)], "it is of its own time"


def test_the_old_words_that_arrive_just_then_are_found_where_the_new_are_refused(outbox: Outbox) -> None:
    outbox.save(post())
    network = ByText(GONE)
    run(outbox, network)
    before = one(outbox).request
    edited(outbox)

    class Overtaken(ByText):
        def publish(self, request: Request) -> PostRef:
            self.there.append(before)
            raise Rejected("net", "another post has that key")

    (outcome,) = run(outbox, Overtaken(), NOON + timedelta(hours=1))
    assert isinstance(outcome, Posted)
    assert one(outbox).request == before


def test_an_edited_post_that_was_lost_is_looked_for_in_all_its_words(outbox: Outbox) -> None:
    outbox.save(post())
    network = ByText(GONE)
    run(outbox, network)
    before = one(outbox).request
    edited(outbox)
    network.script = [Killed()]
    with pytest.raises(Killed):
        run(outbox, network, NOON + timedelta(hours=1))
    network.there.append(before)
    (outcome,) = run(outbox, network, NOON + timedelta(hours=2))
    assert isinstance(outcome, Posted)
    assert (len(network.there), bool(outcome.remark)) == (1, True)


def test_where_both_words_are_found_nobody_claims_to_know_which_are_there(outbox: Outbox) -> None:
    """As on networks that know a post by its link."""
    outbox.save(post())
    network = Network(GONE)
    run(outbox, network)
    edited(outbox)
    network.script = [("lost", GONE)]
    (outcome,) = run(outbox, network, NOON + timedelta(hours=1))
    assert isinstance(outcome, Posted)
    assert "perhaps in the words it had before" in outcome.remark
    assert one(outbox).draft.text == "other words"


def test_where_nobody_can_look_back_an_edit_needs_no_second_word_of_its_owner(outbox: Outbox) -> None:
    outbox.save(post())
    network = ByText(NotSent("net", "no connection"))
    network.finding = Unsupported("net", "keeps no list")
    run(outbox, network)
    edited(outbox)
    (outcome,) = run(outbox, network, NOON + timedelta(hours=1))
    assert isinstance(outcome, Posted)


# --- Refusals


@pytest.mark.parametrize("error", [Rejected("net", "too rude"), Unsupported("net", "no posts here")])
def test_what_cannot_heal_is_rejected_at_once_with_its_reason(error: PlatformError, outbox: Outbox) -> None:
    outbox.save(post())
    network = Network(error)
    assert run(outbox, network) == [Failed(one(outbox), error, None)]
    assert (one(outbox).state, one(outbox).error) == (State.REJECTED, str(error))
    assert run(outbox, network, NOON + timedelta(days=1)) == []


def test_a_refused_login_stops_the_account_and_loses_nothing(outbox: Outbox) -> None:
    outbox.save(*(post(f"https://ada.example/{n}") for n in range(3)))
    refused = AuthFailed("net", "token expired")
    network = Network(refused)
    (outcome,) = run(outbox, network)
    assert isinstance(outcome, Failed)
    assert outcome.held is refused
    assert {each.state for each in outbox} == {State.QUEUED}
    assert len(run(outbox, network)) == 3
    assert {each.state for each in outbox} == {State.POSTED}


def test_a_login_refused_while_reading_back_keeps_the_doubt_and_stops_the_account(outbox: Outbox) -> None:
    outbox.save(post("https://ada.example/1"), post("https://ada.example/2", when=NOON + timedelta(minutes=1)))
    network = Network(("lost", GONE))
    network.finding = AuthFailed("net", "token expired")
    (outcome,) = run(outbox, network)
    assert outcome.held is network.finding
    (again,) = run(outbox, network, NOON + timedelta(hours=1))
    assert again.held is network.finding
    assert [each.state for each in outbox] == [State.SENDING, State.QUEUED]
    network.finding = None
    assert len(run(outbox, network, NOON + timedelta(hours=2))) == 2
    assert len(network.there) == 2


def test_a_limit_waits_for_the_time_named_and_leaves_the_rest_of_the_account_for_later(outbox: Outbox) -> None:
    outbox.save(*(post(f"https://ada.example/{n}") for n in range(3)))
    until = NOON + timedelta(hours=3)
    network = Network(RateLimited("net", "slow down", retry_at=until))
    (outcome,) = run(outbox, network)
    assert outcome.retry_at == until
    assert [each.retry_at for each in outbox].count(until) == 1
    assert run(outbox, network, until)
    assert {each.state for each in outbox} == {State.POSTED}


def test_a_limit_without_a_time_waits_a_while(outbox: Outbox) -> None:
    outbox.save(post())
    (outcome,) = run(outbox, Network(RateLimited("net", "slow down")))
    assert NOON < outcome.retry_at <= NOON + timedelta(hours=1)


def test_a_limit_met_while_reading_back_stops_the_account_too(outbox: Outbox) -> None:
    outbox.save(post("https://ada.example/1"), post("https://ada.example/2", when=NOON + timedelta(minutes=1)))
    network = Network(("lost", GONE))
    network.finding = RateLimited("net", "slow down", retry_at=NOON + timedelta(hours=3))
    run(outbox, network)
    network.calls.clear()
    assert len(run(outbox, network, NOON + timedelta(hours=1))) == 1
    assert [call.split()[0] for call in network.calls] == ["find"]


@pytest.mark.parametrize("error", [RateLimited("net", "slow down"), AuthFailed("net", "token expired")])
def test_limits_and_refused_logins_use_up_no_tries(error: PlatformError, outbox: Outbox) -> None:
    outbox.save(post())
    network = Network(*[error] * 8, GONE)
    at = NOON
    for _ in range(9):
        (outcome,) = run(outbox, network, at)
        at = outcome.retry_at
    assert at is not None
    assert (one(outbox).state, one(outbox).attempts) == (State.QUEUED, 1)


def test_one_bad_post_does_not_stop_the_others(outbox: Outbox) -> None:
    outbox.save(*(post(f"https://ada.example/{n}", when=NOON - timedelta(minutes=9 - n)) for n in range(4)))
    network = Network(Rejected("net", "too rude"), ("lost", Duplicate("net", "twice")), GONE)
    assert [type(each) for each in run(outbox, network)] == [Failed, Posted, Failed]
    assert [type(each) for each in run(outbox, network, NOON + timedelta(hours=1))] == [Posted, Posted]
    assert [each.state for each in outbox] == [State.REJECTED, State.POSTED, State.POSTED, State.POSTED]


def test_a_post_that_gets_no_answer_gives_way_to_the_others_of_its_account(outbox: Outbox) -> None:
    outbox.save(*(post(f"https://ada.example/{n}", when=NOON - timedelta(minutes=9 - n)) for n in range(3)))
    bad, *others = outbox

    class Allergic(Network):
        def publish(self, request: Request) -> PostRef:
            if request.key == bad.id:
                raise GONE
            return super().publish(request)

    network = Allergic()
    run(outbox, network)
    assert network.there == []
    run(outbox, network, NOON + timedelta(minutes=30))
    assert [each.key for each in network.there] == [each.id for each in others]


@pytest.mark.parametrize("finding", [None, GONE], ids=["it can be read", "it can't be read"])
def test_a_silent_network_is_called_for_one_of_ten_posts(finding: BaseException | None, outbox: Outbox) -> None:
    outbox.save(*(post(f"https://ada.example/{n}") for n in range(10)))
    network = Network(*[GONE] * 99)
    network.finding = finding
    run(outbox, network)
    assert [call.split()[0] for call in network.calls] == ["prepare", "publish", "find"]


def test_what_was_surely_not_sent_is_not_looked_for(outbox: Outbox) -> None:
    outbox.save(post(), post("https://ada.example/b"))
    network = Network(NotSent("net", "connection refused"))
    (outcome,) = run(outbox, network)
    assert isinstance(outcome, Failed)
    assert closes(outcome)
    assert outcome.post.state is State.QUEUED
    assert [call.split()[0] for call in network.calls] == ["prepare", "publish"]


# --- Crashes, other hands, and bugs


class Killed(BaseException):
    """Stands for the end of the process."""


@pytest.mark.parametrize("arrived", [True, False])
def test_a_crash_during_the_call_is_settled_by_the_next_run(arrived: bool, outbox: Outbox) -> None:
    outbox.save(post())
    network = Network(("lost", Killed()) if arrived else Killed())
    with pytest.raises(Killed):
        run(outbox, network)
    assert one(outbox).state is State.SENDING
    (outcome,) = run(outbox, network, NOON + timedelta(minutes=30))
    assert isinstance(outcome, Posted)
    assert "find" in network.calls[2]
    assert len(network.there) == 1


def test_a_crash_at_every_write_leaves_each_post_there_once() -> None:
    """The store dies at its n-th write, for every n; then all goes well."""
    for fatal in range(1, 12):
        store = memory_store()
        outbox, network = Outbox(store), Network(None, ("lost", GONE), GONE)
        outbox.save(*(post(f"https://ada.example/{n}") for n in range(4)))
        put_many, left = store.put_many, [fatal]

        def dying(*what, put_many: Callable = put_many, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] == 0:
                raise Killed
            put_many(*what)

        store.put_many = dying
        at = NOON
        for _ in range(6):
            with contextlib.suppress(Killed):
                run(outbox, network, at)
            at += timedelta(hours=1)
        assert {each.state for each in outbox} == {State.POSTED}
        assert len(network.there) == len({each.key for each in network.there}) == 4


def test_a_post_taken_out_by_hand_while_the_run_is_on_is_not_sent(outbox: Outbox) -> None:
    outbox.save(*(post(f"https://ada.example/{n}", when=NOON - timedelta(minutes=9 - n)) for n in range(3)))
    network = Network()
    going: Iterator[Outcome] = publish(outbox, "demo", network, Clock())
    next(going)
    _, second, third = outbox
    outbox.save(byhand.skip(second, NOON), byhand.edit(third, "other words", memory.LIMITS, NOON))
    assert list(going) == []
    assert [each.state for each in outbox] == [State.POSTED, State.CANCELLED, State.QUEUED]
    run(outbox, network)
    assert [each.payload["text"] for each in network.there][1:] == ["other words"]


def test_a_bug_in_an_adapter_is_raised_and_loses_no_post(outbox: Outbox) -> None:
    outbox.save(post())
    network = Network(("lost", TypeError("a bug while reading the answer")))
    with pytest.raises(TypeError):
        run(outbox, network)
    assert one(outbox).state is State.SENDING
    (outcome,) = run(outbox, network)
    assert isinstance(outcome, Posted)
    assert len(network.there) == 1


def test_a_bug_before_anything_is_sent_leaves_the_post_in_the_queue(outbox: Outbox) -> None:
    outbox.save(post())
    network = Network()
    network.preparing[one(outbox).id] = KeyError("a bug")
    with pytest.raises(KeyError):
        run(outbox, network)
    assert one(outbox).state is State.QUEUED
    assert not network.there


def test_a_post_that_ends_every_run_is_given_up_so_that_the_others_go_out(outbox: Outbox) -> None:
    bad, good = post("https://ada.example/1"), post("https://ada.example/2", when=NOON + timedelta(minutes=1))
    outbox.save(bad, good)
    network = Network(*[TypeError("a bug")] * 99)
    for n in range(6):
        with pytest.raises(TypeError):
            run(outbox, network, NOON + timedelta(hours=n + 1))
    network.script = []
    run(outbox, network, NOON + timedelta(hours=9))
    assert [each.state for each in outbox] == [State.REJECTED, State.POSTED]


def with_bugs(outbox: Outbox, network: Network, at: datetime) -> list[Exception]:
    """As `run`, by somebody who keeps bugs for later."""
    bugs: list[Exception] = []
    list(settle(outbox, "demo", network, Clock(at), bugs))
    list(publish(outbox, "demo", network, Clock(at), bugs=bugs))
    return bugs


@pytest.mark.parametrize("call", ["prepare", "publish"])
def test_a_bug_at_one_post_is_noted_on_it_and_the_next_goes_out(call: str, outbox: Outbox) -> None:
    bad, good = post("https://ada.example/1"), post("https://ada.example/2", when=NOON + timedelta(minutes=1))
    outbox.save(bad, good)
    network, bug = Network(), KeyError("a secret")
    if call == "prepare":
        network.preparing[bad.id] = bug
    else:
        network.script = [bug]
    assert with_bugs(outbox, network, NOON + timedelta(minutes=2)) == [bug]
    assert bug.__notes__ == [f"while working on demo, at post {bad.id}"]
    noted, sent = outbox
    assert (noted.attempts, sent.state) == (1, State.POSTED)
    assert noted.retry_at is not None
    assert "KeyError" in noted.history[-1].why
    assert "secret" not in repr(noted), "what a bug says of itself may be anything"


def test_a_bug_while_one_post_is_asked_about_leaves_it_to_a_person_in_the_end(outbox: Outbox) -> None:
    bad = post("https://ada.example/1")
    outbox.save(bad)
    network = Network(("lost", GONE))
    network.finding = KeyError("a bug")
    at = NOON
    with_bugs(outbox, network, at)
    assert one(outbox).state is State.SENDING
    outbox.save(post("https://ada.example/2", when=NOON + timedelta(minutes=1)))
    for _ in range(6):
        at += timedelta(hours=20)
        with_bugs(outbox, network, at)
    assert [each.state for each in outbox] == [State.UNKNOWN, State.POSTED]


def test_a_bug_before_anything_is_sent_ends_in_a_rejection_after_so_many_tries(outbox: Outbox) -> None:
    outbox.save(post())
    network = Network()
    network.preparing[one(outbox).id] = KeyError("a bug")
    at = NOON
    for _ in range(6):
        assert with_bugs(outbox, network, at)
        at += timedelta(hours=20)
    assert one(outbox).state is State.REJECTED
    assert with_bugs(outbox, network, at) == []


def test_what_was_being_sent_on_an_account_that_is_no_more_waits_for_a_person(outbox: Outbox) -> None:
    request = Request("k", {}, NOON)
    here, gone = (post(account=name, state=State.SENDING, request=request, attempts=1) for name in ("demo", "gone"))
    outbox.save(here, gone)
    (outcome,) = abandon(outbox, {"demo"}, NOON)
    assert isinstance(outcome, Unknown)
    assert {each.account: each.state for each in outbox} == {"demo": State.SENDING, "gone": State.UNKNOWN}
    assert byhand.skip(outcome.post, NOON).state is State.CANCELLED
    assert abandon(outbox, {"demo"}, NOON) == []
