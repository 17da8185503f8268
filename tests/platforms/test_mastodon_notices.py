"""What others did on a Mastodon, over many visits and whatever pages it gives."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from counterparts.fake_mastodon import MastodonWorld
from counterparts.fake_mastodon_kin import KINDS, Kin

from platforms.base import Draft, Interaction, Login
from platforms.errors import Unreachable
from platforms.mastodon import Mastodon
from platforms.mastodon_notices import Back

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[MastodonWorld]:
    world = MastodonWorld(tmp_path)
    adapter = world.adapter()
    adapter.publish(adapter.prepare(Draft("Pruning"), "k", datetime.now(UTC)))
    yield world
    world.close()


def told(adapter: Mastodon, cursor: str | None) -> tuple[list[Interaction], str | None]:
    acts: list[Interaction] = []
    for _ in range(30):
        page = adapter.interactions(cursor)
        acts += page.interactions
        cursor = page.cursor
        if not page.more:
            return acts, cursor
    pytest.fail("the pages never end")


def test_every_kind_of_act_is_told_with_where_it_was_done(world: MastodonWorld) -> None:
    kinds = ["like", "boost", "reply", "mention", "quote", "follow", "recommend"]
    for kind in kinds:
        world.act(kind)
    acts, _ = told(world.adapter(), None)
    assert [act.kind for act in acts] == kinds
    assert {act.actor.name for act in acts} == {"Bob"}
    by = {act.kind: act for act in acts}
    post = by["like"].target
    assert by["boost"].target == by["quote"].target == post != ""
    assert by["reply"].target.rsplit("/", 1)[-1] == post.rsplit("/", 1)[-1]
    assert by["quote"].url != post
    assert by["recommend"].url == "https://other.example/collections/7"
    assert all(act.id and act.at for act in acts)


def test_what_was_done_to_a_post_that_is_gone_is_told_without_it(world: MastodonWorld) -> None:
    world.act("like")
    world.act("boost")
    world.lose_post()
    acts, cursor = told(world.adapter(), None)
    assert [(act.kind, act.target) for act in acts] == [("like", ""), ("boost", "")]
    assert told(world.adapter(), cursor)[0] == []


def test_a_page_that_repeats_ends_the_visit_and_is_not_told_twice(world: MastodonWorld) -> None:
    world.wire.page_size = 5
    for number in range(12):
        world.mention(f"number {number}")
    first = world.adapter().interactions(None)
    world.repeat_page()
    acts, cursor = told(world.adapter(), first.cursor)
    assert {act.id for act in acts}.isdisjoint({act.id for act in first.interactions})
    world.wire.repeat = False
    rest, cursor = told(world.adapter(), cursor)
    words = {act.text.split()[-1] for act in (*first.interactions, *acts, *rest)}
    assert words == {str(number) for number in range(12)}
    assert told(world.adapter(), cursor)[0] == []


@pytest.mark.parametrize("visited", [False, True])
def test_an_empty_page_is_not_the_end_when_more_is_behind_it(world: MastodonWorld, visited: bool) -> None:
    cursor = told(world.adapter(), None)[1] if visited else None
    for number in range(3):
        world.mention(f"number {number}")
    world.empty_page()
    acts, _ = told(world.adapter(), cursor)
    assert [act.text.split()[-1] for act in acts] == ["0", "1", "2"]


def test_nothing_but_empty_pages_is_an_error_and_no_end(world: MastodonWorld) -> None:
    world.mention("hello")
    world.wire.empty_next = 99
    with pytest.raises(Unreachable, match="empty pages"):
        world.adapter().interactions(None)


def test_a_walk_backwards_that_breaks_off_is_taken_up_where_it_was() -> None:
    kin = Kin(KINDS["a snac that can't begin anywhere"])
    adapter = Mastodon(Login("home", {"server": kin.url}, {"token": "t"}, timeout=60))
    happened = [kin.happen() for _ in range(50)]
    first = adapter.interactions(None)
    new = kin.happen("follow")
    rest, cursor = told(adapter, first.cursor)
    assert sorted(act.id for act in (*first.interactions, *rest)) == sorted(happened)
    assert [act.id for act in told(adapter, cursor)[0]] == [new]
    kin.close()


def test_what_was_known_may_have_been_dismissed_since() -> None:
    kin = Kin(KINDS["a snac that can't begin anywhere"])
    adapter = Mastodon(Login("home", {"server": kin.url}, {"token": "t"}, timeout=60))
    for _ in range(30):
        kin.happen()
    _, cursor = told(adapter, None)
    del kin.notices[-1]
    new = kin.happen("follow")
    assert [act.id for act in told(adapter, cursor)[0]] == [new]
    kin.close()


@pytest.mark.parametrize("back", [Back(), Back("a", "2026-11-02T12:00:00Z"), Back("a", "b", "c", "d", "e")])
def test_a_place_on_the_way_back_survives_its_cursor(back: Back) -> None:
    assert Back.read(back.cursor()) == back
    assert json.loads(back.cursor()) is not None


@pytest.mark.parametrize("cursor", [None, "", "115400", "01HX7J5ZK3QW8V2N4R6T000001"])
def test_other_cursors_are_ids(cursor: str | None) -> None:
    assert Back.read(cursor) is None
