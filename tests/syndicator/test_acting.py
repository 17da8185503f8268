"""With which account a favour is returned: where it happened, else where it suits, else nobody can tell."""

import pytest
from favours import received

from ledger.entry import Identity
from ledger.people import Person
from ledger.suggest import Suggestion
from syndicator.acting import account_for, act_of, whom
from syndicator.cli.browse import has_display
from syndicator.settings import AccountTable

BEA = Identity("mastodon", "bea@south.example")
TOOTS = AccountTable(platform="mastodon", server="https://north.example")
OTHER = AccountTable(platform="mastodon", server="https://south.example")
SKY = AccountTable(platform="bluesky", handle="ada.test", server="https://bsky.social")
SECOND = AccountTable(platform="bluesky", handle="shop.test", server="https://bsky.social")
ALL = {"toots": TOOTS, "other": OTHER, "sky": SKY, "second": SECOND}


@pytest.mark.parametrize(
    ("favour", "chosen"),
    [
        ({"account": "toots"}, "toots"),
        ({"account": "other", "my_url": "https://north.example/@me/1"}, "other"),
        ({"account": "gone", "my_url": "https://north.example/@me/1"}, "toots"),
        ({"account": "webmentions"}, "other"),
        ({"my_url": "114777"}, "other"),
    ],
)
def test_who_was_told_answers_else_whose_page_it_was_else_who_lives_next_door(favour: dict, chosen: str) -> None:
    assert account_for(received("boost", 1, BEA, **favour), "mastodon", BEA, ALL) == chosen


def test_of_two_on_one_network_the_one_whose_post_it_was() -> None:
    who = Identity("bluesky", "bea.test")
    favour = received("boost", 1, who, my_url="https://bsky.app/profile/shop.test/post/3k")
    assert account_for(favour, "bluesky", who, ALL) == "second"
    assert account_for(None, "bluesky", who, ALL) == ""
    assert account_for(None, "bluesky", who, {"sky": SKY, "toots": TOOTS}) == "sky"
    assert account_for(None, "x", who, ALL) == ""


def test_an_act_needs_something_it_is_done_to() -> None:
    ada = Identity("mastodon", "ada@north.example")
    profile, post = "https://north.example/@ada", "https://north.example/@ada/7"
    told = [
        act_of(Suggestion(act, on, "", url, "", ""), ada)
        for act, on, url in [
            ("boost", "mastodon", post),
            ("boost", "mastodon", profile),
            ("recommend", "mastodon", profile),
            ("answer", "mastodon", post),
            ("answer", "web", "https://me.example/1#c"),
            ("read", "mastodon", profile),
        ]
    ]
    assert told == ["boost", None, "endorse", "reply", None, None]


def test_it_is_done_to_whoever_did_the_favour_there() -> None:
    site, toots, sky = Identity("web", "bea.example"), BEA, Identity("bluesky", "bea.test")
    person = Person("bea", "Bea", (site, toots, sky))
    answer = Suggestion("answer", "bluesky", "", "https://bsky.app/profile/bea.test/post/1", "", "")
    assert whom(person, answer, received("reply", 1, sky)) == sky
    assert whom(person, answer, received("reply", 1, toots)) == sky
    assert whom(person, Suggestion("answer", "x", "", "", "", ""), received("reply", 1, toots)) == toots
    assert whom(person, Suggestion("comment", "hackernews", "", "", "", ""), None) == site


@pytest.mark.parametrize(
    ("environment", "platform", "has"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"DISPLAY": ""}, "linux", False),
        ({}, "darwin", True),
        ({"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}, "darwin", False),
        ({}, "win32", True),
    ],
)
def test_a_browser_is_opened_only_where_it_can_be_seen(environment: dict[str, str], platform: str, has: bool) -> None:
    assert has_display(environment, platform) is has
