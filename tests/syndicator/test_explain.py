"""`why`: one article by any of its addresses, as it is judged now, and what became of it."""

from pathlib import Path

import pytest
from small_world import SmallWorld, entry

from syndicator import networks, run
from syndicator.explain import explain
from syndicator.outbox import State
from syndicator.share import queue_link

URL = "https://ada.example/1"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    made = SmallWorld(tmp_path, monkeypatch)
    made.account("pond"), made.account("lake")
    made.feed("ada", entry(URL), entry("https://ada.example/2", hours=9))
    return made


@pytest.mark.parametrize(
    "address",
    [
        URL,
        f"{URL}?utm_source=me#top",
        "http://www.ada.example/1/",
        "https://ada.example/1/index.html",
        "https://moved.example/1",
    ],
)
def test_an_article_is_found_by_any_address_with_its_posts(world: SmallWorld, address: str) -> None:
    world.run()
    world.feed("ada", entry("https://moved.example/1", guid=URL), entry("https://ada.example/2"))
    world.run(hours=1)
    found = explain(world.open(), address)
    assert found is not None
    assert found.article.url == URL
    assert found.article.aliases == ("https://moved.example/1",)
    assert {(each.account, each.article, each.state) for each in found.posts} == {
        ("pond", URL, State.POSTED),
        ("lake", URL, State.POSTED),
    }


@pytest.mark.parametrize("address", ["https://ada.example/unknown", "nonsense", "", "note:1"])
def test_what_no_source_told_of_is_not_explained(world: SmallWorld, address: str) -> None:
    world.run()
    assert explain(world.open(), address) is None


def test_it_is_judged_as_the_plan_judges_it_lift_included(world: SmallWorld) -> None:
    world.is_owed("ada.example")
    world.accounts["pond"]["slots"] = ["23:00"]
    shown = run.rehearse(world.open(scratch=True)).choice
    [planned] = [each for each in shown.plan.planned if each.account == "lake" and each.article.url == URL]
    assert planned.judgement.parts["reciprocity"] > 0
    del world.accounts["lake"]
    world.run()
    found = explain(world.open(), URL)
    assert found is not None
    assert found.judgement == planned.judgement
    assert found.posts == ()


def test_it_is_judged_by_its_source_and_by_the_settings_as_they_are_now(world: SmallWorld) -> None:
    world.run()
    world.sources[0]["exclude"] = ["about"]
    found = explain(world.open(), URL)
    assert found is not None
    assert found.judgement.rejected == "excluded by 'about'"
    assert len(found.posts) == 2, "what was posted was posted"


def test_baseline_says_so(world: SmallWorld) -> None:
    world.plan["first_run"] = 0
    world.run()
    found = explain(world.open(), URL)
    assert found is not None
    assert "baseline" in found.judgement.rejected


def test_an_article_of_no_source_any_more_is_still_explained(world: SmallWorld) -> None:
    world.run()
    world.unsubscribe("ada")
    found = explain(world.open(), URL)
    assert found is not None
    assert (found.judgement.rejected, len(found.posts)) == ("", 2)


def test_it_says_for_when_the_plan_has_it_on_each_account_and_why_it_does_not(world: SmallWorld) -> None:
    world.plan |= {"first_run": 0}
    world.run()
    world.accounts["pond"]["slots"] = world.accounts["lake"]["slots"] = ["23:00"]
    world.accounts["lake"]["author_gap"] = "3d"
    world.feed("ada", entry(URL), entry("https://ada.example/2"), entry("https://ada.example/3", hours=1, words=900))
    world.accounts["brook"] = {"platform": "locked"} | {"file": "brook.jsonl", "slots": ["23:00"]}
    world.clock.move(hours=1)
    shown = run.rehearse(space := world.open()).choice.plan
    accounts = networks.publishing(networks.open_accounts(space))
    before = world.files()
    for url in ("https://ada.example/2", "https://ada.example/3"):
        found = explain(space, url, accounts)
        assert found is not None
        told = {each.account: (each.when, each.reason) for each in found.prospects}
        assert "no credential" in told.pop("brook")[1]
        planned = {each.account: (each.when, "; ".join(each.why)) for each in shown.planned if each.article.url == url}
        passed = {each.account: (None, each.reason) for each in shown.skipped if each.article == url}
        assert told == {account: (planned | passed)[account] for account in ("pond", "lake")}
    assert shown.planned
    assert any(each.reason for each in shown.skipped)
    assert world.files() == before


def test_of_accounts_that_have_it_no_plan_is_told(world: SmallWorld) -> None:
    world.run()
    space = world.open()
    found = explain(space, URL, networks.open_accounts(space))
    assert found is not None
    assert found.prospects == ()


def test_what_waits_counts_among_its_posts_and_nothing_is_changed(world: SmallWorld) -> None:
    world.plan["first_run"] = 0
    world.run()
    space = world.open()
    queue_link(space, [networks.open_account(space, "pond")], URL)
    before = world.files()
    found = explain(world.open(scratch=True), URL)
    assert found is not None
    assert [each.state for each in found.posts] == [State.QUEUED]
    assert world.files() == before
