"""What facts mean, one case each: nothing here reads or asks."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event

import msgspec
import pytest
from pieces import NOON, post

from platforms.base import Login
from platforms.memory import Memory
from syndicator.account_check import Checked
from syndicator.accounts import Account
from syndicator.doctor import accounts, clock, posts, runs, sources, state
from syndicator.doctor.finding import Finding, several
from syndicator.history import Ended
from syndicator.linkcheck.checked import Check
from syndicator.outbox import Change, State
from syndicator.schedule.base import Status
from syndicator.settings import AccountTable
from syndicator.sources.base import Source
from syndicator.sources.health import Health
from syndicator.sources.subscriptions import Subscriptions
from syndicator.workspace import Owner

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def levels(found: object) -> list[str]:
    """The levels of findings; each that is not ok names a remedy."""
    assert isinstance(found, list)
    assert all(isinstance(each, Finding) and (each.level == "ok" or each.remedy) for each in found)
    return [each.level for each in found]


def ended(ago: timedelta, how: str = "well") -> Ended:
    return Ended(NOON - ago - MINUTE, NOON - ago, how)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("noted", "expected"),
    [
        ([], ["mind"]),
        ([ended(HOUR)], ["ok"]),
        ([ended(HOUR), ended(MINUTE, "stopped")], ["ok"]),
        ([ended(HOUR), ended(MINUTE, "broken")], ["fault"]),
        ([ended(HOUR * hours) for hours in range(9, 5, -1)], ["fault"]),
        ([ended(-DAY)], ["mind", "ok"]),
    ],
    ids=["none", "well", "stopped", "broken", "missed", "to come"],
)
def test_the_last_run(noted: list[Ended], expected: list[str]) -> None:
    assert levels(list(runs.last(noted, NOON))) == expected


@pytest.mark.parametrize(
    ("owner", "expected"),
    [
        (None, []),
        (Owner("process 7 on pine", alive=True, since=NOON - MINUTE), ["ok"]),
        (Owner("process 7 on pine", alive=True, since=NOON - HOUR), ["fault"]),
        (Owner("process 7 on pine", alive=True, since=NOON + DAY), ["ok"]),
        (Owner("process 7 on pine", alive=True), ["ok"]),
        (Owner("process 7 on pine", alive=False, since=NOON - DAY), ["mind"]),
    ],
)
def test_the_lock(owner: Owner | None, expected: list[str]) -> None:
    assert levels(list(runs.lock(owner, 10 * MINUTE, NOON))) == expected


@pytest.mark.parametrize(
    ("status", "level"),
    [
        (Status(30 * MINUTE, True, "here"), "ok"),
        (Status(None, None, "there"), "ok"),
        (Status(HOUR, True, "here", current=False), "mind"),
        (Status(HOUR, False, "here"), "fault"),
    ],
)
def test_a_timer(status: Status, level: str) -> None:
    assert levels(list(runs.judged("cron", status))) == [level]


def test_a_timer_is_mended_as_it_is() -> None:
    """By the kind, the interval and the package that it has, whatever `install` would choose by itself."""
    [stopped] = runs.judged("cron", Status(2 * HOUR, False, "here"))
    assert stopped.remedy == "syndicator schedule install --backend cron --every 2h"
    [old] = runs.judged("github", Status(90 * MINUTE, None, "there", current=False, package="./a b"))
    assert old.remedy == "syndicator schedule install --backend github --every 1h30m --package './a b'"
    [odd] = runs.judged("systemd", Status(None, True, "there", current=False))
    assert odd.remedy == "syndicator schedule install --backend systemd"


@pytest.mark.parametrize(
    ("off", "level", "says"),
    [
        (timedelta(), "ok", "agrees"),
        (clock.TOLERANCE, "ok", "agrees"),
        (5 * MINUTE, "fault", "5m behind that of here.example"),
        (-5 * MINUTE, "fault", "5m ahead of that of here.example"),
        (-DAY, "fault", "1d ahead"),
    ],
)
def test_the_clock(off: timedelta, level: str, says: str) -> None:
    found = clock.compared(NOON + off, NOON, NOON, "here.example")
    assert levels([found]) == [level]
    assert says in found.text


def test_a_server_that_took_its_time_is_no_wrong_clock() -> None:
    assert clock.compared(NOON + MINUTE, NOON, NOON + 9 * MINUTE, "here.example").level == "ok"


@pytest.mark.parametrize(("free", "level"), [(10**10, "ok"), (10**8, "mind"), (10**6, "fault"), (0, "fault")])
def test_room_on_the_disk(free: int, level: str) -> None:
    assert levels([state.room(Path("data"), free)]) == [level]


MIXED = [
    (post(state=State.POSTED), []),
    (post(state=State.UNKNOWN), ["fault"]),
    (post(state=State.AWAITING), ["mind"]),
    (post(state=State.SENDING), ["mind"]),
    (post(state=State.REJECTED, error="too long", history=(Change(NOON - DAY, State.REJECTED, ""),)), ["mind"]),
    (post(state=State.REJECTED, history=(Change(NOON - 30 * DAY, State.REJECTED, ""),)), []),
    (post(state=State.QUEUED, account="gone"), ["fault"]),
    (post(state=State.SENDING, account="gone"), ["mind"]),
]


@pytest.mark.parametrize(("one", "expected"), MIXED, ids=[str(one.state) for one, _ in MIXED])
def test_posts(one, expected) -> None:
    found = list(posts.examine([one], {"demo"}, NOON))
    assert levels(found) == [*expected, "ok"]
    if one.state is State.UNKNOWN:
        assert f"syndicator queue settle {one.id} --posted URL" in found[0].remedy


def test_much_of_the_same_is_cut_and_counted() -> None:
    found = list(
        posts.examine([post(f"https://ada.example/{n}", state=State.UNKNOWN) for n in range(30)], {"demo"}, NOON)
    )
    assert levels(found) == ["fault"] * 11 + ["ok"]
    assert found[10] == Finding("posts", "fault", "and 20 more like these", "syndicator queue --all")
    assert list(several([], "")) == []


FEED = Source("https://ada.example/feed", "curated", "Ada")
HEALTH = Health(url=FEED.url, first_ok=NOON - 90 * DAY, last_ok=NOON - HOUR)


@pytest.mark.parametrize(
    ("source", "changes", "expected"),
    [
        (FEED, {}, ["ok"]),
        (FEED, {"failures": 1, "error": "no answer"}, []),
        (FEED, {"failures": 3, "error": "no answer"}, ["mind"]),
        (replace(FEED, kind="own"), {"failures": 1, "error": "no answer"}, ["fault"]),
        (FEED, {"gone": NOON, "failures": 1, "error": "gone"}, ["mind"]),
        (FEED, {"gap": DAY, "last_item": NOON - 20 * DAY}, ["mind", "ok"]),
        (FEED, {"first_ok": None, "last_ok": None}, []),
    ],
    ids=["well", "once", "often", "own", "gone", "silent", "new"],
)
def test_sources(source: Source, changes: dict[str, object], expected: list[str]) -> None:
    known = {FEED.url: msgspec.structs.replace(HEALTH, **changes)}
    assert levels(list(sources.examine(Subscriptions((source,), (), ()), known, NOON))) == expected


def test_no_sources_and_files_that_can_not_be_read() -> None:
    found = list(sources.examine(Subscriptions((), (), ("notes.txt: can't be read",)), {}, NOON))
    assert levels(found) == ["fault", "mind"]


def check(number: int, verdict: str, status: int = 200, ago: timedelta = HOUR) -> Check:
    return Check(url=f"https://ada.example/{number}", at=NOON - ago, verdict=verdict, status=status, reason="no route")


@pytest.mark.parametrize(
    ("checks", "looks", "expected"),
    [
        ([], True, []),
        ([check(n, "ok") for n in range(9)], True, ["ok"]),
        ([check(n, "unsure", 0) for n in range(9)], True, ["ok"]),
        ([check(n, "unsure", 0) for n in range(10)], True, ["fault"]),
        ([check(n, "unsure", 503) for n in range(10)], True, ["ok"]),
        ([check(n, "unsure", 0, 9 * DAY) for n in range(10)], True, []),
        ([], False, ["mind"]),
    ],
)
def test_the_link_check(checks: list[Check], looks: bool, expected: list[str]) -> None:
    assert levels(list(sources.links(checks, looks, NOON))) == expected


class Ending(Memory):
    """Has a token that runs out."""

    def expires(self):
        return NOON + DAY


def account(name: str = "demo", adapter: type[Memory] = Memory, **changes: object) -> Account:
    return Account(name, AccountTable(platform="memory"), adapter(Login(name)), "f1", **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ([], ["mind"]),
        ([account()], []),
        ([account(missing="no credential yet; log in")], ["fault"]),
        ([account(held="demo: the login was refused")], ["fault"]),
        ([account(unread=("demo: no leave to read",))], ["mind"]),
        ([account(adapter=Ending)], ["mind"]),
    ],
)
def test_what_is_known_of_accounts(known: list[Account], expected: list[str]) -> None:
    assert levels(list(accounts.without_asking(known, NOON))) == expected


def test_a_token_that_has_run_out_is_a_fault() -> None:
    assert levels(list(accounts.without_asking([account(adapter=Ending)], NOON + 2 * DAY))) == ["fault"]


def test_an_account_that_hangs_keeps_nobody_waiting() -> None:
    """All are asked at once: the one that answers never does so before the others have."""
    never, done = Event(), Event()

    def answer(each: Account) -> Checked:
        if each.name == "slow":
            never.wait()
        if each.name == "odd":
            raise ValueError("what is this")
        done.set()
        return Checked(ok=True, handle="@robin")

    def asked() -> list[object]:
        mine = [account("slow"), account("odd"), account("well")]
        return [found for each, came in accounts.ask(mine, answer, 0.5) for found in accounts.told(each, came, 0.5)]

    try:
        found = asked()
    finally:
        never.set()
    assert done.is_set()
    assert levels(found) == ["fault", "fault", "ok"]
    assert [each.text for each in found] == [
        "slow: no answer within 0.5 s",
        "odd: what is this",
        "well: logged in as @robin",
    ]
