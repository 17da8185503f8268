"""Who follows whom, who somebody is, and who boosted and liked a post."""

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from counterparts.fake_mastodon import MastodonWorld
from mastodon_mock.db.models import Account, Favourite, Relationship, utcnow
from pytest_httpserver import HTTPServer

from platforms.abilities import Audience, Directory, Doer, Enricher, Enroller, Graph, LimitsReader, Relation, Witness
from platforms.base import Draft, Login, PostRef
from platforms.errors import AuthFailed, Unreachable, Unsupported
from platforms.mastodon import Mastodon
from platforms.mastodon_accounts import profile


@pytest.fixture
def world(tmp_path: Path) -> Iterator[MastodonWorld]:
    world = MastodonWorld(tmp_path)
    yield world
    world.close()


def at(server: str) -> Mastodon:
    return Mastodon(Login("fosstodon", {"server": server}, {"token": "t"}, timeout=30))


def crowd(world: MastodonWorld, size: int) -> None:
    """So many strangers follow Alice."""
    with world.app.state.session_factory() as session:
        alice = session.query(Account).filter_by(username="alice").one().id
        people = [Account(username=f"p{n}", display_name="", domain="far.example", fields=[]) for n in range(size)]
        for one in people:
            one.created_at = utcnow()
        session.add_all(people)
        session.flush()
        session.add_all(
            [Relationship(source_account_id=one.id, target_account_id=alice, following=True) for one in people]
        )
        session.commit()


def test_the_adapter_can_all_that_a_network_may_be_able_to_do(world: MastodonWorld) -> None:
    for ability in (Audience, Directory, Doer, Enricher, Enroller, Graph, LimitsReader, Witness):
        assert isinstance(world.adapter(), ability)


def test_followers_are_walked_to_the_last_over_many_pages(world: MastodonWorld) -> None:
    crowd(world, 95)
    people = list(world.adapter().followers())
    assert len({one.id for one in people}) == 95
    assert people[0].handle.endswith("@far.example")
    assert [one.name for one in world.adapter().following()] == ["Bob"]


def test_a_walk_that_breaks_off_raises_after_what_it_told(world: MastodonWorld) -> None:
    crowd(world, 50)
    walk = world.adapter().followers()
    told = [next(walk) for _ in range(40)]
    world.fault(1, {"methods": ["GET"], "path_regex": "/followers"}, status=503)
    with pytest.raises(Unreachable, match="503"):
        list(walk)
    assert len(told) == 40


