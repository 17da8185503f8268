"""Web intents of X: the right page for each act, with what strangers wrote safely inside of the address."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platforms.abilities import Intents
from platforms.base import Login
from platforms.errors import Rejected, Unsupported
from platforms.text import fits
from platforms.x import X

ADA = X(Login("x"))


def asked(url: str) -> dict[str, str]:
    return {name: value for name, [value] in parse_qs(urlsplit(url).query, keep_blank_values=True).items()}


def test_x_has_intents():
    assert isinstance(ADA, Intents)


@pytest.mark.parametrize(
    ("act", "target", "text", "url"),
    [
        (
            "share",
            "https://a.org/?b&c",
            "Tea & cake",
            "tweet?text=Tea%20%26%20cake&url=https%3A%2F%2Fa.org%2F%3Fb%26c",
        ),
        ("share", "", "Only words", "tweet?text=Only%20words"),
        ("share", "https://a.org/", "", "tweet?url=https%3A%2F%2Fa.org%2F"),
        ("reply", "20", "#1 + 1% 🌱", "tweet?in_reply_to=20&text=%231%20%2B%201%25%20%F0%9F%8C%B1"),
        ("reply", "https://x.com/ada/status/20?s=20", "", "tweet?in_reply_to=20"),
        ("boost", "https://twitter.com/i/web/status/20", "", "retweet?tweet_id=20"),
        ("boost", "https://mobile.twitter.com/ada/status/20/photo/1", "", "retweet?tweet_id=20"),
        ("like", "https://www.x.com/ada/status/20#m", "", "like?tweet_id=20"),
        ("like", "20", "", "like?tweet_id=20"),
        ("follow", "@ada_1", "", "follow?screen_name=ada_1"),
        ("follow", "ada", "", "follow?screen_name=ada"),
        ("follow", "x:ada", "", "follow?screen_name=ada"),
        ("follow", "@12345", "", "follow?screen_name=12345"),
        ("follow", "12345", "", "follow?user_id=12345"),
        ("follow", "https://x.com/i/user/12345", "", "follow?user_id=12345"),
        ("follow", "https://x.com/ada", "", "follow?screen_name=ada"),
        ("follow", "https://twitter.com/ada/", "", "follow?screen_name=ada"),
    ],
)
def test_the_page_of_each_act(act, target, text, url):
    assert ADA.intent(act, target, text) == f"https://x.com/intent/{url}"


@pytest.mark.parametrize("act", ["reply", "boost", "like"])
@pytest.mark.parametrize(
    "target", ["", "ada", "https://ada.example/status/20", "https://x.com/ada", "20&user_id=3", "x" * 9999, "20\n21"]
)
def test_what_is_no_post_of_x_is_refused(act, target):
    with pytest.raises(Rejected) as caught:
        ADA.intent(act, target)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("target", ["", "ada@example.social", "ada.example", "a" * 21, "ada&user_id=3", "ädä"])
def test_what_is_no_account_of_x_is_refused(target):
    with pytest.raises(Rejected):
        ADA.intent("follow", target)


@pytest.mark.parametrize("target", ["javascript:alert(1)", "ada.example", "note:1"])
def test_what_is_no_address_is_not_shared(target):
    with pytest.raises(Rejected):
        ADA.intent("share", target, "look")


def test_nobody_is_endorsed_on_x():
    with pytest.raises(Unsupported):
        ADA.intent("endorse", "@ada")


@given(st.text(max_size=600), st.sampled_from(["", "https://www.w3.org/standards"]))
def test_a_text_fits_its_post_and_stays_one_parameter(text, link):
    found = asked(ADA.intent("share", link, text))
    assert set(found) <= {"text", "url"}
    assert fits(f"{found.get('text', '')} {found.get('url', '')}".strip(), X.limits)


def test_a_long_text_gives_way_to_the_link():
    found = asked(ADA.intent("share", "https://www.w3.org/standards", "word " * 100))
    assert found["url"] == "https://www.w3.org/standards"
    assert found["text"].endswith("word…")
