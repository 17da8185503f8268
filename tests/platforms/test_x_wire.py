"""X's posts in our words: on recorded answers and on the corners that they leave out."""

from datetime import UTC, datetime

import pytest

from platforms.x_wire import interactions, listed, says

ME, BEA = "1", "2"
ADA = {"id": ME, "username": "Ada"}
AT = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def answer(*posts: dict) -> dict:
    return {"data": list(posts), "includes": {"users": [{"id": BEA, "username": "bea", "name": "Bea"}]}}


def post(text: str = "@Ada hello", names: tuple[dict, ...] = (ADA,), link: str = "", **more: object) -> dict:
    urls = [{"url": "https://t.co/1", "expanded_url": link}] if link else []
    entities = {"mentions": list(names), "urls": urls}
    return {
        "id": "20",
        "text": text,
        "author_id": BEA,
        "created_at": "2026-11-02T12:00:00.000Z",
        "entities": entities,
    } | more


def refers(kind: str) -> list[dict[str, str]]:
    return [{"type": kind, "id": "10"}]


@pytest.mark.parametrize(
    ("said", "kind", "target"),
    [
        (post(), "mention", ""),
        (post(entities=None), "mention", ""),
        (post(referenced_tweets=refers("replied_to"), in_reply_to_user_id=ME), "reply", "10"),
        (post(referenced_tweets=refers("replied_to"), in_reply_to_user_id="3"), "mention", ""),
        (post(names=(), referenced_tweets=refers("quoted")), "quote", "10"),
        (post(referenced_tweets=refers("quoted"), link="https://twitter.com/ada/status/10"), "quote", "10"),
        (post(referenced_tweets=refers("quoted"), link="https://x.com/eve/status/10"), "mention", ""),
        (post(referenced_tweets=refers("quoted"), link="https://x.com/ada/status/11"), "mention", ""),
        (post("RT @Ada: mine", referenced_tweets=refers("retweeted")), "boost", "10"),
    ],
)
def test_what_was_done_and_to_what(said, kind, target):
    [act] = interactions(listed(answer(said)), ME)
    assert (act.kind, act.id, act.url, act.at) == (kind, "20", "https://x.com/i/web/status/20", AT)
    assert act.target == (f"https://x.com/i/web/status/{target}" if target else "")
    assert (act.actor.handle, act.actor.id, act.actor.url, act.actor.name) == ("bea", BEA, "https://x.com/bea", "Bea")


def test_passing_on_somebody_elses_mention_of_me_is_nothing():
    said = post("RT @eve: I like @Ada", names=(ADA,), referenced_tweets=refers("retweeted"))
    assert list(interactions(listed(answer(said)), ME)) == []


def test_a_time_that_is_missing_is_not_invented_and_an_unknown_author_keeps_the_id():
    [act] = interactions(listed({"data": [post(created_at=None, author_id="9")]}), ME)
    assert act.at is None
    assert (act.actor.handle, act.actor.url) == ("9", "https://x.com/i/user/9")


def test_an_answer_without_posts_is_empty():
    assert list(interactions(listed({"meta": {"result_count": 0}}), ME)) == []


@pytest.mark.parametrize(
    ("shown", "link", "text", "same"),
    [
        (
            "Code &amp; &lt;b&gt; https://t.co/1",
            "https://ada.example/?a=1&b=2",
            "Code & <b> https://ada.example/?a=1&b=2",
            True,
        ),
        ("https://t.co/1", "http://ada.example/x", "ada.example/x", True),
        ("https://t.co/1", "https://ada.example/x/", "https://Ada.example/x", True),
        ("https://t.co/1", "https://ada.example/ä", "https://ada.example/%C3%A4", True),
        ("Caf\u00e9 https://t.co/1", "https://ada.example/x", "Cafe\u0301 https://ada.example/x", True),
        ("https://t.co/1", "https://ada.example/x", "https://ada.example/y", False),
        ("one https://t.co/1", "https://ada.example/x", "two https://ada.example/x", False),
    ],
)
def test_a_text_is_known_again_after_x_had_it(shown, link, text, same):
    assert says(post(shown, link=link), text) is same


@pytest.mark.parametrize("protected", [True, False])
def test_what_a_protected_account_writes_is_private(protected):
    said = answer(post())
    said["includes"]["users"][0]["protected"] = protected
    [act] = interactions(listed(said), ME)
    assert act.private is protected
