"""What every optional ability must do, on each network that has it: a small suite for each protocol of `abilities`."""

import json
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import pytest

from platforms.abilities import (
    Audience,
    Diary,
    Directory,
    Doer,
    Enricher,
    Graph,
    Intents,
    LimitsReader,
    Timeline,
    Witness,
)
from platforms.base import Actor, Interaction, PostRef, Publisher, Reporter, Request
from platforms.errors import AuthFailed, Rejected

from .contract import CANNOT, Counterpart, a_picture, needs, request, said
from .reporter_contract import told

NASTY = 'Beans & peas: "50% off"\n#1 — für immer 🌱'


def able(world: Counterpart, ability: type) -> object:
    """An adapter with this ability, or a skip that says that it has none."""
    adapter = world.adapter()
    if not isinstance(adapter, ability):
        pytest.skip(f"{world.name}: its adapter is no {ability.__name__}")
    return adapter


def follower(world: Counterpart) -> Actor:
    """Somebody who follows the account, as the network tells of them."""
    needs(world, "tell follow")
    world.act("follow")
    [act] = [each for each in told(world, None)[0] if each.kind == "follow"]
    return act.actor


def published(world: Counterpart) -> PostRef:
    adapter = world.adapter()
    assert isinstance(adapter, Publisher)
    return adapter.publish(request(adapter))


class PictureContract:
    def test_a_refused_picture_costs_the_picture_and_not_the_post(self, world: Counterpart) -> None:
        adapter = able(world, Enricher)
        assert isinstance(adapter, Enricher)
        needs(world, "refuse_picture")
        made = request(world.adapter())
        world.refuse_picture()
        ref = publish_with_less(adapter, made)
        [text] = world.posts()
        assert "Gardening & code, part 1 🌱" in text
        assert world.adapter().find(made) == ref

    def test_a_picture_goes_with_the_post_and_it_is_the_same_post(self, world: Counterpart) -> None:
        adapter = able(world, Enricher)
        assert isinstance(adapter, Enricher)
        made = request(world.adapter())
        rich = adapter.enrich(made, a_picture())
        assert (rich.key, rich.created) == (made.key, made.created)
        stored = Request(rich.key, json.loads(json.dumps(rich.payload)), rich.created)
        ref = world.adapter().publish(stored)
        assert len(world.posts()) == 1
        for one in (made, rich):
            assert world.adapter().find(one) == ref

    def test_there_is_an_end_to_what_can_be_left_out(self, world: Counterpart) -> None:
        adapter = able(world, Enricher)
        assert isinstance(adapter, Enricher)
        left: list[Request] = []
        rest: Request | None = adapter.enrich(request(world.adapter()), a_picture())
        while rest is not None and len(left) < 10:
            left.append(rest)
            rest = adapter.simpler(rest)
        assert len(left) < 5
        assert {(each.key, each.created) for each in left} == {(left[0].key, left[0].created)}
        assert all(one.payload != other.payload for one, other in pairwise(left))


class LimitsContract:
    def test_the_server_tells_its_limits_and_needs_no_login_unless_its_address_is_secret(
        self, world: Counterpart
    ) -> None:
        needs_login = (world.name, "whoami") in CANNOT
        adapter = world.adapter(login=needs_login)
        if not isinstance(adapter, LimitsReader):
            pytest.skip(f"{world.name}: its adapter is no LimitsReader")
        limits = adapter.read_limits()
        assert limits.length is None or limits.length > 0
        assert limits.source


class WitnessContract:
    def test_the_account_knows_its_own_name(self, world: Counterpart) -> None:
        adapter = able(world, Witness)
        assert isinstance(adapter, Witness)
        me = adapter.whoami()
        assert me.actor.handle
        assert me.actor.id or me.actor.url
        assert world.adapter().whoami() == me  # type: ignore[attr-defined]

    def test_a_refused_login_is_told_as_such(self, world: Counterpart) -> None:
        able(world, Witness)
        needs(world, "refuse_login")
        needs(world, "whoami")
        world.refuse_login()
        adapter = able(world, Witness)
        assert isinstance(adapter, Witness)
        with pytest.raises(AuthFailed) as caught:
            adapter.whoami()
        assert "SYNDICATOR_" in said(caught.value).remedy


