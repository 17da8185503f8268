"""What every Publisher must do, whatever its network: a post there once, found again, deleted, and errors that help."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from platforms.base import Request
from platforms.errors import AuthFailed, RateLimited, Rejected, Unreachable

from .contract import Counterpart, draft, needs, publishes, request, said


class PublisherContract:
    """Needs a fixture `world` that gives a Counterpart nobody has written to; pure reporters are skipped by name."""

    @pytest.fixture(autouse=True)
    def _publishes(self, world: Counterpart) -> None:
        publishes(world)

    def test_limits_are_known_without_a_login(self, world: Counterpart) -> None:
        limits = world.adapter(login=False).limits
        assert limits.length is None or limits.length > 0
        assert limits.source
        assert datetime.fromisoformat(limits.read_on)

    def test_preparing_writes_nothing_and_is_repeatable(self, world: Counterpart) -> None:
        now = datetime.now(UTC)
        first, second = (request(world.adapter(login=False), now=now) for _ in range(2))
        assert first == second
        assert first.key == "key-1"
        assert first.created == now
        assert json.loads(json.dumps(first.payload)) == first.payload
        assert world.posts() == []

    def test_a_post_is_published_as_drafted(self, world: Counterpart) -> None:
        adapter = world.adapter()
        ref = adapter.publish(request(adapter))
        assert ref.id
        assert ref.url
        [text] = world.posts()
        assert "Gardening & code, part 1 🌱" in text

    def test_what_its_owner_wrote_is_published_to_the_letter(self, world: Counterpart) -> None:
        adapter = world.adapter()
        lines = ("In my own words – “quoted”, 3 < 4 & 5 > 4,", "ünd so weiter 🌱")
        written = replace(draft(), text="\n".join(lines), url=None, card=None)
        adapter.publish(adapter.prepare(written, "key-1", datetime.now(UTC)))
        [text] = world.posts()
        assert [line for line in lines if line not in text] == []

    def test_a_stored_request_is_published_by_another_process(self, world: Counterpart) -> None:
        needs(world, "find")
        made = request(world.adapter())
        stored = Request(
            made.key, json.loads(json.dumps(made.payload)), datetime.fromisoformat(made.created.isoformat())
        )
        ref = world.adapter().publish(stored)
        assert world.adapter().find(stored) == ref

    def test_nothing_is_found_before_it_was_published(self, world: Counterpart) -> None:
        needs(world, "find")
        adapter = world.adapter()
        adapter.publish(request(adapter, 1))
        assert adapter.find(request(adapter, 2)) is None

    def test_an_earlier_post_of_the_same_is_not_taken_for_this_one(self, world: Counterpart) -> None:
        needs(world, "find")
        adapter = world.adapter()
        adapter.publish(request(adapter))
        later = request(adapter, key="key-again", now=datetime.now(UTC) + timedelta(hours=1))
        assert adapter.find(later) is None

    def test_a_lost_answer_is_found_again(self, world: Counterpart) -> None:
        needs(world, "lose_answer")
        needs(world, "find")
        made = request(world.adapter())
        world.lose_answer()
        with pytest.raises(Unreachable) as caught:
            world.adapter().publish(made)
        said(caught.value)
        assert len(world.posts()) == 1
        ref = world.adapter().find(made)
        assert ref is not None
        world.adapter().delete(ref)
        assert world.posts() == []

    def test_a_late_answer_is_found_again(self, world: Counterpart) -> None:
        needs(world, "delay_answer")
        needs(world, "find")
        made = request(world.adapter())
        world.delay_answer()
        with pytest.raises(Unreachable) as caught:
            world.adapter().publish(made)
        said(caught.value)
        assert world.adapter().find(made) is not None
        assert len(world.posts()) == 1

    @pytest.mark.parametrize("status", [500, 502, 503])
    def test_a_failing_server_leaves_nothing_and_a_second_try_posts_once(self, world: Counterpart, status: int) -> None:
        needs(world, "fail")
        needs(world, "find")
        made = request(world.adapter())
        world.fail(status)
        with pytest.raises(Unreachable) as caught:
            world.adapter().publish(made)
        said(caught.value)
        assert world.adapter().find(made) is None
        world.adapter().publish(made)
        assert len(world.posts()) == 1

    def test_a_refused_post_is_rejected_in_the_servers_words(self, world: Counterpart) -> None:
        needs(world, "fail")
        adapter = world.adapter()
        world.fail(400)
        with pytest.raises(Rejected) as caught:
            adapter.publish(request(adapter))
        said(caught.value)
        assert world.posts() == []

    def test_a_refused_login_asks_for_a_new_one(self, world: Counterpart) -> None:
        needs(world, "refuse_login")
        made = request(world.adapter())
        world.refuse_login()
        with pytest.raises(AuthFailed) as caught:
            world.adapter().publish(made)
        assert "SYNDICATOR_" in said(caught.value).remedy
        assert world.posts() == []

    def test_a_missing_secret_is_named(self, world: Counterpart) -> None:
        needs(world, "refuse_login")
        adapter = world.adapter(login=False)
        with pytest.raises(AuthFailed) as caught:
            adapter.publish(request(adapter))
        assert "SYNDICATOR_" in said(caught.value).remedy

    def test_too_many_requests_say_when_to_come_back(self, world: Counterpart) -> None:
        needs(world, "rate_limit")
        adapter = world.adapter()
        world.rate_limit(60)
        with pytest.raises(RateLimited) as caught:
            adapter.publish(request(adapter))
        said(caught.value)
        assert caught.value.retry_at is not None
        assert abs(caught.value.retry_at - datetime.now(UTC) - timedelta(seconds=60)) < timedelta(seconds=10)
        assert world.posts() == []

    def test_deleting_twice_is_no_error(self, world: Counterpart) -> None:
        needs(world, "find")
        adapter = world.adapter()
        made = request(adapter)
        ref = adapter.publish(made)
        adapter.publish(request(adapter, 2))
        adapter.delete(ref)
        adapter.delete(ref)
        [left] = world.posts()
        assert "part 2" in left
        assert adapter.find(made) is None

    def test_a_post_that_is_gone_is_not_found_and_deleting_it_is_no_error(self, world: Counterpart) -> None:
        needs(world, "lose_post")
        needs(world, "find")
        made = request(world.adapter())
        ref = world.adapter().publish(made)
        world.lose_post()
        assert world.adapter().find(made) is None
        world.adapter().delete(ref)
        assert world.posts() == []