def test_a_walk_in_circles_raises(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/api/v1/accounts/verify_credentials").respond_with_json({"id": "1"})
    bob = [{"id": "7", "acct": "bob@other.example"}]
    onward = {"Link": f'<{httpserver.url_for("/api/v1/accounts/1/followers")}?page=2>; rel="next"'}
    httpserver.expect_request("/api/v1/accounts/1/followers").respond_with_json(bob, headers=onward)
    with pytest.raises(Unreachable, match="goes in circles"):
        list(at(httpserver.url_for("")).followers())


def test_a_list_cut_without_a_word_raises(httpserver: HTTPServer) -> None:
    me = {"id": "1", "followers_count": 61}
    httpserver.expect_request("/api/v1/accounts/verify_credentials").respond_with_json(me)
    people = [{"id": str(n), "acct": f"p{n}@far.example"} for n in range(40)]
    httpserver.expect_request("/api/v1/accounts/1/followers").respond_with_json(people)
    with pytest.raises(Unreachable, match="ends after 40 of 61"):
        list(at(httpserver.url_for("")).followers())


@pytest.mark.parametrize(
    ("listed", "counted", "complete"),
    [(40, 41, True), (40, 60, True), (40, 61, False), (200, 222, True), (200, 223, False)],
)
def test_a_server_that_links_its_pages_may_have_miscounted_a_little(
    httpserver: HTTPServer, listed: int, counted: int, complete: bool
) -> None:
    me = {"id": "1", "followers_count": counted}
    httpserver.expect_request("/api/v1/accounts/verify_credentials").respond_with_json(me)
    people = [{"id": str(n), "acct": f"p{n}@far.example"} for n in range(listed)]
    path = "/api/v1/accounts/1/followers"
    newer = {"Link": f'<{httpserver.url_for(path)}?since_id=900>; rel="prev"'}
    httpserver.expect_request(path).respond_with_json(people, headers=newer)
    with nullcontext() if complete else pytest.raises(Unreachable, match=f"ends after {listed} of {counted}"):
        assert len(list(at(httpserver.url_for("")).followers())) == listed
    assert sum(request.path == path for request, _ in httpserver.log) == 1


def test_the_token_goes_to_no_other_server(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/api/v1/accounts/verify_credentials").respond_with_json({"id": "1"})
    httpserver.expect_oneshot_request("/api/v1/accounts/1/followers").respond_with_json(
        [{"id": "7", "acct": "a"}], headers={"Link": '<https://evil.example/api/v1/next?max_id=3>; rel="next"'}
    )
    httpserver.expect_request("/api/v1/next", query_string="max_id=3").respond_with_json([{"id": "8", "acct": "b"}])
    assert [one.id for one in at(httpserver.url_for("")).followers()] == ["7", "8"]


def test_relations_tell_of_those_the_server_knows(world: MastodonWorld) -> None:
    bob, carol = (world.client().account_lookup(name) for name in ("bob", "carol"))
    world.client("bob_token").account_follow(world.client("bob_token").account_lookup("alice"))
    world.client().account_block(carol)
    found = world.adapter().relations([str(bob.id), str(carol.id), "999"])
    assert found[str(bob.id)] == Relation(following=True, followed_by=True)
    assert found[str(carol.id)].blocked
    assert not found.get("999", Relation()).following
    assert world.adapter().relations([]) == {}


def test_many_relations_are_asked_for_in_parts(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/api/v1/accounts/relationships").respond_with_json([{"id": "41", "endorsed": True}])
    found = at(httpserver.url_for("")).relations([str(n) for n in range(100)])
    assert found == {"41": Relation(endorsed=True)}
    assert [len(request.args.getlist("id[]")) for request, _ in httpserver.log] == [40, 40, 20]


def test_boosters_and_likers_are_told_to_the_last(world: MastodonWorld) -> None:
    adapter = world.adapter()
    ref = adapter.publish(adapter.prepare(Draft("Pruning"), "k", datetime.now(UTC)))
    crowd(world, 5)
    with world.app.state.session_factory() as session:
        people = session.query(Account).filter_by(domain="far.example").all()
        session.add_all([Favourite(account_id=one.id, status_id=int(ref.id), created_at=utcnow()) for one in people])
        session.commit()
    world.act("boost")
    world.wire.page_size = 2
    acts = list(world.adapter().reactions(ref))
    assert [act.kind for act in acts] == ["boost"] + ["like"] * 5
    assert len({act.actor.id for act in acts if act.kind == "like"}) == 5
    assert {(act.target, act.at) for act in acts} == {(ref.url, None)}
    world.lose_post()
    assert list(world.adapter().reactions(ref)) == []
    assert list(world.adapter().reactions(PostRef("999", ""))) == []


def test_people_are_found_by_id_handle_and_page(world: MastodonWorld) -> None:
    bob = world.client().account_lookup("bob")
    for who in (str(bob.id), "bob", "@bob", bob.url):
        found = world.adapter().profile(who)
        assert found is not None, who
        assert (found.actor.id, found.actor.name) == (str(bob.id), "Bob")
    dave = world.adapter().profile("@dave@remote.example")
    assert dave is not None
    assert dave.actor.handle == "dave@remote.example"
    for nobody in ("999", "nobody", "@nobody@remote.example", "https://remote.example/@nobody"):
        assert world.adapter().profile(nobody) is None


def test_whoami_is_the_cheapest_proof_of_a_token(world: MastodonWorld) -> None:
    who = world.adapter().whoami()
    assert (who.actor.name, who.following) == ("Alice", 1)
    world.refuse_login()
    with pytest.raises(AuthFailed, match="SYNDICATOR_FOSSTODON_TOKEN"):
        world.adapter().whoami()


ACCOUNT: dict[str, Any] = {
    "id": "01HX",
    "acct": "ada",
    "url": "https://home.example/@ada",
    "display_name": "Ada",
    "bot": True,
    "note": '<p>Gardens &amp; code<br>#nobot</p><p><a href="https://ada.example/now">now</a></p>',
    "fields": [
        {
            "name": "Blog",
            "value": '<a href="https://ada.example" rel="me">ada.example</a>',
            "verified_at": "2026-01-02T03:04:05.000+00:00",
        },
        {"name": "Code", "value": "https://code.example/ada", "verified_at": None},
        "odd",
    ],
    "moved": {"id": "2", "acct": "ada@new.example"},
    "created_at": "2019-05-01T00:00:00.000Z",
    "statuses_count": 12,
    "followers_count": 34,
    "following_count": "many",
}


def test_a_profile_is_what_the_account_says_and_what_its_server_vouches_for() -> None:
    found = profile(ACCOUNT)
    assert found is not None
    assert (found.actor.handle, found.actor.bot, found.moved_to) == ("ada@home.example", True, "ada@new.example")
    assert found.text == "Gardens & code\n#nobot\nnow\nBlog: ada.example\nCode: https://code.example/ada"
    assert found.links == ("https://ada.example", "https://code.example/ada", "https://ada.example/now")
    assert found.verified == ("https://ada.example",)
    assert found.created == datetime(2019, 5, 1, tzinfo=UTC)
    assert (found.posts, found.followers, found.following) == (12, 34, None)


@pytest.mark.parametrize("odd", [{}, {"id": "1"}, {"acct": "ada"}, {"id": None, "acct": "ada"}])
def test_an_account_without_a_name_or_an_id_is_nobody(odd: dict[str, Any]) -> None:
    assert profile(odd) is None


@pytest.mark.parametrize("odd", [None, 7, "odd", [], [None], {"a": 1}])
def test_whatever_is_left_out_or_odd_a_profile_is_made(odd: Any) -> None:
    found = profile({"id": "1", "acct": "ada"} | dict.fromkeys((*ACCOUNT.keys() - {"id", "acct"}, "uri"), odd))
    assert found is not None
    assert found.verified == ()
    assert found.moved_to == ""


def test_a_stranger_can_not_make_a_profile_without_end() -> None:
    long = {"name": "x" * 10_000, "value": f'<a href="https://a.example/{"y" * 10}">{"z" * 10_000}</a>'}
    found = profile(ACCOUNT | {"acct": "a" * 9_000, "note": "<p>" + "n" * 900_000, "fields": [long] * 900})
    assert found is not None
    assert len(found.text) < 100_000
    assert len(found.actor.handle) < 600


def test_a_server_without_search_can_not_look_strangers_up(httpserver: HTTPServer) -> None:
    for path in ("/api/v1/accounts/lookup", "/api/v2/search"):
        httpserver.expect_request(path).respond_with_json({"error": "Not found"}, 404)
    with pytest.raises(Unsupported, match="look people up"):
        at(httpserver.url_for("")).profile("@bob@other.example")


@pytest.mark.parametrize(
    ("said", "marks"),
    [
        ({"group": True}, ("group",)),
        ({"actor_type": "Group"}, ("group",)),
        ({"memorial": True, "limited": True}, ("memorial", "limited")),
        ({"suspended": True}, ("suspended",)),
        ({"group": False, "limited": None, "suspended": "no"}, ()),
    ],
)
def test_what_the_server_marks_an_account_as(said: dict[str, object], marks: tuple[str, ...]) -> None:
    found = profile({"id": "1", "acct": "everyone@example.social", **said})
    assert found
    assert found.marks == marks
