"""One run as a whole: who is worked for, in which order, what is told, and that a rehearsal shows just that."""

from datetime import timedelta
from pathlib import Path

import pytest
from pieces import LONDON, NOON, post
from small_world import MINE, SmallWorld, entry

from ledger.store.base import StoreError
from ledger.suggest import Act
from platforms.base import Actor, Interaction
from platforms.errors import AuthFailed, RateLimited, Rejected, Unreachable, Unsupported
from syndicator import byhand, networks, run
from syndicator.cli import complaints, render, shapes
from syndicator.outbox import Outbox, State
from syndicator.outcomes import Posted
from syndicator.report import Report
from syndicator.share import queue_link

URLS = [f"https://p{n}.example/a" for n in range(4)]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallWorld:
    return SmallWorld(tmp_path, monkeypatch)


def with_articles(world: SmallWorld, count: int = 2) -> None:
    """So many articles, the first the freshest."""
    world.feed("planet", *(entry(url, hours=2 + n) for n, url in enumerate(URLS[:count])))


def posted(report: Report) -> list[tuple[str, str]]:
    return [(each.post.account, each.post.article) for each in report.outcomes if isinstance(each, Posted)]


def late(world: SmallWorld, number: int, **changes: object) -> None:
    """A link in the queue by hand, due an hour ago."""
    url = f"https://hand{number}.example/a"
    Outbox(world.open().state).save(post(url, "pond", when=world.clock() - timedelta(hours=1), **changes))


# --- The line


def test_a_run_reads_posts_books_and_collects_and_the_next_does_nothing_twice(world: SmallWorld) -> None:
    world.account("pond"), world.account("lake")
    with_articles(world)
    world.happens("lake", Interaction("like", Actor("bob"), id="1"))
    first = world.run()
    assert sorted(posted(first)) == sorted((name, url) for name in ("pond", "lake") for url in URLS[:2])
    assert (first.started, first.finished) == (NOON, NOON)
    assert first.collected == {"feeds": 0, "pond": 0, "lake": 1}
    assert [(each.url, each.recorded) for each in world.given()] == [(url, NOON) for url in (URLS[0], URLS[1]) * 2]
    second = world.run(hours=1)
    assert (posted(second), second.collected) == ([], {"feeds": 0, "pond": 0, "lake": 0})
    assert set(world.shared("pond")) == set(world.shared("lake")) == set(URLS[:2])
    assert len(world.shared("pond")) == 2


def test_posts_go_out_in_the_order_of_the_plan_the_best_first(world: SmallWorld) -> None:
    world.account("pond"), world.account("lake")
    with_articles(world, len(URLS))
    rehearsed = run.rehearse(world.open(scratch=True)).choice.plan.planned
    assert len({each.when for each in rehearsed}) == 1
    assert posted(world.run()) == [(each.account, each.article.url) for each in rehearsed]
    assert world.shared("pond") == world.shared("lake") == URLS


def test_what_was_left_unfinished_is_settled_before_the_next_is_sent(world: SmallWorld) -> None:
    script = world.account()
    with_articles(world, 1)
    script["publish"] = [KeyboardInterrupt()]
    with pytest.raises(KeyboardInterrupt):
        world.run()
    assert [each.state for each in world.posts()] == [State.SENDING]
    with_articles(world, 2)
    world.run(hours=1)
    assert sorted(world.shared()) == URLS[:2]
    assert {each.state for each in world.posts()} == {State.POSTED}


def test_a_blogroll_that_is_gone_is_told_of_and_stops_nothing(world: SmallWorld) -> None:
    world.sources.append({"kind": "curated", "opml": "gone.opml"})
    with_articles(world)
    [error] = world.run().errors
    assert "gone.opml" in error


def test_an_offer_of_every_site_is_put_out_for_suggestions(world: SmallWorld) -> None:
    with_articles(world)
    world.run()
    assert {str(who) for who in world.open().book.offers()} == {"web:p0.example", "web:p1.example"}


# --- Accounts


