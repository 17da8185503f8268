"""X against a small API: found again by its text, duplicates told apart."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from counterparts.fake_x import FakeX
from counterparts.fake_x_wire import ME

from platforms.base import Draft, Login, PostRef, Request
from platforms.errors import AuthFailed, Duplicate, Unreachable, Unsupported
from platforms.x import X

URL = "https://ada.example/garten?a=1&b=2"


@pytest.fixture
def api() -> Iterator[FakeX]:
    api = FakeX()
    yield api
    api.close()


def prepare(text: str = f"Gärten & <Code>\n{URL}", **more: object) -> Request:
    return X(Login("x")).prepare(Draft(text, **more), "key", datetime.now(UTC))


# -- what it is and costs


def test_a_post_costs_more_with_a_url():
    limits = X.limits
    assert (limits.price_usd, limits.price_with_url_usd) == (0.015, 0.20)
    assert (limits.price_read_usd, limits.price_user_usd, limits.price_delete_usd) == (0.001, 0.010, 0.010)
    assert (limits.length, limits.count, limits.url_length, limits.card, limits.images) == (280, "x", 23, "server", 0)
    assert limits.source.startswith("https://docs.x.com/")


def test_a_reference_names_id_and_page(api):
    ref = api.adapter().publish(prepare())
    assert ref == PostRef(ref.id, f"https://x.com/i/web/status/{ref.id}")
    assert list(api.tweets) == [ref.id]


def test_publishing_is_one_call(api):
    api.adapter().publish(prepare())
    assert api.calls == ["POST /2/tweets"]


# -- found again


@pytest.mark.parametrize(
    "text",
    [
        "Gärten 🌱",
        f"Gärten & <Code>\n{URL}",
        f"{URL} and http://ada.example/other/ too",
        "read ada.example/garten",
        "https://ada.example",
        "&amp; is an ampersand",
        "Cafe\u0301 https://Ada.example/%C3%A4",
        "  spaces \n\n lines ",
    ],
)
def test_a_lost_post_is_found_by_its_text(api, text):
    request = prepare(text)
    api.lose_answer()
    with pytest.raises(Unreachable):
        api.adapter().publish(request)
    found = api.adapter().find(request)
    assert found is not None
    assert list(api.tweets) == [found.id]


@pytest.mark.parametrize("other", ["Gärten https://ada.example/2", "Garten https://ada.example/1", "Gärten"])
def test_a_similar_post_is_not_taken_for_it(api, other):
    api.post(other)
    assert api.adapter().find(prepare("Gärten https://ada.example/1")) is None


def test_a_repeat_is_a_duplicate_that_can_be_found(api):
    request = prepare()
    ref = api.adapter().publish(request)
    with pytest.raises(Duplicate):
        api.adapter().publish(request)
    assert api.adapter().find(request) == ref
    assert len(api.posts()) == 1


def test_after_a_lost_answer_sending_again_leaves_one_post(api):
    request = prepare()
    api.lose_answer()
    with pytest.raises(Unreachable):
        api.adapter().publish(request)
    with pytest.raises(Duplicate):
        api.adapter().publish(request)
    assert api.adapter().find(request) is not None
    assert len(api.posts()) == 1


def test_the_same_text_of_last_week_is_another_post(api):
    api.post(f"Gärten {URL}", at=datetime.now(UTC) - timedelta(days=7))
    assert api.adapter().find(prepare(f"Gärten {URL}")) is None


def test_a_clock_that_is_minutes_fast_still_finds_its_post(api):
    request = X(Login("x")).prepare(Draft("Gärten"), "key", datetime.now(UTC) + timedelta(minutes=10))
    ref = api.adapter().publish(request)
    assert api.adapter().find(request) == ref


def test_finding_the_newest_post_reads_one_page(api):
    for number in range(30):
        api.post(f"note {number}")
    request = prepare()
    api.adapter().publish(request)
    assert api.adapter().find(request) is not None
    assert api.items_read == 5, "X gives no fewer"


def test_what_was_only_passed_on_is_neither_read_nor_paid(api):
    request = prepare()
    ref = api.adapter().publish(request)
    theirs = api.post("read this", api.user("bea"))
    for _ in range(20):
        api.boost(theirs)
    assert api.adapter().find(request) == ref
    assert api.items_read == 1


def test_an_older_post_is_found_on_a_later_page(api):
    request = prepare()
    ref = api.adapter().publish(request)
    for number in range(30):
        api.post(f"note {number}")
    assert api.adapter().find(request) == ref


def test_what_cannot_be_read_to_the_end_is_unknowable_rather_than_absent(api):
    for number in range(101):
        api.post(f"note {number}")
    with pytest.raises(Unsupported):
        api.adapter().find(prepare())
    assert api.items_read == 100


def test_the_account_is_asked_for_only_when_the_token_does_not_name_it(api):
    api.adapter().find(prepare())
    assert "GET /2/users/me" not in api.calls
    api.secrets["access_token"] = "token-without-id"
    api.adapter(access_token="token-without-id").find(prepare())
    assert "GET /2/users/me" in api.calls


# -- whose it is


def test_a_login_says_whose_it_is(api):
    profile = api.adapter().whoami()
    assert (profile.actor.handle, profile.actor.id, profile.actor.url) == ("ada", ME, "https://x.com/ada")
    assert (profile.text, profile.links) == ("Gardens & compilers", ("https://ada.example",))
    assert profile.created == datetime(2011, 4, 4, 18, 36, 24, tzinfo=UTC)
    assert (profile.posts, profile.followers, profile.following) == (1, 3, 2)


def test_a_revoked_login_is_nobodys(api):
    api.refuse_login()
    with pytest.raises(AuthFailed):
        api.adapter().whoami()
