"""Mastodon's JSON in our words, on payloads of real servers and on the corners that they leave out."""

from datetime import UTC, datetime
from typing import Any

import pytest

from platforms.mastodon_accounts import time
from platforms.mastodon_html import Content
from platforms.mastodon_wire import interaction, made_from, ref

BOB = {"id": "7", "acct": "bob@other.example", "url": "https://other.example/@bob", "display_name": "Bob", "bot": True}
MINE = {"id": "100", "url": "https://home.example/@ada/100", "uri": "https://home.example/users/ada/statuses/100"}
THEIRS = {
    "id": "01HX7J5ZK3",
    "url": "https://other.example/@bob/200",
    "content": '<p><a href="https://home.example/@ada">@<span>ada</span></a> so true &amp; well said</p>',
    "in_reply_to_id": None,
    "in_reply_to_account_id": None,
}
ANSWER = THEIRS | {"in_reply_to_id": "100", "in_reply_to_account_id": "1"}
QUOTE = THEIRS | {"quote": {"state": "accepted", "quoted_status": MINE}}
AT = "2026-11-02T12:00:00.500Z"


def notification(kind: str, status: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"id": "0042", "type": kind, "created_at": AT, "account": BOB, "status": status, **more}


@pytest.mark.parametrize(
    ("payload", "kind", "url", "target"),
    [
        (notification("mention", THEIRS), "mention", THEIRS["url"], ""),
        (notification("mention", ANSWER), "reply", THEIRS["url"], "100"),
        (notification("mention", ANSWER | {"in_reply_to_account_id": "9"}), "mention", THEIRS["url"], ""),
        (notification("reblog", MINE), "boost", "", MINE["url"]),
        (notification("reblog", MINE | {"url": None}), "boost", "", MINE["uri"]),
        (notification("favourite", MINE), "like", "", MINE["url"]),
        (notification("favourite", None), "like", "", ""),
        (notification("quote", QUOTE), "quote", THEIRS["url"], MINE["url"]),
        (notification("quote", THEIRS | {"quote": {"quoted_status_id": "100"}}), "quote", THEIRS["url"], "100"),
        (notification("follow"), "follow", "", ""),
        (
            notification("added_to_collection", collection={"id": "3", "url": "https://other.example/collections/3"}),
            "recommend",
            "https://other.example/collections/3",
            "",
        ),
    ],
)
def test_a_notification_becomes_what_was_done(payload: dict[str, Any], kind: str, url: str, target: str) -> None:
    done = interaction(payload, "1")
    assert done is not None
    assert (done.kind, done.url, done.target) == (kind, url, target)
    assert done.id == "0042"
    assert done.at == datetime(2026, 11, 2, 12, 0, 0, 500_000, tzinfo=UTC)
    assert (done.actor.handle, done.actor.id, done.actor.name, done.actor.bot) == (
        "bob@other.example",
        "7",
        "Bob",
        True,
    )


@pytest.mark.parametrize(
    "kind",
    [
        "poll",
        "update",
        "status",
        "follow_request",
        "admin.sign_up",
        "severed_relationships",
        "quoted_update",
        "not yet invented",
    ],
)
def test_other_notifications_are_nobodys_favour(kind: str) -> None:
    assert interaction(notification(kind, THEIRS), "1") is None


def test_no_time_is_invented() -> None:
    done = interaction(notification("follow") | {"created_at": None}, "1")
    assert done is not None
    assert done.at is None


def test_the_words_of_a_reply_are_kept_as_text() -> None:
    done = interaction(notification("mention", ANSWER), "1")
    assert done is not None
    assert done.text == "@ada so true & well said"


def test_a_handle_of_the_same_server_gets_its_name() -> None:
    local = {"id": "8", "acct": "cy", "url": "https://home.example/@cy"}
    done = interaction(notification("follow") | {"account": local}, "1")
    assert done is not None
    assert done.actor.handle == "cy@home.example"


URL = "https://ben.example/p?a=1&b=2"


