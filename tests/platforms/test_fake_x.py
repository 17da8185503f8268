"""The counterpart of X is no fiction: X's own SDK signs in there and understands every answer."""

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests
from counterparts.fake_x import SECRETS, FakeX
from counterparts.fake_x_wire import ME, problem, too_many
from xdk import Client, schemas
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


def test_xs_sdk_reads_whose_the_login_is_there(sdk):
    me = sdk.users.get_me(user_fields=["created_at", "description", "entities", "public_metrics", "url"]).data
    assert (me.username, me.public_metrics.followers_count) == ("ada", 3)
    assert me.entities.url.urls[0].expanded_url == "https://ada.example"


def test_xs_sdk_pages_through_mentions_by_ids_there(api, sdk):
    ids = [api.post(f"@ada {number}", api.user(f"bea{number}")) for number in range(12)]
    [page, *_] = sdk.users.get_mentions(ME, max_results=5, since_id=ids[1], until_id=ids[9])
    assert [post.id for post in page.data] == ids[8:3:-1]
    assert (page.meta.newest_id, page.meta.oldest_id, page.meta.result_count) == (ids[8], ids[4], 5)
    assert page.meta.next_token


@pytest.mark.parametrize("kind", ["reply", "quote", "mention"])
def test_xs_sdk_sees_what_others_did_there(api, sdk, kind):
    mine = api.post("my post")
    api.act(kind)
    [page] = sdk.users.get_mentions(ME, post_fields=["referenced_posts", "in_reply_to_user_id"])
    [post] = page.data
    told = post.referenced_posts or ()
    named = {"reply": [("replied_to", mine)], "quote": [("quoted", mine)], "mention": []}[kind]
    assert [(other.type, other.id) for other in told] == named


def test_xs_sdk_sees_likes_reposts_and_follows_nowhere_there(api, sdk):
    api.post("my post")
    for kind in ("like", "boost", "follow"):
        api.act(kind)
    [page] = sdk.users.get_mentions(ME)
    assert page.meta.result_count == 0


def test_xs_sdk_understands_an_empty_page_with_more_behind_it(api, sdk):
    api.mention("hello")
    api.empty_page()
    empty, full = sdk.users.get_mentions(ME)
    assert (empty.data, empty.meta.result_count) == (None, 0)
    assert empty.meta.next_token
    assert [post.text for post in full.data] == ["@ada hello"]


@pytest.mark.parametrize(
    ("answer", "model"),
    [
        (problem(400, "A parameter was invalid.", "invalid-request"), schemas.InvalidRequestProblem),
        (problem(403, "No duplicate content."), None),
        (problem(403, "Not permitted.", "client-forbidden"), None),
        (problem(404, "Could not find tweet with id: [1].", "resource-not-found"), schemas.ResourceNotFoundProblem),
        (too_many(3600), None),
        (problem(503, "Service Unavailable"), None),
    ],
)
def test_xs_sdk_understands_every_problem_of_it(api, sdk, answer, model):
    api.fail_read(answer)
    with pytest.raises(requests.HTTPError) as caught:
        next(iter(sdk.users.get_mentions(ME)))
    response = caught.value.response
    assert response.status_code == answer.status
    assert {"title", "type", "detail", "status"} <= set(response.json())
    if model:
        assert model.model_validate(response.json()).status == answer.status
    if answer.status == 429:
        assert int(response.headers["x-rate-limit-reset"]) > time.time()