def test_an_account_without_a_credential_is_told_of_and_left_out(
    world: SmallWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.account("safe", platform="locked"), world.account("pond")
    with_articles(world)
    report = world.run()
    assert [error.partition(";")[0] for error in report.errors] == ["safe: no credential yet"]
    assert "SYNDICATOR_SAFE_TOKEN" in report.errors[0]
    assert {each.account for each in world.posts()} == {"pond"}
    assert "safe" not in report.collected
    monkeypatch.setenv("SYNDICATOR_SAFE_TOKEN", "open sesame")
    assert world.run(hours=1).errors == []
    assert len(world.shared("safe")) == 2


def test_a_refused_login_holds_its_account_and_every_run_says_so(
    world: SmallWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = world.account("pond")
    world.account("lake")
    with_articles(world)
    refused = AuthFailed("pond", "the token was revoked", "make a new one")
    script["publish"] = [refused]
    world.run()
    assert (world.shared("pond"), len(world.shared("lake"))) == ([], 2)
    with_articles(world, 3)
    again = world.run(hours=1)
    assert again.errors == [str(refused)]
    assert len(script.called("publish")) == 1
    assert len(script.called("interactions")) == 0
    assert {skipped.reason for skipped in again.choice.plan.skipped if skipped.article == URLS[2]} == {str(refused)}
    monkeypatch.setenv("SYNDICATOR_POND_TOKEN", "a new one")
    assert world.run(hours=1).errors == []
    assert sorted(world.shared("pond")) == URLS[:3]


def test_no_limit_on_posting_lasts_for_ever(world: SmallWorld) -> None:
    script = world.account()
    with_articles(world)
    script["publish"] = [RateLimited("pond", "slow down", retry_at=world.clock.now + timedelta(days=3000))]
    world.run()
    assert world.run(hours=23).errors == ["pond: slow down"]
    assert world.run(hours=1).errors == []
    assert len(world.shared()) == 2


def test_a_login_refused_while_reading_back_stops_the_account_at_once(world: SmallWorld) -> None:
    script = world.account()
    with_articles(world)
    script["publish"] = [KeyboardInterrupt()]
    with pytest.raises(KeyboardInterrupt):
        world.run()
    assert sorted(each.state for each in world.posts()) == [State.QUEUED, State.SENDING]
    script.calls.clear()
    script["find"] = [AuthFailed("pond", "revoked")]
    world.run(hours=1)
    world.run(hours=1)
    assert [name for name, _ in script.calls] == ["find"], "nothing is sent after it, and nothing asked in the next run"


def test_an_account_that_reached_a_limit_is_left_alone_until_the_time_it_named(world: SmallWorld) -> None:
    script = world.account()
    with_articles(world)
    script["publish"] = [RateLimited("pond", "slow down", retry_at=NOON + timedelta(hours=2))]
    world.run()
    held = world.run(hours=1)
    assert held.errors == ["pond: slow down"]
    assert len(script.called("publish")) == 1
    assert len(script.called("interactions")) == 0
    world.run(hours=1)
    assert sorted(world.shared()) == URLS[:2]


def test_a_network_without_an_answer_keeps_no_other_account_waiting(world: SmallWorld) -> None:
    pond, lake = world.account("pond"), world.account("lake")
    with_articles(world)
    pond["publish"] = [Unreachable("pond", "no answer")] * 9
    pond["find"] = [Unreachable("pond", "no answer")] * 9
    report = world.run()
    assert len(pond.calls) == 2, "one post was tried and looked for, and that was all"
    assert {account for account, _ in posted(report)} == {"lake"}
    assert len(lake.called("interactions")) == 1
    pond["publish"] = pond["find"] = []
    world.run(minutes=1)
    assert sorted(world.shared("pond")) == sorted(world.shared("lake")) == URLS[:2]


def test_a_post_that_fails_leaves_its_account_for_the_next_run(world: SmallWorld) -> None:
    script = world.account()
    with_articles(world)
    script["publish"] = [Unreachable("pond", "no answer")]
    report = world.run()
    assert len(script.called("publish")) == 1
    assert report.errors == []
    assert len(script.called("interactions")) == 1, "it can be read, so it is collected from"
    world.run(hours=1)
    assert sorted(world.shared()) == URLS[:2]


def test_posts_of_an_account_that_was_removed_are_told_of(world: SmallWorld) -> None:
    world.account("pond")
    for number, state in enumerate((State.QUEUED, State.AWAITING, State.SENDING, State.POSTED, State.CANCELLED)):
        late(world, number, state=state)
    world.accounts = {}
    world.account("lake")
    report = world.run()
    [error] = report.errors
    assert error.startswith("pond: 2 posts wait for this account")
    assert [each.post.account for each in report.outcomes] == ["pond"], "what was being sent is for a person to settle"
    assert [each.account for each in report.unknown] == ["pond"]
    assert world.shared("pond") == []


# --- Bugs


def test_a_bug_of_one_adapter_stops_no_other_account_and_is_raised_at_the_end(world: SmallWorld) -> None:
    broken = world.account("broken")
    world.account("pond")
    with_articles(world)
    world.happens("pond", Interaction("like", Actor("bob"), id="1"))
    broken["publish"] = [ZeroDivisionError("oops")]
    with pytest.raises(ZeroDivisionError) as caught:
        world.run()
    [note] = caught.value.__notes__
    assert note.startswith("while working on broken, at post ")
    assert sorted(world.shared("pond")) == URLS[:2]
    assert len(world.shared("broken")) == 1, "its other post goes out"
    assert len(world.given()) == 3, "what was posted is booked"
    assert len(world.received()) == 1, "and what others did is collected"


def test_a_bug_while_collecting_is_treated_alike(world: SmallWorld) -> None:
    broken = world.account("broken")
    world.account("pond")
    world.happens("pond", Interaction("like", Actor("bob"), id="1"))
    for collect in (world.run, lambda: run.collect_now(world.open())):
        broken["interactions"] = [ZeroDivisionError("oops")]
        with pytest.raises(ZeroDivisionError) as caught:
            collect()
        assert caught.value.__notes__ == ["while working on broken"]
        assert len(world.received()) == 1


def test_two_bugs_are_raised_together(world: SmallWorld) -> None:
    first, second, third = world.account("first"), world.account("second"), world.account("third")
    with_articles(world)
    first["publish"], second["publish"] = [ZeroDivisionError("oops")], [KeyError("what")]
    third["interactions"] = [LookupError("where")]
    with pytest.raises(ExceptionGroup) as caught:
        world.run()
    assert [type(each) for each in caught.value.exceptions] == [ZeroDivisionError, KeyError, LookupError]


def test_without_a_store_nothing_goes_on(world: SmallWorld) -> None:
    scripts = world.account("pond"), world.account("lake")
    late(world, 1)
    with pytest.raises(StoreError):
        run.run(world.with_full_disk("posts"))
    assert [script.calls for script in scripts] == [[], []]


# --- A state that was brought back


def test_a_share_that_the_ledger_knows_is_not_sent_again_by_an_older_state(world: SmallWorld) -> None:
    world.account("pond"), world.account("lake", approve="ask")
    with_articles(world)
    world.run()
    before = {each.id: each.ref.url for each in world.posts() if each.ref}
    state = world.open().state
    state.delete("posts", before)
    report = world.run(hours=1)
    assert len(world.shared("pond")) == 2
    assert report.errors == [f"pond: not sent, because the ledger knows it to be out: About {url}" for url in URLS[:2]]
    assert {each.id: each.ref.url for each in world.posts() if each.state is State.POSTED} == before
    assert {each.happened for each in world.posts() if each.state is State.POSTED} == {NOON}
    assert len(world.given()) == 2
    assert world.run(hours=1).errors == []


# --- Time


def test_late_posts_get_their_times_before_anything_is_planned_around_them(world: SmallWorld) -> None:
    world.plan["min_gap"] = "90m"
    world.account()
    for number in range(3):
        late(world, number)
    with_articles(world, 1)
    report = world.run()
    assert len(world.shared()) == 1, "one goes now, and no heap"
    waiting = sorted(each.when for each in world.posts() if each.state is State.QUEUED)
    assert waiting == [NOON + timedelta(minutes=90), NOON + timedelta(minutes=180)]
    assert [each.when for each in report.choice.plan.planned] == [NOON + timedelta(minutes=270)]


def test_late_posts_of_a_held_account_wait_as_they_are(world: SmallWorld) -> None:
    script = world.account()
    script["publish"] = [AuthFailed("pond", "revoked")]
    late(world, 1)
    world.run()
    world.run(days=3)
    assert [each.state for each in world.posts()] == [State.QUEUED]


# --- Rehearsals


def test_a_rehearsal_shows_what_the_next_run_posts_and_leaves_no_trace(world: SmallWorld) -> None:
    world.account("pond"), world.account("lake", per_day=1)
    with_articles(world, 3)
    world.feed("mine", entry(f"{MINE}/1"), kind="own")
    world.notes("A note of mine")
    before = world.files()
    shown = run.rehearse(world.open(scratch=True))
    assert world.files() == before
    done = world.run()
    due = [(each.account, each.article.url) for each in shown.choice.plan.planned if each.when <= NOON]
    assert sorted(due) == sorted(posted(done))
    assert len(due) == 6
    texts = {each.draft.text for each in world.posts()}
    assert {draft.text for where, draft in shown.choice.drafts.items() if where in due} == texts


def test_a_rehearsal_leaves_no_trace_beside_an_earlier_run_either(world: SmallWorld) -> None:
    world.plan["min_gap"] = "90m"
    script = world.account()
    with_articles(world, 1)
    world.run()
    late(world, 1)
    late(world, 2)
    with_articles(world, 3)
    world.clock.move(hours=2)
    before, calls = world.files(), list(script.calls)
    shown = run.rehearse(world.open(scratch=True))
    assert (world.files(), script.calls) == (before, calls)
    again = run.rehearse(world.open(scratch=True))
    assert again.choice == shown.choice
    assert world.run().choice.plan == shown.choice.plan


def test_a_rehearsal_plans_for_accounts_without_a_credential_and_tells_of_them(world: SmallWorld) -> None:
    world.account("safe", platform="locked")
    world.account("pond")["publish"] = [AuthFailed("pond", "revoked")]
    with_articles(world, 1)
    world.run()
    shown = run.rehearse(world.open(scratch=True))
    assert [error.partition(";")[0] for error in shown.errors] == ["safe: no credential yet", "pond: revoked"]
    assert [each.account for each in shown.choice.plan.planned] == ["safe"]


def test_a_rehearsal_as_of_another_time_plans_for_then_and_until_then(world: SmallWorld) -> None:
    world.plan["slots"] = ["15:00"]
    world.account()
    with_articles(world, 3)
    today, then = NOON + timedelta(hours=3), NOON + timedelta(days=1)
    shown = run.rehearse(world.open(scratch=True), at=then)
    assert [each.when for each in shown.choice.plan.planned] == [today, then + timedelta(hours=3)]


def test_words_for_nobody_in_the_notes_are_told_with_what_was_meant(world: SmallWorld) -> None:
    world.account("pond")
    world.notes("Hello\n[on pnod, Bluesky, POND] Hello pond", "[on tuesdays] I walk")
    first, second = world.run().errors
    file = world.folder / "notes.txt"
    assert first == f"{file}: [on pnod] names no account or network, so nobody gets its words (did you mean pond?)"
    assert second == f"{file}: [on tuesdays] names no account or network, so nobody gets its words (accounts: pond)"
    assert world.shared() == ["Hello pond"], "and the rest goes on"
    assert run.rehearse(world.open(scratch=True)).errors == [first, second]


def test_a_post_of_which_nobody_knows_is_told_by_every_run_until_a_person_has_looked(world: SmallWorld) -> None:
    script = world.account()
    world.feed("ada", entry("https://ada.example/1"))
    script["publish"] = [Unreachable("pond", "no answer")]
    script["find"] = [Unsupported("pond", "keeps no list")]
    reports = [world.run(), world.run(hours=1), world.run(hours=1)]
    [known] = world.posts()
    assert [report.unknown for report in reports] == [[known]] * 3
    for report in reports:
        document = shapes.run(report)
        assert [(each["id"], each["error"]) for each in document["unknown"]] == [(known.id, "pond: no answer")]
        told = "\n".join([*render.run(report, LONDON), *complaints.lines(report, LONDON)])
        assert told.count("Unknown on pond") == 1
        assert "Unknown on pond: About https://ada.example/1\n    pond: no answer\n" in told
        assert f"syndicator queue settle {known.id} --posted URL" in told
    Outbox(world.open().state).save(byhand.settle(known, "https://net.example/1", world.clock()))
    assert world.run(hours=1).unknown == []


def test_a_return_that_will_not_go_out_after_all_is_no_longer_on_its_way(world: SmallWorld) -> None:
    script = world.account()
    world.is_owed("bo.example")
    [favour] = world.received()
    space, theirs = world.open(), "https://bo.example/new"
    queue_link(space, networks.open_accounts(space), theirs, say="Theirs", in_return_for=favour.key)
    space.book.record(Act(favour.identity, "share", NOON, theirs, "queued"))
    script["publish"] = [Unreachable("pond", "no answer"), *[Rejected("pond", "no")] * 4]
    for state, act in ((State.QUEUED, "queued"), (State.REJECTED, "skipped")):
        world.run(hours=1)
        assert [each.state for each in world.posts()] == [state]
        assert [each.state for each in world.open().book.acts()] == [act]
