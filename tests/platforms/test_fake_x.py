"""The counterpart of X is no fiction: X's own SDK signs in there and understands every answer."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from counterparts.fake_x import ME, SECRETS, FakeX
from xdk import Client
from xdk.oauth1_auth import OAuth1
from xdk.posts.models import CreateRequest

URL = "https://ada.example/garten?a=1&b=2"


@pytest.fixture
def api() -> Iterator[FakeX]:
    api = FakeX()
    yield api
    api.close()


@pytest.fixture
def sdk(api: FakeX) -> Client:
    auth = OAuth1(SECRETS["api_key"], SECRETS["api_secret"], "", SECRETS["access_token"], SECRETS["access_secret"])
    return Client(base_url=api.url, auth=auth)


def test_xs_sdk_posts_and_deletes_there(api, sdk):
    made = sdk.posts.create(CreateRequest(text=f"Gärten {URL}"))
    assert re.fullmatch(r"Gärten https://t\.co/\w{10}", made.data.text)
    assert api.posts() == [f"Gärten {URL}"]
    assert sdk.posts.delete(made.data.id).data.deleted
    assert api.posts() == []


def test_xs_sdk_reads_account_and_timeline_there(api, sdk):
    assert sdk.users.get_me().data.id == ME
    text = f"Gärten & <Code> {URL} 🌱"
    for number in range(7):
        api.post(f"{number} {text}")
    pages = list(sdk.users.get_posts(ME, max_results=5, post_fields=["created_at", "entities"]))
    posts = [post for page in pages for post in page.data]
    assert [len(page.data) for page in pages] == [5, 2]
    for post in posts:
        [link] = post.entities.urls
        assert link.expanded_url == URL
        assert post.text[link.start : link.end] == link.url
        assert "&amp; &lt;Code&gt;" in post.text
        assert datetime.fromisoformat(post.created_at) <= datetime.now(UTC)


def test_xs_sdk_reads_mentions_there(api, sdk):
    mine, bea = api.post("my post"), api.user("bea")
    api.post("@ada indeed", bea, reply_to=mine)
    [page] = sdk.users.get_mentions(ME, post_fields=["created_at", "entities"], expansions=["author_id"])
    [post] = page.data
    assert post.entities.mentions[0].username == "ada"
    assert page.includes.users[0].username == "bea"
