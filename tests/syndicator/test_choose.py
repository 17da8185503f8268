"""From articles to a plan with its drafts: whose articles, by whose standards, and what is lifted by how much."""

from datetime import timedelta
from pathlib import Path

import pytest
from pieces import NOON, article
from small_world import SmallWorld, entry

from ledger.entry import Identity
from ledger.people import Person
from ledger.suggest import Act
from syndicator import run
from syndicator.choose import Choice
from syndicator.judging.base import Judgement
from syndicator.judging.lifted import once_for_each
from syndicator.plan import Planned

ADA, BOB = "https://ada.example/1", "https://bob.example/1"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    return SmallWorld(tmp_path, monkeypatch)


def choice(world: SmallWorld) -> Choice:
    """The plan of a rehearsal."""
    return run.rehearse(world.open(scratch=True)).choice


def planned(world: SmallWorld, account: str = "pond") -> dict[str, Planned]:
    return {each.article.url: each for each in choice(world).plan.planned if each.account == account}


def skipped(world: SmallWorld, account: str = "pond") -> dict[str, str]:
    return {each.article: each.reason for each in choice(world).plan.skipped if each.account == account}


# --- Drafts


def test_each_planned_post_has_its_draft(world: SmallWorld) -> None:
    world.account("pond"), world.account("lake", template="{site}: {title} {url}")
    world.feed("ada", entry(ADA, title="On moss"), title="Ada's garden")
    drafts = {account: draft.text for (account, _), draft in choice(world).drafts.items()}
    assert drafts == {"pond": f"On moss\n{ADA}", "lake": f"Ada's garden: On moss {ADA}"}


def test_what_does_not_fit_is_turned_down_there_and_the_next_best_takes_its_time(world: SmallWorld) -> None:
    long = "https://ada.example/" + "long/" * 20
    world.account("slip", platform="brief", slots=["15:00"]), world.account("pond", slots=["15:00"])
    world.feed("ada", entry(long, hours=1), entry(BOB, hours=9))
    assert list(planned(world, "slip")) == [BOB]
    assert "does not fit the 40 characters" in skipped(world, "slip")[long]
    assert list(planned(world, "pond")) == [long]
    assert skipped(world, "pond") == {BOB: "no free slot: others come first"}
    assert set(choice(world).drafts) == {("slip", BOB), ("pond", long)}


def test_a_week_ahead_the_plan_has_the_week_and_the_day_after(world: SmallWorld) -> None:
    world.account()
    world.plan |= {"per_day": 2, "spread": True, "max_age": "30d"}
    world.feed("ada", *(entry(f"https://ada.example/{n}") for n in range(20)))
    ahead = run.rehearse(world.open(scratch=True), at=NOON + timedelta(days=7)).choice.plan.planned
    days = [each.when.date() - NOON.date() for each in ahead]
    assert set(days) == {timedelta(days=n) for n in range(9)}
    assert {each.article.url for each in ahead} >= planned(world).keys()
    tomorrow = run.rehearse(world.open(scratch=True), at=NOON + timedelta(hours=20)).choice.plan.planned
    assert {each.article.url for each in tomorrow} >= planned(world).keys(), "and what comes until then"
    next_year = run.rehearse(world.open(scratch=True), at=NOON + timedelta(days=400)).choice.plan.planned
    assert next_year == ()


# --- Candidates


def test_articles_of_a_source_that_was_removed_are_not_shared(world: SmallWorld) -> None:
    world.account(slots=["15:00"])
    world.feed("ada", entry(ADA)), world.feed("bob", entry(BOB))
    world.run()
    world.unsubscribe("ada")
    found = choice(world).plan
    assert [each.article.url for each in found.planned] == [BOB]
    assert found.skipped == ()


def test_an_article_that_another_source_still_has_stays(world: SmallWorld) -> None:
    world.account(slots=["15:00"])
    world.feed("ada", entry(ADA)), world.feed("planet", entry(ADA))
    world.run()
    world.unsubscribe("ada")
    assert list(planned(world)) == [ADA]


