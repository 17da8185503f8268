"""What is metered is what X puts on its bill, or more where nobody can know; and limits are waited for a little."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from counterparts.fake_x import SECRETS, FakeX
from counterparts.fake_x_wire import problem

from platforms.base import Draft, Login, Purpose, Request
from platforms.errors import AuthFailed, Duplicate, OverBudget, PlatformError, RateLimited, Rejected, Unreachable
from platforms.x import X
from platforms.x_api import PATIENCE

LINK = "Gärten https://ada.example/garten"


class Purse:
    """A meter with so much money in it."""

    def __init__(self, usd: float = 100.0) -> None:
        self.left = usd
        self.spent: dict[Purpose, float] = {"posts": 0.0, "reads": 0.0}
        self.open: dict[str, tuple[Purpose, float]] = {}

    def reserve(self, what: Purpose, usd: float, key: str, *, ordered: bool = False) -> Callable[[float], None]:
        self.release(key)
        if usd > self.left + 1e-9 and not ordered:
            raise OverBudget("x", f"this could cost ${usd}")
        self.open[key] = (what, usd)
        self._add(what, usd)

        def settle(actual: float) -> None:
            self.release(key)
            self._add(what, actual)

        return settle

    def release(self, key: str) -> None:
        if opened := self.open.pop(key, None):
            self._add(opened[0], -opened[1])

    def _add(self, what: Purpose, usd: float) -> None:
        self.left -= usd
        self.spent[what] += usd


@pytest.fixture
def purse() -> Purse:
    return Purse()


@pytest.fixture
def api(purse: Purse) -> Iterator[FakeX]:
    api = FakeX()
    api.meter = purse
    yield api
    api.close()


def prepare(text: str = LINK) -> Request:
    return X(Login("x")).prepare(Draft(text), "key", datetime.now(UTC))


def test_every_call_costs_what_x_charges(api, purse):
    adapter = api.adapter()
    made = prepare()
    adapter.publish(prepare("Gärten"))
    ref = adapter.publish(made)
    assert purse.spent["posts"] == pytest.approx(0.215)
    adapter.find(made)
    adapter.whoami()
    for number in range(30):
        api.mention(f"number {number}")
    page = adapter.interactions(None)
    adapter.interactions(page.cursor)
    adapter.delete(ref)
    assert purse.spent["posts"] == pytest.approx(0.227), "two posts, looking for one among both, and deleting it"
    assert sum(purse.spent.values()) == pytest.approx(api.bill)


def test_several_mentions_by_one_person_are_charged_for_one_person(api, purse):
    api.user("bea")
    for number in range(3):
        api.post(f"@ada {number}", "2000001")
    api.adapter().interactions(None)
    assert purse.spent["reads"] == pytest.approx(0.013)


@pytest.mark.parametrize(
    ("text", "usd"),
    [("Gärten", 0.015), (LINK, 0.2), ("see w3.org", 0.2), ("HTTPS://intranet.invalid/x", 0.2), ("v1.2.3", 0.015)],
)
def test_the_price_of_a_post_is_that_of_its_text(api, purse, text, usd):
    api.adapter().publish(prepare(text))
    assert purse.spent["posts"] == pytest.approx(usd)


def test_a_link_that_only_x_saw_is_paid_for(api, purse):
    """Its list of domains may be newer than ours."""
    api.adapter().publish(prepare("see ada.example"))
    assert purse.spent["posts"] == pytest.approx(api.bill) == 0.2


# -- nothing is called that cannot be paid


def calls(api: FakeX) -> list[Callable[[X], object]]:
    ref = api.adapter().publish(prepare("there already"))
    api.calls.clear()
    return [
        lambda adapter: adapter.publish(prepare()),
        lambda adapter: adapter.find(prepare()),
        lambda adapter: adapter.interactions(None),
        lambda adapter: adapter.delete(ref),
        lambda adapter: adapter.whoami(),
    ]


@pytest.mark.parametrize("which", range(3))
def test_no_call_is_made_without_the_money_for_the_most_it_can_cost(api, purse, which):
    call = calls(api)[which]
    purse.left = 0.0049
    with pytest.raises(OverBudget):
        call(api.adapter())
    assert api.calls == []


@pytest.mark.parametrize("which", [3, 4])
def test_what_a_person_orders_is_counted_and_never_refused(api, purse, which):
    call, before = calls(api)[which], sum(purse.spent.values())
    purse.left = 0.0
    call(api.adapter())
    assert sum(purse.spent.values()) - before == pytest.approx(0.01)


def test_a_missing_secret_reserves_nothing(api, purse):
    with pytest.raises(AuthFailed):
        api.adapter(login=False).publish(prepare())
    assert purse.spent["posts"] == 0


# -- what did not go well


@pytest.mark.parametrize(
    ("status", "detail", "error"),
    [
        (400, "invalid", Rejected),
        (401, "Unauthorized", AuthFailed),
        (402, "CreditsDepleted", RateLimited),
        (403, "You are not permitted to perform this action.", Rejected),
        (429, "Too Many Requests", RateLimited),
    ],
)
def test_what_x_refuses_is_free(api, purse, status, detail, error):
    api.fail(status, detail)
    with pytest.raises(error):
        api.adapter().publish(prepare())
    assert purse.spent["posts"] == api.bill == 0


@pytest.mark.parametrize("server", ["http://127.0.0.1:1", "no scheme"])
def test_what_x_never_heard_of_is_free(purse, server):
    with pytest.raises(Unreachable):
        X(Login("x", {"server": server}, SECRETS, 1.0, meter=purse)).publish(prepare())
    assert purse.spent["posts"] == 0


def test_a_lost_answer_counts_in_full_and_once(api, purse):
    made = prepare()
    api.lose_answer()
    adapter = api.adapter()
    with pytest.raises(Unreachable):
        adapter.publish(made)
    assert purse.spent["posts"] == pytest.approx(0.2)
    assert adapter.find(made)
    assert sum(purse.spent.values()) == pytest.approx(api.bill)


def test_a_server_that_failed_charged_nothing_for_what_is_surely_not_there(api, purse):
    made, adapter = prepare(), api.adapter()
    api.fail(503)
    with pytest.raises(Unreachable):
        adapter.publish(made)
    assert purse.spent["posts"] == pytest.approx(0.2), "till somebody has looked"
    assert adapter.find(made) is None
    assert purse.spent["posts"] == api.bill == 0


def test_another_process_may_look(api, purse):
    api.fail(503)
    with pytest.raises(Unreachable):
        api.adapter().publish(prepare())
    assert api.adapter().find(prepare()) is None
    assert purse.spent["posts"] == api.bill == 0


def test_pages_without_an_answer_are_counted_once_a_day_however_often_they_are_asked_for(api, purse):
    api.mention("hello")
    for _ in range(5):
        api.fail_read()
        with pytest.raises(Unreachable):
            api.adapter().interactions(None)
    assert purse.spent["reads"] == pytest.approx(0.22)
    api.adapter().interactions(None)
    assert purse.spent["reads"] == pytest.approx(0.011)


def test_an_answer_that_comes_after_the_look_is_paid_for_when_it_is_found(api, purse):
    """The first try was taken for lost, and was not: X has the post, says so at the second, and charged for it once."""
    made, adapter = prepare(), api.adapter()
    api.fail(503)
    with pytest.raises(Unreachable):
        adapter.publish(made)
    adapter.find(made)
    api.post(LINK)
    with pytest.raises(Duplicate):
        adapter.publish(made)
    assert adapter.find(made)
    assert purse.spent["posts"] == pytest.approx(0.201)


def test_an_answer_that_comes_too_late_is_found(api, purse):
    made = prepare()
    api.delay_answer()
    with pytest.raises(Unreachable):
        api.adapter().publish(made)
    assert api.adapter().find(made)
    assert api.posts() == [LINK]
    assert purse.spent["posts"] == pytest.approx(api.bill)


def test_a_page_whose_answer_was_lost_counts_in_full(api, purse):
    api.mention("hello")
    api.fail_read()
    with pytest.raises(Unreachable):
        api.adapter().interactions(None)
    assert purse.spent["reads"] == pytest.approx(0.22)
    assert api.bill < 0.22


@pytest.mark.parametrize("status", [400, 404, 408, 500, 503])
def test_to_be_told_that_reading_went_wrong_is_free(api, purse, status):
    made = prepare()
    for call in (lambda: api.adapter().interactions(None), lambda: api.adapter().find(made)):
        api.fail_read(problem(status, "Service Unavailable"))
        with pytest.raises(PlatformError):
            call()
    assert sum(purse.spent.values()) == api.bill == 0


def test_half_a_cent_is_enough_to_look_for_a_post(api, purse):
    made = prepare()
    api.adapter().publish(made)
    purse.left = 0.005
    assert api.adapter().find(made)


# -- limits


def test_a_limit_that_ends_soon_is_waited_for(api, purse):
    api.rate_limit(3)
    api.adapter().publish(prepare())
    [slept] = api.slept
    assert 0 < slept <= 4
    assert api.posts() == [LINK]
    assert purse.spent["posts"] == pytest.approx(api.bill)


def test_a_longer_one_is_left_to_the_next_run(api):
    api.rate_limit(int(PATIENCE) + 30)
    with pytest.raises(RateLimited) as caught:
        api.adapter().publish(prepare())
    assert caught.value.retry_at
    assert api.slept == []
    assert len(api.calls) == 1


def test_a_limit_without_an_end_is_not_waited_for(api):
    api.fail(429, "Too Many Requests")
    with pytest.raises(RateLimited) as caught:
        api.adapter().publish(prepare())
    assert caught.value.retry_at is None
    assert api.slept == []


def test_one_call_waits_once(api):
    adapter = api.adapter()
    api.fail_read(problem(429, "Too Many Requests", headers={"x-rate-limit-reset": "0"}))
    adapter._api._sleep = lambda seconds: (api.slept.append(seconds), api.fail_read(problem(429, "Too Many Requests")))
    with pytest.raises(PlatformError):
        adapter.interactions(None)
    assert api.slept == [0.0]
