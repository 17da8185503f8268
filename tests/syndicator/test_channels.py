"""Chats, websites and webmentions in the pipeline: no message twice, and no act of a network counted twice."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from counterparts.fake_chat import FakeChat
from counterparts.fake_webmention_io import FakeWebmentionIo
from pieces import NOON, post

from ledger.entry import Entry, Identity, Kind
from ledger.rules import Rules
from ledger.settle import settle
from ledger.store.tiny import memory_store
from platforms.apprise import Apprise
from platforms.base import Actor, Interaction
from syndicator.outbox import Outbox, State
from syndicator.outcomes import Failed, Unknown
from syndicator.publish import publish
from syndicator.reported import read


@pytest.fixture
def chat() -> Iterator[FakeChat]:
    chat = FakeChat()
    yield chat
    chat.close()


@pytest.fixture
def service() -> Iterator[FakeWebmentionIo]:
    service = FakeWebmentionIo()
    yield service
    service.close()


def sent(adapter: Apprise) -> tuple[object, State]:
    """What became of one post that is due on a chat account."""
    outbox = Outbox(memory_store())
    one = post(account="chat", state=State.QUEUED)
    outbox.save(one)
    [outcome] = publish(outbox, "chat", adapter, lambda: NOON)
    [kept] = outbox
    return outcome, kept.state


def test_a_lost_answer_of_a_chat_waits_for_a_person(chat: FakeChat) -> None:
    chat.lose_answer()
    outcome, state = sent(chat.adapter())
    assert isinstance(outcome, Unknown)
    assert state is State.UNKNOWN


def test_a_chat_that_cannot_be_reached_is_tried_again(chat: FakeChat) -> None:
    outcome, state = sent(chat.adapter(url="ntfy://127.0.0.1:1/topic"))
    assert isinstance(outcome, Failed)
    assert outcome.retry_at
    assert timedelta(minutes=4) <= outcome.retry_at - NOON <= timedelta(minutes=6), "a fifth more or less"
    assert state is State.QUEUED


def test_a_refused_message_is_rejected_and_a_bad_url_holds_the_account(chat: FakeChat) -> None:
    chat.fail(400)
    outcome, state = sent(chat.adapter())
    assert isinstance(outcome, Failed)
    assert (outcome.held, state) == (None, State.REJECTED)
    chat.refuse_login()
    outcome, state = sent(chat.adapter())
    assert isinstance(outcome, Failed)
    assert outcome.held is not None
    assert state is State.QUEUED


BOB = Actor("bob@other.social", "77", "https://other.social/@bob", "Bob")
STATUS = "https://example.social/@ada/1"
SKY = "https://bsky.app/profile/ada.example/post/3lal"
REPLY = "https://other.social/@bob/9"
SKY_BOB = Actor("bob.example", "did:plc:bob", "https://bsky.app/profile/bob.example", "Bob")


@pytest.mark.parametrize("network_first", [True, False])
@pytest.mark.parametrize(
    ("network", "told", "source", "prop", "url", "points"),
    [
        ("mastodon", Interaction("like", BOB, "501", target=STATUS, at=NOON),
         "https://brid.gy/like/mastodon/@ada@example.social/1/77", "like-of", f"{STATUS}#favorited-by-77", 1),
        ("mastodon", Interaction("boost", BOB, "502", target=STATUS, at=NOON),
         "https://brid.gy/repost/mastodon/@ada@example.social/1/77", "repost-of", f"{STATUS}#reblogged-by-77", 4),
        ("mastodon", Interaction("reply", BOB, "503", REPLY, STATUS, NOON),
         "https://brid.gy/comment/mastodon/@ada@example.social/1/9", "in-reply-to", REPLY, 3),
        ("bluesky", Interaction("like", SKY_BOB, "at://did:plc:bob/app.bsky.feed.like/1", target=SKY, at=NOON),
         "https://brid.gy/like/bluesky/did:plc:ada/at%253A%252F%252Fdid:plc:ada/did%253Aplc%253Abob", "like-of",
         f"{SKY}#liked_by_did:plc:bob", 1),
    ],
)  # fmt: skip
def test_an_act_that_came_through_bridgy_as_well_counts_once(
    service: FakeWebmentionIo,
    network: str,
    told: Interaction,
    source: str,
    prop: str,
    url: str,
    points: float,
    *,
    network_first: bool,
) -> None:
    seen = (NOON + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    card = {"type": "card", "name": "Bob", "url": told.actor.url}
    service.add(source, prop, url=url, author=card, **{"wm-received": seen})
    bridged = service.adapter().interactions(None).interactions
    pages = [(network, (told,)), ("webmention.io", bridged)]
    entries: list[Entry] = []
    for number, (channel, acts) in enumerate(pages if network_first else pages[::-1]):
        entries += read(channel, acts, NOON + timedelta(hours=2 + number)).entries
    assert {entry.identity.network for entry in entries} == {network}
    settlement = settle(entries, NOON + timedelta(hours=3), Rules())
    assert settlement.balance == pytest.approx(points, rel=0.01)


def test_a_site_that_links_is_the_same_site_as_in_a_feed(service: FakeWebmentionIo) -> None:
    service.add(
        "https://www.bob.example/posts/9", author={"type": "card", "name": "Bob", "url": "https://bob.example/"}
    )
    [entry] = read("webmention.io", service.adapter().interactions(None).interactions, NOON).entries
    assert (entry.identity, entry.kind) == (Identity("web", "bob.example"), Kind.LINK)
