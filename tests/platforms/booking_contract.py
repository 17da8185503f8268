"""Every network with the pipeline: whatever goes wrong, a post is there once and what others did is booked once."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pieces import post as made_post

from ledger.entry import Entry
from ledger.settle import settle
from ledger.settlement import State as Standing
from platforms.abilities import Audience
from platforms.base import Page, Publisher, Reporter
from platforms.errors import Unreachable
from syndicator import publish
from syndicator.accounts import Account
from syndicator.audience import collect_reactions
from syndicator.outbox import Outbox, Post, State
from syndicator.record import Collected, collect_from
from syndicator.settings import parse
from syndicator.workspace import Workspace

from .contract import CANNOT, KINDS, Counterpart, draft, needs, publishes
from .reporter_contract import told


@dataclass
class Owner:
    """Somebody with an account on the network, and a clock that stands at the real time until it is moved."""

    world: Counterpart
    space: Workspace
    later: list[timedelta] = field(default_factory=list)

    @classmethod
    def of(cls, world: Counterpart, folder: Path) -> "Owner":
        later: list[timedelta] = []
        tables = {"me": {"sites": ["https://ada.example"]}, "accounts": {"here": {"platform": world.name}}}
        settings = parse(tables, folder / "syndicator.toml")
        return cls(world, Workspace(settings, lambda: datetime.now(UTC) + sum(later, timedelta())), later)

    def account(self) -> Account:
        return Account("here", self.space.settings.accounts["here"], self.world.adapter(), "")

    def collect(self, account: Account | None = None) -> Collected:
        return collect_from(self.space, account or self.account())

    def received(self) -> tuple[Entry, ...]:
        return self.space.book.entries()

    def queue(self) -> Outbox:
        outbox, now = Outbox(self.space.state), self.space.clock()
        outbox.save(made_post(account="here", platform=self.world.name, draft=draft(), when=now, state=State.QUEUED))
        return outbox

    def run(self) -> None:
        """Settle and send what is due, with an adapter of its own as in a process of its own."""
        outbox, name = Outbox(self.space.state), "here"
        for step in (publish.settle, publish.publish):
            adapter = self.world.adapter()
            assert isinstance(adapter, Publisher)
            list(step(outbox, name, adapter, self.space.clock))

    def post(self) -> Post:
        [found] = Outbox(self.space.state)
        return found


class BreaksOff:
    """A network whose line breaks after so many pages."""

    def __init__(self, reporter: Reporter, pages: int) -> None:
        self.reporter, self.pages = reporter, pages

    def interactions(self, cursor: str | None) -> Page:
        self.pages -= 1
        if self.pages < 0:
            raise Unreachable("here", "the line broke")
        return self.reporter.interactions(cursor)


class PostedOnceContract:
    """Needs the fixtures `world` and `owner`. Networks whose adapter only reports are skipped by name."""

    @pytest.fixture(autouse=True)
    def _publishes(self, world: Counterpart) -> None:
        publishes(world)

    @pytest.mark.parametrize("fault", ["lose_answer", "delay_answer", "fail 500", "fail 503", "rate_limit 60"])
    def test_after_any_fault_the_post_is_there_once(self, owner: Owner, fault: str) -> None:
        method, *numbers = fault.split()
        needs(owner.world, method)
        owner.queue()
        getattr(owner.world, method)(*map(int, numbers))
        for _ in range(4):
            owner.run()
            owner.later.append(timedelta(minutes=10))
        if (owner.world.name, "find") in CANNOT and method != "rate_limit":
            assert owner.post().state is State.UNKNOWN, "nobody can tell, so a person has to look"
            assert len(owner.world.posts()) <= 1
            return
        assert owner.post().state is State.POSTED
        assert len(owner.world.posts()) == 1


class BookedOnceContract:
    """Needs the fixtures `world` and `owner`; networks whose adapter reports nothing are skipped by name."""

    @pytest.fixture(autouse=True)
    def _reports(self, world: Counterpart) -> None:
        if not isinstance(world.adapter(), Reporter):
            pytest.skip(f"{world.name}: its adapter reports nothing")

    def test_all_that_others_did_is_booked_once_on_one_identity_each(self, owner: Owner) -> None:
        world = owner.world
        kinds = [kind for kind in KINDS if tells(world, kind)]
        if isinstance(world.adapter(), Publisher):
            owner.queue()
            owner.run()
        for kind in kinds:
            world.act(kind)
        found = owner.collect()
        assert (sorted(found.kinds), found.errors) == (sorted(kinds), ())
        assert owner.collect().new == 0
        assert sorted(entry.kind for entry in owner.received()) == sorted(kinds)
        assert {entry.channel for entry in owner.received()} <= {world.name}

    def test_a_page_that_repeats_books_nothing_twice_and_loses_nothing(self, owner: Owner) -> None:
        needs(owner.world, "mention")
        needs(owner.world, "repeat_page")
        for number in range(3):
            owner.world.mention(f"number {number}.")
        assert owner.collect().new == 3
        owner.world.repeat_page()
        assert owner.collect().new == 0
        owner.world.mention("one more")
        assert owner.collect().new + owner.collect().new == 1
        assert len(owner.received()) == 4

    def test_an_empty_page_loses_nothing(self, owner: Owner) -> None:
        needs(owner.world, "mention")
        needs(owner.world, "empty_page")
        for number in range(3):
            owner.world.mention(f"number {number}.")
        owner.world.empty_page()
        assert owner.collect().new + owner.collect().new == 3

    @pytest.mark.parametrize("pages", [0, 1])
    def test_a_line_that_breaks_while_paging_loses_nothing_and_books_nothing_twice(
        self, owner: Owner, pages: int
    ) -> None:
        needs(owner.world, "mention")
        for number in range(130):
            owner.world.mention(f"number {number}.")
        expected = {act.id for act in told(owner.world, None)[0]}
        whole = owner.account()
        assert isinstance(whole.adapter, Reporter)
        broken = BreaksOff(whole.adapter, pages)
        first = owner.collect(Account(whole.name, whole.table, broken, ""))
        assert first.errors == (("here: the line broke",) if broken.pages < 0 else ())
        assert first.new < len(expected) or broken.pages == 0
        if pages:
            owner.world.mention("and one meanwhile.")
        rest = owner.collect().new + owner.collect().new
        assert first.new + rest == len(owner.received()) == len(expected) + pages
        assert expected <= {entry.native_id for entry in owner.received()}

    def test_what_a_post_and_a_notification_tell_is_one_act(self, owner: Owner) -> None:
        world = owner.world
        kinds = [kind for kind in ("like", "boost") if tells(world, kind)]
        if not (kinds and isinstance(world.adapter(), Audience)):
            pytest.skip(f"{world.name}: its posts can't be asked")
        owner.queue()
        owner.run()
        for kind in kinds:
            world.act(kind)
        owner.later.append(timedelta(hours=2))  # younger posts are not asked yet
        by_post = collect_reactions(owner.space, owner.account())
        assert (sorted(by_post.kinds), by_post.errors) == (sorted(kinds), ())
        owner.collect()
        owner.later.append(timedelta(days=3))
        assert collect_reactions(owner.space, owner.account()).new == 0
        lines = settle(owner.received(), owner.space.clock(), owner.space.rules).lines
        assert sorted(line.entry.kind for line in lines if line.state is not Standing.REPEAT) == sorted(kinds)


def tells(world: Counterpart, kind: str) -> bool:
    """Whether the network tells of this kind, and its counterpart can have it happen."""
    try:
        needs(world, f"tell {kind}")
    except pytest.skip.Exception:
        return False
    return True