class AudienceContract:
    @pytest.mark.parametrize("kind", ["like", "boost"])
    def test_a_post_names_who_did_it_as_a_notification_does(self, world: Counterpart, kind: str) -> None:
        able(world, Audience)
        needs(world, f"tell {kind}")
        ref = published(world)
        world.act(kind)
        [act] = self.reactions(world, ref)
        [heard] = told(world, None)[0]
        assert (act.kind, act.actor.handle, act.actor.id) == (kind, heard.actor.handle, heard.actor.id)
        assert act.target == heard.target
        assert act.at is None or heard.at is None or abs(act.at - heard.at).total_seconds() < 60

    def test_a_post_that_nobody_liked_has_no_reactions(self, world: Counterpart) -> None:
        able(world, Audience)
        assert self.reactions(world, published(world)) == []

    def test_asking_a_post_that_is_gone_is_no_error(self, world: Counterpart) -> None:
        """Some networks still know who liked it; that was a favour all the same."""
        able(world, Audience)
        needs(world, "lose_post")
        needs(world, "tell like")
        ref = published(world)
        world.act("like")
        world.lose_post()
        assert [act.kind for act in self.reactions(world, ref)] in ([], ["like"])

    @staticmethod
    def reactions(world: Counterpart, ref: PostRef) -> list[Interaction]:
        adapter = able(world, Audience)
        assert isinstance(adapter, Audience)
        return list(adapter.reactions(ref))


class GraphContract:
    def test_a_follower_is_in_the_list_and_in_the_relation(self, world: Counterpart) -> None:
        able(world, Graph)
        who = follower(world)
        adapter = able(world, Graph)
        assert isinstance(adapter, Graph)
        assert who.handle in {each.handle for each in adapter.followers()}
        relations = adapter.relations([who.id])
        assert set(relations) == {who.id}
        assert relations[who.id].followed_by
        assert relations[who.id].following is (who.handle in {each.handle for each in adapter.following()})

    def test_of_nobody_nothing_is_asked(self, world: Counterpart) -> None:
        adapter = able(world, Graph)
        assert isinstance(adapter, Graph)
        assert dict(adapter.relations([])) == {}


class DirectoryContract:
    def test_somebody_is_found_by_handle_and_by_id(self, world: Counterpart) -> None:
        able(world, Directory)
        who = follower(world)
        adapter = able(world, Directory)
        assert isinstance(adapter, Directory)
        by_handle, by_id = adapter.profile(who.handle), adapter.profile(who.id)
        assert by_handle is not None
        assert (by_handle.actor.handle, by_handle.actor.id) == (who.handle, who.id)
        assert by_id == by_handle

    def test_nobody_is_nobody(self, world: Counterpart) -> None:
        able(world, Directory)
        who = follower(world)
        adapter = able(world, Directory)
        assert isinstance(adapter, Directory)
        assert adapter.profile(f"zz{who.handle}") is None


class DoerContract:
    @pytest.mark.parametrize("act", ["like", "boost"])
    def test_doing_it_twice_is_doing_it_once_and_it_can_be_taken_back(self, world: Counterpart, act: str) -> None:
        adapter = able(world, Doer)
        assert isinstance(adapter, Doer)
        assert isinstance(adapter, Reporter)
        if act not in adapter.acts:
            pytest.skip(f"{world.name}: it can't {act}")
        world.mention("look at this")
        [[theirs], _] = told(world, None)
        adapter = world.adapter()
        assert isinstance(adapter, Doer)
        first = adapter.do(act, theirs.url)  # type: ignore[arg-type]
        assert first
        assert adapter.do(act, theirs.url) == first  # type: ignore[arg-type]
        adapter.undo(act, theirs.url)  # type: ignore[arg-type]
        adapter.undo(act, theirs.url)  # type: ignore[arg-type]

    def test_following_back_shows_and_can_be_taken_back(self, world: Counterpart) -> None:
        adapter = able(world, Doer)
        assert isinstance(adapter, Doer)
        if "follow" not in adapter.acts or not isinstance(adapter, Graph):
            pytest.skip(f"{world.name}: it can't follow")
        who = follower(world)
        for follows in (False, True, False):
            for _ in range(2):
                if follows:
                    adapter.do("follow", who.id)
                else:
                    adapter.undo("follow", who.id)
            seen = world.adapter()
            assert isinstance(seen, Graph)
            assert seen.relations([who.id])[who.id].following is follows
            assert (who.handle in {each.handle for each in seen.following()}) is follows


