"""A post's picture is got and uploaded before its first try, and no picture's trouble costs a post."""

import contextlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from pieces import NOON, post

from ledger.store.tiny import memory_store
from platforms import memory
from platforms.abilities import Picture
from platforms.base import Card, Draft, Limits, Login, PostRef, Request
from platforms.errors import AuthFailed, OverBudget, PlatformError, RateLimited, Rejected, Unreachable, Unsupported
from syndicator.outbox import Outbox, Post, State
from syndicator.outcomes import Failed, Outcome, Posted
from syndicator.pictures.base import NoPicture
from syndicator.publish import publish, settle

URL = "https://ada.example/a"
CARD = Card(URL, "A walk", image="https://ada.example/p.jpg", image_alt="A canal")
DRAFT = Draft("A walk", URL, CARD)
PICTURE = Picture(b"pixels", "image/jpeg", 640, 400, "A canal")


def shown(draft: Draft, limits: Limits) -> Picture | NoPicture | None:
    return PICTURE if draft.card and draft.card.image else None


def missing(draft: Draft, limits: Limits) -> NoPicture:
    return NoPicture("answered 404")


class Network(memory.Memory):
    """The memory network; `enriching` and `publishing` are raised by the next such calls, in turn."""

    def __init__(self) -> None:
        super().__init__(Login("demo"))
        self.enriching: list[BaseException | None] = []
        self.publishing: list[BaseException | None] = []
        self.calls: list[str] = []

    def enrich(self, request: Request, picture: Picture | None) -> Request:
        self._take("enrich" if picture else "enrich without", self.enriching)
        return super().enrich(request, picture)

    def publish(self, request: Request) -> PostRef:
        self._take("publish", self.publishing)
        return super().publish(request)

    def find(self, request: Request) -> PostRef | None:
        self.calls.append("find")
        return super().find(request)

    def _take(self, call: str, errors: list[BaseException | None]) -> None:
        self.calls.append(call)
        if errors and (error := errors.pop(0)):
            raise error


@pytest.fixture
def network() -> Network:
    memory.forget("demo")
    return Network()


@pytest.fixture
def outbox() -> Outbox:
    return Outbox(memory_store())


def one(outbox: Outbox) -> Post:
    (found,) = outbox
    return found


def run(outbox: Outbox, network: Network, find: Callable = shown, at: datetime = NOON) -> list[Outcome]:
    settled = list(settle(outbox, "demo", network, lambda: at))
    return settled + list(publish(outbox, "demo", network, lambda: at, find))


def there() -> list[dict]:
    return memory.world("demo").posts()


def steps(found: Post) -> list[str]:
    return [change.why for change in found.history]


# --- Before the first try


def test_a_picture_is_uploaded_and_stored_with_the_request_before_the_post_is_sent(
    outbox: Outbox, network: Network
) -> None:
    outbox.save(post(draft=DRAFT))
    (outcome,) = run(outbox, network)
    assert isinstance(outcome, Posted)
    assert network.calls == ["enrich", "publish"]
    assert one(outbox).request.payload["picture"]["alt"] == "A canal"
    assert [each["picture"]["width"] for each in there()] == [640]
    assert steps(one(outbox)) == ["try 1", "published"]


def test_what_was_uploaded_is_not_uploaded_again_for_another_try(outbox: Outbox, network: Network) -> None:
    outbox.save(post(draft=DRAFT))
    network.publishing = [Unreachable("net", "no answer")]
    (failed,) = run(outbox, network)
    run(outbox, network, at=failed.retry_at)
    assert network.calls == ["enrich", "publish", "find", "find", "publish"]
    assert [each["picture"]["alt"] for each in there()] == ["A canal"]


def test_a_draft_without_a_picture_is_enriched_too(outbox: Outbox, network: Network) -> None:
    outbox.save(post(draft=Draft("A walk with @bob", URL)))
    run(outbox, network)
    assert network.calls == ["enrich without", "publish"]
    assert steps(one(outbox)) == ["try 1", "published"]


