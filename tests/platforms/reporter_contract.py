"""What every Reporter must do, whatever its network: everything once, and nothing twice."""

from datetime import timedelta

import pytest

from ledger.entry import Kind
from platforms.base import Interaction, Publisher, Reporter
from platforms.errors import AuthFailed

from .contract import KINDS, Counterpart, needs, request, said


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


def post(world: Counterpart) -> None:
    """Something of the account's own for others to react to; a network where it can't post has a page of its own."""
    adapter = world.adapter()
    if isinstance(adapter, Publisher):
        adapter.publish(request(adapter))


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

    @pytest.mark.parametrize("kind", KINDS)
    def test_each_kind_is_told_once_with_what_it_was_done_to(self, world: Counterpart, kind: str) -> None:
        needs(world, f"tell {kind}")
        post(world)
        world.act(kind)
        acts, cursor = told(world, None)
        assert [act.kind for act in acts] == [kind]
        assert all(act.target for act in acts) or kind == "follow"
        assert told(world, cursor)[0] == []

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

    def test_an_empty_page_does_not_hide_what_follows_it(self, world: Counterpart) -> None:
        needs(world, "mention")
        needs(world, "empty_page")
        for number in range(3):
            world.mention(f"number {number}.")
        world.empty_page()
        acts, cursor = told(world, None)
        acts += told(world, cursor)[0]
        assert sorted(act.text.split()[-1] for act in acts) == ["0.", "1.", "2."]

    def test_a_page_that_repeats_ends_and_what_is_new_is_told_all_the_same(self, world: Counterpart) -> None:
        needs(world, "mention")
        needs(world, "repeat_page")
        world.mention("before.")
        acts, cursor = told(world, None)
        world.repeat_page()
        again, cursor = told(world, cursor)
        world.mention("after.")
        news, _ = told(world, cursor)
        every = {act.id: act.text.split()[-1] for act in (*acts, *again, *news)}
        assert sorted(every.values()) == ["after.", "before."]

    def test_what_was_done_to_a_post_that_is_gone_stops_nothing(self, world: Counterpart) -> None:
        needs(world, "mention")
        needs(world, "lose_post")
        needs(world, "tell reply")
        post(world)
        world.act("reply")
        world.lose_post()
        world.mention("and this?")
        acts, cursor = told(world, None)
        assert "and this?" in acts[-1].text or "and this?" in acts[0].text
        assert told(world, cursor)[0] == []

    def test_a_refused_login_is_told_as_such(self, world: Counterpart) -> None:
        needs(world, "refuse_login")
        world.refuse_login()
        with pytest.raises(AuthFailed) as caught:
            world.adapter().interactions(None)
        assert "SYNDICATOR_" in said(caught.value).remedy
