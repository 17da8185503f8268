"""Acts towards others on a Mastodon, and pictures: done once, taken back, refused in words."""

import json
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pytest
from counterparts.fake_mastodon import MastodonWorld
from pytest_httpserver import HTTPServer

import platforms.mastodon_media
from platforms.abilities import Picture
from platforms.base import Draft, Image, Login, Request
from platforms.errors import AuthFailed, Rejected, Unsupported
from platforms.mastodon import LIMITS, Mastodon
from platforms.mastodon_limits import limits_of

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)
PICTURE = Picture(PNG, "image/png", 1, 1, alt="A hedge, pruned")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[MastodonWorld]:
    world = MastodonWorld(tmp_path)
    yield world
    world.close()


def at(server: str) -> Mastodon:
    return Mastodon(Login("fosstodon", {"server": server}, {"token": "t"}, timeout=30))


def test_posts_are_boosted_and_liked_once_and_taken_back(world: MastodonWorld) -> None:
    post = world.client("bob_token").status_post("Read this")
    for target in (str(post.id), post.url):
        assert world.adapter().do("like", target) == str(post.id)
        assert world.adapter().do("boost", target)
    seen = world.client().status(post.id)
    assert (seen.favourites_count, seen.reblogs_count, seen.favourited, seen.reblogged) == (1, 1, True, True)
    for _ in range(2):
        world.adapter().undo("like", post.url)
        world.adapter().undo("boost", str(post.id))
    seen = world.client().status(post.id)
    assert (seen.favourited, seen.reblogged) == (False, False)


@pytest.mark.parametrize("visibility", ["public", "unlisted", "private"])
def test_an_answer_is_there_once_for_the_same_readers(world: MastodonWorld, visibility: str) -> None:
    bob = world.client("bob_token")
    world.client().account_follow(bob.me())
    post = bob.status_post("Read this", visibility=visibility, spoiler_text="long")
    words = "@bob I did, thank you & all the best"
    first = world.adapter().do("reply", post.url, words)
    world.app.state.idempotency_keys = {}
    assert world.adapter().do("reply", str(post.id), words) == first
    [answer] = world.client().status_context(post.id).descendants
    assert (str(answer.id), answer.visibility, answer.spoiler_text) == (first, visibility, "long")
    assert world.adapter().do("reply", post.url, "@bob And again") != first


def test_an_answer_to_what_is_gone_is_refused(world: MastodonWorld) -> None:
    with pytest.raises(Rejected):
        world.adapter().do("reply", "4711", "@bob Hello?")
    assert world.posts() == []


def test_what_i_wrote_to_others_is_told_with_whom_and_where(world: MastodonWorld) -> None:
    bob, alice = world.client("bob_token"), world.client()
    theirs = bob.status_post("A walk in the moss")
    alice.status_post("@bob What a walk!", in_reply_to_id=theirs)
    alice.status_post("@bob only for you", visibility="direct")
    mine = alice.status_post("Look: https://moss.example/1 #moss")
    alice.status_post("and more of it", in_reply_to_id=mine)
    page = world.adapter().done(None)
    told = [(act.kind, act.actor.handle.partition("@")[0], act.target) for act in page.interactions]
    assert told == [("reply", "bob", theirs.url), ("share", "https://moss.example/1", "https://moss.example/1")]


POST = "https://a.example/@bob/1"


@pytest.mark.parametrize(
    ("found", "boosted"),
    [
        ({"id": "7", "url": POST}, True),
        ({"id": "7", "url": "https://a.example/notes/1", "uri": f"{POST}/"}, True),
        ({"id": "666", "url": "https://spam.example/@x/666", "content": f"look at {POST}"}, False),
        ({"id": "7", "url": "https://a.example/@BOB/1"}, False),
        ({"id": "7"}, False),
    ],
)
def test_only_the_very_post_is_boosted_whatever_a_search_gives(
    httpserver: HTTPServer, found: dict[str, str], boosted: bool
) -> None:
    other = {"id": "1", "url": "https://a.example/@bob/2"}
    httpserver.expect_request("/api/v2/search").respond_with_json({"statuses": [other, found]})
    httpserver.expect_request("/api/v1/statuses/7/reblog", method="POST").respond_with_json({"id": "9"})
    with nullcontext() if boosted else pytest.raises(Rejected, match="not to be found"):
        assert at(httpserver.url_for("")).do("boost", POST) == "9"
    assert sum(request.method == "POST" for request, _ in httpserver.log) == boosted