def test_no_picture_is_looked_for_where_the_network_could_do_nothing_with_it(outbox: Outbox) -> None:
    class Plain:
        limits = memory.LIMITS
        prepare, publish = memory.Memory.prepare, lambda self, request: PostRef("1", "memory://demo/1")
        find = delete = None

    def never(*_: object) -> None:
        pytest.fail("looked for")

    outbox.save(post(draft=DRAFT))
    assert [type(each) for each in run(outbox, Plain(), never)] == [Posted]


# --- Pictures that fail


def test_without_its_picture_a_post_goes_out_with_its_card(outbox: Outbox, network: Network) -> None:
    outbox.save(post(draft=DRAFT))
    run(outbox, network, missing)
    assert [(each["title"], "picture" in each) for each in there()] == [("A walk", False)]
    assert steps(one(outbox)) == ["its picture was left out: answered 404", "try 1", "published"]


@pytest.mark.parametrize(
    "error", [Rejected("net", "too ugly"), Unsupported("net", "no pictures"), Unreachable("net", "no answer")]
)
def test_a_picture_that_can_t_be_uploaded_is_left_out(error: PlatformError, outbox: Outbox, network: Network) -> None:
    outbox.save(post(draft=DRAFT))
    network.enriching = [error]
    run(outbox, network)
    assert network.calls == ["enrich", "enrich without", "publish"]
    assert [(each["title"], "picture" in each) for each in there()] == [("A walk", False)]
    assert steps(one(outbox)) == [f"its picture was left out: {error.problem}", "try 1", "published"]


def test_what_can_t_be_looked_up_is_not_worth_a_post(outbox: Outbox, network: Network) -> None:
    outbox.save(post(draft=Draft("A walk with @bob", URL)))
    network.enriching = [Rejected("net", "who is that?")]
    run(outbox, network)
    assert [each["text"] for each in there()] == ["A walk with @bob"]
    assert "who is that?" in steps(one(outbox))[0]


# --- Trouble that is not the picture's: nothing was sent, so nothing is read back


@pytest.mark.parametrize(
    "error",
    [
        AuthFailed("net", "token expired"),
        RateLimited("net", "slow down", retry_at=NOON + timedelta(hours=3)),
        OverBudget("net", "the month is spent"),
    ],
)
def test_what_the_account_has_to_wait_for_is_an_outcome(error: PlatformError, outbox: Outbox, network: Network) -> None:
    outbox.save(post(draft=DRAFT), post("https://ada.example/b", when=NOON + timedelta(days=9)))
    network.enriching = [error]
    (failed,) = run(outbox, network)
    assert isinstance(failed, Failed)
    assert (failed.error, failed.held) == (error, error if isinstance(error, AuthFailed) else None)
    assert network.calls == ["enrich"]
    waiting = outbox.get(failed.post.id)
    assert (waiting.state, waiting.request, waiting.error) == (State.QUEUED, None, str(error))
    assert waiting.attempts == 0
    assert steps(waiting)[-1] == error.problem
    run(outbox, network, at=failed.retry_at)
    assert [each["picture"]["alt"] for each in there()] == ["A canal"]


def test_an_unreachable_network_keeps_the_picture_for_later(outbox: Outbox, network: Network) -> None:
    outbox.save(post(draft=DRAFT))
    gone = Unreachable("net", "no answer")
    at, tries = NOON, 0
    network.enriching = [gone] * 99
    while one(outbox).state is State.QUEUED:
        (failed,) = run(outbox, network, at=at)
        at, tries = failed.retry_at or at, tries + 1
    assert (one(outbox).state, tries, there()) == (State.REJECTED, 6, [])
    assert not {"find", "publish"} & set(network.calls)


def test_a_post_changed_by_hand_while_its_picture_was_got_is_left_alone(outbox: Outbox, network: Network) -> None:
    outbox.save(post(draft=DRAFT))

    def slow(draft: Draft, limits: Limits) -> Picture:
        outbox.save(replace_text(one(outbox), "other words"))
        return PICTURE

    for error in (None, AuthFailed("net", "token expired")):
        network.enriching = [error]
        assert run(outbox, network, slow) == []
    assert (one(outbox).draft.text, one(outbox).state, there()) == ("other words!", State.QUEUED, [])


def replace_text(found: Post, text: str) -> Post:
    import msgspec

    text += "!" * (found.draft.text == text)
    return msgspec.structs.replace(found, draft=replace(found.draft, text=text))


