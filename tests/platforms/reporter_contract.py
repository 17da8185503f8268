"""What every Reporter must do, whatever its network: everything once, and nothing twice."""

from datetime import timedelta

import pytest

from ledger.entry import Kind
from platforms.base import Interaction, Reporter
from platforms.errors import AuthFailed

from .contract import Counterpart, needs, said


def told(world: Counterpart, cursor: str | None) -> tuple[list[Interaction], str | None]:
    """Everything after the cursor, page by page, each page read by a fresh adapter."""
    acts: list[Interaction] = []
    for _ in range(100):
        page = world.adapter().interactions(cursor)
        acts += page.interactions
        cursor = page.cursor
        if not page.more:
            return acts, cursor
    pytest.fail("the pages never end")


class ReporterContract:
    """Needs a fixture `world` too; networks whose adapter reports nothing are skipped by name."""

    @pytest.fixture(autouse=True)
    def _reports(self, world: Counterpart) -> None:
        if not isinstance(world.adapter(), Reporter):
            pytest.skip(f"{world.name}: its adapter reports nothing")

    def test_where_nothing_happened_nothing_is_told(self, world: Counterpart) -> None:
        needs(world, "mention")
        acts, cursor = told(world, None)
        assert acts == []
        assert told(world, cursor)[0] == []

    def test_an_act_names_who_did_it_in_the_ledgers_words(self, world: Counterpart) -> None:
        needs(world, "mention")
        world.mention("have you seen this?")
        [[act], _] = told(world, None)
        assert act.kind in set(Kind)
        assert act.actor.handle
        assert act.id
        assert act.at is None or act.at.utcoffset() == timedelta(0)
        assert "have you seen this?" in act.text

    def test_everything_is_told_once_over_many_pages(self, world: Counterpart) -> None:
        needs(world, "mention")
        for number in range(90):
            world.mention(f"number {number}.")
        acts, cursor = told(world, None)
        assert sorted(act.text.split()[-1] for act in acts) == sorted(f"{number}." for number in range(90))
        assert len({act.id for act in acts}) == 90
        world.mention("one more")
        [[act], cursor] = told(world, cursor)
        assert "one more" in act.text
        assert told(world, cursor)[0] == []

    def test_a_refused_login_is_told_as_such(self, world: Counterpart) -> None:
        needs(world, "refuse_login")
        world.refuse_login()
        with pytest.raises(AuthFailed) as caught:
            world.adapter().interactions(None)
        assert "SYNDICATOR_" in said(caught.value).remedy