def test_a_post_is_known_by_where_ones_own_server_shows_it(httpserver: HTTPServer) -> None:
    found = {"id": "7", "url": POST, "uri": f"{POST}#note"}
    httpserver.expect_request("/api/v2/search").respond_with_json({"statuses": [found]})
    httpserver.expect_request("/api/v1/statuses/7/reblog", method="POST").respond_with_json({"id": "9"})
    assert at(httpserver.url_for("")).do("boost", httpserver.url_for("/@bob@a.example/7")) == "9"
    with pytest.raises(Rejected, match="not to be found"):
        at(httpserver.url_for("")).do("boost", httpserver.url_for("/@bob@a.example/8"))


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("https://a.example/@bob", True),
        ("https://a.example/users/Bob/", True),
        ("https://a.example/ap/7", True),
        ("https://a.example/@bobby", False),
        ("https://b.example/@bob", False),
        ("https://[/@bob", False),
    ],
)
def test_only_the_very_person_is_followed_whoever_a_search_gives(
    httpserver: HTTPServer, page: str, found: bool
) -> None:
    bob = {"id": "7", "acct": "bob@a.example", "url": "https://a.example/@bob", "uri": "https://a.example/ap/7"}
    httpserver.expect_request("/api/v2/search").respond_with_json({"accounts": [bob]})
    httpserver.expect_request("/api/v1/accounts/7/follow", method="POST").respond_with_json({"id": "7"})
    with nullcontext() if found else pytest.raises(Rejected, match="not to be found"):
        assert at(httpserver.url_for("")).do("follow", page) == "7"


def test_people_are_followed_and_endorsed_once_and_let_go(world: MastodonWorld) -> None:
    carol = world.client().account_lookup("carol")
    bob = world.client().account_lookup("bob")
    for target in (str(bob.id), "@bob", bob.url):
        assert world.adapter().do("endorse", target) == str(bob.id)
    world.adapter().do("follow", "@dave@remote.example")
    assert world.adapter().relations([str(bob.id)])[str(bob.id)].endorsed
    for _ in range(2):
        world.adapter().undo("endorse", "@bob")
        world.adapter().undo("follow", "@dave@remote.example")
        world.adapter().undo("follow", str(carol.id))
    assert [one.name for one in world.adapter().following()] == ["Bob"]
    assert not world.adapter().relations([str(bob.id)])[str(bob.id)].endorsed


def test_what_is_gone_can_not_be_done_to_and_needs_no_undoing(world: MastodonWorld) -> None:
    with pytest.raises(Rejected):
        world.adapter().do("like", "999")
    with pytest.raises(Rejected, match="not to be found"):
        world.adapter().do("follow", "@nobody@remote.example")
    world.adapter().undo("like", "999")
    world.adapter().undo("boost", "https://remote.example/@dave/1")
    world.adapter().undo("follow", "@nobody@remote.example")


def test_other_acts_are_not_for_this_network(world: MastodonWorld) -> None:
    assert world.adapter().acts == {"boost", "like", "follow", "endorse", "reply"}
    for act in (world.adapter().do, world.adapter().undo):
        with pytest.raises(Unsupported, match="share is not for this network"):
            act("share", "1")