# --- Refused posts


@pytest.mark.parametrize(
    ("refused", "expected"),
    [
        ((), ("A walk", "A walk", True)),
        (("picture",), ("A walk", "A walk", False)),
        (("picture", "card"), (f"A walk\n{URL}", "", False)),
        (("upload", "card"), (f"A walk\n{URL}", "", False)),
    ],
)
def test_what_is_refused_goes_out_with_less(refused: tuple, expected: tuple, outbox: Outbox, network: Network) -> None:
    for part in refused:
        memory.world("demo").refuse(part)
    outbox.save(post(draft=DRAFT))
    (outcome,) = run(outbox, network)
    assert isinstance(outcome, Posted)
    assert [(each["text"], each["title"], "picture" in each) for each in there()] == [expected]
    assert [step for step in steps(one(outbox)) if "less" in step] == [
        f"posts with a {part} are not taken; so once more, with less" for part in refused if part != "upload"
    ]
    assert {change.state for change in one(outbox).history} == {State.SENDING, State.POSTED} | (
        {State.QUEUED} if "upload" in refused else set()
    )


def test_what_is_refused_whatever_is_left_out_is_rejected(outbox: Outbox, network: Network) -> None:
    outbox.save(post(draft=DRAFT))
    network.publishing = [Rejected("net", "too rude")] * 9
    (failed,) = run(outbox, network)
    assert (one(outbox).state, failed.error.problem, there()) == (State.REJECTED, "too rude", [])
    assert network.calls.count("publish") == 3, "whole, without its picture, without its card"


def test_an_adapter_that_never_runs_out_of_less_is_not_asked_for_ever(outbox: Outbox, network: Network) -> None:
    network.simpler = lambda request: replace(request, payload={**request.payload, "n": len(network.calls)})
    network.publishing = [Rejected("net", "too rude")] * 99
    outbox.save(post(draft=DRAFT))
    run(outbox, network)
    assert one(outbox).state is State.REJECTED
    assert network.calls.count("publish") == 4


def test_the_simpler_post_lies_in_the_store_before_it_is_sent_and_is_the_one_that_is_read_back(
    outbox: Outbox, network: Network
) -> None:
    memory.world("demo").refuse("picture")
    network.publishing = [None, Killed()]
    outbox.save(post(draft=DRAFT))
    with pytest.raises(Killed):
        run(outbox, network)
    assert one(outbox).state is State.SENDING
    assert "picture" not in one(outbox).request.payload
    (outcome,) = run(outbox, network)
    assert isinstance(outcome, Posted)
    assert network.calls == ["enrich", "publish", "publish", "find", "find", "publish"]


class Killed(BaseException):
    """Stands for the end of the process."""


def test_a_crash_at_every_write_and_call_leaves_each_post_there_once() -> None:
    """The store or the network dies at its n-th call, before or after; then all goes well."""
    for fatal in range(1, 40):
        for late in (False, True):
            memory.forget("demo")
            network, store = Network(), memory_store()
            world, outbox = memory.world("demo"), Outbox(store)
            world.refuse("picture", URL)
            world.refuse("card", URL)
            outbox.save(
                post(draft=DRAFT), post("https://ada.example/b", draft=replace(DRAFT, url="https://ada.example/b"))
            )
            left = [fatal]

            def dying(call: Callable, left: list[int] = left, late: bool = late) -> Callable:
                def wrapped(*given: object, **named: object) -> object:
                    left[0] -= 1
                    if left[0] == 0 and not late:
                        raise Killed
                    done = call(*given, **named)
                    if left[0] == 0:
                        raise Killed
                    return done

                return wrapped

            store.put_many, network._world.record = dying(store.put_many), dying(network._world.record)
            for number in range(6):
                with contextlib.suppress(Killed):
                    run(outbox, network, at=NOON + timedelta(hours=number))
            assert {each.state for each in outbox} == {State.POSTED}
            assert sorted(each["url"] for each in there()) == [URL, "https://ada.example/b"], fatal
            assert [each["url"] for each in there() if "picture" in each] == ["https://ada.example/b"]
    assert left[0] > 0, "more than there are"
