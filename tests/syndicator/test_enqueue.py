"""From planned to queued: what is due, and on accounts that ask a person all that is planned; nothing twice."""

from datetime import timedelta
from pathlib import Path

import pytest
from pieces import NOON, article, judgement, note
from small_world import SmallWorld, entry

from ledger.store.tiny import memory_store
from platforms.base import Draft
from syndicator import byhand
from syndicator.articles import Article
from syndicator.choose import Choice
from syndicator.enqueue import enqueue
from syndicator.outbox import Outbox, Post, State
from syndicator.plan import Plan, Planned

HOUR = timedelta(hours=1)


@pytest.fixture
def outbox() -> Outbox:
    return Outbox(memory_store())


def chosen(*planned: tuple[str, Article, timedelta]) -> Choice:
    """A choice of (account, article, how long from noon)."""
    made = [
        Planned(account, "memory", about, NOON + after, judgement(about, 0.7), ("the mix",), 0.2)
        for account, about, after in planned
    ]
    drafts = {(account, about.url): Draft(f"{account}: {about.title}") for account, about, _ in planned}
    return Choice(Plan(tuple(made)), drafts)


def names(posts: list[Post]) -> list[tuple[str, str]]:
    return [(each.account, each.article) for each in posts]


def test_a_note_goes_out_in_the_words_for_its_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = SmallWorld(tmp_path, monkeypatch)
    world.account("pond")
    world.account("lake")
    world.account("well")
    world.notes("For all\n[on pond] For the pond", "[on lake] For the lake")
    world.run()
    assert world.shared("pond") == ["For the pond"]
    assert sorted(world.shared("lake")) == ["For all", "For the lake"]
    assert world.shared("well") == ["For all"]


def test_a_source_with_a_cap_is_shared_that_often_a_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = SmallWorld(tmp_path, monkeypatch)
    world.account()
    world.feed("ada", *(entry(f"https://ada.example/{n}") for n in range(4)), per_day=1)
    world.feed("bo", *(entry(f"https://bo.example/{n}") for n in range(2)))
    world.run()
    world.run(hours=1)
    assert sorted(url.split("/")[2] for url in world.shared()) == ["ada.example", "bo.example", "bo.example"]
    world.run(days=1)
    assert sum("ada" in url for url in world.shared()) == 2


def test_what_is_due_is_queued_and_the_rest_stays_a_plan(outbox: Outbox) -> None:
    now, past, soon = (article(f"https://ada.example/{name}") for name in ("now", "past", "soon"))
    choice = chosen(("demo", now, 0 * HOUR), ("demo", past, -HOUR), ("demo", soon, timedelta(seconds=1)))
    assert enqueue(outbox, choice, set(), NOON) == []
    assert {each.article: each.state for each in outbox} == {now.url: State.QUEUED, past.url: State.QUEUED}


def test_where_a_person_is_asked_all_that_is_planned_waits_for_them(outbox: Outbox) -> None:
    now, soon = article("https://ada.example/now"), article("https://ada.example/soon")
    plan = [(account, about, after) for account in ("ask", "auto") for about, after in ((now, 0 * HOUR), (soon, HOUR))]
    waiting = enqueue(outbox, chosen(*plan), {"ask"}, NOON)
    assert names(waiting) == [("ask", now.url), ("ask", soon.url)]
    assert {each.state for each in waiting} == {State.AWAITING}
    assert [each.when for each in waiting] == [NOON, NOON + HOUR]
    assert names([each for each in outbox if each.state is State.QUEUED]) == [("auto", now.url)]


def test_a_note_that_comes_round_within_a_plan_waits_once(outbox: Outbox) -> None:
    choice = chosen(("ask", note("1"), 0 * HOUR), ("ask", note("1"), 9 * HOUR))
    assert [each.when for each in enqueue(outbox, choice, {"ask"}, NOON)] == [NOON]
    assert len(list(outbox)) == 1


def test_what_waits_already_is_neither_queued_nor_told_again(outbox: Outbox) -> None:
    choice = chosen(("ask", article(), 0 * HOUR), ("auto", article(), 0 * HOUR))
    assert len(enqueue(outbox, choice, {"ask"}, NOON)) == 1
    before = list(outbox)
    assert enqueue(outbox, choice, {"ask"}, NOON) == []
    assert list(outbox) == before


def test_a_post_carries_all_that_was_decided(outbox: Outbox) -> None:
    enqueue(outbox, chosen(("demo", article(), -HOUR)), set(), NOON)
    [found] = outbox
    assert (found.account, found.platform, found.kind, found.site) == ("demo", "memory", "curated", "ada.example")
    assert (found.title, found.draft) == ("A walk along the canal", Draft("demo: A walk along the canal"))
    assert (found.when, found.why, found.score, found.price_usd) == (NOON - HOUR, ("the mix",), 0.7, 0.2)
    assert [(change.at, change.state, change.why) for change in found.history] == [(NOON, State.QUEUED, "planned")]


def test_an_article_has_one_post_on_an_account_for_ever(outbox: Outbox) -> None:
    """Even when the planner should plan it again, after a person took it out."""
    choice = chosen(("demo", article(), 0 * HOUR))
    enqueue(outbox, choice, set(), NOON)
    [found] = outbox
    outbox.save(byhand.skip(found, NOON))
    enqueue(outbox, choice, set(), NOON + HOUR)
    assert [each.state for each in outbox] == [State.CANCELLED]


def test_a_note_that_comes_round_is_a_post_of_its_own(outbox: Outbox) -> None:
    for turn in range(3):
        enqueue(
            outbox, chosen(("demo", note("1"), 0 * HOUR), ("other", note("1"), 0 * HOUR)), set(), NOON + turn * HOUR
        )
    assert len({each.id for each in outbox}) == len(list(outbox)) == 6


def test_notes_come_round_run_after_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = SmallWorld(tmp_path, monkeypatch)
    world.plan["note_gap"] = "2d"
    world.account()
    world.notes("A thought that keeps")
    for days, times in ((0, 1), (1, 1), (1, 2), (1, 2), (1, 3)):
        world.run(days=days)
        assert world.shared() == ["A thought that keeps"] * times


def test_a_person_approves_what_a_run_planned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = SmallWorld(tmp_path, monkeypatch)
    world.plan["min_gap"] = "2h"
    world.account("ask", approve="ask"), world.account("auto")
    world.feed("ada", *(entry(f"https://ada.example/{n}") for n in range(3)))
    report = world.run()
    assert len(report.awaiting) == 3
    assert (len(world.shared("ask")), len(world.shared("auto"))) == (0, 1)
    assert world.run(hours=1).awaiting == []