def test_older_servers_call_an_endorsement_a_pin(httpserver: HTTPServer) -> None:
    for name in ("endorse", "unendorse"):
        httpserver.expect_request(f"/api/v1/accounts/7/{name}").respond_with_json({"error": "Not Found"}, 404)
    for name in ("pin", "unpin"):
        httpserver.expect_request(f"/api/v1/accounts/7/{name}", method="POST").respond_with_json({"id": "7"})
    assert at(httpserver.url_for("")).do("endorse", "7") == "7"
    at(httpserver.url_for("")).undo("endorse", "7")


def test_who_is_not_followed_can_not_be_endorsed_and_is_told_so(httpserver: HTTPServer) -> None:
    refusal = {"error": "Validation failed: You must be already following the person you want to endorse"}
    httpserver.expect_request("/api/v1/accounts/7/endorse").respond_with_json(refusal, 422)
    with pytest.raises(Rejected, match="already following") as caught:
        at(httpserver.url_for("")).do("endorse", "7")
    assert "follow first" in caught.value.remedy


@pytest.mark.parametrize(
    ("words", "error"),
    [("This action is not allowed", Rejected), ("This action is outside the authorized scopes", AuthFailed)],
)
def test_what_one_person_forbids_says_nothing_of_the_login(httpserver: HTTPServer, words: str, error: type) -> None:
    httpserver.expect_request("/api/v1/accounts/7/follow").respond_with_json({"error": words}, 403)
    with pytest.raises(error, match=words):
        at(httpserver.url_for("")).do("follow", "7")


def pictured(adapter: Mastodon) -> Request:
    draft = Draft("Pruning", image=Image("https://ada.example/hedge.png", "A hedge"))
    return adapter.prepare(draft, "k", datetime.now(UTC))


@pytest.mark.parametrize("looks", [0, 1, 3])
def test_a_picture_is_sent_with_its_text_once_the_server_is_done_with_it(
    world: MastodonWorld, monkeypatch: pytest.MonkeyPatch, looks: int
) -> None:
    monkeypatch.setattr(platforms.mastodon_media, "PAUSES", (0, 0, 0, 0))
    world.wire.processing = looks
    request = world.adapter().enrich(pictured(world.adapter()), PICTURE)
    ref = world.adapter().publish(request)
    [attached] = world.client().status(ref.id).media_attachments
    assert (attached.type, attached.description) == ("image", "A hedge, pruned")
    assert world.adapter().find(request) == ref


def test_a_picture_that_takes_too_long_is_refused(world: MastodonWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platforms.mastodon_media, "PAUSES", (0, 0))
    world.wire.processing = 10
    with pytest.raises(Rejected, match="not done with the picture"):
        world.adapter().enrich(pictured(world.adapter()), PICTURE)


def test_a_refused_picture_is_told_in_the_servers_words(world: MastodonWorld) -> None:
    world.refuse_picture()
    with pytest.raises(Rejected, match="content type is invalid"):
        world.adapter().enrich(pictured(world.adapter()), PICTURE)