def test_notes_are_candidates_of_every_plan(world: SmallWorld) -> None:
    world.account()
    world.notes("One thought", "Another thought")
    assert {each.article.title for each in planned(world).values()} == {"One thought", "Another thought"}
    assert {draft.text for draft in choice(world).drafts.values()} == {"One thought", "Another thought"}


def test_what_became_too_old_is_told_of_for_a_week(world: SmallWorld) -> None:
    world.account(max_age="1d"), world.account("lake", max_age="2d")
    world.feed("ada", entry(ADA, hours=3), entry("https://ada.example/old", hours=24 * 8.9))
    assert skipped(world) == {"https://ada.example/old": "too old: 8d21h, and max_age is 1d"}
    world.clock.move(days=1)
    assert list(skipped(world)) == [ADA]


# --- Standards


def test_each_account_judges_by_its_own_standards(world: SmallWorld) -> None:
    world.feed("ada", entry(ADA, title="On moss", hours=30))
    world.account("any"), world.account("twin")
    world.account("fresh", max_age="1d")
    world.account("strict", min_score=0.99)
    world.account("moss", topics=["moss"]), world.account("trains", topics=["trains"])
    found = choice(world).plan
    relevance = {each.account: each.judgement.parts["relevance"] for each in found.planned}
    assert relevance == {"any": 0.11, "twin": 0.11, "moss": 0.11, "trains": 0.0}
    assert {each.account for each in found.skipped} == {"fresh", "strict"}
    assert skipped(world, "fresh")[ADA] == "too old: 1d6h, and max_age is 1d"
    assert "below min_score 0.99" in skipped(world, "strict")[ADA]


def test_an_article_is_judged_by_the_source_that_has_it(world: SmallWorld) -> None:
    world.account()
    world.feed("ada", entry(ADA), weight=2)
    world.feed("bob", entry(BOB), exclude=["about"])
    assert planned(world)[ADA].judgement.parts["source"] == 0.12
    assert skipped(world) == {BOB: "excluded by 'about'"}


# --- Being owed


def test_being_owed_lifts_what_passes_by_itself_and_says_so(world: SmallWorld) -> None:
    world.account(slots=["15:00"])
    world.feed("ada", entry(ADA, hours=9)), world.feed("bob", entry(BOB, hours=3))
    before = choice(world)
    assert [each.article.url for each in before.plan.planned] == [BOB]
    world.is_owed("ada.example")
    lifted = planned(world)[ADA].judgement
    # RECIPROCITY: cap × open / (open + threshold), with 10 points open.
    assert lifted.parts["reciprocity"] == pytest.approx(0.15 * 10 / 13, abs=1e-4)
    assert lifted.score == pytest.approx(sum(lifted.parts.values()))
    assert "reciprocity: ada.example is owed" in lifted.evidence


def test_the_lift_stays_below_its_cap_however_much_is_owed(world: SmallWorld) -> None:
    world.account()
    world.feed("ada", entry(ADA))
    world.is_owed("ada.example", points=1000)
    assert 0.149 < planned(world)[ADA].judgement.parts["reciprocity"] < 0.15
    world.ledger["reciprocity_lift"] = 0.01
    assert 0.009 < planned(world)[ADA].judgement.parts["reciprocity"] <= 0.01
    world.ledger["reciprocity_lift"] = 0
    assert "reciprocity" not in planned(world)[ADA].judgement.parts


def test_being_owed_carries_nothing_over_the_bar(world: SmallWorld) -> None:
    world.account()
    world.feed("ada", entry(ADA))
    score = planned(world)[ADA].judgement.score
    world.plan["min_score"] = round(score + 0.01, 4)
    world.is_owed("ada.example", points=100)
    assert planned(world) == {}
    assert f"score {score:.2f} is below min_score" in skipped(world)[ADA]


def test_nobody_else_is_lifted_and_who_waits_is_not_either(world: SmallWorld) -> None:
    world.account()
    world.feed("ada", entry(ADA)), world.feed("bob", entry(BOB))
    world.is_owed("ada.example")
    parts = {url: each.judgement.parts for url, each in planned(world).items()}
    assert ("reciprocity" in parts[ADA], "reciprocity" in parts[BOB]) == (True, False)
    ada = Identity("web", "ada.example")
    world.open().book.record(Act(ada, "read", NOON))
    assert "reciprocity" not in planned(world)[ADA].judgement.parts
    world.clock.move(days=3, seconds=1)
    assert "reciprocity" in planned(world)[ADA].judgement.parts