@pytest.mark.parametrize(
    ("content", "card", "same"),
    [
        (
            '<p>Hi <a href="https://ben.example/p?a=1&amp;b=2"><span class="invisible">https://</span>ben…</a></p>',
            None,
            True,
        ),
        ("<p>Hi</p>", {"url": URL}, True),
        (f"<p>Hi<br>{URL.replace('&', '&amp;')}</p>", None, True),  # a server that makes no links
        ('<p>Hi <a href="https://ben.example/p?a=1&amp;b=22">x</a></p>', {"url": f"{URL}2"}, False),
        ("<p>Hi</p>", None, False),
        (None, None, False),
    ],
)
def test_a_status_is_known_by_its_link(content: str | None, card: dict[str, str] | None, same: bool) -> None:
    assert made_from({"content": content, "card": card}, {"status": f"Hi\n{URL}", "url": URL}) is same


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("<p>One &amp; two<br />three</p><p>four</p>", "One & two\nthree\n\nfour"),
        (
            '<p>Thanks <span><a href="https://other.example/@bob">@<span>bob</span></a></span>!</p>',
            "Thanks @bob@other.example!",
        ),
    ],
)
def test_a_status_without_a_link_is_known_by_its_words(content: str, text: str) -> None:
    assert made_from({"content": content}, {"status": text, "url": None})
    assert not made_from({"content": content}, {"status": f"{text} more", "url": None})


def test_a_boost_of_a_post_with_the_same_link_is_not_mine() -> None:
    status = {"content": f'<p>Hi <a href="{URL}">x</a></p>', "card": {"url": URL}, "reblog": THEIRS}
    assert not made_from(status, {"status": f"Hi\n{URL}", "url": URL})


@pytest.mark.parametrize(
    ("more", "asked", "same"),
    [
        ({"in_reply_to_id": "9", "visibility": "direct"}, "public", False),
        ({"in_reply_to_id": "9"}, "public", False),
        ({"visibility": "direct"}, "public", False),
        ({"visibility": "public"}, "direct", False),
        ({"visibility": "private"}, "unlisted", False),
        ({"visibility": "public", "in_reply_to_id": None}, "public", True),
        ({"visibility": "unlisted"}, "public", True),  # of an account that its server limits
        ({"visibility": None}, "private", True),
        ({}, "private", True),
    ],
)
def test_an_answer_or_what_others_may_see_is_not_the_post(more: dict[str, Any], asked: str, same: bool) -> None:
    for content in (f'<p>@bob <a href="{URL}">x</a></p>', f'<p>Hi<br><a href="{URL}">{URL}</a></p>'):
        assert made_from({"content": content} | more, {"status": f"Hi\n{URL}", "url": URL, "visibility": asked}) is same


def test_content_is_text_and_links() -> None:
    content = Content('<p>a &lt;b&gt;<br>c <a href="https://x.example/?q=1&amp;r">d</a><a>e</a></p><p>f</p>')
    assert content.text == "a <b>\nc de\nf"
    assert content.links == ["https://x.example/?q=1&r"]


def test_ids_are_never_read_as_numbers() -> None:
    assert ref({"id": "007", "url": None, "uri": "https://home.example/7"}).id == "007"


def test_times_are_utc_whatever_the_sdk_made_of_them() -> None:
    noon = datetime(2026, 11, 2, 12, tzinfo=UTC)
    assert time("2026-11-02T13:00:00+01:00") == time(datetime(2026, 11, 2, 12)) == time(noon) == noon  # noqa: DTZ001
    assert time(None) is None


@pytest.mark.parametrize(
    ("kind", "visibility", "private"),
    [
        ("mention", "public", False),
        ("mention", "unlisted", False),
        ("mention", "private", True),
        ("mention", "direct", True),
        ("mention", "local", True),
        ("mention", None, True),
        ("quote", "private", True),
        ("favourite", "public", False),
        ("favourite", "direct", True),
        ("reblog", "public", False),
        ("reblog", None, False),
        ("reblog", "private", True),
        ("follow", None, False),
    ],
)
def test_what_not_everybody_may_see_is_private(kind: str, visibility: str | None, private: bool) -> None:
    status = THEIRS | ({"visibility": visibility} if visibility else {})
    done = interaction(notification(kind, None if kind == "follow" else status), "1")
    assert done is not None
    assert done.private is private


def test_so_is_a_status_found_on_a_timeline() -> None:
    named = THEIRS | {"account": BOB, "mentions": [{"id": "1"}]}
    for visibility, private in (("public", False), ("direct", True)):
        done = interaction(named | {"visibility": visibility}, "1")
        assert done is not None
        assert done.private is private
