"""The digest: short, plain, sent once, and never a reason for a run to fail."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from counterparts.fake_chat import TOKEN, URL, FakeChat
from pieces import NOON, post
from small_world import SmallWorld, entry

from platforms.apprise import Apprise
from platforms.base import Limits, PostRef, Request
from platforms.text import length
from syndicator.digest import News, compose
from syndicator.outbox import Outbox, State
from syndicator.settings import SettingsError

DAY = timedelta(days=1)
ROOM = Limits(length=500, count="characters", source="", read_on="")


@pytest.fixture
def chat() -> Iterator[FakeChat]:
    chat = FakeChat()
    yield chat
    chat.close()


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chat: FakeChat) -> SmallWorld:
    world = SmallWorld(tmp_path, monkeypatch)
    world.account("pond")
    world.accounts["chat"] = {"platform": "apprise", "per_day": 0}
    world.digest = {"account": "chat", "every": "1d"}
    monkeypatch.setenv("SYNDICATOR_CHAT_URL", URL)
    assert chat.posts() == []
    return world


# --- The text


def test_it_names_the_most_urgent_first() -> None:
    lost = post("https://p0.example/a", "lake", state=State.UNKNOWN, title="Where is it? @everyone")
    sent = [post(f"https://p{n}.example/a", "pond", title=f"Part {n}") for n in range(7)]
    text = compose(News(span=DAY, posted=sent, unknown=[lost], queued=3, alarms=["no run ended well for 7h"]), ROOM)
    assert text.splitlines() == [
        "In 1d: 7 posted, 1 waiting for you, 0 owed.",
        "Look:",
        "- no run ended well for 7h",
        "May have arrived:",
        "- lake: Where is it? @\u200beveryone",
        "Posted:",
        *(f"- pond: Part {n}" for n in range(5)),
        "- and 2 more",
        "3 more in the queue.",
    ]


def test_of_nothing_it_says_so() -> None:
    assert compose(News(span=DAY), ROOM) == "In 1d: 0 posted, 0 waiting for you, 0 owed."


def test_it_fits_the_channel() -> None:
    sent = [post(f"https://p{n}.example/a", "pond", title="Long " * 20) for n in range(5)]
    text = compose(News(span=DAY, posted=sent), SMALL)
    assert length(text, SMALL.count) <= 160
    assert text.startswith("In 1d: 5 posted")
    assert text.endswith("\n…")


SMALL = Limits(length=160, count="characters", source="", read_on="")


# --- Sending


def test_it_is_sent_once_in_each_time(world: SmallWorld, chat: FakeChat) -> None:
    world.feed("planet", entry("https://p0.example/a", title="About ponds"))
    world.is_owed("ada.example")
    assert world.run().alarms == []
    [first] = chat.posts()
    assert first.startswith("In 1d: 1 posted, 0 waiting for you, 1 owed.")
    assert "About ponds" in first
    assert "ada" in first
    world.run(hours=12)
    assert len(chat.posts()) == 1
    world.run(hours=12)
    assert [text.partition(",")[0] for text in chat.posts()] == ["In 1d: 1 posted", "In 1d: 0 posted"]


def test_without_the_setting_nothing_is_sent(world: SmallWorld, chat: FakeChat) -> None:
    world.digest = {}
    world.run()
    assert chat.posts() == []


def test_what_surely_did_not_arrive_is_sent_by_the_next_run(
    world: SmallWorld, chat: FakeChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYNDICATOR_CHAT_URL", "json://127.0.0.1:9/nobody-listens")
    [told] = world.run().alarms
    assert told.startswith("the digest was not sent: chat: ")
    assert told.endswith("the next run tries again")
    monkeypatch.setenv("SYNDICATOR_CHAT_URL", URL)
    assert world.run(hours=6).alarms == []
    assert [text.partition(":")[0] for text in chat.posts()] == ["In 1d6h"]


def test_a_digest_that_was_refused_is_not_lost(world: SmallWorld, chat: FakeChat) -> None:
    world.feed("planet", entry("https://p0.example/a", title="About ponds"))
    chat.fail(400)
    [told] = world.run().alarms
    assert told.startswith("the digest was not sent: chat: ")
    assert told.endswith("(400); the next run tries again")
    assert world.run(hours=1).alarms == []
    [text] = chat.posts()
    assert text.startswith("In 1d1h: 1 posted")
    assert "About ponds" in text


def test_a_digest_waits_for_another_credential_when_that_was_refused(
    world: SmallWorld, chat: FakeChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.feed("planet", entry("https://p0.example/a", title="About ponds"))
    chat.refuse_login()
    [told] = world.run().alarms
    assert "the next run" not in told
    asked = len(chat.calls)
    assert world.run(hours=1).alarms == [told]
    assert len(chat.calls) == asked, "what is refused is not tried again"
    chat.token = "another-token"
    monkeypatch.setenv("SYNDICATOR_CHAT_URL", URL.replace(TOKEN, chat.token))
    assert world.run(hours=1).alarms == []
    [text] = chat.posts()
    assert text.startswith("In 1d2h: 1 posted")


def test_what_may_have_arrived_is_not_sent_again(world: SmallWorld, chat: FakeChat) -> None:
    chat.lose_answer()
    report = world.run()
    assert (len(report.alarms), report.errors) == (1, [])
    assert world.run(minutes=30).alarms == []
    assert len(chat.posts()) == 1


def test_a_run_that_died_while_it_sent_sends_no_second_one(
    world: SmallWorld, chat: FakeChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = Apprise.publish

    def killed(self: Apprise, request: Request) -> PostRef:
        really(self, request)
        raise KeyboardInterrupt

    monkeypatch.setattr(Apprise, "publish", killed)
    with pytest.raises(KeyboardInterrupt):
        world.run()
    monkeypatch.setattr(Apprise, "publish", really)
    assert world.run(minutes=30).alarms == ["the last digest may have arrived or not; it is not sent again"]
    assert world.run(minutes=30).alarms == []
    assert len(chat.posts()) == 1


def test_a_channel_without_a_credential_fails_no_run(world: SmallWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SYNDICATOR_CHAT_URL")
    Outbox(world.open().state).save(post("https://p0.example/a", "pond", when=NOON))
    report = world.run()
    assert len(report.outcomes) == 1
    assert report.alarms[0].startswith("the digest was not sent: chat: no credential yet")


@pytest.mark.parametrize(
    ("digest", "said"),
    [
        ({"account": "pond"}, r"`digest.account` is 'pond', which is no account of platform apprise"),
        ({"account": "nobody"}, r"add \[accounts.nobody\]"),
        ({"account": "chat", "every": "10m"}, "every must be at least an hour"),
    ],
)
def test_settings_that_lead_nowhere_are_refused(world: SmallWorld, digest: dict[str, str], said: str) -> None:
    world.digest = digest
    with pytest.raises(SettingsError, match=said):
        world.settings()