def test_a_share_that_returned_a_favour_is_remembered_as_one_when_nothing_is_owed_any_more(world: SmallWorld) -> None:
    """Ada, Bob and Cleo are owed, and each share pays: the third waits until somebody else had one."""
    world.account(slots=["12:00", "13:00", "14:00", "15:00"])
    for hours, name in enumerate(("ada", "bob", "cleo"), 1):
        world.feed(name, entry(f"https://{name}.example/1", hours=hours))
        world.is_owed(f"{name}.example")
    world.run()
    world.clock.move(hours=1)
    world.run()
    assert len(world.shared()) == 2, "two returns went out"
    world.clock.move(hours=1)
    assert planned(world) == {}
    assert "owed nothing" in skipped(world)["https://cleo.example/1"]
    world.feed("dora", entry("https://dora.example/1", hours=9))
    assert [url[:12] for url in planned(world)] == ["https://dora", "https://cleo"]


# --- What was before


def test_what_was_shared_under_another_address_is_not_shared_again(world: SmallWorld) -> None:
    world.account()
    world.feed("ada", entry(ADA))
    world.run()
    world.feed("ada", entry(f"{ADA}?utm_source=feed", title="Edited", words=50))
    world.clock.move(hours=1)
    assert (planned(world), skipped(world)) == ({}, {ADA: "already shared here"})


def test_a_new_account_may_share_what_another_has(world: SmallWorld) -> None:
    world.account()
    world.feed("ada", entry(ADA))
    world.run()
    world.account("lake")
    assert list(planned(world, "lake")) == [ADA]
    assert planned(world, "lake")[ADA].when == NOON


def test_without_accounts_there_is_no_plan(world: SmallWorld) -> None:
    world.feed("ada", entry(ADA))
    assert choice(world) == Choice()


def test_the_lift_never_brings_two_articles_of_one_person_into_a_day(world: SmallWorld) -> None:
    """Ada has two sites and is owed; only the better of her articles is lifted, and none when one goes out today."""
    world.account()
    other = "https://ada-two.example/1"
    world.feed("ada", entry(ADA, hours=3), entry("https://ada.example/2", hours=9)), world.feed("two", entry(other))
    world.is_owed("ada.example", points=100)
    book = world.open().book
    book.save_people(Person("ada", "Ada", (Identity("web", "ada.example"), Identity("web", "ada-two.example"))))
    lifted = [url for url, each in planned(world).items() if "reciprocity" in each.judgement.parts]
    assert len(lifted) == 1
    world.run()
    world.feed("ada", entry("https://ada.example/3", hours=3))
    assert all("reciprocity" not in each.judgement.parts for each in planned(world).values())


def test_of_judgements_only_the_best_of_each_person_keeps_the_lift() -> None:
    def judged(url: str, site: str, score: float, lift: float = 0.1) -> Judgement:
        parts = {"source": score - lift, "reciprocity": lift} if lift else {"source": score}
        return Judgement(article(url, site=site), score, parts)

    one, two = judged("https://a.example/1", "a.example", 0.7), judged("https://b.example/1", "b.example", 0.8)
    three, plain = judged("https://c.example/1", "c.example", 0.6), judged("https://d.example/1", "d.example", 0.5, 0)
    whose = {"a.example": "ada", "b.example": "ada"}

    def lifted(**more: object) -> list[str]:
        found = once_for_each([one, two, three, plain], whose, **more)
        assert [each.score for each in found] == pytest.approx([sum(each.parts.values()) for each in found])
        return [each.article.site for each in found if "reciprocity" in each.parts]

    assert lifted() == ["b.example", "c.example"]
    assert lifted(shared={"https://b.example/1"}) == ["a.example", "c.example"]
    assert lifted(busy={"ada"}) == ["c.example"]
