"""Which post of somebody who boosted me is worth boosting, and how rarely their timelines are looked at."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pieces import NOON
from small_world import SmallWorld

from ledger.entry import Identity
from platforms import memory
from platforms.abilities import TheirPost
from platforms.base import Actor, Interaction, PostRef
from platforms.memory import Memory
from syndicator.timelines import worth_boosting

BEA = Identity("scripted", "bea")
SIXTY = timedelta(days=60)


def post(number: int = 1, days: float = 1, text: str = "On moss", **more: Any) -> TheirPost:
    return TheirPost(PostRef(str(number), f"memory://bea/{number}"), NOON - timedelta(days), text, **more)


def chosen(*posts: TheirPost, languages: tuple[str, ...] = ("en",), topics: tuple[str, ...] = ()) -> list[str]:
    return [offer.url[-1] for offer in worth_boosting(BEA, posts, NOON, SIXTY, languages, topics)]


@pytest.mark.parametrize(
    "bad",
    [
        post(days=61),
        post(days=-1),
        post(warning="spoilers"),
        post(language="de"),
        post(boosted=True),
        post(text="  "),
        TheirPost(PostRef("1", ""), NOON, "nowhere to be seen"),
    ],
    ids=["old", "of tomorrow", "warned of", "another language", "boosted already", "no words", "no address"],
)
def test_what_is_not_worth_boosting(bad: TheirPost) -> None:
    assert chosen(bad, post(2)) == ["2"]


def test_a_post_that_names_no_language_or_a_dialect_of_mine_is_fine() -> None:
    assert chosen(post(1, 1, language=""), post(2, 2, language="en-GB")) == ["1", "2"]
    assert chosen(post(1, language="de"), languages=()) == ["1"]


def test_the_best_by_what_others_made_of_it_and_by_topic_the_newest_of_equals() -> None:
    loud, about = post(1, 3, likes=40), post(2, 2, "Moss and ferns", boosts=1)
    assert chosen(about, loud) == ["1", "2"]
    assert chosen(loud, about, topics=("moss", "ferns")) == ["1", "2"], "a half each: equals but for the topics"
    assert chosen(post(1, 3), post(2, 2), post(3, 4), post(4, 1)) == ["4", "2", "1"]


def test_a_strangers_words_are_shown_short_and_harmless() -> None:
    [offer] = worth_boosting(BEA, [post(text="\x1b[31mRead\n@me \u202e" + "x" * 5000)], NOON, SIXTY, (), ())
    assert len(offer.title) <= 80
    assert offer.title.startswith("[31mRead @\u200bme x")
    assert offer.title.endswith("…")


# --- In a run


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    made = SmallWorld(tmp_path, monkeypatch)
    made.account()
    return made


def boosts(world: SmallWorld, *names: str) -> None:
    for name in names:
        world.happens("pond", Interaction("boost", Actor(name, name), id=name, target="memory://pond/1", at=NOON))
        there = memory.world("pond", str(world.folder / "pond.jsonl"))
        there.write(Actor(name, name), TheirPost(PostRef(name, f"memory://{name}/1"), NOON, f"Moss by {name}"))


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Whose timelines the network is asked for."""
    asked: list[str] = []
    really = Memory.posts

    def posts(self: Memory, handle: str) -> tuple[TheirPost, ...]:
        asked.append(handle)
        return really(self, handle)

    monkeypatch.setattr(Memory, "posts", posts)
    return asked


def test_whoever_boosted_me_is_suggested_a_post_to_boost(world: SmallWorld, looked_at: list[str]) -> None:
    boosts(world, "bea")
    world.happens("pond", Interaction("like", Actor("cy", "cy"), id="l", target="memory://pond/1", at=NOON))
    world.run()
    space = world.open()
    assert [offer.url for offer in space.book.offers()[BEA]] == ["memory://bea/1"]
    assert looked_at == ["bea"]
    world.run(hours=1)
    assert looked_at == ["bea"], "seldom"
    world.run(hours=6)
    assert looked_at == ["bea", "bea"]


def test_a_run_looks_at_a_few_and_the_next_at_others(world: SmallWorld, looked_at: list[str]) -> None:
    boosts(world, *(f"p{number}" for number in range(8)))
    world.run()
    assert len(looked_at) == 5
    world.run(hours=1)
    assert len(set(looked_at)) == len(looked_at) == 8


def test_offers_of_people_are_not_dropped_with_those_of_sites_and_age_out(world: SmallWorld) -> None:
    boosts(world, "bea")
    world.run()
    world.run(hours=1)
    assert BEA in world.open().book.offers()
    world.run(hours=24 * 61)
    world.run(hours=24 * 200)
    assert BEA not in world.open().book.offers()