class TimelineContract:
    def test_what_somebody_wrote_is_told_newest_first_without_replies(self, world: Counterpart) -> None:
        adapter = able(world, Timeline)
        assert isinstance(adapter, Timeline)
        published(world)
        needs(world, "somebody_writes")
        who = world.somebody_writes("A walk in the moss")
        assert who == world.somebody_writes("A second walk: https://moss.example/2")
        world.act("reply")  # it would be the newest
        second, first, *_ = adapter.posts(who)
        assert (first.text, second.links) == ("A walk in the moss", ("https://moss.example/2",))
        assert first.at.tzinfo
        assert first.ref.id
        assert first.ref.url
        assert (first.boosted, first.liked) == (False, False)

    def test_what_i_did_to_a_post_shows_on_it(self, world: Counterpart) -> None:
        adapter = able(world, Timeline)
        assert isinstance(adapter, Timeline)
        if not isinstance(adapter, Doer):
            pytest.skip(f"{world.name}: it can't boost")
        needs(world, "somebody_writes")
        who = world.somebody_writes("A walk in the moss")
        post, *_ = adapter.posts(who)
        adapter.do("boost", post.ref.url)
        fresh = able(world, Timeline)
        assert isinstance(fresh, Timeline)
        again, *_ = fresh.posts(who)
        assert (again.boosted, again.liked) == (True, False)

    def test_nobody_wrote_nothing(self, world: Counterpart) -> None:
        adapter = able(world, Timeline)
        assert isinstance(adapter, Timeline)
        assert adapter.posts("nobody-at-all.test") == ()


class DiaryContract:
    def test_what_i_did_for_others_is_told_once(self, world: Counterpart) -> None:
        adapter = able(world, Diary)
        assert isinstance(adapter, Diary)
        assert isinstance(adapter, Doer)
        needs(world, "somebody_writes")
        who = world.somebody_writes("A walk in the moss")
        assert isinstance(adapter, Timeline)
        theirs, *_ = adapter.posts(who)
        adapter.do("boost", theirs.ref.url)
        if "reply" in adapter.acts:
            adapter.do("reply", theirs.ref.url, f"@{who} What a walk!")
        acts, cursor = self.read(world, None)
        kinds = ["boost", "reply"] if "reply" in adapter.acts else ["boost"]
        assert sorted(act.kind for act in acts) == kinds
        for act in acts:
            assert (act.actor.handle, act.target) == (who, theirs.ref.url)
            assert act.at is not None
            assert act.id
        assert self.read(world, cursor)[0] == []
        adapter.do("boost", theirs.ref.url)
        assert self.read(world, cursor)[0] == []

    def test_where_my_own_posts_lead_is_told_as_shared(self, world: Counterpart) -> None:
        able(world, Diary)
        ref = published(world)
        [share], cursor = self.read(world, None)
        assert (share.kind, share.actor.network, share.target) == (
            "share",
            "web",
            "https://ada.example/posts/1?a=1&b=2",
        )
        assert share.url == ref.url
        assert self.read(world, cursor)[0] == []

    @staticmethod
    def read(world: Counterpart, cursor: str | None) -> tuple[list[Interaction], str | None]:
        """All that is told after a cursor, and where that leads."""
        adapter = able(world, Diary)
        assert isinstance(adapter, Diary)
        found: list[Interaction] = []
        for _ in range(10):
            page = adapter.done(cursor)
            found += page.interactions
            cursor = page.cursor
            if not page.more:
                return found, cursor
        pytest.fail("it never ends")


class IntentsContract:
    def test_the_words_arrive_whole_and_escaped(self, world: Counterpart) -> None:
        adapter = able(world, Intents)
        assert isinstance(adapter, Intents)
        address = adapter.intent("share", text=NASTY)
        assert address.isascii()
        parts = urlsplit(address)
        assert parts.scheme == "https"
        assert NASTY in {each for values in parse_qs(parts.query).values() for each in values}

    @pytest.mark.parametrize("act", ["like", "boost", "follow"])
    def test_each_act_names_what_it_is_done_to(self, world: Counterpart, act: str) -> None:
        adapter = able(world, Intents)
        assert isinstance(adapter, Intents)
        address = adapter.intent(act, "4711")  # type: ignore[arg-type]
        assert "4711" in address
        assert address == adapter.intent(act, "4711")  # type: ignore[arg-type]


def publish_with_less(adapter: Enricher, made: Request) -> object:
    """Send a post with a picture as the pipeline does: after each refusal with less."""
    assert isinstance(adapter, Publisher)
    rest: Request | None = made
    try:
        rest = adapter.enrich(made, a_picture())
    except Rejected as refusal:
        said(refusal)
    for _ in range(5):
        assert rest is not None, "nothing was left to leave out, and still it was refused"
        try:
            return adapter.publish(rest)
        except Rejected as refusal:
            said(refusal)
            rest = adapter.simpler(rest)
    pytest.fail("it never gets simple enough")
