"""What every Publisher must do, whatever its network: one suite, run against a counterpart of each.

To join: write `tests/counterparts/<module>.py` with a class that follows `Counterpart` and is made from an empty
folder, and add one line to `COUNTERPARTS`. A fault the network can't have is listed in `CANNOT` with the reason and its
method raises NotImplementedError. Faults hold for the next write only (`lose_answer`, `rate_limit`, `fail`);
`refuse_login` holds for good.
"""

import json
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Protocol

import pytest

from platforms.base import Card, Draft, Publisher, Request
from platforms.errors import AuthFailed, PlatformError, RateLimited, Rejected, Unreachable


class Counterpart(Protocol):
    """A network to talk to, with its faults at hand."""

    name: str

    def adapter(self, *, login: bool = True) -> Publisher:
        """A fresh adapter, as in a new process; `login=False`: without any secret."""

    def posts(self) -> list[str]:
        """The texts now visible on the network, oldest first."""

    def lose_answer(self) -> None:
        """The next publish is carried out, and its answer never arrives."""

    def refuse_login(self) -> None:
        """The server accepts the credential no more."""

    def rate_limit(self, seconds: int) -> None:
        """The next publish is refused until `seconds` from now."""

    def fail(self, status: int) -> None:
        """The next publish is answered with this HTTP status and not carried out."""

    def mention(self, text: str) -> None:
        """Somebody else names the account in a post with this text; only asked of a network that reports."""

    def act(self, kind: str) -> None:
        """Somebody else does this (a kind of the ledger) to the account's newest post, or follows the account."""

    def delay_answer(self) -> None:
        """The next publish is carried out, and its answer comes only after the adapter's time is up."""

    def repeat_page(self) -> None:
        """From now on every page of what others did is told as if nothing of it had been asked for before."""

    def empty_page(self) -> None:
        """The next page of what others did is empty, though more follows."""

    def lose_post(self) -> None:
        """The account's newest post is gone from the network, and what others did to it is still told."""

    def refuse_picture(self) -> None:
        """The network refuses every picture from now on."""

    def close(self) -> None:
        """Stop everything that was started."""


#: name of the network in the registry → "module:Class", called with an empty folder
COUNTERPARTS: dict[str, str] = {
    "apprise": "counterparts.fake_chat:FakeChat",
    "bluesky": "counterparts.fake_bluesky:FakeBluesky",
    "linkblog": "counterparts.local:LinkblogWorld",
    "mastodon": "counterparts.fake_mastodon:MastodonWorld",
    "memory": "counterparts.local:MemoryWorld",
    "micropub": "counterparts.fake_micropub:FakeMicropub",
    "webmention.io": "counterparts.fake_webmention_io:FakeWebmentionIo",
    "x": "counterparts.fake_x:FakeX",
}

FAULTS = ("lose_answer", "refuse_login", "rate_limit", "fail")
ASKED = (*FAULTS, "mention", "find")

#: (network, method of its counterpart, or `find` of its adapter) → why it can't be asked for that
CANNOT: dict[tuple[str, str], str] = {
    **{("linkblog", fault): "it is a folder: no server, no login" for fault in FAULTS},
    **{("memory", fault): "it lives in this process: no server, no login" for fault in FAULTS},
    ("micropub", "mention"): "its adapter reports nothing",
    ("apprise", "mention"): "its adapter reports nothing",
    ("apprise", "find"): "a chat can't be read back, nor can a message be taken back",
}


def open_counterpart(name: str, folder: Path) -> Counterpart:
    """Start the named network on loopback (or in memory)."""
    module, _, attribute = COUNTERPARTS[name].partition(":")
    return getattr(import_module(module), attribute)(folder)


def needs(world: Counterpart, what: str) -> None:
    """Skip, and say why, when this network's counterpart can't do that."""
    if reason := CANNOT.get((world.name, what)):
        pytest.skip(f"{world.name}: {reason}")


def draft(number: int = 1) -> Draft:
    """A share of an article, as composed for any network: the URL is in the text and in the card."""
    url = f"https://ada.example/posts/{number}?a=1&b=2"
    card = Card(url=url, title=f"Gardening & code, part {number}", description="On <pruning>", site="Ada’s garden")
    return Draft(text=f"Gardening & code, part {number} 🌱\n{url}", url=url, card=card, language="en")


def request(adapter: Publisher, number: int = 1, *, key: str = "", now: datetime | None = None) -> Request:
    return adapter.prepare(draft(number), key or f"key-{number}", now or datetime.now(UTC))


def said(error: PlatformError) -> PlatformError:
    """The error, checked to name whom it concerns and what happened."""
    assert error.subject
    assert error.problem
    return error


class PublisherContract:
    """Needs a fixture `world` that gives a Counterpart nobody has written to; pure reporters are skipped by name."""

    @pytest.fixture(autouse=True)
    def _publishes(self, world: Counterpart) -> None:
        if not isinstance(world.adapter(), Publisher):
            pytest.skip(f"{world.name}: nothing can be posted there")

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