def test_an_oversize_picture_is_refused_for_good(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/api/v2/media").respond_with_data("<h1>Request Entity Too Large</h1>", 413)
    adapter = at(httpserver.url_for(""))
    with pytest.raises(Rejected, match="413"):
        adapter.enrich(pictured(adapter), PICTURE)


def test_without_a_picture_nothing_is_uploaded(world: MastodonWorld) -> None:
    request = pictured(world.adapter())
    assert world.adapter().enrich(request, None) == request
    plain = world.adapter().prepare(Draft("No picture"), "k", datetime.now(UTC))
    assert world.adapter().enrich(plain, PICTURE) == plain
    assert world.wire.asked == []


def test_the_simpler_post_has_no_picture_and_is_the_same_post(world: MastodonWorld) -> None:
    adapter = world.adapter()
    request = adapter.enrich(pictured(adapter), PICTURE)
    simpler = adapter.simpler(request)
    assert simpler is not None
    assert (simpler.key, simpler.created) == (request.key, request.created)
    ref = adapter.publish(simpler)
    assert adapter.find(request) == adapter.find(simpler) == ref
    assert world.client().status(ref.id).media_attachments == []
    assert adapter.simpler(simpler) is None
    assert adapter.simpler(pictured(adapter)) is None


def test_a_post_stored_by_an_earlier_version_is_still_sent(world: MastodonWorld) -> None:
    old = {"status": "Hello", "url": None, "visibility": "public", "spoiler_text": "", "language": None}
    request = Request("k", old, datetime.now(UTC))
    ref = world.adapter().publish(request)
    assert world.adapter().find(request) == ref


def test_the_limits_of_the_login_are_the_accounts() -> None:
    own = limits_of({"configuration": {"statuses": {"max_characters": 42}}})
    assert Mastodon(Login("a", limits=own)).limits == own
    assert Mastodon(Login("a")).limits == Mastodon.limits == LIMITS


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"max_toot_chars": 9000, "description_limit": 77}, {"length": 9000, "alt_length": 77}),
        (
            {
                "configuration": {
                    "statuses": {"max_media_attachments": 0},
                    "media_attachments": {
                        "supported_mime_types": ["image/jpeg", "video/mp4", "image/webp"],
                        "image_size_limit": 16777216,
                        "image_matrix_limit": 33177600,
                        "description_limit": 200,
                    },
                }
            },
            {
                "images": 0,
                "image_types": ("image/jpeg", "image/webp"),
                "image_bytes": 16777216,
                "image_pixels": 33177600,
                "alt_length": 200,
            },
        ),
        ({"configuration": {"statuses": {"max_characters": "50", "max_media_attachments": 1}}}, {"length": 500}),
        (
            {"max_toot_chars": 9, "configuration": {"media_attachments": {"supported_mime_types": "all"}}},
            {"image_types": LIMITS.image_types},
        ),
        (
            {
                "max_toot_chars": 9,
                "configuration": {"media_attachments": {"supported_mime_types": ["image/png", None, 7]}},
            },
            {"image_types": ("image/png",)},
        ),
    ],
)
def test_limits_are_what_the_instance_says(said: dict[str, object], expected: dict[str, object]) -> None:
    limits = limits_of(said)
    assert {name: getattr(limits, name) for name in expected} == expected


def test_what_no_server_can_mean_is_not_believed() -> None:
    endless = {
        "statuses": {"max_characters": 10**30, "characters_reserved_per_url": 10**9, "max_media_attachments": 10**9},
        "media_attachments": {
            "image_size_limit": 10**15,
            "image_matrix_limit": 10**15,
            "description_limit": 10**15,
            "supported_mime_types": ["image/" + "x" * 9_000, *(f"image/x{n}" for n in range(9_000))],
        },
    }
    limits = limits_of({"configuration": endless})
    assert limits is not None
    assert (limits.length, limits.url_length, limits.images) == (1_000_000, 255, 100)
    assert (limits.image_bytes, limits.image_pixels, limits.alt_length) == (100_000_000, 100_000_000, 100_000)
    assert len("".join(limits.image_types)) < 5_000


@pytest.mark.parametrize(
    "odd",
    [None, [], {}, "x", {"configuration": None}, {"configuration": []}, {"title": "T"}, {"configuration": {"x": 1}}],
)
def test_what_is_no_instance_says_nothing(odd: object) -> None:
    assert limits_of(odd) is None


@pytest.mark.parametrize(
    ("server", "length", "count", "url_length", "image_bytes"),
    [("mastodon45", 500, "mastodon", 23, 16777216), ("pleroma", 5000, "graphemes", None, 50000000)],
)
def test_limits_of_real_instances(
    corpus: Path, server: str, length: int, count: str, url_length: int | None, image_bytes: int
) -> None:
    said = json.loads((corpus / "wire" / "mastodon" / f"tootsdk_instance_{server}.json").read_text("utf-8"))
    limits = limits_of(said)
    assert limits is not None
    assert (limits.length, limits.count, limits.url_length) == (length, count, url_length)
    assert limits.image_bytes == image_bytes
