"""Pictures from the web to networks that look at them: uploaded, shown, left out, and thrown away meanwhile."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from counterparts import feed_server, pictures
from counterparts.fake_bluesky import FakeBluesky
from counterparts.fake_mastodon import MastodonWorld
from counterparts.feed_server import FeedServer
from pieces import post

from ledger.store.tiny import memory_store
from platforms.base import Card, Draft, Image, Request
from platforms.errors import Rejected
from platforms.memory import LIMITS
from syndicator import byhand
from syndicator.outbox import Outbox, Post
from syndicator.outcomes import Failed, Outcome, Posted
from syndicator.pictures.finder import Pictures
from syndicator.publish import publish, settle
from syndicator.sources.fetched import FetchOptions

URL = "https://ada.example/a"


@pytest.fixture
def web() -> Iterator[FeedServer]:
    with feed_server.running("127.0.0.2") as running:
        running.routes["/p.jpg"] = pictures.answer(pictures.noise(size=(3000, 2000)))
        yield running


@pytest.fixture
def sky() -> Iterator[FakeBluesky]:
    world = FakeBluesky()
    yield world
    world.close()


@pytest.fixture
def outbox() -> Outbox:
    return Outbox(memory_store())


def run(outbox: Outbox, adapter: Any, later: timedelta = timedelta()) -> list[Outcome]:
    now = datetime.now(UTC) + later
    find = Pictures(FetchOptions(timeout=5, allow_private=("127.0.0.2",))).find
    settled = list(settle(outbox, "demo", adapter, lambda: now))
    return settled + list(publish(outbox, "demo", adapter, lambda: now, find))


def with_card(web: FeedServer) -> Draft:
    return Draft("A walk", URL, Card(URL, "A walk", image=web.url("/p.jpg"), image_alt="A canal"))


def attaching(web: FeedServer) -> Draft:
    return Draft(f"A walk\n{URL}", URL, image=Image(web.url("/p.jpg"), "A canal"))


def one(outbox: Outbox) -> Post:
    (found,) = outbox
    return found


def embed(sky: FakeBluesky) -> dict:
    (record,) = sky.records.values()
    return record.get("embed", {})


# --- Bluesky


def test_bluesky_shows_the_picture_on_the_card(outbox: Outbox, web: FeedServer, sky: FakeBluesky) -> None:
    outbox.save(post(draft=with_card(web)))
    assert [type(each) for each in run(outbox, sky.adapter())] == [Posted]
    thumb = embed(sky)["external"]["thumb"]
    assert (thumb["mimeType"], thumb["size"] <= 1_000_000) == ("image/jpeg", True)


def test_bluesky_shows_an_attached_picture_with_its_text_and_shape(
    outbox: Outbox, web: FeedServer, sky: FakeBluesky
) -> None:
    outbox.save(post(draft=attaching(web)))
    run(outbox, sky.adapter())
    (image,) = embed(sky)["images"]
    assert (image["alt"], image["aspectRatio"]) == ("A canal", {"width": 2000, "height": 1333})
    assert image["image"]["size"] <= 2_000_000


def test_bluesky_gets_the_card_when_it_refuses_the_picture(outbox: Outbox, web: FeedServer, sky: FakeBluesky) -> None:
    sky.refuse_picture()
    outbox.save(post(draft=with_card(web)))
    assert [type(each) for each in run(outbox, sky.adapter())] == [Posted]
    assert "thumb" not in embed(sky)["external"]
    assert "its picture was left out" in one(outbox).history[0].why


@pytest.mark.parametrize("gone", [False, True])
def test_a_picture_that_bluesky_threw_away_meanwhile_is_uploaded_anew_or_left_out(
    gone: bool, outbox: Outbox, web: FeedServer, sky: FakeBluesky
) -> None:
    outbox.save(post(draft=with_card(web)))
    sky.fail(500)
    run(outbox, sky.adapter())
    before = one(outbox).request
    assert before
    sky.blobs.clear()
    if gone:
        del web.routes["/p.jpg"]
    (outcome,) = run(outbox, sky.adapter(), timedelta(hours=1))
    assert isinstance(outcome, Posted)
    assert ("thumb" in embed(sky)["external"]) is not gone
    told = [step.why for step in one(outbox).history]
    assert any("so once more, made anew" in why for why in told)
    assert any("its picture was left out" in why for why in told) is gone
    [key] = sky.records
    assert before.payload["rkey"] in str(key), "it is the same post"
    assert sky.records[key]["createdAt"] == before.payload["record"]["createdAt"]


@pytest.mark.parametrize("refused", [False, True])
def test_a_lost_answer_to_a_post_with_a_picture_is_read_back(
    refused: bool, outbox: Outbox, web: FeedServer, sky: FakeBluesky
) -> None:
    if refused:
        sky.refuse_picture()
    sky.lose_answer()
    outbox.save(post(draft=with_card(web)))
    (outcome,) = run(outbox, sky.adapter())
    assert isinstance(outcome, Posted)
    assert len(sky.records) == 1
    assert ("thumb" in embed(sky)["external"]) is not refused


def test_a_login_refused_at_the_upload_holds_the_account(outbox: Outbox, web: FeedServer, sky: FakeBluesky) -> None:
    sky.refuse_login()
    outbox.save(post(draft=with_card(web)))
    (failed,) = run(outbox, sky.adapter())
    assert failed.held is not None
    assert (one(outbox).state, one(outbox).request, one(outbox).attempts) == ("queued", None, 0)
    assert "putRecord" not in sky.calls


def edited_after_no_answer(outbox: Outbox, adapter: Any) -> Request:
    """A post whose first try got no answer, with other words; gives the request, which may yet arrive."""
    (failed,) = run(outbox, adapter)
    assert isinstance(failed, Failed)
    before = one(outbox)
    assert before.request
    outbox.save(byhand.edit(before, f"Other words\n{URL}", LIMITS, datetime.now(UTC)))
    return before.request


@pytest.mark.parametrize("late", [False, True])
def test_bluesky_has_one_of_the_two_words_of_an_edited_post_whichever_comes_first(
    late: bool, outbox: Outbox, sky: FakeBluesky
) -> None:
    outbox.save(post(draft=Draft(f"A walk\n{URL}", URL)))
    sky.fail(500)
    before = edited_after_no_answer(outbox, sky.adapter())
    if not late:
        sky.adapter().publish(before)
    (outcome,) = run(outbox, sky.adapter(), timedelta(hours=1))
    assert isinstance(outcome, Posted)
    assert bool(outcome.remark) is not late
    if late:
        with pytest.raises(Rejected):
            sky.adapter().publish(before)
    assert sky.posts() == [f"Other words\n{URL}" if late else f"A walk\n{URL}"]


# --- Mastodon


def test_mastodon_has_the_old_words_of_an_edited_post_if_they_came_first(outbox: Outbox, tmp_path: Path) -> None:
    world = MastodonWorld(tmp_path)
    try:
        outbox.save(post(draft=Draft(f"A walk\n{URL}", URL)))
        world.fail(503)
        before = edited_after_no_answer(outbox, world.adapter())
        world.adapter().publish(before)
        (outcome,) = run(outbox, world.adapter(), timedelta(hours=1))
        assert isinstance(outcome, Posted)
        assert outcome.remark
        assert len(world.posts()) == 1
    finally:
        world.close()


@pytest.mark.parametrize("refused", [False, True])
def test_mastodon_shows_an_attached_picture_or_goes_without(
    refused: bool, outbox: Outbox, web: FeedServer, tmp_path: Path
) -> None:
    world = MastodonWorld(tmp_path)
    try:
        if refused:
            world.refuse_picture()
        outbox.save(post(draft=attaching(web)))
        (outcome,) = run(outbox, world.adapter())
        assert isinstance(outcome, Posted)
        shown = world.client().status(outcome.ref.id)["media_attachments"]
        assert [each["description"] for each in shown] == ([] if refused else ["A canal"])
        assert ("its picture was left out" in one(outbox).history[0].why) is refused
    finally:
        world.close()
